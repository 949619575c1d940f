"""The nodes of the expression graph, and the arithmetic that builds them.

Nodes are *hash-consed*: building the same expression twice gives the same object, so common
subexpressions are shared for free and equality is identity.  The functions below simplify only what is
exact in floating point or harmless to its last digit (1·u, u+0, constants folded, numbers moved to the front
of a product); nothing that would fill a hole, such as 0·log(x), is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count
from threading import Lock
from typing import cast
from weakref import ref

Number = int | float


class Node:
    """One operation of the graph; immutable, compared by identity.

    ``op`` is ``"number"``, ``"symbol"``, an arithmetic operation or the name of a function; ``value`` is the
    number or the symbol's name, and None for everything else, ``number`` the number alone.  A node is made
    after its arguments, so ``serial``, which counts nodes, sorts arguments before what is made of them.
    """

    __slots__ = ("__weakref__", "args", "number", "op", "serial", "value")
    op: str
    args: tuple[Node, ...]
    value: float | str | None
    number: float | None
    serial: int

    def __repr__(self) -> str:
        if self.value is not None:
            return str(self.value)
        return f"{self.op}({', '.join(map(repr, self.args))})"

    def __add__(self, other: Node | Number) -> Node:
        return add(self, as_node(other))

    def __radd__(self, other: Number) -> Node:
        return add(as_node(other), self)

    def __sub__(self, other: Node | Number) -> Node:
        return subtract(self, as_node(other))

    def __rsub__(self, other: Number) -> Node:
        return subtract(as_node(other), self)

    def __mul__(self, other: Node | Number) -> Node:
        return multiply(self, as_node(other))

    def __rmul__(self, other: Number) -> Node:
        return multiply(as_node(other), self)

    def __truediv__(self, other: Node | Number) -> Node:
        return divide(self, as_node(other))

    def __rtruediv__(self, other: Number) -> Node:
        return divide(as_node(other), self)

    def __pow__(self, other: Node | Number) -> Node:
        return power(self, as_node(other))

    def __rpow__(self, other: Number) -> Node:
        return power(as_node(other), self)

    def __neg__(self) -> Node:
        return negate(self)


class _Known(ref[Node]):
    """A weak reference to a node that knows the key under which the node is kept."""

    __slots__ = ("key",)
    key: tuple[object, ...]


_known: dict[tuple[object, ...], _Known] = {}
_serials = count()
_lock = Lock()


def _forget(gone: ref[Node]) -> None:
    key = cast(_Known, gone).key
    # The same expression may have been built anew before its first node was collected.
    if _known.get(key) is gone:
        del _known[key]


def node(op: str, args: tuple[Node, ...] = (), value: float | str | None = None) -> Node:
    """Return the one node of this operation, made on first use."""
    key = (op, args, value)
    known = _known.get(key)
    found = None if known is None else known()
    if found is not None:
        return found
    with _lock:
        known = _known.get(key)
        found = None if known is None else known()
        if found is None:
            found = Node()
            found.op, found.args, found.value = op, args, value
            found.number = value if isinstance(value, float) else None
            found.serial = next(_serials)
            known = _Known(found, _forget)
            known.key = key
            _known[key] = known
        return found


def number(value: Number) -> Node:
    """Return a constant; there is one zero, without a sign."""
    return node("number", (), float(value) + 0.0)


def symbol(name: str) -> Node:
    """Return a variable, a parameter or a named constant."""
    return node("symbol", (), name)


def as_node(value: Node | Number) -> Node:
    """Return the node itself, or the number as a node."""
    return value if isinstance(value, Node) else number(value)


ZERO, ONE, TWO = number(0), number(1), number(2)


def fold(op: str, args: tuple[Node, ...], compute: Callable[..., float]) -> Node:
    """Compute an operation of numbers now, unless its result is not a finite real number."""
    values = []
    for arg in args:
        if arg.number is None:
            return node(op, args)
        values.append(arg.number)
    try:
        value = compute(*values)
    except (ArithmeticError, ValueError):
        value = math.nan
    return number(value) if math.isfinite(value) else node(op, args)


def add(u: Node, v: Node) -> Node:
    """u + v."""
    if u is ZERO:
        return v
    if v is ZERO:
        return u
    if v.op == "negate":
        return subtract(u, v.args[0])
    if u.op == "negate":
        return subtract(v, u.args[0])
    if u is v:
        return multiply(TWO, u)
    return fold("add", (u, v), lambda a, b: a + b)


def subtract(u: Node, v: Node) -> Node:
    """u − v."""
    if v is ZERO:
        return u
    if u is ZERO:
        return negate(v)
    if v.op == "negate":
        return add(u, v.args[0])
    return fold("subtract", (u, v), lambda a, b: a - b)


def negate(u: Node) -> Node:
    """−u."""
    if u.op == "negate":
        return u.args[0]
    if u.op == "subtract":
        return subtract(u.args[1], u.args[0])
    if u.op == "multiply" and u.args[0].number is not None:
        return multiply(negate(u.args[0]), u.args[1])
    return fold("negate", (u,), lambda a: -a)


def multiply(u: Node, v: Node) -> Node:
    """u · v, with the number in front: (2·x)·(3·y) is 6·(x·y)."""
    if v.number is not None and u.number is None:
        u, v = v, u
    if u is ONE:
        return v
    if u is ZERO and v.op in ("number", "symbol"):
        return ZERO
    if u.op == "negate":
        return negate(multiply(u.args[0], v))
    if v.op == "negate":
        return negate(multiply(u, v.args[0]))
    if u.number == -1.0:
        return negate(v)
    for factor, fraction in ((u, v), (v, u)):
        if fraction.op == "divide" and fraction.args[0].number is not None:
            return divide(multiply(fraction.args[0], factor), fraction.args[1])
    (a, p), (b, q) = _coefficient(u), _coefficient(v)
    if q is not ONE and (a is not ONE or b is not ONE):
        both = fold("multiply", (a, b), lambda s, t: s * t)
        if both.number is not None and (b is not ONE or p is not ONE):
            return multiply(both, multiply(p, q))
    if u is v:
        return power(u, TWO)
    return fold("multiply", (u, v), lambda s, t: s * t)


def _coefficient(u: Node) -> tuple[Node, Node]:
    """Split u into its leading number and the rest."""
    if u.number is not None:
        return u, ONE
    if u.op == "multiply" and u.args[0].number is not None:
        return u.args[0], u.args[1]
    return ONE, u


def divide(u: Node, v: Node) -> Node:
    """u / v; 1/(1+exp(−w)) and exp(w)/(1+exp(w)) are sigmoid(w), whose derivative does not overflow."""
    if v is ONE:
        return u
    if u.op == "negate":
        return negate(divide(u.args[0], v))
    if v.op == "negate":
        return negate(divide(u, v.args[0]))
    grown = exponent_above_one(v)
    if grown is not None and u is ONE:
        return node("sigmoid", (negate(grown),))
    if grown is not None and u.op == "exp" and u.args[0] is grown:
        return node("sigmoid", (grown,))
    (a, p), (b, q) = _coefficient(u), _coefficient(v)
    if a is not ONE and b is not ONE and q is not ONE:
        for ratio, over, under in ((_whole(a, b), p, q), (_whole(b, a), q, p)):
            if ratio is not None and over is p:
                return divide(multiply(ratio, over), under)
            if ratio is not None:
                return divide(under, multiply(ratio, over))
    return fold("divide", (u, v), lambda a, b: a / b)


def _whole(a: Node, b: Node) -> Node | None:
    """Return a / b if it is a whole number."""
    ratio = fold("divide", (a, b), lambda s, t: s / t)
    value = ratio.number
    return ratio if value is not None and value == round(value) and value != 0 else None


def exponent_above_one(u: Node) -> Node | None:
    """Return w if u is 1 + exp(w), else None."""
    if u.op == "add" and ONE in u.args:
        other = u.args[1] if u.args[0] is ONE else u.args[0]
        if other.op == "exp":
            return other.args[0]
    return None


def power(u: Node, v: Node) -> Node:
    """u to the power v; 0⁰ is 1."""
    if v is ONE:
        return u
    if v is ZERO or u is ONE:
        return ONE
    return fold("power", (u, v), math.pow)
