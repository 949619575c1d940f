"""What every emitter of the graph shares: powers lowered to products, uses counted, names given.

Emitted text is made from operations, numbers and names of our own; nothing that was typed gets into it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fall_line.expression.functions import build
from fall_line.expression.node import ONE, Node, node
from fall_line.expression.traversal import below, rebuild

MAX_SQUARING = 64


def lower(roots: Iterable[Node]) -> list[Node]:
    """Return the roots with constant powers as products, square roots and reciprocals."""
    return rebuild(roots, {}, _lower)


def _lower(op: str, args: tuple[Node, ...]) -> Node:
    if op != "power":
        # Arguments were simplified before; the arithmetic would fold u·u into a power again.
        return node(op, args) if op == "multiply" else build(op, args)
    base, exponent = args
    n = exponent.number
    if n is None or abs(n) > MAX_SQUARING or (2 * n) % 1 != 0:
        return node(op, args)
    whole, half = divmod(abs(n), 1)
    result = _power_by_squaring(base, int(whole))
    if half:
        root = node("sqrt", (base,))
        result = root if result is ONE else node("multiply", (result, root))
    return node("divide", (ONE, result)) if n < 0 else result


def _power_by_squaring(base: Node, n: int) -> Node:
    result = ONE
    square = base
    while n:
        if n & 1:
            result = square if result is ONE else node("multiply", (result, square))
        n >>= 1
        if n:
            square = node("multiply", (square, square))
    return result


def uses(roots: Iterable[Node]) -> Counter[Node]:
    """Return how often each node below the roots is read; being a root counts as one read."""
    roots = list(roots)
    counted = Counter(roots)
    for current in below(roots):
        counted.update(current.args)
    return counted
