"""Arrays of nodes that NumPy computes with: an optimizer's update, run on them, leaves its graph behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from fall_line.expression.functions import build
from fall_line.expression.node import Node, as_node

OPERATIONS: dict[Any, str] = {
    np.add: "add",
    np.subtract: "subtract",
    np.multiply: "multiply",
    np.divide: "divide",
    np.power: "power",
    np.negative: "negate",
    np.minimum: "min",
    np.maximum: "max",
    np.less: "less",
    np.sqrt: "sqrt",
    np.exp: "exp",
    np.log: "log",
    np.abs: "abs",
    np.sign: "sign",
    np.where: "where",
}


class Traced(np.lib.mixins.NDArrayOperatorsMixin):
    """A vector of nodes, or a scalar as a vector of one; what NumPy does to it is recorded as graph.

    Arithmetic, ``<``, ``>``, ``dot`` and the functions of ``OPERATIONS`` are known; anything else raises
    TypeError, as does asking for the truth of a comparison.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = tuple(nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __bool__(self) -> bool:
        raise TypeError("a traced value has no truth; use numpy.where")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Traced:
        if method != "__call__" or options:
            raise TypeError(f"{ufunc.__name__}.{method} cannot be traced")
        if ufunc is np.greater:
            return _applied("less", inputs[::-1])
        if ufunc is np.square:
            return _applied("multiply", (inputs[0], inputs[0]))
        return _applied(_name(ufunc), inputs)

    def __array_function__(
        self, function: Callable[..., Any], _: Any, args: Sequence[Any], options: dict[str, Any]
    ) -> Traced:
        if options:
            raise TypeError(f"{function.__name__} with options cannot be traced")
        if function is np.dot:
            products = (_applied("multiply", args)).nodes
            return Traced([reduce(lambda u, v: build("add", (u, v)), products)])
        return _applied(_name(function), args)


def _name(function: Any) -> str:
    if function not in OPERATIONS:
        raise TypeError(f"numpy.{function.__name__} cannot be traced")
    return OPERATIONS[function]


def _applied(op: str, inputs: Sequence[Any]) -> Traced:
    """Apply an operation element by element; scalars go with every element."""
    columns = [each.nodes if isinstance(each, Traced) else (as_node(float(each)),) for each in inputs]
    size = max(len(column) for column in columns)
    spread = [column * size if len(column) == 1 else column for column in columns]
    return Traced(build(op, args) for args in zip(*spread, strict=True))
