"""Where the gradient vanishes, and what kind of point that is."""

from collections import Counter

import numpy as np
import pytest

from fall_line.expression import field, parse
from fall_line.expression.stationary import stationary_points


def found(formula, low=-5.0, high=5.0):
    return stationary_points(field(parse(formula), {}), (low, high), (low, high))


def types(formula, low=-5.0, high=5.0):
    return Counter(point.type for point in found(formula, low, high))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", {"minimum": 4, "saddle": 4, "maximum": 1}),
        ("x**2 + y**2", {"minimum": 1}),
        ("-(x**2) - 2*y**2", {"maximum": 1}),
        ("x**2 - y**2", {"saddle": 1}),
        ("x**3 - 3*x*y**2", {"saddle": 1}),
        ("x**4 + y**4", {"minimum": 1}),
        ("x**4 - y**4", {"saddle": 1}),
        ("-(x**4) - y**2", {"maximum": 1}),
        ("sin(x)*sin(y)", {"minimum": 8, "maximum": 8, "saddle": 9}),
        (
            "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
            {"minimum": 121, "maximum": 100, "saddle": 220},
        ),
        ("x + y", {}),
        ("3", {}),
        ("x**2", {}),
        ("(x**2 + y**2 - 4)**2", {"maximum": 1}),
        ("log(x) + y**2", {}),
        ("sin(300*x)*sin(300*y)", {}),
    ],
)
def test_isolated_points_are_found_and_classified(formula, expected):
    half = 5.12 if "cos" in formula else 5.0
    assert types(formula, -half, half) == expected


def test_points_are_exact_and_the_lowest_comes_first():
    points = found("(x**2 + y - 11)**2 + (x + y**2 - 7)**2")
    assert [point.loss for point in points] == sorted(point.loss for point in points)
    minima = np.array([(point.x, point.y) for point in points if point.type == "minimum"])
    known = [[3.584428340330492, -1.848126526964404], [3, 2], [-2.805118086952745, 3.131312518250573]]
    for minimum in known:
        assert abs(minima - minimum).sum(axis=1).min() < 1e-12


def test_only_the_window_is_searched():
    assert types("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", 0, 5) == {"minimum": 1, "saddle": 2}


def test_a_point_on_the_border_counts():
    assert types("x**2 + y**2", 0, 5) == {"minimum": 1}
