"""An optimizer's update as equations: its source, run on letters, typeset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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


def typeset_update(optimizer: Any, letters: Mapping[str, str]) -> str | None:
    """Return the equations of a traceable optimizer class as ``<math>``, one coordinate of each vector.

    ``letters`` are those of its parameters.  The gradient at the iterate is g, elsewhere ∇f( ).
    """
    numbers = {
        name: Traced([symbol(name)])
        for name, field in optimizer.model_fields.items()
        if isinstance(field.default, float)
    }
    named = optimizer.model_construct(**numbers)
    state = optimizer().init(np.zeros(1))
    present = {name: symbol(f"present {name}") for name in state._fields}
    written = dict(letters) | LETTERS

    def oracle(w: Traced) -> tuple[Traced, Traced]:
        (place,) = w.nodes
        return Traced([symbol("f")]), Traced([G if place is W else node("gradient", (place,))])

    traced = type(state)(*(Traced([each]) for each in present.values()))
    w, following = named.update(Traced([W]), oracle, traced, Traced([ALPHA]), Traced([STEP]))
    known: dict[Node, Node] = {}
    equations: list[tuple[Node, Node]] = []
    for name, value in zip(state._fields, following, strict=True):
        letter = LETTERS.get(name, name)
        # The gradient that is remembered is the last one.
        now, then = ("g_t−1", "g_t") if name == "g" else (f"{letter}_t", f"{letter}_t+1")
        written |= {f"present {name}": now, f"next {name}": then}
        (right,) = value.nodes
        left = symbol(f"next {name}")
        if right not in (G, present[name]):
            equations.append((left, rebuild([right], known, node)[0]))
            known[right] = left
    equations.append((symbol("next w"), rebuild(list(w.nodes), known, node)[0]))
    return typeset_system(equations, written)


def typeset_formulas(formulas: Sequence[str], letters: Mapping[str, str]) -> str | None:
    """Return formulas for the next iterate, written in our grammar, as ``<math>``."""
    moments = {"m": "m_t+1", "v": "v_t+1", "H": "H_t", "B": "B_t", "k": "k_t", "r": "r_t"}
    names = [*letters, *moments, *LETTERS, "I", "t"]
    equations = [(symbol("next w"), parse(each, variables=names)) for each in formulas]
    return typeset_system(equations, dict(letters) | LETTERS | moments)
