"""Values and derivatives: SymPy is the referee, IEEE 754 rules where a formula is not real."""

import math

import numpy as np
import pytest

from fall_line.expression import field, parse
from tests import oracle

FORMULAS = [
    "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "sin(x)*cos(y) + tan(x/4)",
    "exp(-x**2)*log(y**2 + 1) - log10(x**2 + 2)*log2(3 + y**2)",
    "sqrt(x**2 + y**2 + 1)/(1 + x**4)",
    "asin(x/9) + acos(y/9) + atan(x*y)",
    "sinh(x/3)*cosh(y/3) - tanh(x - y)",
    "cbrt(x)*abs(y - 0.123)",
    "min(x, y)*max(x**2, y)",
    "sigmoid(x)*softplus(y) + relu(x - y)",
    "x**3.5*0 + abs(x)**1.5 + y**-2",
    "(x**2 + 1)**y",
    "2**x/3**y",
    "1/(1 + exp(-x)) + log(1 + exp(y)) + exp(x)/(1 + exp(x))",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_value_gradient_and_hessian_equal_sympy(formula):
    points = np.random.default_rng(0).uniform(-4, 4, (8, 2))
    if "3.5" in formula:
        points = abs(points)
    loss, gradient, hessian = field(parse(formula), {}).derivatives(points)
    ours = np.column_stack([loss, gradient, hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]])
    expected = oracle.derivatives(oracle.expression(formula), points)
    np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("formula", FORMULAS)
def test_floats_and_grids_agree(formula):
    bound = field(parse(formula), {})
    x, y = np.linspace(-3, 3, 7), np.linspace(-2.9, 3.1, 5)
    grid = bound.grid(x, y)
    assert grid.shape == (5, 7)
    each = [[bound.loss_at(a, b) for a in x] for b in y]
    np.testing.assert_allclose(grid, each, rtol=1e-13, equal_nan=True)


def test_a_large_grid_is_whole():
    bound = field(parse("x + 1000*y"), {})
    x, y = np.linspace(0, 1, 500), np.linspace(0, 1, 499)
    np.testing.assert_array_equal(bound.grid(x, y), x[None, :] + 1000 * y[:, None])


def test_a_constant_fills_the_grid():
    assert field(parse("3"), {}).grid([0, 1], [0, 1, 2]).tolist() == [[3, 3], [3, 3], [3, 3]]


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("log(1 + exp(x))", (1000.0, 0.0), (1000.0, 1.0)),
        ("log(1 + exp(x))", (-1000.0, 0.0), (0.0, 0.0)),
        ("sigmoid(x)", (-1000.0, 0.0), (0.0, 0.0)),
        ("1/(1 + exp(-x))", (-1000.0, 0.0), (0.0, 0.0)),
        ("exp(x)/(1 + exp(x))", (1000.0, 0.0), (1.0, 0.0)),
        ("tanh(x)", (1000.0, 0.0), (1.0, 0.0)),
        ("exp(x)", (1000.0, 0.0), (math.inf, math.inf)),
        ("log(x)", (-1.0, 0.0), (math.nan, -1.0)),
        ("1/x", (0.0, 0.0), (math.inf, -math.inf)),
        ("x**0.5", (-1.0, 0.0), (math.nan, math.nan)),
        ("x**y", (-2.0, 3.0), (-8.0, 12.0)),
        ("sin(x)", (math.inf, 0.0), (math.nan, math.nan)),
    ],
)
def test_numbers_stay_right_where_naive_code_fails(formula, point, expected):
    loss, gx, _ = field(parse(formula), {}).loss_and_gradient_at(*point)
    np.testing.assert_allclose((loss, gx), expected, rtol=1e-12)


def test_outside_its_domain_a_formula_has_no_derivative():
    loss, gradient, _ = field(parse("log(x)*0 + y"), {}).derivatives([[-1.0, 2.0]])
    assert math.isnan(loss[0]) and gradient[0, 1] == 1.0


def test_equal_formulas_are_one_field():
    assert field(parse("x+1"), {}) is field(parse(" x + 1.0 "), {})


def test_two_hundred_operations_have_derivatives():
    bound = field(parse("*".join(["(x+y)"] * 71)), {})
    loss, gx, _ = bound.loss_and_gradient_at(0.5, 0.5)
    assert (loss, gx) == (1.0, pytest.approx(71.0))
    assert bound.derivatives([[0.5, 0.5]])[2][0, 0, 1] == pytest.approx(71 * 70)
