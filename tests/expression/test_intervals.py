"""Bounds over boxes hold whatever lies in the box: mpmath's values, which have 40 digits, are the referee."""

from random import Random

import mpmath
import numpy as np
import pytest

from fall_line.expression import FormulaError, field, parse
from fall_line.expression.field import PLANE
from fall_line.expression.functions import ARITHMETIC, FUNCTIONS
from fall_line.expression.intervals import SPELLINGS, Interval, bounds
from tests.formulas import UNARY, formula

mpmath.mp.dps = 40
ARGUMENTS = [0.0, 1e-300, 1e-9, 0.3, 0.5, 1.0, np.pi / 2, 1.7, np.pi, 3.0, 7.5, 40.0, 700.0, 1e9]
ENDS = sorted({*ARGUMENTS, *(-each for each in ARGUMENTS)})

MEANT = {
    "log": mpmath.log,
    "ln": mpmath.log,
    "log2": lambda u: mpmath.log(u, 2),
    "cbrt": lambda u: mpmath.sign(u) * mpmath.cbrt(abs(u)),
    "abs": abs,
    "sign": mpmath.sign,
    "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
    "softplus": lambda u: mpmath.log1p(mpmath.exp(u)),
    "relu": lambda u: max(u, mpmath.mpf(0)),
}


def over(text, low, high):
    """The bounds of a formula in x over intervals."""
    found = bounds([field(parse(text), {}).loss], {PLANE[0]: Interval(np.array(low), np.array(high))})
    return found, *(np.broadcast_to(end, found.hole.shape) for end in found.roots[0])


def within(value, low, high):
    """Whether mpmath's value lies in bounds, of which nan says nothing; what underflows may be 0."""
    return not (low > value or high < value) or (abs(value) < 1e-307 and low <= 0 <= high)


def test_every_operation_has_a_spelling():
    assert set(SPELLINGS) | {"power"} == set(FUNCTIONS) | set(ARITHMETIC)


@pytest.mark.parametrize("name", UNARY)
def test_a_function_stays_within_its_bounds(name):
    meant = MEANT.get(name) or getattr(mpmath, name)
    random = Random(7)
    pairs = [(low, high) for low in ENDS for high in ENDS if low <= high]
    found, lows, highs = over(f"{name}(x)", *np.array(pairs).T)
    checked = 0
    for (left, right), low, high, hole in zip(pairs, lows, highs, found.hole, strict=True):
        inside = [left, right, *(random.uniform(left, right) for _ in range(4))]
        if left <= np.pi / 2 <= right:
            inside.append(np.pi / 2)
        values = []
        for place in inside:
            try:
                value = meant(mpmath.mpf(place))
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
            if isinstance(value, mpmath.mpf) and mpmath.isfinite(value) and abs(value) < 1e300:
                values.append(value)
        assert not (values and hole), (name, left, right)
        assert all(within(value, low, high) for value in values), (name, left, right, low, high)
        checked += len(values)
    assert checked > 100


@pytest.mark.parametrize("exponent", [2.0, 3.0, -1.0, -2.0, -3.0, 0.5, 1.5, -0.5, 7.0, 1 / 3])
def test_a_power_stays_within_its_bounds(exponent):
    ends = [end for end in ENDS if abs(end) in (0.0, *ARGUMENTS[2:-1])]
    pairs = [(low, high) for low in ends for high in ends if low <= high]
    _, lows, highs = over(f"x**({exponent!r})", *np.array(pairs).T)
    checked = 0
    for (left, right), low, high in zip(pairs, lows, highs, strict=True):
        for place in (left, right, (left + right) / 2):
            if place > 0 or (place < 0 and exponent == round(exponent)):
                value = mpmath.mpf(place) ** mpmath.mpf(exponent)
                assert within(value, low, high), (left, right, place)
                checked += 1
    assert checked > 300


def test_sums_and_products_are_rounded_outward():
    # 0.1 + 0.2 and 0.1 · 3 as real numbers of the floats are not floats themselves.
    for text, exact in (("x + 0.2", mpmath.mpf(0.1) + mpmath.mpf(0.2)), ("3*x", 3 * mpmath.mpf(0.1))):
        _, (low,), (high,) = over(text, [0.1], [0.1])
        assert low < exact < high


def test_random_formulas_and_their_derivatives_stay_within_their_bounds():
    random, checked = Random(2026), 0
    while checked < 4000:
        try:
            graph = parse(formula(random, 4))
        except FormulaError:
            continue
        bound = field(graph, {})
        if not bound.loss.args:
            continue
        low = np.array([[random.uniform(-3, 3), random.uniform(-3, 3)] for _ in range(8)])
        high = low + np.array([[random.choice([1e-9, 1e-3, 0.1, 1.0])] for _ in range(8)])
        enclosed = bound.enclose(low, high, 2)
        for share in (0.0, 0.31, 0.77, 1.0):
            loss, gradient, hessian = bound.derivatives(low + share * (high - low))
            values = np.column_stack([loss, gradient, hessian.reshape(-1, 4)[:, [0, 1, 3]]])
            # Of what is computed in floats some digits are lost; and at a kink a derivative is not defined.
            usable = ~enclosed.rough & np.isfinite(values).all(axis=1) & (abs(values) < 1e100).all(axis=1)
            values = np.where(usable[:, None], values, 0.0)
            slack = 1e-9 * (1 + abs(values))
            inside = (values >= enclosed.low - slack) & (values <= enclosed.high + slack)
            assert inside[usable].all(), bound.loss
            assert not (enclosed.hole & np.isfinite(loss)).any(), bound.loss
            checked += int(usable.sum())
