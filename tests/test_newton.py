"""Newton's method: what counts as singular, and the step there."""

import numpy as np
import pytest
import sympy

from fall_line import run
from fall_line.optimizers.newton import SINGULAR, Newton, solved


def one_step(formula, start, **optimizer):
    descent = {"optimizer": {"kind": "newton", **optimizer}, "learning_rate": 1.0, "start": start}
    (found,) = run({"surface": {"kind": "formula", "formula": formula}, "steps": 1, "descents": [descent]})
    return found


@pytest.mark.parametrize(
    "formula",
    [
        "x**2 + 1e-13*y**2",
        "1e-30*x**2 + y**2",
        "1e15*x**2 - 1e-20*y**2",
        "1e-12*x*y",
        "x**2 + 1e-9*x*y + 1e-16*y**2",
        "3*(x + 1e-8*y)**2 + 1e-14*y**2",
        "1e-200*x**2 + 1e200*y**2",
    ],
)
def test_units_do_not_make_a_quadratic_singular(formula):
    found = one_step(formula, [1.0, 1.0])
    np.testing.assert_allclose([found.x[1], found.y[1]], 0, atol=1e-6)


def test_random_quadratics_in_random_units_are_solved_in_one_step():
    random = np.random.default_rng(5)
    for _ in range(300):
        size = int(random.integers(2, 7))
        turn = np.linalg.qr(random.normal(size=(size, size)))[0]
        curvatures = random.uniform(0.1, 3, size) * random.choice([-1, 1], size)
        units = 10.0 ** random.uniform(-12, 12, size)
        h = (turn * curvatures @ turn.T) * units[:, None] * units
        h = (h + h.T) / 2
        w = random.normal(size=size) / units
        np.testing.assert_allclose(solved(h, h @ w) * units, w * units, atol=1e-11)


@pytest.mark.parametrize("scale", [1.0, 1e-12, 1e12])
@pytest.mark.parametrize(
    ("matrix", "vector"),
    [
        ([[1, 1], [1, 1]], [1, 3]),
        ([[4, 0], [0, 0]], [1, 1]),
        ([[0, 0], [0, 0]], [1, 2]),
        ([[1, 10], [10, 100]], [2, 3]),
        ([[0, 1, 1], [1, 0, 0], [1, 0, 0]], [1, 2, 3]),
        ([[2, 0, 2], [0, 3, 0], [2, 0, 2]], [1, -1, 4]),
        ([[1, -2, 0], [-2, 4, 0], [0, 0, -5]], [3, 1, 2]),
    ],
)
def test_where_the_matrix_is_singular_the_step_is_that_of_the_pseudo_inverse(matrix, vector, scale):
    expected = np.array(sympy.Matrix(matrix).pinv() * sympy.Matrix(vector), float).ravel() / scale
    np.testing.assert_allclose(
        solved(scale * np.array(matrix, float), np.array(vector, float)), expected, rtol=1e-13
    )


@pytest.mark.parametrize("units", [[1.0, 1e-7], [1e6, 1e-6], [1e-100, 1.0]])
def test_a_singular_matrix_in_other_units_is_singular_too(units):
    """The step of (x/a + y/b)² is the shortest one to its valley, x/a + y/b = 0."""
    a, b = units
    row = np.array([1 / a, 1 / b])
    start = np.array([3.0, 4.0])
    step = solved(2 * np.outer(row, row), 2 * row * (row @ start))
    across = row / np.hypot(*row)
    expected = across * (across @ start)
    np.testing.assert_allclose(step, expected, rtol=1e-9, atol=1e-14 * abs(expected).max())


@pytest.mark.parametrize("size", [2, 5])
def test_the_bound_of_what_is_singular(size):
    """The rows' largest entries are about equal: curvatures are judged as they are, on either side."""
    flat = np.ones(size) / np.sqrt(size)
    random = np.random.default_rng(3).normal(size=(size, size - 1))
    q = np.linalg.qr(np.column_stack([flat, random]))[0]
    for share, goes in ((0.5, False), (2.0, True)):
        values = 1000 * np.array([share * SINGULAR * size, *np.ones(size - 1)])
        h = q * values @ q.T
        along = abs(flat @ solved((h + h.T) / 2, flat))
        assert (along > 1.0) == goes, (share, along)


def test_the_bound_is_the_one_that_the_help_names():
    assert SINGULAR == 1e-14 and "1e-14" in Newton.__doc__


def test_without_slope_it_stays_even_where_there_is_no_curvature_to_ask():
    found = one_step("sqrt(x**2 + y**2)", [0.0, 0.0])
    assert (found.status, found.x[-1], found.y[-1]) == ("finished", 0, 0)


def test_damping_is_added_before_anything_is_scaled():
    found = one_step("x**2 + 1e-13*y**2", [1.0, 1.0], damping=2.0)
    np.testing.assert_allclose([found.x[1], found.y[1]], [0.5, 1 - 2e-13 / (2 + 2e-13)], rtol=1e-15)
