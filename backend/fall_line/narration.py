"""One update told in its steps: what was asked, what is remembered, what the step is divided by."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.component import Document, refused, within
from fall_line.experiment import MAX_DESCENTS, MAX_STEPS, Descent, Experiment
from fall_line.expression import Node, symbol, typeset
from fall_line.expression.differentiate import gradient
from fall_line.expression.grids import interpret
from fall_line.expression.loss import Floats
from fall_line.expression.node import node
from fall_line.expression.traversal import below, rebuild
from fall_line.optimizers.equations import ALPHA, STEP, Equations, W, following, present, update_equations
from fall_line.optimizers.equations import G as GRADIENT
from fall_line.runner import Ground, settled
from fall_line.runner.plain import Batch, Plain

REMEMBERED, LISTED = 30, 32
"""So many past gradients, and so many questions of one update, are told."""
ASKED = symbol("asked")
LITERAL = re.compile(r"<mi>(\(?−?[\d.][^<]*)</mi>")


class UpdateRequest(Document):
    """Which update of which descent."""

    experiment: Experiment = Field(description="The experiment.")
    descent: int = Field(0, ge=0, le=MAX_DESCENTS - 1, description="Which descent, counted from 0.")
    step: int = Field(0, ge=0, le=MAX_STEPS, description="The step that the update leaves.")

    def compute(self) -> Narration:
        """Return the update; ValidationError if the descent does not make it."""
        experiment = within("experiment", self.experiment.filled)
        if self.descent >= len(experiment.descents):
            message = f"there are {len(experiment.descents)} descents, counted from 0"
            raise refused("UpdateRequest", [(("descent",), message)])
        ground, descent = settled(experiment), experiment.descents[self.descent]
        told = None
        if self.step < experiment.steps:
            told = narrated(experiment, descent, ground, self.step)
        if told is None:
            raise refused("UpdateRequest", [(("step",), "the descent makes no update from this step")])
        return told


class Question(NamedTuple):
    """Where an update asked for the loss and its gradient, and what it was told."""

    at: list[float]
    loss: float
    gradient: list[float]


class Share(NamedTuple):
    """A past gradient and its weight in the velocity."""

    step: int
    weight: float
    gradient: list[float]


class Line(NamedTuple):
    """An equation of the update as MathML, in letters and, for x and y, with the numbers put in."""

    left: str | None
    right: str | None
    numbers: list[str | None] | None
    value: list[float]


@dataclass(frozen=True)
class Narration:
    """An update: vectors are those on the plane, the numbers of ``state`` belong to x and y.

    ``divisor`` is what the step is divided by where the optimizer remembers how steep it was, ``history``
    the past gradients in the velocity, the last first.
    """

    step: int
    learning_rate: float
    w: list[float]
    next: list[float]
    loss: float
    next_loss: float
    questions: list[Question]
    state: dict[str, Any]
    next_state: dict[str, Any]
    lines: list[Line]
    divisor: list[float] | None
    history: list[Share]


class Witness(Plain):
    """Follows a descent and remembers what its last updates asked."""

    asked: deque[list[tuple[Floats, float, Floats]]]

    def _batch(self, update: int) -> Batch:
        batch = super()._batch(update)
        if update == 0:
            self.asked = deque(maxlen=REMEMBERED)
        questions: list[tuple[Floats, float, Floats]] = []
        self.asked.appendleft(questions)
        return Overheard(batch, questions)


class Overheard(Batch):
    """A batch whose answers are noted."""

    def __init__(self, batch: Batch, heard: list[tuple[Floats, float, Floats]]) -> None:
        super().__init__(batch.objective, batch.noise, batch.known)
        self.heard = heard

    def __call__(self, w: Floats) -> tuple[float, Floats]:
        """Return loss and gradient, and note them."""
        loss, g = super().__call__(w)
        self.heard.append((w, loss, g))
        return loss, g


def narrated(experiment: Experiment, descent: Descent, ground: Ground, step: int) -> Narration | None:
    """Return the update of a descent that leaves a step, or None if it does not get there."""
    witness = Witness(experiment, descent, ground)
    if step:
        witness.take(0, step)
    before, seen = witness.position, witness.seen
    witness.take(step, 1)
    after, found = witness.position, witness.seen
    if not all(map(isfinite, (*before.w, *after.w, seen.loss, found.loss))):
        return None
    here, there = ground.places(np.array([before.w, after.w])).tolist()

    def flat(vector: Floats) -> list[float]:
        """Return a direction as it is seen on the plane."""
        ends: Floats = ground.places(np.array([before.w, before.w + vector]))
        direction: list[float] = (ends[1] - ends[0]).tolist()
        return direction

    rate = witness.rates.at(step)
    asked = witness.asked[0]
    questions = [Question(ground.places(w[None])[0].tolist(), loss, flat(g)) for w, loss, g in asked[:LISTED]]
    told = _Told(descent, before, after, rate, step, asked)
    return Narration(
        step=step,
        learning_rate=rate,
        w=here,
        next=there,
        loss=seen.loss,
        next_loss=found.loss,
        questions=questions,
        state=_state(before.state, flat),
        next_state=_state(after.state, flat),
        lines=told.lines(numbers=ground.flat),
        divisor=told.divisor() if ground.flat else None,
        history=[
            Share(step - age, weight, flat(questions[0][2]))
            for (age, weight), questions in zip(told.weights(len(witness.asked)), witness.asked, strict=False)
            if questions
        ],
    )


def _state(state: Any, flat: Callable[[Floats], list[float]]) -> dict[str, Any]:
    """Return the optimizer's memory by name, vectors as they are seen on the plane."""
    vectors = {name: np.asarray(value) for name, value in state._asdict().items()}
    return {
        name: flat(value) if value.ndim == 1 else float(value)
        for name, value in vectors.items()
        if value.ndim < 2
    }


class _Told:
    """The equations of one update, and the numbers to put in."""

    def __init__(self, descent: Descent, before: Any, after: Any, rate: float, step: int, asked: Any) -> None:
        optimizer = descent.optimizer
        letters = {name: field.title or name for name, field in type(optimizer).model_fields.items()}
        self.optimizer = optimizer
        self.equations = Equations([], letters)
        if optimizer.traceable:
            self.equations = update_equations(optimizer, letters)
        self.answered = [(left, _answered(right)) for left, right in self.equations.lines]
        self.values: dict[Node, Any] = {
            **{symbol(name): value for name, value in optimizer if isinstance(value, float)},
            **{present(name): value for name, value in before.state._asdict().items()},
            **{following(name): value for name, value in after.state._asdict().items()},
            following("w"): after.w,
            W: before.w,
            ALPHA: rate,
            STEP: float(step),
            GRADIENT: asked[0][2] if asked else np.nan,
            ASKED: asked[-1][2] if asked else np.nan,
        }
        names = before.state._fields
        self.memory = {of(name) for name in names for of in (present, following)}
        self.step = step

    def lines(self, *, numbers: bool) -> list[Line]:
        """Return the equations; those of an optimizer that branches have no numbers."""
        if not self.equations.lines:
            update = self.optimizer.typeset()
            return [Line(None, update, None, np.ravel(self.values[following("w")]).tolist())]
        written = self.equations.written
        told = []
        for (left, right), (_, answered) in zip(self.equations.lines, self.answered, strict=True):
            put_in, value = None, []
            if numbers:
                value = np.ravel(self.values[left]).tolist()
            if numbers and self._right(left, answered):
                put_in = [self._with_numbers(answered, i) for i in range(len(value))]
            told.append(Line(typeset(left, written), typeset(right, written), put_in, value))
        return told

    def _right(self, left: Node, right: Node) -> bool:
        """Whether the equation holds coordinate by coordinate: a norm in it would need both."""
        (value,) = interpret([right], self.values)
        return bool(np.allclose(value, self.values[left], rtol=1e-9, atol=1e-300))

    def _with_numbers(self, right: Node, coordinate: int) -> str | None:
        """Return the right-hand side of a coordinate with numbers in the place of letters."""
        put_in = {}
        for name in below([right]):
            if name.op == "symbol" and name in self.values:
                values = np.ravel(self.values[name])
                put_in[str(name.value)] = _written(float(values[coordinate % len(values)]))
        markup = typeset(right, put_in)
        # What stands beside a number is multiplied with a sign: 0.9·5.8, not 0.95.8.
        return markup and LITERAL.sub(r"<mn>\1</mn>", markup.replace("\u2062", "·"))

    def divisor(self) -> list[float] | None:
        """Return what the step is divided by, if that is made of something remembered of each coordinate."""
        found = None
        for _, right in self.answered:
            for each in below([right]):
                if each.op == "divide" and self._vectors(each.args[1]) & self.memory:
                    (value,) = interpret([each.args[1]], self.values)
                    found = np.broadcast_to(np.ravel(value), 2).tolist()
        return found

    def _vectors(self, root: Node) -> set[Node]:
        """Return the symbols below a node that stand for one number of each coordinate."""
        return {each for each in below([root]) if np.ndim(self.values.get(each, 0.0))}

    def weights(self, count: int) -> Iterable[tuple[int, float]]:
        """Yield the age and the weight of the last gradients in the velocity, if the optimizer has one.

        That is a part v of the state with v ← c·v + d·g: the gradient k updates ago counts c^k·d.
        """
        velocity = next(filter(None, map(self._linear, self._used())), None)
        if velocity is None:
            return
        kept_part, new_part = velocity
        kept = 1.0
        for age in range(count):
            at = {**self.values, STEP: float(self.step - age)}
            (new, share) = (float(np.ravel(value)[0]) for value in interpret([new_part, kept_part], at))
            yield age, kept * new
            kept *= share

    def _used(self) -> list[tuple[Node, Node]]:
        """Return the lines that the next iterate depends on."""
        wanted, used = {following("w")}, []
        for left, right in reversed(self.answered):
            if left in wanted:
                wanted.update(below([right]))
                used.append((left, right))
        return used[:0:-1]

    def _linear(self, line: tuple[Node, Node]) -> tuple[Node, Node] | None:
        """Return c and d of a line v ← c·v + d·g, None for other lines."""
        left, right = line
        before = present(str(left.value).removeprefix("next "))
        (root,) = rebuild([right], {ASKED: GRADIENT}, node)
        if any(each.op in ("where", "less") and self._vectors(each) for each in below([root])):
            return None
        kept, new = gradient(root, [before, GRADIENT])
        if self._vectors(kept) or self._vectors(new):
            return None
        share = float(np.ravel(interpret([kept], self.values)[0])[0])
        return (kept, new) if 0 < abs(share) < 1 else None


def _answered(root: Node) -> Node:
    """Return a graph in which the gradient elsewhere is what was answered there."""
    asked = {each: ASKED for each in below([root]) if each.op == "gradient"}
    return rebuild([root], asked, node)[0]


def _written(value: float) -> str:
    """Return a number as it stands in an equation."""
    text = f"{value:.4g}".replace("-", "−")
    return f"({text})" if value < 0 or "e" in text else text
