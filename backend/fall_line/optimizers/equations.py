"""An optimizer's update as equations: its source, run on letters, typeset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from fall_line.expression import Node, parse, symbol
from fall_line.expression.functions import build
from fall_line.expression.node import node, number
from fall_line.expression.traced import Traced
from fall_line.expression.traversal import below, rebuild
from fall_line.expression.typeset import typeset_system

W, G, ALPHA, STEP = symbol("w"), symbol("g"), symbol("alpha"), symbol("t")
LETTERS = {
    "w": "w_t",
    "g": "g_t",
    "alpha": "α_t",
    "next w": "w_t+1",
    "weight": "W",
    "product": "Π",
    "peak": "p",
    "mean": "ḡ",
    "step": "Δ",
}


class Equations(NamedTuple):
    """An update in letters: for one coordinate of each vector, the next state and then the next iterate.

    ``written`` says how each symbol is written; the gradient at the iterate is g, elsewhere ∇f( ).
    """

    lines: list[tuple[Node, Node]]
    written: dict[str, str]


def present(name: str) -> Node:
    """Return the symbol of a part of the state before the update."""
    return symbol(f"present {name}")


def following(name: str) -> Node:
    """Return the symbol of a part of the state after the update."""
    return symbol(f"next {name}")


def update_equations(optimizer: Any, letters: Mapping[str, str], *, general: bool = False) -> Equations:
    """Return the equations of a traceable optimizer; ``letters`` are those of its parameters.

    What the value of a parameter removes is left out: a term times 0, a factor of 1, and each part of the
    state on which nothing depends then.  With ``general`` every number among the parameters is a letter.
    """
    numbers = {name: Traced([each]) for name, each in _parameters(optimizer, general).items()}
    named = optimizer.model_copy(update=numbers)
    state = optimizer.init(np.zeros(1))
    written = dict(letters) | LETTERS

    def oracle(w: Traced) -> tuple[Traced, Traced]:
        places = _without_zeros(w.nodes)
        return Traced([symbol("f")]), Traced(
            [G if place is W else node("gradient", (place,)) for place in places]
        )

    traced = type(state)(*(Traced([present(name)]) for name in state._fields))
    w, after = named.update(Traced([W]), oracle, traced, Traced([ALPHA]), Traced([STEP]))
    known: dict[Node, Node] = {}
    lines: list[tuple[Node, Node]] = []
    for name, value in zip((*state._fields, "w"), (*after, w), strict=True):
        letter = LETTERS.get(name, name)
        # The gradient that is remembered is the last one.
        now, then = ("g_t−1", "g_t") if name == "g" else (f"{letter}_t", f"{letter}_t+1")
        if name != "w":
            written |= {f"present {name}": now, f"next {name}": then}
        (right,) = _without_zeros(value.nodes)
        if right is present(name) or (name == "g" and right is G):
            continue
        lines.append((following(name), rebuild([right], known, node)[0]))
        if right.args and name != "w":
            known[right] = following(name)
    return Equations(_needed(lines), written)


def _parameters(optimizer: Any, general: bool) -> dict[str, Node]:
    """Return the numbers among the parameters, as letters unless their value removes something.

    0 does, and so does 1, of a share; a size, which is above 0, is only added or compared.
    """
    neutral = {
        name: (0.0,) if any(getattr(bound, "gt", None) == 0 for bound in field.metadata) else (0.0, 1.0)
        for name, field in type(optimizer).model_fields.items()
    }
    return {
        name: number(value) if value in neutral[name] and not general else symbol(name)
        for name, value in optimizer
        if isinstance(value, float)
    }


def _without_zeros(roots: Iterable[Node]) -> list[Node]:
    """Return graphs without what is 0: its numbers are finite, those with a least size not below 0."""
    zero = number(0.0)

    def simplified(op: str, args: tuple[Node, ...]) -> Node:
        if (
            (op == "multiply" and zero in args)
            or (op in ("divide", "power") and args[0] is zero)
            or (op == "subtract" and args[0] is args[1])
        ):
            return zero
        if op == "max" and zero in args:
            return args[0] if args[1] is zero else args[1]
        return build(op, args)

    return rebuild(roots, {}, simplified)


def _needed(lines: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """Return the lines on which the next iterates depend.

    A part of the state that is not looked at again, and used in one line, is written in that line.
    """
    used = {str(left.value).removeprefix("next "): set(below([right])) for left, right in lines}
    wanted: set[str] = set()
    waiting = ["w"]
    while waiting:
        current = waiting.pop()
        if current not in wanted:
            wanted.add(current)
            waiting += [name for name in used if {present(name), following(name)} & used[current]]
    kept = {name: right for name, (_, right) in zip(used, lines, strict=True) if name in wanted}
    for name in [*kept]:
        users = [other for other, right in kept.items() if following(name) in below([right])]
        if len(users) == 1 and not any(present(name) in used[other] for other in wanted):
            kept[users[0]] = rebuild([kept[users[0]]], {following(name): kept.pop(name)}, node)[0]
    return [(following(name), right) for name, right in kept.items()]


def typeset_update(optimizer: Any, letters: Mapping[str, str], *, general: bool = False) -> str | None:
    """Return the equations of a traceable optimizer as ``<math>``; see :func:`update_equations`."""
    equations = update_equations(optimizer, letters, general=general)
    return typeset_system(equations.lines, equations.written)


def typeset_formulas(optimizer: Any, letters: Mapping[str, str], *, general: bool = False) -> str | None:
    """Return an optimizer's formulas for the next iterate, written in our grammar, as ``<math>``."""
    moments = {"m": "m_t+1", "v": "v_t+1", "H": "H_t", "B": "B_t", "k": "k_t", "r": "r_t"}
    names = [*letters, *moments, *LETTERS, "I", "t"]
    values = {symbol(name): each for name, each in _parameters(optimizer, general).items()}
    graphs = rebuild([parse(each, variables=names) for each in optimizer.equations], values, build)
    equations = [(following("w"), each) for each in _without_zeros(graphs)]
    return typeset_system(equations, dict(letters) | LETTERS | moments)
