"""Reverse-mode differentiation of the graph; run twice, it gives the Hessian.

Derivatives are those of the formula, in its own letters; at a kink they follow the rule of
:mod:`fall_line.expression.functions`.  What is not defined comes out as nan, what overflows as inf.
"""

from __future__ import annotations

from collections.abc import Sequence

from fall_line.expression import node as graph
from fall_line.expression.functions import FUNCTIONS, call
from fall_line.expression.node import ONE, ZERO, Node
from fall_line.expression.traversal import postorder, rebuild


def gradient(loss: Node, variables: Sequence[Node]) -> list[Node]:
    """Return the partial derivatives of ``loss`` with respect to each variable."""
    order = postorder(loss)
    varying = set(variables)
    for node in order:
        if any(arg in varying for arg in node.args):
            varying.add(node)
    adjoints: dict[Node, Node] = {loss: ONE}
    for node in reversed(order):
        adjoint = adjoints.get(node)
        if adjoint is None or node not in varying:
            continue
        for position, arg in enumerate(node.args):
            if arg in varying:
                term = adjoint * partial(node, position)
                if term is not ZERO:
                    adjoints[arg] = adjoints[arg] + term if arg in adjoints else term
    return [adjoints.get(variable, ZERO) for variable in variables]


def hessian(first: Sequence[Node], variables: Sequence[Node]) -> list[list[Node]]:
    """Return the matrix of second derivatives, row by row, from the gradient; symmetric by construction.

    Where a square root is 0 there are none: the rule for kinks is about the gradient.
    """
    size = len(variables)
    rows = [rebuild(gradient(first[row], variables[row:]), {}, _strict) for row in range(size)]
    return [[rows[min(i, j)][abs(i - j)] for j in range(size)] for i in range(size)]


def _strict(op: str, args: tuple[Node, ...]) -> Node:
    return graph.node("past_pole" if op == "past_kink" else op, args)


def partial(node: Node, position: int) -> Node:
    """Return the derivative of one operation with respect to one of its arguments."""
    if node.op in FUNCTIONS:
        return FUNCTIONS[node.op].derivative(node.args[0], node)
    if node.op == "negate":
        return -ONE
    u, v = node.args
    other = v if position == 0 else u
    match node.op, position:
        case ("add", _) | ("subtract", 0):
            return ONE
        case ("subtract", 1):
            return -ONE
        case ("multiply", _):
            return other
        case ("divide", 0):
            return 1 / v
        case ("divide", 1):
            return -(node / v)
        case ("power", 0):
            return v * u ** (v - 1) if v.number is None else v * _base(u, v.number) ** (v.number - 1)
        case ("power", 1):
            return node * call("log", call("past_zero", u))
        case ("min", 0) | ("max", 1):
            return 0.5 * (1 + call("sign", v - u))
        case ("min", 1) | ("max", 0):
            return 0.5 * (1 + call("sign", u - v))
    raise ValueError(f"{node.op} has no derivative")


def _base(u: Node, exponent: float) -> Node:
    """Return what the derivative of a power divides by: roots are vertical at 0, and ½ is the square root."""
    if not 0 < exponent < 1:
        return u
    return call("past_kink" if exponent == 0.5 else "past_pole", u)
