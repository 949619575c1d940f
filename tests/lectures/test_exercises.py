"""The exercises: the answer that counts as right is the right one."""

import numpy as np
import pytest

from fall_line import Experiment, landscape, run
from fall_line.landscape import evaluate
from fall_line.runner import Trajectory

from . import answer, scene, told


def ground(address: str):
    """The surface of a scene."""
    return scene(address).experiment.surface


def gradients(address: str) -> np.ndarray:
    """The length of the gradient at each start of a scene."""
    starts = [descent.start for descent in scene(address).experiment.descents]
    return np.linalg.norm(evaluate(ground(address), starts).gradient, axis=1)


def minima(surface) -> list[tuple[float, float]]:
    """The minima on a surface's map, the lowest first."""
    points = landscape(surface).stationary_points
    return [(point.x, point.y) for point in points if point.type == "minimum"]


def written(choice: str) -> str:
    """A formula of a choice as Fall Line reads it."""
    for sign, ascii_sign in {"²": "**2", "−": "-", "10 ": "10*", "x y": "x*y"}.items():
        choice = choice.replace(sign, ascii_sign)
    return choice


def is_told_apart(address: str) -> None:
    """Assert that the right choice is the surface, and that no other has the same lines."""
    surface, predict = ground(address), scene(address).predict
    here = landscape(surface, resolution=41).loss
    for choice in predict.choices:
        other = landscape(surface.changed(formula=written(choice)), resolution=41).loss
        alike = np.corrcoef(here.ravel(), other.ravel())[0, 1]
        assert np.allclose(here, other) if choice == answer(address) else alike < 0.9, choice


def reaches(path: Trajectory, point: tuple[float, float]) -> bool:
    """Whether a path ends at a point."""
    return np.hypot(path.x[-1] - point[0], path.y[-1] - point[1]) < 0.1


def stays(address: str) -> None:
    """Assert that no path leaves the map."""
    window = scene(address).view.window or ground(address).window()
    for path in told(address):
        assert window.x[0] <= path.x.min() and path.x.max() <= window.x[1], path.label
        assert window.y[0] <= path.y.min() and path.y.max() <= window.y[1], path.label


def dragged(address: str, index: int, start: tuple[float, float]) -> Trajectory:
    """The path of a descent from another start."""
    experiment = scene(address).experiment
    descents = list(experiment.descents)
    descents[index] = descents[index].changed(start=start)
    return run(Experiment.changed(experiment, descents=tuple(descents)))[index]


def test_a_bowl():
    address = "exercises/a-bowl"
    (path,) = told(address)
    is_told_apart(address)
    stays(address)
    assert abs(path.y[20]) < 1e-3 * 2.5 and abs(path.x[20]) > 0.3 * 3.5, "first y, then x"
    assert path.loss[-1] < 0.01


def test_no_bottom():
    address = "exercises/no-bottom"
    (path,) = told(address)
    is_told_apart(address)
    stays(address)
    assert minima(ground(address)) == []
    steps = np.hypot(np.diff(path.x), np.diff(path.y))
    assert steps.min() < 0.5 * min(steps[0], steps[-1]), "slow near the middle"
    assert path.x[-1] > 1 and path.y[-1] < -1, "toward a low corner"


def test_two_wells():
    address = "exercises/two-wells"
    above, below = told(address)
    is_told_apart(address)
    stays(address)
    assert np.allclose(sorted(minima(ground(address))), [(0, -1), (0, 1)])
    assert reaches(above, (0, 1)) and reaches(below, (0, -1))
    four = ground(address).changed(formula=written("(x² − 1)² + (y² − 1)²"))
    assert len(minima(four)) == 4


def test_two_sizes():
    address = "exercises/two-sizes"
    (path,) = told(address)
    stays(address)
    assert answer(address) == "Squares that stand on a corner"
    on_the_line = [(2, 0), (1.5, 0.5), (1, 1), (0.3, 1.7), (0, 2), (-1, 1), (-0.5, -1.5)]
    assert evaluate(ground(address), on_the_line).loss == pytest.approx(2)
    steps = np.hypot(np.diff(path.x), np.diff(path.y))
    assert steps[:30] == pytest.approx(steps[0])
    assert (np.diff(np.sign(path.y[40:50])) != 0).all(), "to and fro across the crease"


def test_a_tilted_bowl():
    address = "exercises/a-tilted-bowl"
    stays(address)
    assert answer(address) == "Ellipses, long from upper left to lower right"
    valley, slope = evaluate(ground(address), [(-2, 2), (2, 2)]).loss
    assert valley < 0.2 * slope
    for path in told(address):
        assert abs(path.x[10] + path.y[10]) < 0.05, "in the valley"
        assert np.hypot(path.x[10], path.y[10]) > 1, "and far from the middle"
        assert path.loss[-1] < 0.01


def test_a_wave_in_a_trough():
    address = "exercises/a-wave-in-a-trough"
    left, right = told(address)
    stays(address)
    assert answer(address) == "Hollows side by side, along y = 0"
    found = sorted(minima(ground(address)))
    assert np.allclose(found, [(-np.pi, 0), (0, 0), (np.pi, 0)])
    assert np.ptp(evaluate(ground(address), found).loss) < 1e-9
    assert left.x[0] < np.pi / 2 < right.x[0]
    assert reaches(left, (0, 0)) and reaches(right, (np.pi, 0))


def longest(address: str) -> str:
    """The choice that names the descent with the longest first step."""
    steps = {path.label: np.hypot(path.x[1] - path.x[0], path.y[1] - path.y[0]) for path in told(address)}
    label = max(steps, key=steps.get)
    (choice,) = (each for each in scene(address).predict.choices if each.startswith(f"At {label}"))
    return choice


def test_steep_on_one_line():
    address = "exercises/steep-on-one-line"
    a, b, c = told(address)
    stays(address)
    assert np.ptp([a.loss[0], b.loss[0], c.loss[0]]) < 0.02, "one line"
    assert longest(address) == answer(address)
    at_a, at_b, at_c = gradients(address)
    assert at_b < 0.6 * at_a < 0.6 * 0.8 * at_c
    assert round(at_c / at_b) == 3


def test_steep_on_a_step():
    address = "exercises/steep-on-a-step"
    a, b, c = told(address)
    stays(address)
    assert a.loss[0] > b.loss[0] > c.loss[0]
    assert longest(address) == answer(address)
    at_a, at_b, at_c = gradients(address)
    assert round(at_b / at_a) == round(at_b / at_c) == 7
    assert landscape(ground(address)).stationary_points == [], "no bottom"


def test_steep_where_lines_are_far():
    address = "exercises/steep-where-lines-are-far"
    stays(address)
    assert longest(address) == answer(address)
    at_a, at_b, at_c = gradients(address)
    assert at_a < 0.6 * at_b < 0.6 * 0.6 * at_c
    assert np.round([at_a, at_c], 1).tolist() == [2.6, 9.1]


def arrives(address: str, point: tuple[float, float]) -> str:
    """The choice that names the one descent that ends at a point."""
    (label,) = (path.label for path in told(address) if reaches(path, point))
    (choice,) = (each for each in scene(address).predict.choices if each.startswith(f"From {label}"))
    return choice


def far(address: str, point: tuple[float, float]) -> list[str]:
    """The labels of the descents, the nearest to a point at their start first."""
    away = {path.label: np.hypot(path.x[0] - point[0], path.y[0] - point[1]) for path in told(address)}
    return sorted(away, key=away.get)


def test_three_starts_four_wells():
    address = "exercises/three-starts-four-wells"
    a, b, _ = told(address)
    stays(address)
    found = minima(ground(address))
    assert len(found) == 4 and max(found[0]) < -2.5, "the deepest is at the lower left"
    assert arrives(address, found[0]) == answer(address)
    assert a.x[-1] > 2.5 and b.y[-1] > 2.5
    assert far(address, found[0])[-1] == "C"
    assert reaches(dragged(address, 2, (0.5, 0.5)), found[3])


def test_three_starts_in_a_row():
    address = "exercises/three-starts-in-a-row"
    a, _, c = told(address)
    stays(address)
    middle, *others = minima(ground(address))
    assert middle == pytest.approx((0, 0), abs=1e-6) and len(others) == 2
    assert arrives(address, middle) == answer(address)
    assert a.x[-1] < -1.5 and c.x[-1] > 1.5
    assert far(address, middle)[-1] == "B"
    assert reaches(dragged(address, 0, (-1.0, 0.0)), middle)


def test_which_rate_zigzags():
    address = "exercises/which-rate-zigzags"
    paths = told(address)
    stays(address)
    flips = {path.label: int((np.diff(np.sign(path.y[:21])) != 0).sum()) for path in paths}
    assert max(flips, key=flips.get) == answer(address)
    assert flips[answer(address)] == 20
    slow, right, zigzag = paths
    assert zigzag.y[1] == pytest.approx(-0.9 * zigzag.y[0])
    assert abs(right.y[1]) < 1e-12
    assert slow.y[1] == pytest.approx(0.8 * slow.y[0])
    assert all(path.loss[-1] < 0.1 * path.loss[0] for path in paths)
