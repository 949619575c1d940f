"""Where a formula has no derivative: the rule for kinks, and what is not defined or overflows."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from fall_line.expression import field, parse
from fall_line.expression.differentiate import gradient
from fall_line.expression.field import PLANE
from fall_line.expression.typeset import typeset_gradient
from fall_line.landscape import EvaluationRequest, evaluate
from fall_line.service.answers import evaluation

TIES = json.loads((Path(__file__).parents[1] / "reference" / "kinks.json").read_text())["cases"]
NAN, INF = math.nan, math.inf


def everywhere(formula, point):
    """Return loss and gradient at a point, found by floats, by arrays and on a grid, which agree."""
    bound = field(parse(formula), {})
    floats = bound.loss_and_gradient_at(*map(float, point))
    losses, gradients = bound.along([point, point])
    components = bound.gradient_grid([point[0]] * 2, [point[1]] * 3)
    np.testing.assert_allclose(floats, [losses[1], *gradients[1]], rtol=1e-14)
    np.testing.assert_allclose(floats[1:], components[:, 2, 1], rtol=1e-14)
    return floats


@pytest.mark.parametrize("case", TIES, ids=[case["formula"] for case in TIES])
def test_ties_of_min_and_max_have_the_derivatives_of_pytorch(case):
    loss, *gradient = everywhere(case["formula"], case["point"])
    np.testing.assert_allclose([loss, *gradient], [case["loss"], *case["gradient"]], rtol=1e-13, atol=1e-15)
    hessian = field(parse(case["formula"]), {}).derivatives([case["point"]])[2][0]
    np.testing.assert_allclose(hessian, case["hessian"], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(
    ("formula", "point"),
    [
        ("max(x, y)", (1.0, 1.0)),
        ("max(max(x, y), 2*x - y)", (3.0, 3.0)),
        ("max(x**2, y**2) + abs(x - y)", (2, 2)),
    ],
)
def test_at_a_tie_of_convex_functions_the_gradient_is_a_subgradient(formula, point):
    bound = field(parse(formula), {})
    loss, *slope = bound.loss_and_gradient_at(*point)
    others = np.random.default_rng(1).uniform(-5, 5, (200, 2))
    below = loss + (others - point) @ np.array(slope)
    assert (bound.losses(others) >= below - 1e-12).all()


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("abs(x) + 3*y", (0, 1), (0, 3)),
        ("sign(x) + y", (0, 1), (0, 1)),
        ("relu(x) + y", (0, 1), (0, 1)),
        ("sqrt(x) + 3*y", (0, 1), (0, 3)),
        ("x**0.5 + 3*y", (0, 1), (0, 3)),
        ("sqrt(x**2 + y**2)", (0, 0), (0, 0)),
        ("(x**2 + 2*y**2)^0.5 + x", (0, 0), (1, 0)),
        ("-20*exp(-0.2*sqrt(0.5*(x^2 + y^2))) - exp(0.5*(cos(2*pi*x) + cos(2*pi*y)))", (0, 0), (0, 0)),
        ("sqrt(abs(x)) + abs(sqrt(y))", (0, 0), (0, 0)),
        ("sqrt(x**2 + y**2)**2", (0, 0), (0, 0)),
    ],
)
def test_abs_sign_relu_and_sqrt_give_0_at_0(formula, point, expected):
    assert everywhere(formula, point)[1:] == expected


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("x**y", (0, 2), (0, 0)),
        ("x**y", (0, 1), (1, 0)),
        ("3*x**(y**2) + y", (0, 1.5), (0, 1)),
        ("(x - y)**(x + y)", (2, 2), (0, 0)),
    ],
)
def test_powers_of_0_do_not_change_with_a_positive_exponent(formula, point, expected):
    assert everywhere(formula, point)[1:] == expected


def test_a_power_of_the_inputs_is_fitted_through_0_too():
    t = [0.0, 1.0, 2.0, 3.0]
    surface = {"kind": "fit", "model": "a*t**b", "t": t, "y": [2 * each**1.5 for each in t]}
    answer = evaluate(surface, [[2.0, 1.5], [1.0, 2.0]])
    curves = 2 * np.sum([[each**3, 2 * each**3 * np.log(each)] for each in t[1:]], axis=0) / 4
    np.testing.assert_allclose(answer.hessian[0, 0], curves, rtol=1e-12)
    assert answer.loss[0] == 0 and not answer.gradient[0].any() and np.isfinite(answer.hessian).all()


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("atan(y/x)", (0, 1), (NAN, NAN)),
        ("x**x + y**2", (-1, 2), (NAN, 4)),
        ("cbrt(x) + y**2", (0, 1), (NAN, 2)),
        ("x**0.25 + y", (0, 1), (NAN, 1)),
        ("(x**2)**0.3 + y", (0, 1), (NAN, 1)),
        ("asin(x) + acos(y)", (1, 0), (NAN, -1)),
        ("acos(x - y)", (0, 1), (NAN, NAN)),
        ("exp(-1/x**2) + y", (0, 1), (NAN, 1)),
    ],
)
def test_a_derivative_that_is_not_defined_is_not_a_number(formula, point, expected):
    loss, *slope = everywhere(formula, point)
    assert math.isfinite(loss)
    np.testing.assert_array_equal(slope, expected)


@pytest.mark.parametrize(
    ("formula", "point", "expected"),
    [
        ("exp(x**2) + y**2", (26.6, 0), (INF, 0)),
        ("y - cosh(x**2)", (26.6, 0), (-INF, 1)),
        ("x**64 * 1e-290 + y", (2e9, 0), (INF, 1)),
        ("-sinh(20*y) + x", (1, 35.4), (1, -INF)),
    ],
)
def test_a_derivative_that_overflows_is_infinite(formula, point, expected):
    _, *slope = everywhere(formula, point)
    np.testing.assert_array_equal(slope, expected)


@pytest.mark.parametrize(
    ("formula", "point"),
    [
        ("sqrt(x^2 + y^2)^2", (0, 0)),
        ("sqrt(x^2 + y^2)", (0, 0)),
        ("(x**2 + y**2)**1.5", (0, 0)),
        ("cbrt(x*y)", (0, 0)),
        ("atan(y/x)", (0, 1)),
    ],
)
def test_where_second_derivatives_do_not_exist_the_hessian_is_null(formula, point):
    answer = evaluate({"kind": "formula", "formula": formula}, [point])
    assert np.isfinite(answer.loss).all()
    for each in (answer.hessian, answer.eigenvalues, answer.largest_stable_learning_rate):
        assert np.isnan(each).all()


def test_evaluate_has_no_infinite_numbers():
    answer = evaluate({"kind": "formula", "formula": "exp(x**2) + y**2"}, [[26.6, 0.0], [1.0, 1.0]])
    assert np.isfinite(answer.loss).all() and np.isfinite(answer.gradient[1]).all()
    assert np.isnan(answer.gradient[0, 0]) and answer.gradient[0, 1] == 0
    assert np.isnan(answer.eigenvalues[0]).all()


def test_the_gradient_of_a_maximum_is_typeset_as_the_rule_says():
    written = typeset_gradient(gradient(parse("max(x, y)"), PLANE))
    half = "<mn>0.5</mn><mo>\u2062</mo><mrow><mo>(</mo><mrow><mn>1</mn><mo>+</mo><mrow><mi>sgn</mi>"
    assert written.count(half) == 2
    assert "past" not in typeset_gradient(gradient(parse("sqrt(x) + cbrt(y) + asin(x)"), PLANE))


@pytest.mark.parametrize(
    "formula", ["atan(y/x)", "sqrt(x**2 + y**2)**2", "cbrt(x)", "exp(709.7 + 20*x) + y", "1/x"]
)
def test_an_answer_holds_null_and_no_other_word_for_what_is_missing(formula):
    wanted = EvaluationRequest(
        surface={"kind": "formula", "formula": formula}, points=((0.0, 1.0), (0.0, 0.0))
    )
    answer = json.loads(evaluation(wanted), parse_constant=pytest.fail)
    assert None in np.ravel(np.array(answer["hessian"], dtype=object))
