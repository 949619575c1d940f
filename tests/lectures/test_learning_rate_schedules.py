"""The scenes of *Learning-rate schedules*: what their words say is what happens."""

from itertools import pairwise

import numpy as np
import pytest

from fall_line.runner import Trajectory

from . import answer, scene, told

LECTURE = "learning-rate-schedules"


def mean_loss(trajectory: Trajectory, last: int = 60) -> float:
    return float(trajectory.loss[-last:].mean())


def distance(trajectory: Trajectory, x: float = 0.0, y: float = 0.0) -> np.ndarray:
    return np.hypot(trajectory.x - x, trajectory.y - y)


def lowest(trajectories: list[Trajectory]) -> str:
    """Return the label of the lowest loss, which must be so at the last step and on average."""
    final = min(trajectories, key=lambda each: each.loss[-1]).label
    assert min(trajectories, key=mean_loss).label == final
    return final


def test_step_decay():
    constant, decay = told(f"{LECTURE}/step-decay")
    assert np.array_equal(constant.x[:81], decay.x[:81]) and not np.array_equal(constant.x[:83], decay.x[:83])
    assert decay.learning_rate[[79, 80, 160, 240]] == pytest.approx([0.1, 0.03, 0.009, 0.0027])
    assert mean_loss(constant) == pytest.approx(0.8, abs=0.05)
    assert 25 < mean_loss(constant) / mean_loss(decay) < 40
    stairs = [decay.loss[end - 40 : end].mean() for end in (80, 160, 240, 320)]
    assert all(lower < 0.5 * higher for higher, lower in pairwise(stairs))
    assert np.ptp(decay.x[-60:]) > 0.05, "it wanders on"
    assert answer(f"{LECTURE}/step-decay").endswith("at a lower level")


def test_exponential():
    constant, slow, fast = told(f"{LECTURE}/exponential")
    assert distance(constant)[-1] < 1e-6 and distance(slow)[-1] < 1e-2
    assert fast.x[-1] == pytest.approx(-1.6, abs=0.05) and abs(fast.y[-1]) < 1e-3
    assert fast.x[-1] == pytest.approx(constant.x[10], abs=0.1), "about ten steps at the full rate"
    assert distance(fast)[-100:].std() < 1e-4 and fast.gradient_norm[-1] > 1
    assert fast.learning_rate.min() > 0 and fast.learning_rate.sum() == pytest.approx(1, abs=0.01)
    assert np.all(np.diff(fast.loss[:100]) < 0), "every step goes downhill"
    assert answer(f"{LECTURE}/exponential").startswith("Stuck on the way")


def test_one_over_t():
    trajectories = told(f"{LECTURE}/one-over-t")
    constant, exponential, inverse = trajectories
    assert inverse.learning_rate[[20, 180]] == pytest.approx([0.05, 0.01])
    assert mean_loss(inverse, 80) < 0.05 * min(mean_loss(constant, 80), mean_loss(exponential, 80))
    assert np.ptp(exponential.x[-80:]) < 1e-3 and distance(exponential)[-1] > 0.7, "quiet, far off"
    assert np.ptp(constant.x[-80:]) > 0.5, "never settles"
    assert lowest(trajectories) == answer(f"{LECTURE}/one-over-t")


def test_cosine():
    trajectories = told(f"{LECTURE}/cosine")
    large, small, cosine = trajectories
    assert large.loss[:20].min() < 1 and cosine.loss[:20].min() < 1 < small.loss[:100].min()
    assert cosine.learning_rate[[0, 100, 200]] == pytest.approx([0.15, 0.075, 0], abs=1e-12)
    assert distance(small)[-1] > 0.5, "still on its way"
    assert mean_loss(large) > 5 * mean_loss(cosine)
    assert lowest(trajectories) == answer(f"{LECTURE}/cosine")


def test_warm_up():
    careful, bold, warm = told(f"{LECTURE}/warm-up")
    assert bold.status == "diverged" and careful.status == warm.status == "finished"
    assert bold.gradient_norm[1] > bold.gradient_norm[0] and bold.y[1] < 0 < bold.y[0], "across and steeper"
    assert np.all(warm.learning_rate[50:] == bold.learning_rate[0])
    assert warm.gradient_norm[50] < 0.01 * warm.gradient_norm[0]
    assert warm.loss[-1] < 1e-3 * careful.loss[-1]
    assert answer(f"{LECTURE}/warm-up") == "Bold is thrown off the map, Warm-up arrives"


def test_warm_restarts():
    once, restarts = told(f"{LECTURE}/warm-restarts")
    assert np.array_equal(once.x[:51], restarts.x[:51])
    narrow, wide = distance(restarts, -1.5), distance(restarts, 2)
    assert distance(once, -1.5)[-1] < 0.1 and np.ptp(once.loss[50:]) == 0
    assert narrow[50] < 0.1 and narrow[100] < 0.1, "the first restart falls back in"
    assert wide[150] < 0.3 and wide[200] < 0.3, "the second gets out, and the third stays"
    assert restarts.loss[51] > restarts.loss[50] + 0.1
    assert restarts.loss[-1] < once.loss[-1] - 0.5
    assert answer(f"{LECTURE}/warm-restarts") == "It raises it at first"


def test_triangular():
    trajectories = told(f"{LECTURE}/triangular")
    large, small, triangular = trajectories
    assert small.x[-1] < -4, "hardly moved"
    assert distance(large, 2)[-50:].max() > 2 and large.x[-50:].min() < 2 < large.x[-50:].max()
    assert triangular.learning_rate[[0, 25, 50, 75]] == pytest.approx([0.02, 1, 0.02, 1])
    assert np.all(distance(triangular, 2)[-80:] < 1e-3), "and no large phase throws it out"
    arrived = [each.label for each in trajectories if distance(each, 2)[-1] < 0.1]
    assert arrived == [answer(f"{LECTURE}/triangular")]


def test_triangular_halving():
    triangular, halving = told(f"{LECTURE}/triangular-halving")
    assert np.array_equal(triangular.x[:61], halving.x[:61])
    assert triangular.learning_rate[180:].max() == pytest.approx(0.18)
    assert halving.learning_rate[180:].max() == pytest.approx(0.03, abs=0.002)
    assert 7 < mean_loss(triangular) / mean_loss(halving) < 13, "about a tenth"
    # Breathing: more loss around the peaks of the rate than at its feet.
    around = {middle: triangular.loss[middle - 8 : middle + 8].mean() for middle in (90, 120, 150, 180)}
    assert min(around[90], around[150]) > max(around[120], around[180])
    assert answer(f"{LECTURE}/triangular-halving") == "Halving is much lower"


def test_one_cycle():
    small, medium, cycle = told(f"{LECTURE}/one-cycle")
    assert cycle.learning_rate[0] == pytest.approx(0.04) and cycle.learning_rate.argmax() == 29
    assert cycle.learning_rate[29] == pytest.approx(1) and cycle.learning_rate[-1] < 1e-5
    assert [small.learning_rate[0], medium.learning_rate[0]] == [0.02, 0.08]
    assert distance(small, 5)[-1] > 5 and distance(medium, 5)[-1] > 5
    assert distance(cycle, 5)[-1] < 0.01
    assert max(abs(each.y[-50:]).max() for each in (medium, cycle)) < 0.1, "all survive the wall"
    assert answer(f"{LECTURE}/one-cycle") == "Only One cycle reaches it"


def test_decay_on_plateau():
    trajectories = told(f"{LECTURE}/decay-on-plateau")
    constant, fixed, plateau = trajectories
    halvings = np.flatnonzero(np.diff(plateau.learning_rate)) + 1
    assert halvings[0] == 38 and len(halvings) > 10
    assert plateau.learning_rate[38] == pytest.approx(0.05)
    assert plateau.loss[:38].min() < 0.1, "noise has taken over"
    assert distance(fixed)[-1] > 1 and fixed.gradient_norm[-1] > 1, "spent before it arrives"
    assert mean_loss(plateau) < 0.1 * min(mean_loss(constant), mean_loss(fixed))
    nearest = min(trajectories, key=lambda each: distance(each)[-1]).label
    assert nearest == lowest(trajectories) == answer(f"{LECTURE}/decay-on-plateau")


def test_stop_when_the_rate_is_small():
    address = f"{LECTURE}/stop-when-the-rate-is-small"
    trajectories = told(address)
    clock, plateau = trajectories
    bound = scene(address).experiment.stop.learning_rate
    assert all(each.status == "stalled" and each.learning_rate[-1] < bound for each in trajectories)
    assert clock.steps == 44 and plateau.steps > 2 * clock.steps
    arrived = [each.label for each in trajectories if distance(each)[-1] < 0.1]
    assert distance(clock)[-1] > 1.5
    assert answer(address) == f"Only for {arrived[0]}" and len(arrived) == 1
