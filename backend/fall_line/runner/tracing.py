"""An optimizer's update traced on a loss: its own source, run once on symbols, as a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from fall_line.expression import Field, Node, symbol
from fall_line.expression.field import PLANE
from fall_line.expression.functions import build
from fall_line.expression.node import divide, multiply, node, number
from fall_line.expression.traced import Traced
from fall_line.expression.traversal import below, rebuild
from fall_line.losses.examples import Term, summed
from fall_line.optimizers import AnyOptimizer

RATE, STEP, SHARE, COUNT = symbol("rate"), symbol("step"), symbol("share"), symbol("count")
SEEN = (symbol("loss"), symbol("gradient 0"), symbol("gradient 1"))
NOISE = (symbol("noise 0"), symbol("noise 1"))
LOOK, ITEMS = "look", ("item 0", "item 1", "item 2")


@dataclass(frozen=True)
class FewExamples:
    """A batch so small that its terms are written out; ``even`` if no batch of an epoch is smaller."""

    term: Term
    size: int
    mean: bool
    even: bool

    @property
    def rows(self) -> list[tuple[Node, ...]]:
        """The symbols of the batch's data, a row for each example, its share last where sizes differ."""
        names = [*self.term.names, *([] if self.even else ["share"])]
        return [tuple(symbol(f"{name} {i}") for name in names) for i in range(self.size)]

    @property
    def inputs(self) -> list[Node]:
        """All symbols to be given at each step."""
        return [*(name for row in self.rows for name in row), *([] if self.even else [COUNT])]

    def graphs(self) -> list[Node]:
        """Return the batch's loss and gradient in x, y and the inputs."""
        roots = [self.term.loss, *self.term.gradient]
        names = list(self.term.data)
        if not self.even:
            # What fills up the last batch of an epoch counts 0.
            roots = [multiply(SHARE, root) for root in roots]
            names.append(SHARE)
        sums = summed(roots, names, self.rows)
        size = number(float(self.size)) if self.even else COUNT
        return [divide(each, size) for each in sums] if self.mean else sums


Sight = Field | FewExamples | None
"""How the loss at a point is found: by formulas, or by asking a function of floats."""


class Update(NamedTuple):
    """A traced update: what the next iterate and state are, in terms of the present ones."""

    state: tuple[Node, ...]
    next_iterate: tuple[Node, ...]
    next_state: tuple[Node, ...]
    evaluations: int


class TracedBatch:
    """Answers the questions of an update with graphs, and counts them."""

    def __init__(self, sight: Sight, known: bool, noise: Traced | None) -> None:
        self.roots = None if sight is None else graphs(sight)
        self.known = known
        self.noise = noise
        self.evaluations = 0

    def __call__(self, w: Traced) -> tuple[Traced, Traced]:
        """Return loss and gradient at w; those of all data at the iterate are known from the step before."""
        self.evaluations += 1
        if self.known and w.nodes == PLANE:
            loss, *gradient = SEEN
        elif self.roots is None:
            asked = node(LOOK, w.nodes)
            loss, *gradient = (node(item, (asked,)) for item in ITEMS)
        else:
            loss, *gradient = rebuild(self.roots, dict(zip(PLANE, w.nodes, strict=True)), build)
        seen = Traced(gradient)
        return Traced([loss]), seen if self.noise is None else seen + self.noise


def graphs(sight: Field | FewExamples) -> list[Node]:
    """Return loss and gradient as graphs in x and y."""
    return [sight.loss, *sight.gradient] if isinstance(sight, Field) else sight.graphs()


def trace(optimizer: AnyOptimizer, sight: Sight, *, known: bool, noisy: bool) -> Update:
    """Return the graph of an optimizer's update; ``known`` if it sees all of the loss."""
    layout = optimizer.init(np.zeros(2))
    names = [
        [symbol(f"state {field_name} {i}") for i in range(np.size(value))]
        for field_name, value in zip(layout._fields, layout, strict=True)
    ]
    batch = TracedBatch(sight, known, Traced(NOISE) if noisy else None)
    state = type(layout)(*map(Traced, names))
    update: Any = optimizer.update
    w, after = update(Traced(PLANE), batch, state, Traced([RATE]), Traced([STEP]))
    return Update(
        state=tuple(name for group in names for name in group),
        next_iterate=w.nodes,
        next_state=tuple(each for value in after for each in value.nodes),
        evaluations=batch.evaluations,
    )


def hoisted(roots: list[Node], known: set[Node]) -> tuple[list[Node], dict[Node, Node]]:
    """Return the roots with new symbols for what depends on the known nodes alone, and what these replace."""
    alone: set[Node] = set(known)
    wanted: dict[Node, Node] = {}

    def want(each: Node) -> None:
        if each in alone and each not in wanted:
            wanted[each] = symbol(f"coefficient {len(wanted)}")

    for each in below(roots):
        if each.args and all(arg in alone or arg.number is not None for arg in each.args):
            alone.add(each)
        else:
            for arg in each.args:
                want(arg)
    for each in roots:
        want(each)
    return rebuild(roots, wanted, node), wanted
