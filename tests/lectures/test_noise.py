"""What the scenes about noise say, and what happens."""

import numpy as np
from numpy.typing import NDArray

from fall_line import Experiment, run
from fall_line.gradients import Exact, MiniBatch, Noisy
from fall_line.runner import Trajectory
from fall_line.schedules import Cosine
from fall_line.surfaces import DataSurface

from . import answer, scene, told


def first_below(trajectory: Trajectory, loss: float) -> int | None:
    """The first step with so small a loss."""
    below = trajectory.loss < loss
    return int(below.argmax()) if below.any() else None


def minimum(address: str) -> tuple[float, float, float]:
    """Where a convex surface is lowest, and how low."""
    surface = scene(address).experiment.surface
    ((x, y),) = surface.global_minima()
    return x, y, surface.field().loss_at(x, y)


def distances(address: str, trajectory: Trajectory) -> NDArray[np.float64]:
    """How far the iterates are from the minimum."""
    x, y, _ = minimum(address)
    return np.hypot(trajectory.x - x, trajectory.y - y)


def changed(experiment: Experiment, index: int, **changes: object) -> list[Trajectory]:
    """The trajectories after one of the descents was changed."""
    descents = list(experiment.descents)
    descents[index] = descents[index].changed(**changes)
    return run(experiment.changed(descents=descents))


def all_on_the_map(address: str) -> bool:
    window = scene(address).experiment.surface.window()
    (left, right), (low, high) = window.x, window.y
    return all(
        left <= one.x.min() and one.x.max() <= right and low <= one.y.min() and one.y.max() <= high
        for one in told(address)
    )


def test_batch_stochastic_mini_batch() -> None:
    address = "noise/batch-stochastic-mini-batch"
    everything, ten, one = descents = told(address)
    wander = {each.label: np.hypot(np.std(each.x[200:]), np.std(each.y[200:])) for each in descents}
    assert max(wander, key=lambda label: wander[label]) == answer(address) == "One at a time"
    assert wander[one.label] > 4 * wander[ten.label]
    assert [each.steps_per_epoch for each in descents] == [1, 10, 100]
    assert everything.loss[-1] < 0.17
    assert ten.loss[-1] < 0.17
    assert one.loss[-1] > 0.3
    assert np.hypot(ten.x - everything.x, ten.y - everything.y)[-1] < 0.5
    assert all_on_the_map(address)
    # The path calms down with batches of 2, and with batches of 5.
    unrest = [
        np.std(changed(scene(address).experiment, 2, gradient=MiniBatch(size=size))[2].y[150:])
        for size in (1, 2, 5)
    ]
    assert unrest[0] > 1.2 * unrest[1] > 1.2**2 * unrest[2]


def test_steps_per_epoch() -> None:
    address = "noise/steps-per-epoch"
    everything, six, three = descents = told(address)
    assert [each.steps_per_epoch for each in descents] == [1, 4, 8]
    losses = {each.label: each.loss[10 * (each.steps_per_epoch or 0)] for each in descents}
    assert min(losses, key=lambda label: losses[label]) == answer(address) == three.label
    _, _, lowest = minimum(address)
    after_ten = [loss - lowest for loss in losses.values()]
    assert after_ten[0] > 1.5 * after_ten[1] > 1.5**2 * after_ten[2]
    finally_ = [each.loss[-1] - lowest for each in descents]
    assert max(finally_) < 1.1 * min(finally_), "per step they are alike"
    assert scene(address).view.axis == "epochs"
    assert np.all(everything.learning_rate == six.learning_rate)


def test_one_example_against_all() -> None:
    address = "noise/one-example-against-all"
    (descent,) = told(address)
    assert answer(address) == "It falls on the whole, but rises at many updates"
    _, _, lowest = minimum(address)
    assert round(descent.loss[0] - lowest, 2) == 1.48
    assert round(descent.loss[-1] - lowest, 2) == 0.03
    assert (np.diff(descent.loss) > 0).sum() == 43
    assert descent.steps == 96
    # Every update lowers the loss of the example it looks at.
    experiment = scene(address).experiment
    surface = experiment.surface
    assert isinstance(surface, DataSurface)
    batches = experiment.descents[0].gradient.batches(24, experiment.seed)
    assert batches is not None
    for t in range(96):
        before, after = (
            surface.terms().batch(batches.rows(t)).loss_at(descent.x[at], descent.y[at]) for at in (t, t + 1)
        )
        assert np.isclose(before, descent.measures["batch_loss"][t])
        assert after < before


def test_the_law_of_large_numbers() -> None:
    address = "noise/the-law-of-large-numbers"
    one, four, sixteen = (np.sqrt(np.mean(distances(address, each) ** 2)) for each in told(address))
    assert answer(address) == "Half as far"
    assert abs(one / four - 2) < 0.3
    assert abs(one / sixteen - 4) < 0.6
    assert all_on_the_map(address)
    assert all(each.gradient_norm[0] < 0.1 for each in told(address))


def test_escaping_a_saddle() -> None:
    address = "noise/escaping-a-saddle"
    exact, tiny, more = told(address)
    assert answer(address) == "Both noisy ones"
    assert exact.loss[-1] > 0.999
    assert np.all(exact.x == 0)
    assert tiny.loss[-1] < 0.01
    assert more.loss[-1] < 0.01
    assert (first_below(tiny, 0.5), first_below(more, 0.5)) == (81, 41)
    # A millionth is enough too, and which well it is, luck decides.
    experiment = scene(address).experiment
    slower = changed(experiment, 1, gradient=Noisy(sigma=1e-6))[1]
    assert 81 < (first_below(slower, 0.5) or 0) < 150
    wells = {np.sign(run(experiment.changed(seed=seed))[1].x[-1]) for seed in range(6)}
    assert wells == {-1, 1}


def test_escaping_a_bad_minimum() -> None:
    address = "noise/escaping-a-bad-minimum"
    exact, little, much = descents = told(address)
    (ended_right,) = (each.label for each in descents if each.x[-1] > 0)
    assert ended_right == answer(address) == much.label
    surface = scene(address).experiment.surface.field()
    deep, shallow = surface.loss_at(1.341, 0), surface.loss_at(-1.0595, 0)
    assert deep < shallow - 0.9
    assert abs(exact.loss[-1] - shallow) < 1e-3
    assert little.x[50:].max() < -0.7
    assert np.std(much.x[100:]) > 0.1, "it never settles"
    assert much.x[70:].min() > 0
    assert all_on_the_map(address)
    # The ridge pulls back with a slope of at most 0.31.
    x = np.linspace(-1.05, -0.3)
    assert round(max(x**3 - 1.5 * x - 0.4), 2) == 0.31
    # Of other seeds most take it there too, and none the little noise.
    experiment = scene(address).experiment
    seeds = [run(experiment.changed(seed=seed)) for seed in range(100, 140)]
    assert 30 <= sum(each[2].x[-1] > 0 for each in seeds) <= 39
    assert not any(each[1].x[-1] > 0 for each in seeds)
    # With a cosine schedule it comes to rest beside the deep minimum.
    resting = changed(experiment, 2, learning_rate=Cosine(learning_rate=0.1))[2]
    assert resting.loss[-1] < deep + 0.2
    assert np.ptp(resting.x[-10:]) < 0.02


def test_batch_size() -> None:
    address = "noise/batch-size"
    small, *_ = descents = told(address)
    assert answer(address) == "With four times the rate, 0.12"
    assert [each.steps_per_epoch for each in descents] == [8, 2, 2]
    _, _, lowest = minimum(address)
    for epochs in (1, 2, 5, 10):
        three, same, scaled = (each.loss[epochs * (each.steps_per_epoch or 0)] - lowest for each in descents)
        assert abs(scaled / three - 1) < 0.1
        assert same > 1.5 * three
    # The limit, and what happens just below it with all 24 points, and beyond it.
    x, y, _ = minimum(address)
    curvature = np.linalg.eigvalsh(scene(address).experiment.surface.field().hessian(np.array([x, y])))
    assert abs(2 / curvature[-1] - 0.25) < 0.01
    experiment = scene(address).experiment
    below = changed(experiment, 1, gradient=Exact(), learning_rate=0.24)[1]
    assert below.loss[10] - lowest > 5 * (small.loss[80] - lowest)
    beyond = changed(experiment, 1, learning_rate=0.48)[1]
    assert beyond.loss[-1] > 1e3


def test_minima_predict_alike() -> None:
    address = "noise/minima-predict-alike"
    descents = told(address)
    left, right, below, above = descents
    assert answer(address) == "A few percentage points"
    train = [each.loss[-1] for each in descents]
    assert 1.9 < max(train) / min(train) < 2.1
    accuracies = [each.measures["test_accuracy"][-1] for each in descents]
    assert 0.875 < min(accuracies) < max(accuracies) < 0.925
    assert max(right.loss[-1], above.loss[-1]) < 0.075
    test = {each.label: each.measures["test_loss"][-1] for each in descents}
    assert min(test[right.label], test[above.label]) > 1.3 * max(test[left.label], test[below.label])
    ends = np.array([(each.x[-1], each.y[-1]) for each in descents])
    assert min(np.hypot(*(ends[i] - ends[j])) for i in range(4) for j in range(i)) > 3
    assert all_on_the_map(address)
    # With 2 hidden units one of them gets stuck.
    experiment = scene(address).experiment
    few = run(experiment.changed(surface=experiment.surface.changed(hidden=(2,))))
    stuck = few[2]
    others = [each for each in few if each is not stuck]
    assert round(stuck.loss[-1], 2) == 0.38
    assert stuck.loss[-1] > 1.9 * max(each.loss[-1] for each in others)
    accuracy = [each.measures["test_accuracy"][-1] for each in others]
    assert stuck.measures["test_accuracy"][-1] < min(accuracy)


def test_flat_and_sharp() -> None:
    address = "noise/flat-and-sharp"
    sharp, flat = told(address)
    assert answer(address) == "Flat's"
    assert sharp.loss[-1] < flat.loss[-1] < sharp.loss[-1] + 0.2
    excess = [each.measures["test_loss"][-1] - each.loss[-1] for each in (flat, sharp)]
    assert [round(each, 2) for each in excess] == [0.05, 1.55]
    assert flat.measures["test_loss"][-1] < sharp.measures["test_loss"][-1] - 1
    surface = scene(address).experiment.surface.field()
    steepest = [
        np.linalg.eigvalsh(surface.hessian(np.array([each.x[-1], each.y[-1]])))[-1] for each in (flat, sharp)
    ]
    assert steepest[1] > 40 * steepest[0]
    assert 0.02 < 2 / steepest[1] < 0.1
    thrown, _ = changed(scene(address).experiment, 0, learning_rate=0.1)
    assert np.hypot(thrown.x[-1] - flat.x[-1], thrown.y[-1] - flat.y[-1]) < 0.1


def test_stochastic_weight_averaging() -> None:
    address = "noise/stochastic-weight-averaging"
    (descent,) = told(address)
    assert answer(address) == "Closer to the minimum than nearly all the iterates"
    assert descent.average is not None
    _, _, lowest = minimum(address)
    late, average = descent.loss[100:] - lowest, descent.average.loss[-1] - lowest
    assert descent.average.step[0] == 100
    assert round(average, 4) == 0.0003
    assert round(np.median(late), 2) == 0.04
    assert np.mean(late < average) < 0.05
    assert np.allclose(descent.average.x[-1], descent.x[100:].mean())
    # Averaged from the start, the way down counts too.
    experiment = scene(address).experiment
    mean = experiment.descents[0].average
    assert mean is not None
    (early,) = changed(experiment, 0, average=mean.changed(start=0))
    assert early.average is not None
    assert early.average.loss[-1] - lowest > 5 * average
