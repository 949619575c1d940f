"""Graph to a NumPy function of broadcasting arrays: landscapes, lists of points.

With x as a row and y as a column, everything that depends on one of them alone is computed on a line,
and only what mixes them on the full grid, in as few arrays as there are values alive at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import local
from typing import Any

import numpy as np

from fall_line.expression.functions import FUNCTIONS, Array
from fall_line.expression.node import Node
from fall_line.expression.straight_line import lower, uses
from fall_line.expression.traversal import below

NAMESPACE: dict[str, Any] = {
    **{name: function.array for name, function in FUNCTIONS.items()},
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negate": np.negative,
    "power": np.power,
    "min": np.minimum,
    "max": np.maximum,
    "less": np.less,
    "where": np.where,
}


class _Workspace(local):
    """The arrays for what lies between, kept from call to call: fresh memory costs more than arithmetic."""

    def __init__(self) -> None:
        self.shape: tuple[int, ...] = ()
        self.arrays: list[Array] = []

    def buffers(self, count: int, *inputs: Array) -> list[Array]:
        """Return so many arrays of the shape that the inputs broadcast to; what is in them is undefined."""
        shape = np.broadcast_shapes(*(values.shape for values in inputs))
        if shape != self.shape:
            self.shape, self.arrays = shape, []
        while len(self.arrays) < count:
            self.arrays.append(np.empty(shape))
        return self.arrays[:count]


_workspace = _Workspace()


def compile_grids(
    roots: Sequence[Node], inputs: Sequence[Node], axes: Sequence[int] | None = None
) -> Callable[..., list[Array | float]]:
    """Return a function of arrays, one per input, that gives the value of every root.

    The arguments broadcast against each other; a root that depends on some of them only has their shape.
    ``axes`` says along which axis each of them runs, by default each along its own; a float has none, −1.
    Values that are not real are nan; NumPy's warnings are off.
    """
    return _compile(tuple(roots), tuple(inputs), tuple(range(len(inputs)) if axes is None else axes))


def interpret(roots: Sequence[Node], values: Mapping[Node, Any]) -> list[Array | float]:
    """Return the value of every root without compiling: for what is asked once, or of a few points."""
    known: dict[Node, Any] = dict(values)
    with np.errstate(all="ignore"):
        for node in below(roots):
            if node not in known:
                operation = NAMESPACE.get(node.op)
                known[node] = operation(*(known[arg] for arg in node.args)) if operation else node.value
    return [known[root] for root in roots]


@lru_cache(maxsize=256)
def _compile(
    roots: tuple[Node, ...], inputs: tuple[Node, ...], axes: tuple[int, ...]
) -> Callable[..., list[Array | float]]:
    lowered = lower(roots)
    text = {symbol: f"x{position}" for position, symbol in enumerate(inputs)}
    # Along which axes a node extends, as bits.
    depends = {symbol: 1 << axis if axis >= 0 else 0 for symbol, axis in zip(inputs, axes, strict=True)}
    left = uses(lowered)
    everything = (1 << (max(axes) + 1)) - 1
    lines: list[str] = []
    # Arrays of full size for what lies between; those that are free again, and how many there are.
    buffer: dict[Node, str] = {}
    free: list[str] = []
    count = 0
    for node in below(lowered):
        if node in text:
            continue
        mixed = 0
        for arg in node.args:
            mixed |= depends[arg]
        depends[node] = mixed
        if node.op == "number":
            text[node] = repr(node.value)
            continue
        operands = [text[arg] for arg in node.args]
        for arg in node.args:
            left[arg] -= 1
            if left[arg] == 0 and arg in buffer:
                free.append(buffer[arg])
        if mixed == everything and node not in lowered and node.op not in ("less", "where"):
            if not free:
                free.append(f"b{count}")
                count += 1
            buffer[node] = free.pop()
            operands.append(f"out={buffer[node]}")
        text[node] = f"t{len(lines)}"
        lines.append(f"{text[node]} = {node.op}({', '.join(operands)})")
    names = [text[symbol] for symbol in inputs]
    if count:
        arrays = [text[symbol] for symbol, axis in zip(inputs, axes, strict=True) if axis >= 0]
        lines.insert(
            0, f"[{', '.join(f'b{i}' for i in range(count))}] = buffers({count}, {', '.join(arrays)})"
        )
    body = "\n        ".join([*lines, f"return [{', '.join(text[root] for root in lowered)}]"])
    source = f"def straight_line({', '.join(names)}):\n    with errstate(all='ignore'):\n        {body}\n"
    namespace = {**NAMESPACE, "errstate": np.errstate, "buffers": _workspace.buffers}
    exec(compile(source, "<formula>", "exec"), namespace)  # noqa: S102 - our own names and numbers only
    function: Callable[..., list[Array | float]] = namespace["straight_line"]
    return function
