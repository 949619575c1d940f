"""The landscape of somebody's own model."""

import json
from base64 import b64decode

import numpy as np
import pytest

from fall_line import run
from fall_line.losses.network import Net
from fall_line.losses.plane import Slice, random_plane
from fall_line.models import landscape_of_model
from fall_line.scenes import Scene
from tests.losses.test_network import examples

TARGET = [np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]]), np.array([0.5, -0.5])]


def bowl(weights):
    """A loss with its minimum, 1, at TARGET."""
    return 1 + sum(((array - target) ** 2).sum() for array, target in zip(weights, TARGET, strict=True))


def path_to_the_target(steps=8):
    random = np.random.default_rng(1)
    away = [random.standard_normal(array.shape) for array in TARGET]
    drift = [random.standard_normal(array.shape) for array in TARGET]
    return [
        [
            target + (1 - s) * a + 0.3 * s * (1 - s) * b
            for target, a, b in zip(TARGET, away, drift, strict=True)
        ]
        for s in np.linspace(0, 1, steps)
    ]


def numbers(array):
    shape = [int(length) for length in array["shape"].split(",")]
    return np.frombuffer(b64decode(array["bdata"]), "<" + array["dtype"]).reshape(shape)


def test_the_slice_of_a_net_given_as_a_function_is_the_nets_own():
    net = Net((5, 4), "tanh", *examples())
    w = net.initial(0)

    def loss(arrays):
        return net.look(np.concatenate([array.ravel() for array in arrays]))[0]

    seen = landscape_of_model(loss, net.layers(w), resolution=7, span=0.5, seed=3)
    expected = Slice(net, random_plane(w, net.shapes, 3)).grid(seen.x, seen.y)
    np.testing.assert_allclose(seen.loss, expected, rtol=1e-13)
    assert seen.x.tolist() == seen.y.tolist() == np.linspace(-0.5, 0.5, 7).tolist()
    assert seen.path is None
    assert seen.explained is None


def test_biases_and_single_numbers_stay_where_they_are():
    heard = []

    def loss(arrays):
        heard.append(arrays)
        return 0.0

    weights = [np.ones((3, 2), np.float32), np.array([1.0, 2.0]), np.array(7), np.ones((2, 2, 3, 3))]
    landscape_of_model(loss, weights, resolution=4)
    for arrays in heard:
        assert [array.shape for array in arrays] == [(3, 2), (2,), (), (2, 2, 3, 3)]
        assert [array.dtype for array in arrays] == [np.float32, np.float64, np.float64, np.float64]
        assert arrays[1].tolist() == [1.0, 2.0]
        assert arrays[2] == 7
    # The corners of the plane: every row of the matrix went as far as the row is long, or twice.
    moved = np.linalg.norm(heard[1][0] - 1.0, axis=1)
    assert (moved > 0.1).all()
    # The last call leaves the model as it was.
    assert all((last == given).all() for last, given in zip(heard[-1], weights, strict=True))


def test_a_path_is_projected_onto_its_principal_components():
    path = path_to_the_target()
    seen = landscape_of_model(bowl, TARGET, path=path, plane="pca", resolution=11)
    np.testing.assert_allclose(seen.path[-1], 0, atol=1e-12)
    assert seen.path.shape == (8, 2)
    assert sum(seen.explained) == pytest.approx(1)
    # The path lies in the plane, so the distances within it are the distances of the weights.
    lengths = [np.sqrt(bowl(weights) - 1) for weights in path]
    np.testing.assert_allclose(np.hypot(*seen.path.T), lengths, rtol=1e-12)
    across, up = np.meshgrid(seen.x, seen.y)
    np.testing.assert_allclose(seen.loss, 1 + across**2 + up**2, rtol=1e-12)
    for points, axis in zip(seen.path.T, (seen.x, seen.y), strict=True):
        assert axis[0] < points.min() <= points.max() < axis[-1]


@pytest.mark.parametrize("resolution", [5, 10, 21, 50])
@pytest.mark.parametrize("span", [0.3, 1.0, 2.5])
def test_the_centre_is_a_point_of_the_map_and_the_lowest_where_it_is_a_minimum(resolution, span):
    seen = landscape_of_model(
        bowl, TARGET, path=path_to_the_target(), plane="pca", resolution=resolution, span=span
    )
    row, column = np.unravel_index(seen.loss.argmin(), seen.loss.shape)
    assert (seen.x[column], seen.y[row], seen.loss.min()) == (0.0, 0.0, 1.0)
    assert np.ptp(seen.x) == pytest.approx(span * 1.5 * np.ptp([0, *seen.path[:, 0]]), rel=0.35)
    if span >= 1 and resolution > 5:
        assert all(
            axis[0] < points.min() and points.max() < axis[-1]
            for points, axis in zip(seen.path.T, (seen.x, seen.y), strict=True)
        )


def test_a_path_can_be_seen_on_random_directions_too():
    seen = landscape_of_model(bowl, TARGET, path=path_to_the_target(), resolution=4)
    np.testing.assert_allclose(seen.path[-1], 0, atol=1e-12)
    assert seen.explained is None


def test_a_path_that_never_moved_has_a_map():
    seen = landscape_of_model(bowl, TARGET, path=[TARGET] * 3, plane="pca", resolution=5)
    assert seen.explained == (0.0, 0.0)
    assert np.ptp(seen.x) > 1
    assert np.isfinite(seen.loss).all()


def test_progress_counts_the_rows():
    heard = []
    landscape_of_model(bowl, TARGET, resolution=4, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_scene_is_json_and_starts_where_the_path_does():
    seen = landscape_of_model(bowl, TARGET, path=path_to_the_target(), plane="pca", resolution=21)
    scene = json.loads(json.dumps(seen.scene("My model")))
    surface, (descent,) = scene["experiment"]["surface"], scene["experiment"]["descents"]
    assert scene["title"] == "My model"
    assert surface["kind"] == "measured"
    assert (surface["x"], surface["y"]) == (seen.x.tolist(), seen.y.tolist())
    np.testing.assert_array_equal(numbers(surface["loss"]), seen.loss)
    assert descent["start"] == seen.path[0].tolist()
    assert Scene.model_validate_json(json.dumps(scene)).title == "My model"
    (trajectory,) = run(scene["experiment"])
    assert trajectory.loss[0] == pytest.approx(bowl(path_to_the_target()[0]), rel=1e-3)
    assert trajectory.loss[-1] == pytest.approx(1, abs=1e-3)


def test_without_a_path_the_descent_starts_near_a_corner():
    seen = landscape_of_model(bowl, TARGET, resolution=5)
    scene = seen.scene()
    assert "title" not in scene
    assert scene["experiment"]["descents"][0]["start"] == [-0.8, -0.8]


def test_a_flat_loss_has_a_rate_too():
    scene = landscape_of_model(lambda weights: 2.0, TARGET, resolution=5).scene()
    assert scene["experiment"]["descents"][0]["learning_rate"] > 0


def test_holes_are_filled_in_the_surface_and_kept_in_the_grid():
    def loss(weights):
        return np.inf if weights[0][0, 0] > 1.5 else bowl(weights)

    seen = landscape_of_model(loss, TARGET, resolution=9)
    holes = ~np.isfinite(seen.loss)
    assert holes.any()
    assert (numbers(seen.surface["loss"])[holes] == seen.loss[~holes].max()).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weights": []}, "at least one array"),
        ({"weights": [[[1.0]]]}, "at least two weights"),
        ({"weights": [[[1.0, float("nan")]]]}, "the weights: not all numbers are finite"),
        ({"weights": [[1.0, 2.0]]}, "reshape a vector to one row"),
        ({"weights": [[[0.0, 0.0]], [1.0]]}, "reshape a vector to one row"),
        ({"loss": lambda weights: float("nan")}, "the loss at the given weights is nan"),
        ({"path": []}, "the path has no entries"),
        ({"path": [TARGET, TARGET[:1]]}, "entry 1 of the path: give 2 arrays, not 1"),
        (
            {"path": [TARGET, TARGET[::-1]]},
            r"entry 1 of the path: array 0 has the shape \(2,\), not \(2, 3\)",
        ),
        ({"path": [[np.full((2, 3), np.inf), TARGET[1]]]}, "entry 0 of the path: not all numbers"),
        ({"plane": "pca"}, "needs a path"),
        ({"plane": "umap"}, '"random" or "pca"'),
        ({"resolution": 3}, "from 4 to 500"),
        ({"resolution": 501}, "from 4 to 500"),
        ({"resolution": 20.0}, "whole number from 4 to 500"),
        ({"resolution": "a"}, "whole number from 4 to 500"),
        ({"resolution": True}, "whole number from 4 to 500"),
        ({"span": 0.0}, "a positive number"),
        ({"span": float("inf")}, "a positive number"),
        ({"span": "wide"}, "a positive number"),
        ({"seed": -1}, "the seed is a whole number"),
        ({"seed": "a"}, "the seed is a whole number"),
        ({"weights": {"w": [[1.0, 2.0]]}}, r"the weights: give a list of arrays.*list\(state.values\(\)\)"),
        ({"weights": np.ones((3, 2))}, "give a list of arrays, .* not a single ndarray"),
        ({"weights": np.ones(3)}, "not a single ndarray"),
        ({"weights": "weights"}, "not a single str"),
        ({"weights": 5}, "not a single int"),
        ({"weights": None}, "not a single NoneType"),
        ({"weights": [np.ones((2, 2), complex)]}, "array 0 is of type complex128; weights are real numbers"),
        ({"weights": [np.ones((2, 2)), [1.0, 2j]]}, "array 1 is of type complex128"),
        ({"weights": [np.ones((2, 2)), ["1.5", "2"]]}, "array 1 is of type <U3"),
        ({"weights": [np.ones((2, 2)), None]}, "array 1 is of type object"),
        ({"weights": [np.ones((2, 2)) > 0]}, "array 0 is of type bool"),
        ({"weights": [[[1.0, 2.0], [3.0]]]}, "array 0 cannot be read"),
        ({"path": {"first": TARGET}}, "the path: give a list of entries, .* not a dictionary"),
        ({"path": np.ones((4, 8))}, "the path: give a list of entries, .* not a single ndarray"),
        ({"path": [TARGET, {"w": TARGET}]}, "entry 1 of the path: give a list of arrays"),
        ({"path": [TARGET, np.ones((2, 3))]}, "entry 1 of the path: .* not a single ndarray"),
        ({"path": [[TARGET[0] + 0j, TARGET[1]]]}, "entry 0 of the path: array 0 is of type complex128"),
        ({"loss": lambda weights: None}, "the loss is to be a number, not of type NoneType"),
        ({"loss": lambda weights: 1 + 1j}, "not of type complex"),
        ({"loss": lambda weights: weights[0]}, "not of type ndarray"),
        ({"loss": lambda weights: [1.0]}, "not of type list"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(changes, words):
    arguments = {"loss": bowl, "weights": TARGET, **changes}
    if "weights" in changes:
        arguments["loss"] = lambda weights: 0.0
    with pytest.raises(ValueError, match=words):
        landscape_of_model(**arguments)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("plane", ["random", "pca"])
@pytest.mark.parametrize("resolution", [4, 5, 21])
def test_a_loss_that_is_finite_only_at_the_weights_is_refused_in_words(resolution, plane, bad):
    def loss(weights):
        return 1.0 if all((a == b).all() for a, b in zip(weights, TARGET, strict=True)) else bad

    with pytest.raises(ValueError, match="nowhere around; try a smaller span"):
        landscape_of_model(loss, TARGET, path=path_to_the_target(), plane=plane, resolution=resolution)


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint32, np.float16, np.float32, np.longdouble])
def test_real_weights_of_every_type_are_taken(dtype):
    weights = [np.array([[1, 2, 0], [0, 1, 3]], dtype), np.array([5, 6], dtype)]
    heard = []

    def loss(arrays):
        heard.append({array.dtype for array in arrays})
        return bowl(arrays)

    seen = landscape_of_model(loss, weights, resolution=5)
    assert seen.loss[2, 2] == bowl(weights)
    kept = {np.dtype(dtype if np.issubdtype(dtype, np.floating) else np.float64)}
    assert all(types == kept for types in heard)


def test_a_path_that_moved_by_rounding_alone_has_a_map_of_the_usual_size():
    wobbling = [[np.nextafter(array, sign * np.inf) for array in TARGET] for sign in (1, -1, 1)]
    seen = landscape_of_model(bowl, TARGET, path=wobbling, plane="pca", resolution=5)
    assert seen.explained == (0.0, 0.0)
    assert np.ptp(seen.x) > 1 and np.ptp(seen.y) > 1
