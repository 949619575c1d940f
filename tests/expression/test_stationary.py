"""Where the gradient vanishes, and what kind of point that is."""

from collections import Counter
from random import Random

import numpy as np
import pytest

from fall_line.expression import field, parse
from fall_line.expression.stationary import stationary_points
from tests.expression.degenerate import degenerate
from tests.expression.listing import is_listed_right
from tests.test_literature import FUNCTIONS


def search(formula, low=-5.0, high=5.0):
    return stationary_points(field(parse(formula), {}), (low, high), (low, high))


def found(formula, low=-5.0, high=5.0):
    return search(formula, low, high).points


def types(formula, low=-5.0, high=5.0):
    return Counter(point.type for point in found(formula, low, high))


HIMMELBLAU = "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (HIMMELBLAU, {"minimum": 4, "saddle": 4, "maximum": 1}),
        ("x**2 + y**2", {"minimum": 1}),
        ("-(x**2) - 2*y**2", {"maximum": 1}),
        ("x**2 - y**2", {"saddle": 1}),
        ("sin(x)*sin(y)", {"minimum": 8, "maximum": 8, "saddle": 9}),
        (
            "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
            {"minimum": 121, "maximum": 100, "saddle": 220},
        ),
        ("(1 - x)**2 + 100*(y - x**2)**2", {"minimum": 1}),
        ("exp(x**2) + y**2", {"minimum": 1}),
        ("x**x + y**2", {"minimum": 1}),
        ("x + y", {}),
        ("log(x) + y**2", {}),
        ("1/(x**2 + y**2)", {}),
        ("exp(x)*exp(-y)", {}),
    ],
)
def test_isolated_points_are_found_and_classified(formula, expected):
    half = 5.12 if formula.startswith("20") else 5.0
    assert types(formula, -half, half) == expected
    assert search(formula, -half, half).words is None


def test_points_are_exact_and_the_lowest_comes_first():
    points = found(HIMMELBLAU)
    assert [point.loss for point in points] == sorted(point.loss for point in points)
    minima = np.array([(point.x, point.y) for point in points if point.type == "minimum"])
    known = [[3.584428340330492, -1.848126526964404], [3, 2], [-2.805118086952745, 3.131312518250573]]
    for minimum in known:
        assert abs(minima - minimum).sum(axis=1).min() < 1e-12


def test_only_the_window_is_searched():
    assert types(HIMMELBLAU, 0, 5) == {"minimum": 1, "saddle": 2}


def test_a_point_on_the_border_counts():
    assert types("x**2 + y**2", 0, 5) == {"minimum": 1}


@pytest.mark.parametrize(
    ("formula", "place", "word"),
    [
        ("x**3 - 3*x*y**2", (0, 0), "saddle"),
        ("x**4 + y**4", (0, 0), "minimum"),
        ("x**4 - y**4", (0, 0), "saddle"),
        ("-(x**4) - y**2", (0, 0), "maximum"),
        # Negative along y = 1.5 x², though it rises along every straight line.
        ("2*x**4 - 3*x**2*y + y**2", (0, 0), "saddle"),
        ("2*x**4 - 2.8*x**2*y + y**2", (0, 0), "minimum"),
        ("(y - x**2)*(y - 3*x**2)", (0, 0), "saddle"),
        ("(y - 2 - (x - 1)**2)*(y - 2 - 3*(x - 1)**2)", (1, 2), "saddle"),
        ("(y**2 - x**3)*(y**2 - 2*x**3)", (0, 0), "saddle"),
        ("x**2 + (y - 0.33)**8", (0, 0.33), "minimum"),
        ("(x + 0.7)**8 + (y - 0.33)**6", (-0.7, 0.33), "minimum"),
        ("x**6 + y**6", (0, 0), "minimum"),
        ("x**2 + y**8", (0, 0), "minimum"),
        ("-(x - y)**4 - (x + 2*y - 3)**6", (1, 1), "maximum"),
        ("x**3 + y**2", (0, 0), "saddle"),
        ("exp(-(x - 0.1)**4 - (y + 0.2)**4)", (0.1, -0.2), "maximum"),
        ("1 - cos(x**2 + y**2)", (0, 0), "minimum"),
        ("cosh(x)*cosh(y) - x**2/2 - y**2/2", (0, 0), "minimum"),
    ],
)
def test_where_the_hessian_does_not_decide_the_surroundings_do(formula, place, word):
    points = found(formula, -1.5, 2.5)
    near = [point for point in points if np.hypot(point.x - place[0], point.y - place[1]) < 0.1]
    assert [point.type for point in near] == [word]
    assert np.hypot(near[0].x - place[0], near[0].y - place[1]) < 4e-6


@pytest.mark.parametrize(
    ("formula", "place", "word"),
    [
        ("abs(x) + abs(y)", (0, 0), "minimum"),
        ("sqrt(x**2 + y**2)", (0, 0), "minimum"),
        ("-sqrt((x - 1)**2 + 3*(y + 0.4)**2)", (1, -0.4), "maximum"),
        ("abs(x - 1/3) + 2*abs(y + 1/7)", (1 / 3, -1 / 7), "minimum"),
        ("abs(x - 1) + y**2", (1, 0), "minimum"),
    ],
)
def test_a_kink_from_which_the_loss_rises_all_around_is_a_minimum(formula, place, word):
    (point,) = found(formula)
    assert point.type == word
    assert np.hypot(point.x - place[0], point.y - place[1]) < 1e-6


@pytest.mark.parametrize("formula", ["max(abs(x - 0.3), 2*abs(y))", "abs(x - 1/3) + 2*abs(x + y)"])
def test_where_kinks_cross_the_answer_says_that_it_may_miss_a_minimum(formula):
    assert "kinks" in search(formula).words


@pytest.mark.parametrize(
    "formula",
    [
        "x**2",
        "(x - y)**2",
        "-abs(x*y)",
        "x**2*y**2",
        "(x**2 - y)**2",
        "abs(x - y)",
        "max(x, y)",
        "relu(x)",
        "(x + y - 1)**4",
        "3",
    ],
)
def test_on_lines_and_plains_nothing_is_called_a_saddle(formula):
    """Every point without slope of these is a minimum, or a maximum, that is not alone."""
    answer = search(formula)
    assert not any(point.type == "saddle" for point in answer.points)
    assert answer.words


@pytest.mark.parametrize(
    ("formula", "half", "places"),
    [
        ("(2*y*x**3 - y**3)**2 + (6*x - y**2 + y)**2", 50, [(0, 0), (2, 4), (1.4643521197, -2.5060127608)]),
        ("x**2 + 2*y**2 - 0.3*cos(3*pi*x) - 0.4*cos(4*pi*y) + 0.7", 100, [(0, 0), (0.6186120678, 0)]),
        (
            "-(y + 47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - (y + 47))))",
            512,
            [(479.0454037, 434.5058764), (482.3533105, 432.8789990), (439.4809972, 453.9774347)],
        ),
        (
            "(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
            "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))",
            10,
            [(0, -1), (-0.6, -0.4)],
        ),
        ("1 + x**2/4000 + y**2/4000 - cos(x)*cos(y/sqrt(2))", 600, [(0, 0), (3.1400226339, 4.4384444807)]),
        ("20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)", 100, [(0, 0), (0, 0.9949586377)]),
    ],
)
def test_the_lowest_minima_are_found_however_many_there_are(formula, half, places):
    points = found(formula, -half, half)
    for x, y in places:
        near = [point for point in points if np.hypot(point.x - x, point.y - y) < 1e-6 * half]
        assert [point.type for point in near] == ["minimum"]


@pytest.mark.parametrize("frequency", [20, 57, 300])
def test_of_too_many_points_the_lowest_are_listed_and_the_rest_is_owned_up_to(frequency):
    answer = search(f"sin({frequency}*x)*sin({frequency}*y)")
    assert len(answer.points) == 512
    assert answer.found > 512
    assert "lowest" in answer.words
    assert all(abs(point.loss + 1) < 1e-9 for point in answer.points if point.type == "minimum")
    assert answer.points[0].type == "minimum"


def test_an_ill_conditioned_bowl_has_its_minimum_and_nothing_else():
    for small in (1e-6, 1e-10, 1e-13):
        assert types(f"(x - 1)**2 + {small}*(y - 2)**2") == {"minimum": 1}
        assert types(f"(x + y)**2 + {small}*(x - y)**2") == {"minimum": 1}
        assert types(f"(x + y)**2 - {small}*(x - y)**2") == {"saddle": 1}


DEGENERATE = list(degenerate(count=100))


@pytest.mark.parametrize("part", range(4))
def test_random_degenerate_points_are_what_their_family_says(part):
    listed = [is_listed_right(each) for each in DEGENERATE[part::4]]
    assert listed.count(False) <= 3


@pytest.mark.parametrize(
    "function", [each for each in FUNCTIONS if each["smooth"]], ids=lambda each: each["name"]
)
def test_the_global_minima_of_the_literature_are_listed(function):
    """Of 358 of them; where the list owns up to have holes one may be missing."""
    window = function["window"]
    answer = stationary_points(field(parse(function["formula"]), {}), tuple(window["x"]), tuple(window["y"]))
    size = np.array([high - low for low, high in window.values()])
    for place in function["minima"]:
        near = [each for each in answer.points if np.hypot(*((np.array(each[:2]) - place) / size)) < 1e-6]
        if near or (function["name"] not in ("Pathological", "Schaffer01") and function["isolated"]):
            assert [each.type for each in near] == ["minimum"]
        else:
            assert answer.words
    below = function["loss"] - 1e-9 * max(1, abs(function["loss"]))
    assert not any(each.loss < below for each in answer.points)


def winding(loss, low, high):
    """How often the gradient turns on the way round a square: added up from very small angles."""
    side = np.linspace(low, high, 20_001)
    ahead, back = side[:-1], side[:0:-1]
    x = np.concatenate([ahead, np.full_like(ahead, high), back, np.full_like(ahead, low)])
    y = np.concatenate([np.full_like(ahead, low), ahead, np.full_like(ahead, high), back])
    _, gradient = loss.along(np.column_stack([x, y]))
    angles = np.arctan2(gradient[:, 1], gradient[:, 0])
    turns = np.diff(np.append(angles, angles[0]))
    turns = (turns + np.pi) % (2 * np.pi) - np.pi
    assert abs(turns).max() < 0.5
    return round(turns.sum() / (2 * np.pi))


def random_smooth(random):
    """A smooth formula with some points without slope, none of them degenerate but by chance."""

    def number(low=0.3, high=2.0):
        return f"{random.choice([-1, 1]) * random.uniform(low, high):.3f}"

    polynomial = " + ".join(
        f"{number()}*(x - {random.uniform(-1, 1):.3f})**{p}*(y - {random.uniform(-1, 1):.3f})**{q}"
        for p, q in random.sample(
            [(0, 2), (2, 0), (1, 1), (3, 0), (0, 3), (2, 1), (1, 2), (4, 0), (0, 4), (2, 2)], 5
        )
    )
    wave = f"{number()}*sin({number(2, 5)}*x + {number()}*y)*cos({number(2, 4)}*y)"
    bell = f"{number(1, 4)}*exp(-(x - {number(0, 1)})**2 - 2*(y - {number(0, 1)})**2)"
    return " + ".join(random.sample([polynomial, polynomial, wave, bell], 3))


def test_minima_plus_maxima_less_saddles_are_as_often_as_the_gradient_turns_round_the_window():
    random, points = Random(12), 0
    for _ in range(60):
        formula = random_smooth(random)
        loss = field(parse(formula), {})
        answer = stationary_points(loss, (-2.0, 2.0), (-2.0, 2.0))
        assert answer.words is None
        counted = Counter(point.type for point in answer.points)
        turns = counted["minimum"] + counted["maximum"] - counted["saddle"]
        assert turns == winding(loss, -2.0, 2.0), formula
        points += len(answer.points)
    assert points > 150
