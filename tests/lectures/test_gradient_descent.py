"""What the scenes about gradient descent say, and what happens."""

import numpy as np
from numpy.typing import NDArray

from fall_line import run
from fall_line.runner import Trajectory

from . import answer, scene, told

BOWL = "gradient-descent"


def path(trajectory: Trajectory) -> NDArray[np.float64]:
    """The iterates, shape (steps + 1, 2)."""
    return np.column_stack([trajectory.x, trajectory.y])


def step_lengths(trajectory: Trajectory) -> NDArray[np.float64]:
    return np.linalg.norm(np.diff(path(trajectory), axis=0), axis=1)


def across_the_valley(trajectory: Trajectory, degrees: float) -> NDArray[np.float64]:
    """The distance from the floor of a valley that runs in this direction."""
    angle = np.radians(degrees)
    return path(trajectory) @ [-np.sin(angle), np.cos(angle)]


def on_the_map(address: str, trajectory: Trajectory) -> NDArray[np.bool_]:
    window = scene(address).experiment.surface.window()
    (left, right), (low, high) = window.x, window.y
    x, y = trajectory.x, trajectory.y
    return (left <= x) & (x <= right) & (low <= y) & (y <= high)


def test_the_bowl() -> None:
    address = f"{BOWL}/the-bowl"
    assert answer(address) == "Straight to the middle"
    for descent in told(address):
        start = path(descent)[0]
        along = path(descent) @ start / (start @ start)
        assert np.allclose(path(descent), np.outer(along, start)), "on the line from the start to (0, 0)"
        assert np.all(np.diff(along) < 0)
        assert 24 < descent.loss[0] < 26
        assert descent.loss[-1] < 0.001
        assert descent.steps == 60


def test_too_small_right_too_large() -> None:
    address = f"{BOWL}/too-small-right-too-large"
    small, right, large, diverging = descents = told(address)
    best = min(descents, key=lambda descent: descent.loss[-1])
    assert best.label == answer(address) == "Rate 0.15"
    assert right.loss[-1] < 1e-6
    assert 2.05 < small.loss[-1] < 2.15
    assert 0.285 < large.loss[-1] < 0.295
    assert np.all(np.diff(np.sign(across_the_valley(large, 30))) != 0), "zigzags"
    widths = np.abs(across_the_valley(diverging, 30))
    assert np.all(np.diff(widths) > 0)
    for descent in (small, right, large):
        assert on_the_map(address, descent).all()
    assert not on_the_map(address, diverging)[-1]
    # The rates to try: better up to about 0.18, useless a little beyond 0.2.
    experiment = scene(address).experiment
    one = experiment.descents[0]
    rates = (0.01, 0.05, 0.1, 0.15, 0.18, 0.205)
    retried = run(
        experiment.changed(descents=[one.changed(label=None, learning_rate=rate) for rate in rates])
    )
    final = [descent.loss[-1] for descent in retried]
    assert final[:5] == sorted(final[:5], reverse=True)
    assert final[5] > retried[5].loss[0]


def test_the_step_shrinks_with_the_slope() -> None:
    address = f"{BOWL}/the-step-shrinks-with-the-slope"
    assert answer(address) == "They get shorter and shorter"
    (descent,) = told(address)
    lengths = step_lengths(descent)
    assert np.all(np.diff(lengths) < 0)
    assert np.ptp(descent.learning_rate) == 0
    assert np.allclose(lengths, 0.1 * descent.gradient_norm[:-1])
    assert np.isclose(lengths[0], 1)
    assert round(lengths[9], 2) == 0.13
    # With the rate 0.5 one step is exactly as long as the way.
    experiment = scene(address).experiment
    (jump,) = run(experiment.changed(descents=[experiment.descents[0].changed(learning_rate=0.5)]))
    assert jump.loss[1] < 1e-20


def test_the_path_lives_in_the_plane() -> None:
    address = f"{BOWL}/the-path-lives-in-the-plane"
    assert answer(address) == "Two: x and y"
    (descent,) = told(address)
    surface = scene(address).experiment.surface.field()
    for (x, y), (next_x, next_y), loss in zip(path(descent), path(descent)[1:], descent.loss, strict=False):
        height, slope_x, slope_y = surface.loss_and_gradient_at(x, y)
        assert np.isclose(next_x - x, -0.008 * slope_x)
        assert np.isclose(next_y - y, -0.008 * slope_y)
        assert np.isclose(loss, height), "the height is looked up"
    assert descent.loss[-1] < 1e-6
    assert on_the_map(address, descent).all()
    assert scene(address).view.map == "both"


def test_stop_when_nothing_improves() -> None:
    address = f"{BOWL}/stop-when-nothing-improves"
    slow, middle, fast = descents = told(address)
    first = min(descents, key=lambda descent: descent.steps)
    assert first.label == answer(address) == "Rate 0.15"
    assert [descent.status for descent in descents] == ["stalled"] * 3
    assert [descent.steps for descent in (fast, middle, slow)] == [48, 108, 221]
    assert all(descent.loss[-1] < 0.001 for descent in descents)
    # A patience of 2 stops the slow one before it arrives.
    experiment = scene(address).experiment
    impatient = run(experiment.changed(stop=experiment.stop.changed(patience=2)))[0]
    assert impatient.status == "stalled"
    assert impatient.loss[-1] > 10 * slow.loss[-1]


def test_stopped_too_soon() -> None:
    address = f"{BOWL}/stopped-too-soon"
    assert answer(address) == "Out on the slope, after 20 steps"
    near, far = told(address)
    assert (near.status, far.status) == ("stalled", "stalled")
    assert far.steps == 20
    assert far.x[-1] < -3
    assert near.loss[-1] < 0
    assert far.loss[-1] > 4
    assert np.allclose(far.gradient_norm, 0.1, atol=0.003)
    gains = -np.diff(far.loss)
    assert np.allclose(gains, 0.002, atol=0.0002)
    assert 0.03 < gains.sum() < 0.05
    # Left alone, it arrives after 200 steps; a rule for the gradient waits for it.
    experiment = scene(address).experiment
    stop = experiment.stop.changed(patience=None, minimum_improvement=0.0, gradient_norm=0.01)
    patient = run(experiment.changed(stop=stop))
    assert [descent.status for descent in patient] == ["converged", "converged"]
    assert 190 < patient[1].steps < 210


def test_where_you_start() -> None:
    address = f"{BOWL}/where-you-start"
    descents = told(address)
    assert answer(address) == "Each in a minimum of its own"
    starts, ends = (np.array([path(descent)[at] for descent in descents]) for at in (0, -1))
    apart = [
        [np.hypot(*(places[i] - places[j])) for i in range(4) for j in range(i)] for places in (starts, ends)
    ]
    assert max(apart[0]) < 1
    assert min(apart[1]) > 5
    assert all(descent.gradient_norm[-1] < 1 for descent in descents)
    heights = {descent.label: descent.loss[-1] + 78.3323 for descent in descents}
    assert {name: round(height) for name, height in heights.items()} == {
        "Northeast": 28,
        "Northwest": 14,
        "Southeast": 14,
        "Southwest": 0,
    }


def test_many_random_starts() -> None:
    address = f"{BOWL}/many-random-starts"
    descents = told(address)
    heights = np.array([descent.loss[-1] for descent in descents]) + 78.3323
    assert answer(address) == "About a quarter"
    assert len(descents) == 16
    assert (heights < 0.01).sum() == 4
    assert sorted(set(np.round(heights))) == [0, 14, 28]
    assert round(1 - 0.75**8, 1) == 0.9
    assert all(on_the_map(address, descent).all() for descent in descents)
    # The basin of the deepest minimum ends at the ridges: about a quarter of the map.
    ridge = np.roots([2, 0, -16, 2.5])[np.argmin(np.abs(np.roots([2, 0, -16, 2.5])))]
    assert 0.24 < ((ridge + 5) / 10) ** 2 < 0.28
    for descent, height in zip(descents, heights, strict=True):
        assert (height < 0.01) == (descent.x[0] < ridge and descent.y[0] < ridge)


def test_saddle_points() -> None:
    address = f"{BOWL}/saddle-points"
    on, beside = told(address)
    assert answer(address) == "Only Beside the ridge"
    assert (on.label, beside.label) == ("On the ridge", "Beside the ridge")
    assert np.all(on.x == 0)
    assert abs(on.loss[-1] - 1) < 1e-3
    assert on.gradient_norm[-1] < 0.01
    assert beside.loss[-1] < 1e-3
    falls = int(np.argmax(beside.loss < 0.9))
    assert 45 <= falls <= 55
    assert np.allclose(beside.x[1:30] / beside.x[:29], 1.12, atol=0.001)
    # Ten times as far beside, the wait is shorter by as much for each factor of ten.
    waits = []
    experiment = scene(address).experiment
    for x in (0.0001, 0.001, 0.01):
        start = experiment.descents[1].changed(start=(x, 1.6))
        (moved,) = run(experiment.changed(descents=[start]))
        waits.append(int(np.argmax(moved.loss < 0.5)))
    assert abs((waits[0] - waits[1]) - (waits[1] - waits[2])) <= 2
    assert waits[0] > waits[1] > waits[2]


def test_how_large_may_the_rate_be() -> None:
    address = f"{BOWL}/how-large-may-the-rate-be"
    descents = told(address)
    assert answer(address) == "A zigzag that slowly widens"
    surface = scene(address).experiment.surface.field()
    assert np.allclose(np.linalg.eigvalsh(surface.hessian(np.array([0.0, 0.0]))), [1, 20])
    for descent, factor in zip(descents, (0, -0.8, -1.2), strict=True):
        off = across_the_valley(descent, 30)
        assert np.allclose(off[1:], factor * off[:-1])
        assert abs(off[0]) < 0.1
        assert on_the_map(address, descent).all()
    _, _, beyond = descents
    assert np.abs(np.diff(across_the_valley(beyond, 30)))[0] < 0.3
    assert beyond.y[-1] > 4
