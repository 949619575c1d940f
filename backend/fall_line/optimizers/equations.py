"""An optimizer's update as equations: its source, run on letters, typeset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from fall_line.expression import Node, parse, symbol
from fall_line.expression.node import node
from fall_line.expression.traced import Traced
from fall_line.expression.traversal import rebuild
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


def update_equations(optimizer: Any, letters: Mapping[str, str]) -> Equations:
    """Return the equations of a traceable optimizer class; ``letters`` are those of its parameters."""
    numbers = {
        name: Traced([symbol(name)])
        for name, field in optimizer.model_fields.items()
        if isinstance(field.default, float)
    }
    named = optimizer.model_construct(**numbers)
    state = optimizer().init(np.zeros(1))
    written = dict(letters) | LETTERS

    def oracle(w: Traced) -> tuple[Traced, Traced]:
        (place,) = w.nodes
        return Traced([symbol("f")]), Traced([G if place is W else node("gradient", (place,))])

    traced = type(state)(*(Traced([present(name)]) for name in state._fields))
    w, after = named.update(Traced([W]), oracle, traced, Traced([ALPHA]), Traced([STEP]))
    known: dict[Node, Node] = {}
    lines: list[tuple[Node, Node]] = []
    for name, value in zip(state._fields, after, strict=True):
        letter = LETTERS.get(name, name)
        # The gradient that is remembered is the last one.
        now, then = ("g_t−1", "g_t") if name == "g" else (f"{letter}_t", f"{letter}_t+1")
        written |= {f"present {name}": now, f"next {name}": then}
        (right,) = value.nodes
        if right not in (G, present(name)):
            lines.append((following(name), rebuild([right], known, node)[0]))
            known[right] = following(name)
    lines.append((following("w"), rebuild(list(w.nodes), known, node)[0]))
    return Equations(lines, written)


def typeset_update(optimizer: Any, letters: Mapping[str, str]) -> str | None:
    """Return the equations of a traceable optimizer class as ``<math>``; see :func:`update_equations`."""
    equations = update_equations(optimizer, letters)
    return typeset_system(equations.lines, equations.written)


def typeset_formulas(formulas: Sequence[str], letters: Mapping[str, str]) -> str | None:
    """Return formulas for the next iterate, written in our grammar, as ``<math>``."""
    moments = {"m": "m_t+1", "v": "v_t+1", "H": "H_t", "B": "B_t", "k": "k_t", "r": "r_t"}
    names = [*letters, *moments, *LETTERS, "I", "t"]
    equations = [(following("w"), parse(each, variables=names)) for each in formulas]
    return typeset_system(equations, dict(letters) | LETTERS | moments)
