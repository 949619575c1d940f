"""What is shown of a model: its curve or boundary along a descent, clouds of gradients."""

import numpy as np
import pytest
from pydantic import ValidationError

from fall_line import run
from fall_line.clouds import GradientsRequest
from fall_line.landscape import LandscapeRequest
from fall_line.predictions import ModelRequest
from fall_line.surfaces import Network
from fall_line.surfaces.regressions import LinearRegression

BATCHES = {"kind": "mini_batch", "size": 5}


def experiment(surface, **descent):
    return {
        "surface": surface,
        "descents": [{"learning_rate": 0.1, "gradient": BATCHES, **descent}],
        "steps": 30,
    }


def predictions(surface, steps, **descent):
    document = {"experiment": experiment(surface, **descent), "steps": steps}
    return ModelRequest.model_validate(document).compute()


def the_landscape(surface, **asked):
    document = {"experiment": experiment(surface), "resolution": 20, **asked}
    return LandscapeRequest.model_validate(document).compute()


def test_a_line_follows_its_iterate():
    surface = {"kind": "linear_regression", "test": 0.25}
    shown = predictions(surface, [30, 0, 7, 900])
    (trajectory,) = run(experiment(surface))
    assert shown.task == "curve" and shown.steps == [0, 7, 30]
    for step, output in zip(shown.steps, shown.outputs, strict=True):
        np.testing.assert_allclose(output, trajectory.x[step] * shown.inputs + trajectory.y[step], atol=1e-12)
    examples = [
        *zip(shown.train["x"], shown.train["y"], strict=True),
        *zip(*shown.test.values(), strict=True),
    ]
    every = LinearRegression()
    assert sorted(examples) == sorted(zip(every.x, every.y, strict=True))
    assert shown.inputs[0] < min(every.x) and shown.inputs[-1] > max(every.x)


def test_the_batch_that_is_shown_is_the_one_that_the_update_sees():
    surface = LinearRegression()
    shown = predictions({"kind": "linear_regression"}, [3])
    (trajectory,) = run(experiment({"kind": "linear_regression"}))
    (rows,) = shown.batches
    assert len(rows) == 5
    batch = surface.terms().batch(np.array(rows))
    assert batch.loss_at(trajectory.x[3], trajectory.y[3]) == pytest.approx(
        trajectory.measures["batch_loss"][3]
    )
    assert predictions({"kind": "linear_regression"}, [4], gradient={"kind": "exact"}).batches == [[]]


@pytest.mark.parametrize("plane", [{}, {"plane": "pca"}, {"center": "final"}])
def test_the_boundary_of_a_network_moves_with_all_its_weights(plane):
    surface = {"kind": "network", "hidden": [6], **plane}
    shown = predictions(surface, [0, 30])
    assert shown.task == "boundary" and shown.outputs.shape == (
        2,
        len(shown.inputs["y"]),
        len(shown.inputs["x"]),
    )
    net = Network(hidden=(6,)).net()
    grid = np.array([[x, y] for y in shown.inputs["y"] for x in shown.inputs["x"]])
    np.testing.assert_allclose(shown.outputs[0].ravel(), net.outputs(net.initial(0), grid), rtol=1e-9)
    (trajectory,) = run(experiment(surface))
    np.testing.assert_allclose(shown.accuracy, trajectory.measures["accuracy"][[0, 30]])


def test_other_than_two_features_have_no_picture():
    data = {"x": [[0.0], [1.0], [2.0], [3.0], [1.5], [0.5]], "y": [0.0, 0.0, 1.0, 1.0, 1.0, 0.0]}
    assert predictions({"kind": "network", "data": data}, [0]).task == "none"


def test_the_landscape_of_a_batch_is_that_of_its_examples():
    seen = predictions({"kind": "linear_regression"}, [9]).batches[0]
    batch = the_landscape({"kind": "linear_regression"}, batch={"descent": 0, "step": 9})
    loss = LinearRegression().terms().batch(np.array(seen))
    np.testing.assert_allclose(batch.loss, loss.grid(batch.x, batch.y), rtol=1e-12)
    whole = the_landscape({"kind": "linear_regression"})
    minimum, moved = (min(each.stationary_points, key=lambda point: point.loss) for each in (whole, batch))
    assert np.hypot(minimum.x - moved.x, minimum.y - moved.y) > 0.01
    assert whole.lowest == pytest.approx(minimum.loss) and batch.lowest is None


def test_the_test_landscape_is_that_of_the_examples_held_out():
    surface = {"kind": "linear_regression", "test": 0.25}
    held_out = LinearRegression(test=0.25).test_terms()
    shown = the_landscape(surface, data="test")
    np.testing.assert_allclose(shown.loss, held_out.grid(shown.x, shown.y), rtol=1e-12)


def test_the_map_of_a_network_lies_where_its_path_is():
    surface = {"kind": "network", "hidden": [4], "plane": "pca"}
    shown = the_landscape(surface)
    (trajectory,) = run(experiment(surface))
    assert shown.x[0] < trajectory.x.min() and trajectory.x.max() < shown.x[-1]
    assert shown.y[0] < trajectory.y.min() and trajectory.y.max() < shown.y[-1]
    assert (trajectory.x[-1], trajectory.y[-1]) == pytest.approx((0.0, 0.0), abs=1e-9)
    near = landscape_at(surface, (0.0, 0.0))
    assert near == pytest.approx(trajectory.loss[-1], rel=1e-9)


def landscape_at(surface, point):
    x, y = point
    window = {"x": [x - 1e-6, x + 1e-6], "y": [y - 1e-6, y + 1e-6]}
    document = {"experiment": experiment(surface), "resolution": 21, "window": window}
    return LandscapeRequest.model_validate(document).compute().loss[10, 10]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"data": "test"}, ("data",)),
        ({"batch": {"descent": 1, "step": 0}}, ("batch", "descent")),
    ],
)
def test_a_landscape_that_is_not_there_is_refused(asked, path):
    with pytest.raises(ValidationError) as caught:
        the_landscape({"kind": "linear_regression"}, **asked)
    assert caught.value.errors()[0]["loc"] == path


def test_the_spread_of_batch_gradients_falls_as_the_root_of_their_size():
    spreads = []
    for size in (1, 4, 16, 64):
        asked = {"surface": {"kind": "linear_regression"}, "point": [0.0, 0.0], "size": size, "count": 1000}
        cloud = GradientsRequest.model_validate(asked).compute()
        assert cloud.gradients.shape == (1000, 2) and cloud.examples == 24
        assert cloud.spread == pytest.approx(cloud.expected, rel=0.15)
        np.testing.assert_allclose(cloud.full, LinearRegression().field().loss_and_gradient_at(0.0, 0.0)[1:])
        spreads.append(cloud.expected)
    np.testing.assert_allclose(spreads[:-1], 2 * np.array(spreads[1:]), rtol=1e-12)


def test_clouds_are_of_the_mean_also_where_the_loss_is_a_sum():
    asked = {"surface": {"kind": "neuron"}, "point": [-2.0, -2.0], "size": 2, "count": 50}
    cloud = GradientsRequest.model_validate(asked).compute()
    full = run({"surface": {"kind": "neuron"}, "descents": [{"learning_rate": 1.0}], "steps": 1})[0]
    step = np.array([full.x[0] - full.x[1], full.y[0] - full.y[1]])
    np.testing.assert_allclose(cloud.full, step / 2, rtol=1e-12)


def test_a_network_has_clouds_on_its_plane():
    asked = {"experiment": experiment({"kind": "network"}), "point": [0.0, 0.0], "size": 8, "count": 300}
    cloud = GradientsRequest.model_validate(asked).compute()
    expected = Network().field().loss_and_gradient_at(0.0, 0.0)[1:]
    np.testing.assert_allclose(cloud.full, expected, rtol=1e-9)
    assert cloud.spread == pytest.approx(cloud.expected, rel=0.2)
