"""Graph to bounds: what every node can be, at most and at least, while x and y range over a box.

Bounds are rounded outward, so that they hold for the exact real numbers (of which those below 1e-307 count
as 0).  nan is a bound that is not known.
See Moore, Kearfott & Cloud (2009), Introduction to Interval Analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fall_line.expression.functions import FUNCTIONS, GUARDS
from fall_line.expression.node import Node
from fall_line.expression.traversal import below

Array = NDArray[Any]
ROUNDING = 2.0**-52
"""No operation rounds by more, relative to its result; a function may by four times that."""
TURN = 2 * np.pi


class Interval(NamedTuple):
    """The numbers from ``low`` to ``high``: arrays of one shape, or that broadcast to one."""

    low: Any
    high: Any


class Bounds(NamedTuple):
    """Bounds of the roots over n boxes.

    ``hole`` says of each box, (n,), whether the formula is nowhere real in it; ``rough`` whether it has a
    kink in it, or is real in a part of it only: there the bounds hold where a derivative exists.
    """

    roots: list[Interval]
    hole: Array
    rough: Array


def bounds(roots: Sequence[Node], values: Mapping[Node, Interval]) -> Bounds:
    """Return bounds of every root for symbols within the intervals ``values``."""
    return _Reader(values).read(roots)


class _Reader:
    """Reads a graph once, keeping what it learns of holes and kinks."""

    def __init__(self, values: Mapping[Node, Interval]) -> None:
        self.known: dict[Node, Interval] = dict(values)
        shape = np.broadcast_shapes(*(np.shape(each.low) for each in values.values()))
        self.hole, self.rough = np.zeros(shape, bool), np.zeros(shape, bool)

    def read(self, roots: Sequence[Node]) -> Bounds:
        with np.errstate(all="ignore"):
            for node in below(roots):
                if node in self.known:
                    continue
                if node.number is not None:
                    self.known[node] = Interval(node.number, node.number)
                elif node.op == "power":
                    self.known[node] = self._power(*node.args)
                else:
                    args = (self.known[arg] for arg in node.args)
                    self.known[node] = SPELLINGS[node.op](self, *args)
        return Bounds([self.known[root] for root in roots], self.hole, self.rough)

    def within(self, u: Interval, low: float, high: float) -> Interval:
        """Return the part of u in which a function is real, from ``low`` to ``high``."""
        self.hole |= (u.high < low) | (u.low > high)
        self.rough |= (u.low <= low) | (u.high >= high)
        return Interval(np.clip(u.low, low, high), np.clip(u.high, low, high))

    def meets(self, u: Interval, v: float = 0.0) -> Array:
        """Return where u holds v, and remember the kink that is there."""
        met: Array = (u.low <= v) & (u.high >= v)
        self.rough |= met
        return met

    def _power(self, base: Node, exponent: Node) -> Interval:
        u, power = self.known[base], exponent.number
        if power is None:
            positive = self.within(u, 0.0, np.inf)
            product = _multiply(self, self.known[exponent], _rising(np.log)(self, positive))
            return _rising(np.exp)(self, product)
        if power != round(power):
            root = self.within(u, 0.0, np.inf)
            ends = root.low**power, root.high**power
            return _outward(*(ends if power > 0 else ends[::-1]), 4)
        if power < 0:
            return _divide(self, Interval(1.0, 1.0), self._whole_power(u, -power))
        return self._whole_power(u, power)

    def _whole_power(self, u: Interval, power: float) -> Interval:
        if power % 2:
            return _outward(u.low**power, u.high**power, 4)
        least, most = _sizes(u)
        return _outward(least**power, most**power, 4)


def _sizes(u: Interval) -> tuple[Array, Array]:
    """Return the smallest and the largest absolute value in an interval."""
    most = np.maximum(-u.low, u.high)
    return np.maximum(np.maximum(u.low, -u.high), 0.0), most


def _outward(low: Any, high: Any, ulps: int = 1) -> Interval:
    slack = ulps * ROUNDING
    return Interval(low * (1 - np.copysign(slack, low)), high * (1 + np.copysign(slack, high)))


def _add(_: _Reader, u: Interval, v: Interval) -> Interval:
    return _outward(u.low + v.low, u.high + v.high)


def _subtract(_: _Reader, u: Interval, v: Interval) -> Interval:
    return _outward(u.low - v.high, u.high - v.low)


def _negate(_: _Reader, u: Interval) -> Interval:
    return Interval(-u.high, -u.low)


def _multiply(_: _Reader, u: Interval, v: Interval) -> Interval:
    if isinstance(u.low, float) and u.low == u.high:
        ends = (u.low * v.low, u.low * v.high)
        return _outward(*(ends if u.low >= 0 else ends[::-1]))
    a, b, c, d = u.low * v.low, u.low * v.high, u.high * v.low, u.high * v.high
    return _outward(
        np.minimum(np.minimum(a, b), np.minimum(c, d)), np.maximum(np.maximum(a, b), np.maximum(c, d))
    )


def _divide(reader: _Reader, u: Interval, v: Interval) -> Interval:
    low, high = v
    zero = (low <= 0) & (high >= 0)
    reader.rough |= zero
    inverse = Interval(
        np.where(zero & (low < 0), -np.inf, 1 / np.where(high == 0, np.nan, high)),
        np.where(zero & (high > 0), np.inf, 1 / np.where(low == 0, np.nan, low)),
    )
    return _multiply(reader, u, _outward(*inverse))


def _minimum(_: _Reader, u: Interval, v: Interval) -> Interval:
    return Interval(np.minimum(u.low, v.low), np.minimum(u.high, v.high))


def _maximum(_: _Reader, u: Interval, v: Interval) -> Interval:
    return Interval(np.maximum(u.low, v.low), np.maximum(u.high, v.high))


def _less(reader: _Reader, u: Interval, v: Interval) -> Interval:
    surely, never = u.high < v.low, u.low >= v.high
    reader.rough |= ~(surely | never)
    return Interval(np.where(surely, 1.0, 0.0), np.where(never, 0.0, 1.0))


def _where(_: _Reader, condition: Interval, u: Interval, v: Interval) -> Interval:
    then, otherwise = condition.low == 1, condition.high == 0
    low = np.where(then, u.low, np.where(otherwise, v.low, np.minimum(u.low, v.low)))
    return Interval(low, np.where(then, u.high, np.where(otherwise, v.high, np.maximum(u.high, v.high))))


def _rising(
    function: Callable[..., Any], low: float = -np.inf, high: float = np.inf
) -> Callable[..., Interval]:
    """Return the spelling of a function that grows, and is real from ``low`` to ``high``."""

    def spelled(reader: _Reader, u: Interval) -> Interval:
        if low > -np.inf or high < np.inf:
            u = reader.within(u, low, high)
        return _outward(function(u.low), function(u.high), 4)

    return spelled


def _wave(shift: float) -> Callable[..., Interval]:
    """Return the spelling of sin(u + shift)."""

    def spelled(_: _Reader, u: Interval) -> Interval:
        low, high = np.float64(u.low) + shift, np.float64(u.high) + shift
        # Of the ends themselves, and of the crests and troughs between them.
        ends = (np.cos(u.low), np.cos(u.high)) if shift else (np.sin(u.low), np.sin(u.high))
        slack = 8 * ROUNDING * (1 + abs(low) + abs(high))
        crest, trough = (
            np.floor((high + slack - peak) / TURN) > np.floor((low - slack - peak) / TURN)
            for peak in (np.pi / 2, -np.pi / 2)
        )
        whole = ~(high - low < TURN)
        return Interval(
            np.where(trough | whole, -1.0, np.minimum(*ends) - 4 * ROUNDING),
            np.where(crest | whole, 1.0, np.maximum(*ends) + 4 * ROUNDING),
        )

    return spelled


def _tan(reader: _Reader, u: Interval) -> Interval:
    low, high = np.float64(u.low), np.float64(u.high)
    slack = 8 * ROUNDING * (1 + abs(low) + abs(high))
    turns = [np.floor((end + away) / np.pi + 0.5) for end, away in ((low, -slack), (high, slack))]
    pole = ~(turns[0] == turns[1])
    reader.rough |= pole
    found = _outward(np.tan(low), np.tan(high), 4)
    return Interval(np.where(pole, -np.inf, found.low), np.where(pole, np.inf, found.high))


def _acos(reader: _Reader, u: Interval) -> Interval:
    within = reader.within(u, -1.0, 1.0)
    return _outward(np.arccos(within.high), np.arccos(within.low), 4)


def _even(function: Callable[..., Any]) -> Callable[..., Interval]:
    """Return the spelling of an even function that grows with the absolute value."""

    def spelled(_: _Reader, u: Interval) -> Interval:
        least, most = _sizes(u)
        return _outward(function(least), function(most), 4)

    return spelled


def _sign(reader: _Reader, u: Interval) -> Interval:
    reader.meets(u)
    return Interval(np.where(u.low > 0, 1.0, -1.0), np.where(u.high < 0, -1.0, 1.0))


def _step(reader: _Reader, u: Interval) -> Interval:
    reader.meets(u)
    return Interval(np.where(u.low > 0, 1.0, 0.0), np.where(u.high < 0, 0.0, 1.0))


def _guard(reader: _Reader, u: Interval) -> Interval:
    reader.meets(u)
    return u


SPELLINGS: dict[str, Callable[..., Interval]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "negate": _negate,
    "min": _minimum,
    "max": _maximum,
    "less": _less,
    "where": _where,
    "sin": _wave(0.0),
    "cos": _wave(np.pi / 2),
    "tan": _tan,
    "asin": _rising(np.arcsin, -1.0, 1.0),
    "acos": _acos,
    "cosh": _even(np.cosh),
    "abs": _even(np.abs),
    "log": _rising(np.log, 0.0),
    "log10": _rising(np.log10, 0.0),
    "log2": _rising(np.log2, 0.0),
    "sqrt": _rising(np.sqrt, 0.0),
    "sign": _sign,
    "step": _step,
    **dict.fromkeys(GUARDS, _guard),
    **{
        name: _rising(FUNCTIONS[name].array)
        for name in ("atan", "sinh", "tanh", "exp", "cbrt", "sigmoid", "softplus", "relu")
    },
}
"""Every operation but power, which asks whether its exponent is a number."""
