"""The functions of a formula: how each is differentiated and computed.

One rule for kinks, in the derivatives themselves, so that every emitter follows it: those of abs, sign, relu
and sqrt at 0 are 0, and min and max of equal values share theirs evenly, as PyTorch's do.  A derivative that
is not defined is nan, one that overflows inf.  The help of typed formulas says so too
(``surfaces.formula.Formula``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fall_line.expression import node as graph
from fall_line.expression.node import ONE, ZERO, Node, exponent_above_one, fold, node, number
from fall_line.expression.traversal import rebuild

Array = NDArray[Any]


@dataclass(frozen=True)
class Function:
    """A function of one real variable.

    ``derivative(u, f)`` gets the argument and the function's own value; ``scalar`` may raise
    ArithmeticError or ValueError where it is not real; ``array`` follows IEEE 754 and takes ``out``.
    """

    derivative: Callable[[Node, Node], Node]
    scalar: Callable[[float], float]
    array: Callable[..., Array]


def _sign(u: float) -> float:
    return u if math.isnan(u) else (math.copysign(1.0, u) if u else 0.0)


def _step(u: float) -> float:
    return u if math.isnan(u) else float(u > 0)


def _step_array(u: Array, out: Array | None = None) -> Array:
    return np.heaviside(u, 0.0, out=out)


def _but_at_0(value: float) -> tuple[Callable[[float], float], Callable[..., Array]]:
    """Return how floats and arrays compute u, with this value in the place of 0."""

    def scalar(u: float) -> float:
        return u or value

    def array(u: Array, out: Array | None = None) -> Array:
        return np.add(u, np.where(np.equal(u, 0.0), value, 0.0), out=out)

    return scalar, array


def _relu(u: float) -> float:
    return u if u > 0 or math.isnan(u) else 0.0


def _relu_array(u: Array, out: Array | None = None) -> Array:
    return np.maximum(u, 0.0, out=out)


def _sigmoid(u: float) -> float:
    if u >= 0:
        return 1.0 / (1.0 + math.exp(-u))
    grown = math.exp(u)
    return grown / (1.0 + grown)


def _sigmoid_array(u: Array, out: Array | None = None) -> Array:
    small = np.exp(-np.abs(u))
    return np.divide(np.where(u >= 0, 1.0, small), 1.0 + small, out=out)


def _softplus(u: float) -> float:
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))


def _softplus_array(u: Array, out: Array | None = None) -> Array:
    return np.add(np.maximum(u, 0.0), np.log1p(np.exp(-np.abs(u))), out=out)


FUNCTIONS: dict[str, Function] = {
    "sin": Function(lambda u, _: call("cos", u), math.sin, np.sin),
    "cos": Function(lambda u, _: -call("sin", u), math.cos, np.cos),
    "tan": Function(lambda _, f: 1 + f * f, math.tan, np.tan),
    "asin": Function(lambda u, _: 1 / call("past_pole", call("sqrt", 1 - u * u)), math.asin, np.arcsin),
    "acos": Function(lambda u, _: -1 / call("past_pole", call("sqrt", 1 - u * u)), math.acos, np.arccos),
    "atan": Function(lambda u, _: 1 / (1 + u * u), math.atan, np.arctan),
    "sinh": Function(lambda u, _: call("cosh", u), math.sinh, np.sinh),
    "cosh": Function(lambda u, _: call("sinh", u), math.cosh, np.cosh),
    "tanh": Function(lambda _, f: 1 - f * f, math.tanh, np.tanh),
    "exp": Function(lambda _, f: f, math.exp, np.exp),
    "log": Function(lambda u, _: 1 / u, math.log, np.log),
    "log10": Function(lambda u, _: 1 / (math.log(10) * u), math.log10, np.log10),
    "log2": Function(lambda u, _: 1 / (math.log(2) * u), math.log2, np.log2),
    "sqrt": Function(lambda _, f: 1 / (2 * call("past_kink", f)), math.sqrt, np.sqrt),
    "cbrt": Function(lambda _, f: 1 / (3 * call("past_pole", f) ** 2), math.cbrt, np.cbrt),
    "abs": Function(lambda u, _: call("sign", u), abs, np.abs),
    "sign": Function(lambda _, __: ZERO, _sign, np.sign),
    "step": Function(lambda _, __: ZERO, _step, _step_array),
    "sigmoid": Function(lambda _, f: f * (1 - f), _sigmoid, _sigmoid_array),
    "softplus": Function(lambda u, _: call("sigmoid", u), _softplus, _softplus_array),
    "relu": Function(lambda u, _: call("step", u), _relu, _relu_array),
    # What derivatives divide by, or take the log of: u itself, but at 0 infinite, so that the derivative is
    # 0; not a number, so that there is none; or 1, for 0ᵛ is 0 for every v > 0.
    "past_kink": Function(lambda _, __: ONE, *_but_at_0(math.inf)),
    "past_pole": Function(lambda _, __: ONE, *_but_at_0(math.nan)),
    "past_zero": Function(lambda u, _: u / u, *_but_at_0(1.0)),
}
GUARDS = ("past_kink", "past_pole", "past_zero")
"""Functions that are their argument wherever the derivative they stand in is defined."""


def call(name: str, u: Node) -> Node:
    """Return name(u); log(1 + exp(w)) is softplus(w), which does not overflow."""
    if name == "log":
        grown = exponent_above_one(u)
        if grown is not None:
            return call("softplus", grown)
    return fold(name, (u,), FUNCTIONS[name].scalar)


def minimum(u: Node, v: Node) -> Node:
    """The smaller of u and v."""
    return u if u is v else fold("min", (u, v), min)


def maximum(u: Node, v: Node) -> Node:
    """The larger of u and v."""
    return u if u is v else fold("max", (u, v), max)


def less(u: Node, v: Node) -> Node:
    """1 if u < v, else 0."""
    return fold("less", (u, v), lambda a, b: float(a < b))


def where(condition: Node, u: Node, v: Node) -> Node:
    """u where the condition is not 0, else v."""
    known = condition.number
    if known is not None or u is v:
        return u if known else v
    return node("where", (condition, u, v))


ARITHMETIC: dict[str, Callable[..., Node]] = {
    "add": graph.add,
    "subtract": graph.subtract,
    "multiply": graph.multiply,
    "divide": graph.divide,
    "power": graph.power,
    "negate": graph.negate,
    "min": minimum,
    "max": maximum,
    "less": less,
    "where": where,
}


def build(op: str, args: tuple[Node, ...]) -> Node:
    """Return the node of an operation or a function, simplified; of what we do not know, as it is."""
    if op in ARITHMETIC:
        return ARITHMETIC[op](*args)
    return call(op, *args) if op in FUNCTIONS else graph.node(op, args)


CONSTANTS = {"pi": math.pi, "e": math.e}


def bind(roots: list[Node], values: dict[str, float]) -> list[Node]:
    """Return the roots with numbers in the place of parameters and of pi and e."""
    leaves = {graph.symbol(name): number(value) for name, value in {**CONSTANTS, **values}.items()}
    return rebuild(roots, leaves, build)


def constant_value(u: Node) -> float | None:
    """Return the value of an expression that holds nothing but numbers, pi and e; else None."""
    waiting = [u]
    while waiting:
        current = waiting.pop()
        if current.op == "symbol" and current.value not in CONSTANTS:
            return None
        # Leaves first: in a tower of powers the next variable is never far.
        waiting += sorted(current.args, key=lambda arg: bool(arg.args), reverse=True)
    return bind([u], {})[0].number
