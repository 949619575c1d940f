"""The networks lecture: what its scenes say is what happens."""

import numpy as np

from fall_line import Experiment, run
from fall_line.losses.plane import Slice, random_plane
from fall_line.runner import Trajectory, finished, grounded
from fall_line.runner.ground import Weights

from . import answer, scene, told

GUESSING = np.log(2)
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]


def weights(address: str) -> Weights:
    """The loss that a scene goes down, and the plane on which it shows it."""
    ground = finished(grounded(scene(address).experiment.filled()))
    assert isinstance(ground, Weights)
    return ground


def beneath(ground: Weights, path: Trajectory) -> np.ndarray:
    """The height of the map under each iterate of a path."""
    return ground.shown.losses(np.column_stack([path.x, path.y]))


def heights(address: str) -> np.ndarray:
    """The heights of a scene's map, the whole of its window."""
    ground = weights(address)
    return ground.shown.grid(np.linspace(*ground.window.x, 81), np.linspace(*ground.window.y, 81))


def changed(address: str, index: int, **fields) -> list[Trajectory]:
    """The trajectories of a scene in which one descent has been changed."""
    document = scene(address).experiment.model_dump(mode="json")
    document["descents"][index] |= fields
    return run(document)


def order(paths: list[Trajectory]) -> list[str]:
    """The labels, lowest loss at the end first."""
    return [path.label for path in sorted(paths, key=lambda path: path.loss[-1])]


def best_rate(address: str, index: int) -> float:
    """The rate at which a descent of a scene is lowest, on the average of its last 20 steps."""
    document = scene(address).experiment.model_dump(mode="json")
    if "plane" in document["surface"]:
        document["surface"]["plane"] = "random"  # which is known without the descents
    document["descents"] = [
        document["descents"][index] | {"learning_rate": rate, "label": f"{rate}"} for rate in RATES
    ]
    ends = [path.loss[-20:].mean() if path.status == "finished" else np.inf for path in run(document)]
    return RATES[int(np.argmin(ends))]


def test_a_slice():
    address = "networks/a-slice"
    (path,) = told(address)
    ground, loss = weights(address), heights(address)
    assert ground.whole.size == 33
    assert (path.x[-1], path.y[-1]) == (0, 0)
    first = ground.whole.layers(ground.plane.first)[0]
    assert np.allclose(
        np.linalg.norm(first, axis=1), np.linalg.norm(ground.whole.layers(ground.plane.center)[0], axis=1)
    )
    border = np.concatenate([loss[0], loss[-1], loss[:, 0], loss[:, -1]])
    row, column = np.unravel_index(loss.argmin(), loss.shape)
    assert answer(address) == "A bowl: it rises on all sides"
    assert np.hypot(row - 40, column - 40) <= 3, "the lowest place is close to the middle"
    assert border.min() > 5 * path.loss[-1]
    assert np.median(border) > GUESSING
    assert round(path.loss[-1], 3) == 0.066
    assert round(loss.min(), 3) == 0.064
    surface = scene(address).experiment.surface.changed(center="initial")
    untrained = finished(grounded(scene(address).experiment.changed(surface=surface).filled()))
    axis = np.linspace(-1, 1, 81)
    assert untrained.shown.grid(axis, axis).argmin() >= 80 * 81, "lowest at the upper border: no bowl"


def test_off_the_ground():
    address = "networks/off-the-ground"
    (path,) = told(address)
    ground = weights(address)
    under = beneath(ground, path)
    assert (np.diff(path.loss) < 0).all()
    assert np.round(path.loss[[0, -1]], 2).tolist() == [0.85, 0.07]
    assert np.isclose(under[0], path.loss[0]), "it starts on the ground"
    assert under[1] < under[0]
    assert answer(address).startswith("Yes")
    assert under[-1] > under[0] + 0.1
    assert round(under[-1], 2) == 1.02
    shown = ground.shown.grid(np.linspace(-2, 2, 81), np.linspace(-2, 2, 81))
    assert shown.min() > 0.5, "however wide the page is"
    end = weights("networks/the-plane-of-the-path").plane.center
    drawn = path.x[-1] * ground.plane.first + path.y[-1] * ground.plane.second
    assert round(np.linalg.norm(end - ground.plane.center), 1) == 7.9
    assert round(np.linalg.norm(drawn), 1) == 1.5


def test_the_plane_of_the_path():
    address = "networks/the-plane-of-the-path"
    (path,) = told(address)
    ground = weights(address)
    under = beneath(ground, path)
    (other,) = told("networks/off-the-ground")
    assert (path.loss == other.loss).all(), "the same descent as before"
    assert answer(address).startswith("Run downhill")
    assert (np.diff(under) < 0).mean() > 0.95
    assert (abs(under - path.loss) / path.loss)[5:].max() < 0.04
    assert np.round([under[0], path.loss[0]], 2).tolist() == [0.65, 0.85]
    assert round(100 * sum(ground.plane.explained)) == 99
    both = scene(address).experiment.model_dump(mode="json")
    both["descents"].append({"optimizer": {"kind": "adam"}, "learning_rate": 0.01})
    shared = finished(grounded(Experiment.model_validate(both).filled()))
    assert sum(shared.plane.explained) < 0.97


def test_a_hollow_that_is_a_saddle():
    address = "networks/a-hollow-that-is-a-saddle"
    slow, fast = told(address)
    ground = weights(address)
    net, end = ground.whole, ground.plane.center
    assert net.size == 17
    loss = heights(address)
    row, column = np.unravel_index(loss.argmin(), loss.shape)
    assert np.hypot(row - 40, column - 40) <= 3, "a hollow, whose bottom is the middle"
    assert np.linalg.eigvalsh(ground.shown.hessian(np.zeros(2))).min() > 0
    eigenvalues = np.linalg.eigvalsh(net.hessian(end))
    assert (eigenvalues < 0).sum() == 5
    assert eigenvalues.max() > 10 * -eigenvalues.min(), "down only gently"
    assert abs(slow.loss[-1] - 0.28) < 0.005
    assert slow.loss[-50] - slow.loss[-1] < 0.005
    nearest = int(np.argmin(abs(fast.loss - slow.loss[-1])))
    assert np.hypot(fast.x, fast.y)[nearest] < 0.05, "it comes by the middle"
    assert answer(address).startswith("Go on down")
    assert fast.loss[-1] < 0.5 * slow.loss[-1]
    under = beneath(ground, fast)
    assert under[-1] > under[nearest], "on the map it climbs out"
    rising = [
        np.linalg.eigvalsh(Slice(net, random_plane(end, net.shapes, seed)).hessian(np.zeros(2))).min() > 0
        for seed in range(200)
    ]
    assert sum(rising) == 197
    assert changed(address, 1, optimizer={"kind": "momentum"}, learning_rate=0.2)[1].loss[-1] < 0.05


def test_equal_rates():
    address = "networks/equal-rates"
    paths = told(address)
    same, adam, larger = paths
    assert order(paths)[0] == answer(address)
    assert larger.loss[-1] < 0.6 * adam.loss[-1] < 0.6 * 0.6 * same.loss[-1]
    assert np.round([adam.loss[-1], same.loss[-1], larger.loss[-1]], 2).tolist() == [0.19, 0.39, 0.09]
    # Adam's first step moves each of the 33 weights by the rate.
    assert round(np.sqrt(33) / same.gradient_norm[0]) == 12
    assert changed(address, 1, learning_rate=0.1)[1].loss[-1] < 0.1 * larger.loss[-1]


def test_won_on_a_test_function():
    address = "networks/won-on-a-test-function"
    paths = told(address)
    momentum, rprop, adagrad = paths
    assert order(paths) == ["Momentum", "Rprop", "Adagrad"]
    assert order(paths)[0] == answer(address)
    assert momentum.loss[-1] < 0.01 * rprop.loss[-1] < 0.01 * 0.3 * adagrad.loss[-1]
    rates = [descent.learning_rate for descent in scene(address).experiment.descents]
    assert [best_rate(address, index) for index in range(3)] == rates


def test_lost_in_training():
    address = "networks/lost-in-training"
    paths = told(address)
    momentum, rprop, adagrad = paths
    assert ", ".join(order(paths)) == answer(address)
    assert adagrad.loss[-20:].mean() < 0.6 * momentum.loss[-20:].mean() < 0.6 * 0.8 * rprop.loss[-1]
    assert np.ptp(rprop.loss[-100:]) < 0.01 and round(rprop.loss[-1], 2) == 0.66, "it has stopped"
    experiment = scene(address).experiment
    assert experiment.seed == 4
    for seed in range(4):
        lucky = [path.loss[-20:].mean() for path in run(experiment.changed(seed=seed))]
        assert np.argsort(lucky).tolist() == [2, 0, 1], seed
    rates = [descent.learning_rate for descent in scene(address).experiment.descents]
    assert [best_rate(address, index) for index in range(3)] == rates
    exact = changed(address, 1, gradient={"kind": "exact"})[1]
    assert exact.loss[-1] < 0.1 * rprop.loss[-1]
