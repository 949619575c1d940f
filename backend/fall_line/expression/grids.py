"""Graph to a NumPy function of broadcasting arrays: landscapes, lists of points.

With x as a row and y as a column, everything that depends on one of them alone is computed on a line,
and only what mixes them on the full grid, there in place where an argument is not needed any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from fall_line.expression.functions import FUNCTIONS, Array
from fall_line.expression.node import Node, postorder
from fall_line.expression.straight_line import lower, uses

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


def compile_grids(roots: Sequence[Node], inputs: Sequence[Node]) -> Callable[..., list[Array | float]]:
    """Return a function of arrays, one per input, that gives the value of every root.

    The arguments broadcast against each other; a root that depends on some of them only has their shape.
    Values that are not real are nan; NumPy's warnings are off.
    """
    return _compile(tuple(roots), tuple(inputs))


@lru_cache(maxsize=256)
def _compile(roots: tuple[Node, ...], inputs: tuple[Node, ...]) -> Callable[..., list[Array | float]]:
    lowered = lower(roots)
    text = {symbol: f"x{position}" for position, symbol in enumerate(inputs)}
    depends: dict[Node, frozenset[Node]] = {symbol: frozenset((symbol,)) for symbol in inputs}
    left = uses(lowered)
    everything = frozenset(inputs)
    lines: list[str] = []
    for node in postorder(lowered):
        if node in text:
            continue
        depends[node] = frozenset().union(*(depends[arg] for arg in node.args))
        if node.op == "number":
            text[node] = repr(node.value)
            continue
        left.subtract(node.args)
        reusable = (
            arg
            for arg in node.args
            if depends[arg] == everything and left[arg] == 0 and arg not in inputs and arg.op != "less"
        )
        in_place = depends[node] == everything and node.op not in ("less", "where")
        out = next(reusable, None) if in_place else None
        operands = [text[arg] for arg in node.args] + ([text[out]] if out is not None else [])
        text[node] = f"t{len(lines)}"
        lines.append(f"{text[node]} = {node.op}({', '.join(operands)})")
    body = "\n        ".join([*lines, f"return [{', '.join(text[root] for root in lowered)}]"])
    source = (
        f"def straight_line({', '.join(text[symbol] for symbol in inputs)}):\n"
        f"    with errstate(all='ignore'):\n        {body}\n"
    )
    namespace = {**NAMESPACE, "errstate": np.errstate}
    exec(compile(source, "<formula>", "exec"), namespace)  # noqa: S102 - our own names and numbers only
    function: Callable[..., list[Array | float]] = namespace["straight_line"]
    return function
