"""A descent compiled: the optimizer's update, traced, and the loss it goes down as one loop of floats.

What depends on the step alone (bias corrections, the rate, the noise, the data of a small batch) is worked
out for many steps at once and handed to the loop.  A loss that is not a formula is asked as a function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

import numpy as np

from fall_line.experiment import Descent, Experiment
from fall_line.expression import Field, Node
from fall_line.expression.field import PLANE
from fall_line.expression.floats import NAMESPACE, TEMPLATES, statements
from fall_line.expression.grids import interpret
from fall_line.expression.straight_line import lower
from fall_line.expression.traversal import below
from fall_line.optimizers import AnyOptimizer
from fall_line.runner.entries import Entries, Floats, joined
from fall_line.runner.ground import Ground
from fall_line.runner.plain import Plain, Position
from fall_line.runner.tracing import (
    ITEMS,
    LOOK,
    NOISE,
    RATE,
    SEEN,
    STEP,
    FewExamples,
    Sight,
    graphs,
    hoisted,
    trace,
)
from fall_line.schedules import Rates

FEW = 8
"""Batches of so few examples are written out in the loop."""
ASKED = {**TEMPLATES, LOOK: "look({}, {})", **{item: f"{{}}[{i}]" for i, item in enumerate(ITEMS)}}


class Loop(NamedTuple):
    """A compiled loop, and the graphs of the columns it reads, in STEP and RATE.

    ``looks`` if it finds the whole loss at every iterate; else that is left for afterwards.
    """

    run: Callable[..., tuple[float, ...]]
    columns: Sequence[Node]
    evaluations: int
    looks: bool


@lru_cache(maxsize=256)
def compile_loop(
    optimizer: AnyOptimizer,
    whole: Field | None,
    seen: Sight,
    *,
    batched: bool,
    noisy: bool,
    reacts: bool,
    remember: bool,
) -> Loop:
    """Return the loop of an optimizer.

    ``whole`` is the loss of everything if that is a formula, ``seen`` what an update sees of it (None: what
    ``look`` says, which is asked for the whole loss too unless the updates are ``batched``), ``reacts`` if
    the rate depends on the losses, ``remember`` if the state is to be seen at every step.
    """
    update = trace(optimizer, seen, known=not batched, noisy=noisy)
    written = [*update.next_iterate, *update.next_state]
    looks = whole is not None or reacts or any(each in SEEN for each in below(written))
    roots, columns = hoisted(written, {STEP} if reacts else {STEP, RATE})
    data = seen.inputs if isinstance(seen, FewExamples) else []
    names = {
        **_numbered("w", PLANE),
        SEEN[0]: "loss",
        **_numbered("g", SEEN[1:]),
        **_numbered("s", update.state),
        **_numbered("n", NOISE),
        **_numbered("c", columns.values()),
        **_numbered("d", data),
        RATE: "rate",
    }
    carried = [names[each] for each in (*PLANE, *SEEN, *update.state)] + ["rate"] * reacts
    lines, after = statements(lower(roots), names, ASKED)
    before = [names[each] for each in (*PLANE, *update.state)]
    lines.append(f"{', '.join(before)} = {', '.join(after)}")
    if whole is not None:
        looked, values = statements(lower(graphs(whole)), names, prefix="u")
        lines += [*looked, *(f"{names[each]} = {value}" for each, value in zip(SEEN, values, strict=True))]
    elif looks:
        lines.append(f"{', '.join(names[each] for each in SEEN)} = look_at_all(w0, w1)")
    listed = [names[each] for each in (*PLANE, *(SEEN if looks else ()))]
    listed += [f"s{i}" for i in range(len(update.state) * remember)]
    lines += [f"all_{name}.append({name})" for name in listed]
    lines += ["rate = hear(loss)"] * reacts
    read = [names[each] for each in (*columns.values(), *data, *(NOISE * noisy))]
    read += ["step"] * (seen is None and batched)
    look = "look_at(step)" if batched else "look_at_all"
    lines = [f"look = {look}"] * (seen is None) + lines
    arguments = ["rows", "hear", "look_at_all", "look_at", "carried", *(f"all_{name}" for name in listed)]
    source = (
        f"def loop({', '.join(arguments)}):\n"
        f"    {', '.join(carried)} = carried\n"
        f"    for {', '.join(read) or '_'} in rows:\n        " + "\n        ".join(lines) + "\n"
        f"    return {', '.join(carried)}\n"
    )
    namespace = dict(NAMESPACE)
    exec(compile(source, "<descent>", "exec"), namespace)  # noqa: S102 - our own names and numbers only
    return Loop(namespace["loop"], lower(columns), update.evaluations, looks)


def _numbered(prefix: str, nodes: Iterable[Node]) -> dict[Node, str]:
    return {each: f"{prefix}{i}" for i, each in enumerate(nodes)}


class Compiled:
    """Follows a traced optimizer on the plane, many steps at a time."""

    def __init__(
        self, experiment: Experiment, descent: Descent, ground: Ground, *, remember: bool = False
    ) -> None:
        self.plain = plain = Plain(experiment, descent, ground, remember=remember)
        self.whole = ground.whole
        self.start = plain.start
        self.few = self._few_examples()
        formula = self.whole if isinstance(self.whole, Field) else None
        self.loop = compile_loop(
            descent.optimizer,
            formula,
            formula if plain.batches is None else self.few,
            batched=plain.batches is not None,
            noisy=plain.noise is not None,
            reacts=plain.rates.reacts,
            remember=remember,
        )
        self.coefficients = self._coefficients(experiment.steps, plain.rates)
        self._depart()

    def _few_examples(self) -> FewExamples | None:
        batches = self.plain.batches
        if batches is None or batches.size > FEW:
            return None
        parts = self.plain.ground.parts
        return FewExamples(parts.term, batches.size, parts.mean, batches.even)

    def _coefficients(self, steps: int, rates: Rates) -> list[list[float]]:
        """Return what depends on the step alone, for all steps."""
        t = np.arange(steps, dtype=np.float64)
        known = np.zeros_like(t) if rates.reacts else rates.between(0, steps)
        columns = interpret(self.loop.columns, {STEP: t, RATE: known})
        return [np.broadcast_to(column, t.shape).tolist() for column in columns]

    def _columns(self, t: int, count: int) -> list[Sequence[float]]:
        """Return what the loop reads at updates t to t + count − 1."""
        columns: list[Sequence[float]] = [column[t : t + count] for column in self.coefficients]
        batches, noise = self.plain.batches, self.plain.noise
        if batches is not None and self.few is not None:
            rows, counts = batches.table(t, t + count)
            for i in range(batches.size):
                columns += [column[rows[:, i]].tolist() for column in self.plain.ground.parts.columns]
                columns += [] if batches.even else [(counts > i).astype(np.float64).tolist()]
            columns += [] if batches.even else [counts.astype(np.float64).tolist()]
        if noise is not None:
            columns += noise[t : t + count].T.tolist()
        if batches is not None and self.few is None:
            columns.append(range(t, t + count))
        return columns

    def _depart(self) -> None:
        """Go on from where the plain descent is: iterate, loss, gradient, state and a rate that reacts."""
        plain = self.plain
        at, seen = plain.position, plain.seen
        self.evaluations = at.evaluations
        state = [float(value) for each in at.state for value in np.ravel(each)]
        rate = [plain.rates.latest()] if plain.rates.reacts else []
        self.carried: tuple[float, ...] = (*at.w.tolist(), seen.loss, *seen.gradient.tolist(), *state, *rate)

    def take(self, t: int, count: int) -> Entries:
        """Make updates t to t + count − 1; return the entry after each, fewer if one is not finite.

        A step at which floats overflow or a derivative is not finite is made in plain NumPy, which follows
        IEEE 754: the numbers do not depend on how many are made at once.
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

        state = len(self.carried) - rates.reacts - 5
        seen: list[list[float]] = [[] for _ in range(2 + 3 * self.loop.looks + state * self.plain.remember)]
        columns = self._columns(t, count)
        # A single column is read as it is: a tuple of one for every step would take a tenth of the time.
        rows = zip(*columns, strict=True) if len(columns) > 1 else next(iter(columns), range(count))
        look = self.whole.loss_and_gradient_at
        try:
            with np.errstate(all="ignore"):
                carried = self.loop.run(rows, hear, look, self._look_at, self.carried, *seen)
        except (ArithmeticError, ValueError):
            carried = None
        made = len(seen[-1])
        entries = np.array([np.fromiter(each, np.float64, made) for each in seen])
        if not self.loop.looks:
            loss, gradient = self.whole.along(entries[:2].T)
            entries = np.concatenate([entries[:2], [loss], gradient.T, entries[2:]])
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

    def _look_at(self, step: int) -> Callable[[float, float], tuple[float, float, float]]:
        """Return the loss of the batch that an update sees."""
        batches, parts = self.plain.batches, self.plain.ground.parts
        assert batches is not None
        look: Callable[[float, float], tuple[float, float, float]] = parts.batch(
            batches.rows(step)
        ).loss_and_gradient_at
        return look

    def _plainly(self, t: int) -> Entries:
        """Make update t in plain NumPy."""
        at = self.plain.position.state
        columns = np.array(self.carried[5 : 5 + sum(np.size(each) for each in at)])[:, None]
        values = (value[0] for value in self._named(columns).values())
        with np.errstate(all="ignore"):
            position = Position(np.array(self.carried[:2]), type(at)(*values), self.evaluations)
            self.plain.depart(position)
        entries = self.plain.take(t, 1)
        self._depart()
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
