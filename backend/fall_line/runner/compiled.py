"""A descent compiled: the optimizer's update, traced, and the surface's gradient as one loop of floats.

The update is the optimizer's own source, run once on symbols; what depends on the step alone (bias
corrections, the rate, the noise) is computed for all steps at once and handed to the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from fall_line.experiment import Descent, Experiment
from fall_line.expression import Field, Node, symbol
from fall_line.expression.field import PLANE
from fall_line.expression.floats import NAMESPACE, statements
from fall_line.expression.functions import build
from fall_line.expression.grids import interpret
from fall_line.expression.node import node
from fall_line.expression.straight_line import lower
from fall_line.expression.traced import Traced
from fall_line.expression.traversal import below, rebuild
from fall_line.optimizers import AnyOptimizer
from fall_line.runner.entries import Entries, Floats, joined
from fall_line.runner.plain import Plain, Position

RATE, STEP = symbol("rate"), symbol("step")
SEEN = (symbol("loss"), symbol("gradient 0"), symbol("gradient 1"))
NOISE = (symbol("noise 0"), symbol("noise 1"))


class Update(NamedTuple):
    """A traced update: what the next iterate and state are, in terms of the present ones."""

    state: tuple[Node, ...]
    next_iterate: tuple[Node, ...]
    next_state: tuple[Node, ...]
    evaluations: int


class TracedBatch:
    """Answers the questions of an update with graphs, and counts them."""

    def __init__(self, field: Field, noise: Traced | None) -> None:
        self.field = field
        self.noise = noise
        self.evaluations = 0

    def __call__(self, w: Traced) -> tuple[Traced, Traced]:
        """Return loss and gradient at w; those at the iterate itself are known from the step before."""
        self.evaluations += 1
        if w.nodes == PLANE:
            loss, *gradient = SEEN
        else:
            there = dict(zip(PLANE, w.nodes, strict=True))
            loss, *gradient = rebuild([self.field.loss, *self.field.gradient], there, build)
        seen = Traced(gradient)
        return Traced([loss]), seen if self.noise is None else seen + self.noise


def trace(optimizer: AnyOptimizer, field: Field, noisy: bool) -> Update:
    """Return the graph of an optimizer's update on a surface."""
    layout = optimizer.init(np.zeros(2))
    names = [
        [symbol(f"state {field_name} {i}") for i in range(np.size(value))]
        for field_name, value in zip(layout._fields, layout, strict=True)
    ]
    batch = TracedBatch(field, Traced(NOISE) if noisy else None)
    state = type(layout)(*map(Traced, names))
    update: Any = optimizer.update
    w, after = update(Traced(PLANE), batch, state, Traced([RATE]), Traced([STEP]))
    return Update(
        state=tuple(name for group in names for name in group),
        next_iterate=w.nodes,
        next_state=tuple(each for value in after for each in value.nodes),
        evaluations=batch.evaluations,
    )


class Loop(NamedTuple):
    """A compiled loop, and the graphs of the columns it reads, in STEP and RATE."""

    run: Callable[..., tuple[float, ...]]
    columns: Sequence[Node]
    evaluations: int


@lru_cache(maxsize=256)
def compile_loop(optimizer: AnyOptimizer, field: Field, noisy: bool, reacts: bool, remember: bool) -> Loop:
    """Return the loop of an optimizer on a surface.

    ``reacts`` if the rate depends on the losses, ``remember`` if the state is to be seen at every step.
    """
    update = trace(optimizer, field, noisy)
    roots, columns = _hoisted([*update.next_iterate, *update.next_state], {STEP} if reacts else {STEP, RATE})
    names = {
        **_numbered("w", PLANE),
        SEEN[0]: "loss",
        **_numbered("g", SEEN[1:]),
        **_numbered("s", update.state),
        **_numbered("n", NOISE),
        **_numbered("c", columns.values()),
        RATE: "rate",
    }
    carried = [names[each] for each in (*PLANE, *SEEN, *update.state)] + ["rate"] * reacts
    lines, after = statements(lower(roots), names)
    before = [names[each] for each in (*PLANE, *update.state)]
    lines.append(f"{', '.join(before)} = {', '.join(after)}")
    looked, values = statements(lower([field.loss, *field.gradient]), names, prefix="u")
    lines += [*looked, *(f"{names[each]} = {value}" for each, value in zip(SEEN, values, strict=True))]
    seen = [
        *(names[each] for each in (*PLANE, *SEEN)),
        *(f"s{i}" for i in range(len(update.state) * remember)),
    ]
    lines += [f"all_{name}.append({name})" for name in seen]
    lines += ["rate = hear(loss)"] * reacts
    read = [*(names[each] for each in columns.values()), *[names[each] for each in NOISE] * noisy]
    arguments = ["rows", "hear", "carried", *(f"all_{name}" for name in seen)]
    source = (
        f"def loop({', '.join(arguments)}):\n"
        f"    {', '.join(carried)} = carried\n"
        f"    for {', '.join(read) or '_'} in rows:\n        " + "\n        ".join(lines) + "\n"
        f"    return {', '.join(carried)}\n"
    )
    namespace = dict(NAMESPACE)
    exec(compile(source, "<descent>", "exec"), namespace)  # noqa: S102 - our own names and numbers only
    return Loop(namespace["loop"], lower(columns), update.evaluations)


def _numbered(prefix: str, nodes: Iterable[Node]) -> dict[Node, str]:
    return {each: f"{prefix}{i}" for i, each in enumerate(nodes)}


def _hoisted(roots: list[Node], known: set[Node]) -> tuple[list[Node], dict[Node, Node]]:
    """Return the roots with new symbols for what depends on the step alone, and what these replace."""
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


class Compiled:
    """Follows a traced optimizer on a formula, many steps at a time."""

    def __init__(self, experiment: Experiment, descent: Descent, *, remember: bool = False) -> None:
        self.plain = plain = Plain(experiment, descent, remember=remember)
        self.start = plain.start
        reacts = plain.rates.reacts
        self.loop = compile_loop(descent.optimizer, plain.field, plain.noise is not None, reacts, remember)
        t = np.arange(experiment.steps, dtype=np.float64)
        rates = np.zeros_like(t) if reacts else plain.rates.between(0, experiment.steps)
        columns = interpret(self.loop.columns, {STEP: t, RATE: rates})
        self.columns = [np.broadcast_to(column, t.shape).tolist() for column in columns]
        if plain.noise is not None:
            self.columns += plain.noise.T.tolist()
        self._depart(plain)
        self.width = len(self.carried) - reacts if remember else 5

    def _depart(self, plain: Plain) -> None:
        """Go on from where the plain descent is: iterate, loss, gradient, state and a rate that reacts."""
        *entry, evaluations = plain.row()
        self.evaluations = int(evaluations)
        state = [float(value) for each in plain.position.state for value in np.ravel(each)]
        rate = [plain.rates.latest()] if plain.rates.reacts else []
        self.carried: tuple[float, ...] = (*entry, *state, *rate)

    def take(self, t: int, count: int) -> Entries:
        """Make updates t to t + count − 1; return the entry after each, fewer if one is not finite.

        A step at which floats overflow or a derivative is not finite is made in plain NumPy, which follows
        IEEE 754 and the rule for derivatives: the numbers do not depend on how many are made at once.
        """
        parts: list[Entries] = []
        end, span = t + count, count
        while t < end:
            made = self._fast(t, min(span, end - t))
            if isinstance(made, Entries):
                span *= 2
            elif made > 0:
                span = made
                continue
            else:
                # Where one step fails the next may fail as well: try a few at first.
                made, span = self._plainly(t), 8
            parts.append(made)
            t += len(made)
            if not isfinite(made.loss[-1]):
                break
        return joined(parts)

    def _fast(self, t: int, count: int) -> Entries | int:
        """Make these updates in the compiled loop; or make none, and return how many of them it can make."""
        rates = self.plain.rates
        before = deepcopy(rates) if rates.reacts else rates
        updates = iter(range(t, t + count))

        def hear(loss: float) -> float:
            return rates.hear(next(updates), loss)

        seen: list[list[float]] = [[] for _ in range(self.width)]
        columns = [column[t : t + count] for column in self.columns]
        # A single column is read as it is: a tuple of one for every step would take a tenth of the time.
        rows = zip(*columns, strict=True) if len(columns) > 1 else next(iter(columns), range(count))
        try:
            carried = self.loop.run(rows, hear, self.carried, *seen)
        except (ArithmeticError, ValueError):
            carried = None
        made = len(seen[-1])
        entries = np.array([np.fromiter(each, np.float64, made) for each in seen])
        finite = np.isfinite(entries)
        if carried is None or not finite.all():
            self.plain.rates = before
            wrong = ~finite.all(axis=0)
            return int(wrong.argmax()) if wrong.any() else len(wrong)
        self.carried = carried
        evaluations = self.evaluations + self.loop.evaluations * np.arange(1, count + 1)
        self.evaluations = int(evaluations[-1])
        x, y, loss, gx, gy = entries[:5]
        return Entries(
            x=x,
            y=y,
            loss=loss,
            learning_rate=rates.between(t + 1, t + count + 1),
            gradient_norm=np.hypot(gx, gy),
            evaluations=evaluations,
            state=self._named(entries[5:]) if self.plain.remember else {},
        )

    def _plainly(self, t: int) -> Entries:
        """Make update t in plain NumPy."""
        at = self.plain.position.state
        columns = np.array(self.carried[5 : 5 + sum(np.size(each) for each in at)])[:, None]
        values = (value[0] for value in self._named(columns).values())
        self.plain.position = Position(np.array(self.carried[:2]), type(at)(*values), self.evaluations)
        entries = self.plain.take(t, 1)
        self._depart(self.plain)
        return entries

    def _named(self, columns: Floats) -> dict[str, Floats]:
        """Return columns of the state's numbers as arrays by name, shape (entries, ...)."""
        named = {}
        first = 0
        for name, value in self.plain.position.state._asdict().items():
            size = np.size(value)
            named[name] = columns[first : first + size].T.reshape(-1, *np.shape(value))
            first += size
        return named
