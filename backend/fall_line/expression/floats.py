"""Graph to a straight-line Python function of floats: the fastest way to follow one descent."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fall_line.expression.functions import FUNCTIONS
from fall_line.expression.grids import interpret
from fall_line.expression.node import Node
from fall_line.expression.straight_line import lower, uses
from fall_line.expression.traversal import below

TEMPLATES = {
    "add": "({} + {})",
    "subtract": "({} - {})",
    "multiply": "({} * {})",
    "divide": "({} / {})",
    "negate": "(-{})",
    "power": "power({}, {})",
    "min": "minimum({}, {})",
    "max": "maximum({}, {})",
    "less": "({} < {})",
    "where": "({1} if {0} else {2})",
}
# Python's parser accepts about 90 nested brackets; deeper expressions get a name in between.
MAX_NESTING = 20


def _minimum(u: float, v: float) -> float:
    return u if u <= v or math.isnan(u) else v


def _maximum(u: float, v: float) -> float:
    return u if u >= v or math.isnan(u) else v


NAMESPACE: dict[str, Any] = {
    **{name: function.scalar for name, function in FUNCTIONS.items()},
    "power": math.pow,
    "minimum": _minimum,
    "maximum": _maximum,
}


def statements(
    roots: Sequence[Node], names: dict[Node, str], templates: dict[str, str] = TEMPLATES, prefix: str = "t"
) -> tuple[list[str], list[str]]:
    """Return the assignments that compute the roots and, for each root, the expression to read.

    ``names`` gives the names of the symbols.  A node read once is written where it is read.
    """
    counted = uses(roots)
    text = dict(names)
    depth = dict.fromkeys(names, 0)
    lines: list[str] = []
    for node in below(roots):
        if node in text:
            continue
        if node.op == "number":
            text[node] = repr(node.value)
            depth[node] = 0
            continue
        template = templates.get(node.op, node.op + "({})")
        written = template.format(*(text[arg] for arg in node.args))
        depth[node] = 1 + max(depth[arg] for arg in node.args)
        if counted[node] > 1 or depth[node] > MAX_NESTING:
            name = f"{prefix}{len(lines)}"
            lines.append(f"{name} = {written}")
            written = name
            depth[node] = 0
        text[node] = written
    return lines, [text[root] for root in roots]


def compile_floats(roots: Sequence[Node], inputs: Sequence[Node]) -> Callable[..., tuple[float, ...]]:
    """Return a function of floats, one per input, that gives the value of every root.

    Where the straight-line code meets something that is not a finite real number (an overflow, 1/0,
    the log of a negative) the answer is that of IEEE 754: inf or nan, never an exception.
    """
    lowered = lower(roots)
    names = {symbol: f"x{position}" for position, symbol in enumerate(inputs)}
    lines, results = statements(lowered, names)
    signature = ", ".join(names.values())
    body = "\n        ".join([*lines, f"return ({', '.join(results)},)"])
    source = (
        f"def straight_line({signature}):\n"
        f"    try:\n        {body}\n"
        f"    except (ArithmeticError, ValueError):\n        return exceptional({signature})\n"
    )

    def exceptional(*point: float) -> tuple[float, ...]:
        values = interpret(
            lowered, {name: np.float64(value) for name, value in zip(inputs, point, strict=True)}
        )
        return tuple(map(float, values))

    namespace = {**NAMESPACE, "exceptional": exceptional}
    exec(compile(source, "<formula>", "exec"), namespace)  # noqa: S102 - our own names and numbers only
    function: Callable[..., tuple[float, ...]] = namespace["straight_line"]
    return function
