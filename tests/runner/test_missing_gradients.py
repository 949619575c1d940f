"""How a descent ends where there is a loss but no gradient."""

import numpy as np
import pytest

from fall_line import run

# Each step lands exactly where the derivative is missing: hand calculations.
MISSING = [
    ("x + cbrt(y)", [0.0, 1.0], 3.0),
    ("asin(x) + y**2", [0.0, 0.0], 1.0),
    ("acos(x) + y**2", [0.0, 0.0], 1.0),
    ("x**0.25 + y**2", [1.0, 0.0], 4.0),
    ("atan(y/x)", [1.0, -1.0], 2.0),
]
ABSENT, TOO_LARGE = "the gradient does not exist", "the gradient is not a finite number"


def descents(formula, start, rate, steps=5):
    kinds = ("gradient_descent", "momentum")
    return {
        "surface": {"kind": "formula", "formula": formula},
        "steps": steps,
        "descents": [{"optimizer": {"kind": kind}, "learning_rate": rate, "start": start} for kind in kinds],
    }


@pytest.mark.parametrize(("formula", "start", "rate"), MISSING)
def test_a_descent_ends_where_the_gradient_does_not_exist(formula, start, rate):
    for found in run(descents(formula, start, rate)):
        assert (found.status, found.reason) == ("diverged", f"diverged at step 1: {ABSENT}")
        assert len(found.x) == 1 and found.steps == 0
        assert np.isfinite(found.gradient_norm).all()


@pytest.mark.parametrize(
    ("formula", "rate"),
    [("-sinh(20*y) + x", 1.77), ("-cosh(30*(y + 0.1)) + x", 0.0783), ("x - exp(8*y)", 11.07)],
)
def test_a_descent_whose_gradient_overflows_has_diverged(formula, rate):
    for found in run(descents(formula, [0.0, 0.0], rate)):
        assert found.status == "diverged"
        assert found.reason.endswith(TOO_LARGE), found.reason


@pytest.mark.parametrize(
    ("formula", "start", "reason"),
    [
        ("atan(y/x)", [0.0, 1.0], ABSENT),
        ("x**x + y**2", [-1.0, 1.0], ABSENT),
        ("cbrt(x*y)", [0.0, 1.0], ABSENT),
        ("asin(x) + y", [1.0, 1.0], ABSENT),
        ("exp(x**2) + y**2", [26.6, 0.0], TOO_LARGE),
        ("sinh(20*y)", [0.0, 35.4], TOO_LARGE),
    ],
)
def test_a_descent_that_begins_there_ends_at_once(formula, start, reason):
    """The start itself is not listed: no list ever holds what is not a number."""
    for found in run({**descents(formula, start, 0.1), "stop": {"gradient_norm": 1e-6}}):
        assert (found.status, found.reason) == ("diverged", f"diverged at step 0: {reason}")
        assert len(found.x) == len(found.gradient_norm) == found.steps == 0


@pytest.mark.parametrize(
    ("formula", "start"),
    [("sqrt(x**2 + y**2)", [0.0, 0.0]), ("abs(x) + abs(y)", [0.0, 0.0]), ("relu(x) + y**2", [0.0, 0.0])],
)
def test_at_a_tip_a_descent_stays(formula, start):
    for found in run(descents(formula, start, 0.1)):
        assert found.status == "finished"
        assert not found.x.any() and not found.y.any() and not found.gradient_norm.any()


def test_at_a_tie_a_descent_moves():
    (found, _) = run(descents("max(x, y)", [1.0, 1.0], 0.5, steps=1))
    assert (found.x[1], found.y[1]) == (0.75, 0.75)
