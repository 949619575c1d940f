"""The scenes of *Better steps*: what their words say is what happens."""

import numpy as np
import pytest

from fall_line.runner import Trajectory

from . import answer, scene, told

LECTURE = "better-steps"


def distance(trajectory: Trajectory, x: float = 0.0, y: float = 0.0) -> np.ndarray:
    return np.hypot(trajectory.x - x, trajectory.y - y)


def strides(trajectory: Trajectory) -> np.ndarray:
    """Return how long each step is."""
    return np.hypot(np.diff(trajectory.x), np.diff(trajectory.y))


def lowest(trajectories: list[Trajectory], step: int = -1) -> str:
    return min(trajectories, key=lambda each: each.loss[step]).label


def test_gentle_slope():
    slower, faster = told(f"{LECTURE}/gentle-slope")
    assert slower.gradient_norm[0] == pytest.approx(0.1, abs=0.005)
    assert strides(slower)[0] == pytest.approx(0.02, abs=0.001)
    below = [int(np.argmax(each.loss < 4)) for each in (slower, faster)]
    assert below[0] == 235 and np.argmax(slower.loss < 0) == 240
    assert below[1] == pytest.approx(below[0] / 2, abs=2)
    assert distance(slower, 2)[-1] < 0.01 and distance(faster, 2)[-1] < 0.01
    assert answer(f"{LECTURE}/gentle-slope") == "More than 200"


def test_ravine():
    small, large = told(f"{LECTURE}/ravine")
    assert np.all(np.sign(large.y[:20]) == [1, -1] * 10), "from wall to wall"
    assert large.x[20] == pytest.approx(large.x[0] / 2, abs=0.25) and np.all(np.diff(large.x) > 0)
    assert np.all(small.y >= 0) and small.x[-1] < -0.9
    speeds = [-np.diff(np.log(-each.x[:21])).mean() for each in (small, large)]
    assert speeds[1] == pytest.approx(4 * speeds[0], rel=0.1), "four times as slowly"
    assert answer(f"{LECTURE}/ravine").startswith("A zigzag")


def test_momentum():
    nothing, half, most = told(f"{LECTURE}/momentum")
    assert np.allclose(strides(nothing), 0.03)
    assert strides(half)[-1] / strides(nothing)[-1] == pytest.approx(2, rel=0.01)
    growth = strides(most) / strides(nothing)
    assert np.all(np.diff(growth) > 0) and growth[-1] == pytest.approx(10, rel=0.02)
    assert answer(f"{LECTURE}/momentum") == "About ten times as long"


def test_overshooting():
    trajectories = told(f"{LECTURE}/overshooting")
    light, medium, heavy = trajectories
    assert [each.learning_rate[0] for each in trajectories] == [0.02] * 3
    assert light.x.max() < 0
    assert medium.x.max() == pytest.approx(1.3, abs=0.05) and heavy.x.max() == pytest.approx(3.6, abs=0.05)
    assert np.abs(medium.x[-40:]).max() < 0.02 and np.abs(heavy.x[-40:]).max() > 1
    assert medium.loss[-1] < 1e-3 * min(light.loss[-1], heavy.loss[-1])
    assert lowest(trajectories) == answer(f"{LECTURE}/overshooting")


def test_nesterov():
    trajectories = told(f"{LECTURE}/nesterov")
    momentum, nesterov = trajectories
    farthest = [each.x.max() for each in trajectories]
    assert farthest == pytest.approx([2.15, 1.47], abs=0.03)
    assert momentum.y.min() / nesterov.y.min() == pytest.approx(4, abs=0.5)
    assert nesterov.loss[50] < momentum.loss[50] / 100
    assert momentum.evaluations[-1] == nesterov.evaluations[-1]
    assert trajectories[int(np.argmax(farthest))].label == answer(f"{LECTURE}/nesterov")


def test_sparse_features():
    trajectories = told(f"{LECTURE}/sparse-features")
    small, large, adagrad = trajectories
    assert adagrad.steps_per_epoch == 20
    moves = np.diff(large.y).reshape(-1, 20) != 0
    assert np.all(moves.sum(axis=1) == 2), "two gradients for b in every epoch"
    assert small.y[-1] > -0.2 and small.x[-100:].std() < 0.1
    assert abs(large.y[-1] + 1) < 0.05 and large.x[-100:].std() > 0.3
    assert adagrad.x[-100:].std() < 0.1
    ends = [distance(each, 2, -1)[-1] for each in trajectories]
    assert ends[2] < 0.1 * min(ends[:2])
    assert trajectories[int(np.argmin(ends))].label == answer(f"{LECTURE}/sparse-features")


def test_rmsprop():
    trajectories = told(f"{LECTURE}/rmsprop")
    adagrad, rmsprop = trajectories
    assert adagrad.gradient_norm[0] == pytest.approx(45, abs=1)
    assert rmsprop.gradient_norm[100] == pytest.approx(0.4, abs=0.02)
    assert np.all(strides(adagrad)[20:] < 0.02) and np.all(np.diff(strides(adagrad)[50:]) < 0)
    assert np.diff(rmsprop.x)[100:200].mean() == pytest.approx(0.05, rel=0.1), "as long as its rate"
    assert strides(rmsprop)[-20:].mean() > 0.01, "never comes quite to rest"
    arrived = [each.label for each in trajectories if distance(each, 6)[-1] < 0.1]
    assert arrived == [answer(f"{LECTURE}/rmsprop")]


def test_adam():
    on_slope, on_wall, gd_on_slope, gd_on_wall = told(f"{LECTURE}/adam")
    assert gd_on_wall.gradient_norm[0] / gd_on_slope.gradient_norm[0] == pytest.approx(38, abs=0.5)
    assert strides(gd_on_wall)[0] / strides(gd_on_slope)[0] == pytest.approx(38, abs=0.5)
    assert [strides(each)[0] for each in (on_slope, on_wall)] == pytest.approx([0.1, 0.1], rel=1e-6)
    assert abs(on_slope.x[60] - 2) < 0.2 and gd_on_slope.x[-1] < -4.3
    assert answer(f"{LECTURE}/adam") == "Both have the same length, 0.1"


def test_rotated_ravine():
    aligned, turned, gd_aligned, gd_turned = told(f"{LECTURE}/rotated-ravine")
    assert np.allclose(gd_aligned.loss, gd_turned.loss, rtol=1e-3)
    assert turned.loss[0] == pytest.approx(aligned.loss[0], rel=1e-3), "start and all"
    waits = [int(np.argmax(each.loss < 0.01 * each.loss[0])) for each in (aligned, turned, gd_turned)]
    assert waits == [39, 172, 100]
    assert aligned.loss[-1] < 1e-5 * gd_aligned.loss[-1] and turned.loss[-1] > 5 * gd_turned.loss[-1]
    # The two ravines do not meet: each path stays in its own.
    assert max(turned.y.max(), gd_turned.y.max()) < 0 < min(aligned.y.min(), gd_aligned.y.min())
    assert answer(f"{LECTURE}/rotated-ravine") == "Adam gets slower, GD does not"


def test_adamw():
    adam, adamw = told(f"{LECTURE}/adamw")
    assert strides(adam)[0] == pytest.approx(0.1 * np.sqrt(2))
    assert abs(adam.x[-1] + adam.y[-1] - 3) < 1e-3 and distance(adam, -1.5, 4.5)[-1] < 0.01
    assert np.ptp(adam.x[-100:]) < 0.01 < np.ptp(adamw.x[-100:])
    assert distance(adamw, 1.5, 1.5)[-1] < 0.1
    assert adamw.loss[-1] == pytest.approx(0.001, abs=0.0005)
    assert answer(f"{LECTURE}/adamw").startswith("Near the point of the valley that is closest")


def test_lion():
    lion, decayed, gd = told(f"{LECTURE}/lion")
    assert np.allclose(np.abs(np.diff(lion.x)), 0.1), "one rate, slope or not"
    assert np.abs(np.diff(lion.y[-20:])) == pytest.approx(0.1) and distance(lion, 2)[-50:].max() < 0.3
    assert distance(decayed, 2)[-1] < 0.01 and strides(decayed)[-1] < 0.001
    assert gd.x[-1] < 0
    assert answer(f"{LECTURE}/lion").startswith("It goes on jumping")


def test_sam():
    gd, sam = told(f"{LECTURE}/sam")
    assert max(abs(gd.x[10]), abs(sam.x[10])) < 0.15, "on the floor within some ten steps"
    assert np.ptp(gd.y[20:]) < 0.01 and gd.y[-1] > 1.2
    assert abs(sam.y[-1]) < 0.1 and np.all(np.diff(sam.y[10:]) < 0)
    assert max(gd.loss[20:].max(), sam.loss[20:].max()) < 1e-3, "the same height all along"
    assert sam.evaluations[-1] == 2 * gd.evaluations[-1]
    assert answer(f"{LECTURE}/sam") == "SAM drifts along the floor to the wide part"


def test_schedule_free():
    trajectories = told(f"{LECTURE}/schedule-free")
    _, cosine, free = trajectories
    middle = [each.loss[100:200].mean() for each in trajectories]
    assert middle[2] < 0.4 * middle[1] < middle[0]
    assert lowest(trajectories, 150) == trajectories[int(np.argmin(middle))].label
    assert np.all(free.learning_rate == 0.1) and cosine.learning_rate[150] == pytest.approx(0.05)
    ends = [each.loss[-60:].mean() for each in trajectories]
    assert 0.5 < ends[1] / ends[2] < 2 and ends[0] > 10 * ends[1]
    assert lowest(trajectories, 150) == answer(f"{LECTURE}/schedule-free")


def test_newton():
    newton, adam, gd = told(f"{LECTURE}/newton")
    assert newton.loss[1] < 1e-20
    assert adam.loss[-1] > 0.01 and gd.loss[-1] > 0.01
    assert answer(f"{LECTURE}/newton") == str(int(np.argmax(newton.loss < 1e-20)))


def test_newton_and_the_saddle():
    near, far, gd = told(f"{LECTURE}/newton-and-the-saddle")
    surface = scene(f"{LECTURE}/newton-and-the-saddle").experiment.surface.field()
    curvatures = [surface.hessian(np.array([each.x[0], each.y[0]]))[0, 0] for each in (near, far)]
    assert curvatures[0] < 0 < curvatures[1]
    assert distance(near)[-1] < 1e-3 and near.loss[-1] == pytest.approx(1) and near.gradient_norm[-1] < 1e-3
    assert distance(far, 1)[-1] < 1e-3 and distance(gd, 1)[-1] < 0.01
    assert gd.x[0] == near.x[0] and gd.y[0] == near.y[0] and gd.loss[-1] < 1e-4
    assert answer(f"{LECTURE}/newton-and-the-saddle").startswith("On the saddle")
