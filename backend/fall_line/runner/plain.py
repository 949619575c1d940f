"""A descent in plain NumPy: the reference for the compiled one, and the way of optimizers that branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fall_line.experiment import Descent, Experiment
from fall_line.optimizers import AnyOptimizer
from fall_line.optimizers.base import Vector
from fall_line.runner.entries import Entries, Floats
from fall_line.runner.ground import Ground, Objective
from fall_line.schedules import Rates


@dataclass
class Position:
    """Where a descent is: all that its next update depends on, besides the step's rate and luck."""

    w: Vector
    state: Any
    evaluations: int = 0


@dataclass(frozen=True)
class Seen:
    """The whole loss at an iterate, with its gradient."""

    w: Vector
    loss: float
    gradient: Vector


class Batch:
    """What one update can ask of the loss; it counts the questions."""

    def __init__(self, objective: Objective, noise: Floats | None, known: Seen | None) -> None:
        self.objective = objective
        self.noise = noise
        self.known = known
        self.evaluations = 0

    def __call__(self, w: Vector) -> tuple[float, Vector]:
        """Return the loss at w and the gradient that this step sees there."""
        self.evaluations += 1
        if self.known is not None and w is self.known.w:
            loss, g = self.known.loss, self.known.gradient
        else:
            loss, g = self.objective.look(w)
        return loss, g if self.noise is None else g + self.noise

    def hessian(self, w: Vector) -> Floats:
        """Return the matrix of second derivatives at w."""
        self.evaluations += 1
        return self.objective.hessian(w)


class Plain:
    """Follows any optimizer, a step at a time."""

    def __init__(
        self, experiment: Experiment, descent: Descent, ground: Ground, *, remember: bool = False
    ) -> None:
        self.ground = ground
        self.optimizer: AnyOptimizer = descent.optimizer
        self.rates = Rates(descent.rate, experiment.steps)
        self.remember = remember
        w = ground.first(descent.start)
        self.noise = descent.gradient.noise(experiment.steps, len(w), experiment.seed)
        self.batches = descent.gradient.batches(ground.examples, experiment.seed)
        self.depart(Position(w, self.optimizer.init(w)))

    def depart(self, position: Position) -> None:
        """Go on from a position."""
        self.position = position
        self.seen = Seen(position.w, *self.ground.whole.look(position.w))

    def start(self) -> Entries:
        """Return the entry of the start."""
        return self.entries([self.position], [self.seen], 0)

    def take(self, t: int, count: int) -> Entries:
        """Make updates t to t + count − 1; return the entry after each."""
        positions = []
        seen = []
        with np.errstate(all="ignore"):
            for update in range(t, t + count):
                at = self.position
                batch = self._batch(update)
                w, state = self.optimizer.update(at.w, batch, at.state, self.rates.at(update), update)
                self.depart(Position(w, state, at.evaluations + batch.evaluations))
                positions.append(self.position)
                seen.append(self.seen)
                self.rates.hear(update, self.seen.loss)
        return self.entries(positions, seen, t + 1)

    def _batch(self, update: int) -> Batch:
        noise = None if self.noise is None else self.noise[update]
        if self.batches is None:
            return Batch(self.ground.whole, noise, self.seen)
        return Batch(self.ground.batch(self.batches.rows(update)), noise, None)

    def entries(self, positions: Sequence[Position], seen: Sequence[Seen], step: int) -> Entries:
        """Return positions, and the loss seen at each, as entries from ``step`` on."""
        iterates = np.array([each.w for each in positions])
        gradients = np.array([each.gradient for each in seen])
        x, y = self.ground.places(iterates).T
        state = {}
        if self.remember:
            names = positions[0].state._fields
            state = {name: np.array([getattr(each.state, name) for each in positions]) for name in names}
        return Entries(
            x=x,
            y=y,
            loss=np.array([each.loss for each in seen]),
            learning_rate=self.rates.between(step, step + len(positions)),
            gradient_norm=norms(gradients),
            evaluations=np.array([each.evaluations for each in positions], np.int64),
            weights=None if self.ground.flat else iterates,
            state=state,
        )


def norms(gradients: Floats) -> Floats:
    """Return the lengths (n,) of gradients (n, d)."""
    if gradients.shape[1] == 2:
        return np.hypot(gradients[:, 0], gradients[:, 1])
    lengths: Floats = np.linalg.norm(gradients, axis=1)
    return lengths
