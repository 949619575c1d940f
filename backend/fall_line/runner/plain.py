"""A descent in plain NumPy: the reference for the compiled one, and the way of optimizers that branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fall_line.experiment import Descent, Experiment
from fall_line.expression import Field
from fall_line.optimizers import AnyOptimizer
from fall_line.optimizers.base import Vector
from fall_line.runner.entries import Entries, Floats
from fall_line.schedules import Rates


@dataclass
class Position:
    """Where a descent is: all that its next update depends on, besides the step's rate and luck."""

    w: Vector
    state: Any
    evaluations: int = 0


class Batch:
    """What update t can ask of the loss; it counts the questions."""

    def __init__(self, field: Field, noise: Floats | None) -> None:
        self.field = field
        self.noise = noise
        self.evaluations = 0

    def __call__(self, w: Vector) -> tuple[float, Vector]:
        """Return the loss at w and the gradient that this step sees there."""
        self.evaluations += 1
        loss, *gradient = self.field.loss_and_gradient_at(float(w[0]), float(w[1]))
        g = np.array(gradient)
        return loss, g if self.noise is None else g + self.noise

    def hessian(self, w: Vector) -> Floats:
        """Return the matrix of second derivatives at w."""
        self.evaluations += 1
        curvature: Floats = self.field.derivatives(w)[2][0]
        return curvature


class Plain:
    """Follows any optimizer, a step at a time."""

    def __init__(self, experiment: Experiment, descent: Descent, *, remember: bool = False) -> None:
        self.field = experiment.surface.field()
        self.optimizer: AnyOptimizer = descent.optimizer
        self.noise = descent.gradient.noise(experiment.steps, 2, experiment.seed)
        self.rates = Rates(descent.rate, experiment.steps)
        self.remember = remember
        w = np.array(descent.start, np.float64)
        self.position = Position(w, self.optimizer.init(w))

    def start(self) -> Entries:
        """Return the entry of the start."""
        return self.entries([self.row()], [self.position.state], 0)

    def take(self, t: int, count: int) -> Entries:
        """Make updates t to t + count − 1; return the entry after each."""
        rows = []
        states = []
        with np.errstate(all="ignore"):
            for update in range(t, t + count):
                at = self.position
                batch = Batch(self.field, None if self.noise is None else self.noise[update])
                w, state = self.optimizer.update(at.w, batch, at.state, self.rates.at(update), update)
                self.position = Position(w, state, at.evaluations + batch.evaluations)
                rows.append(self.row())
                states.append(state)
                self.rates.hear(update, rows[-1][2])
        return self.entries(rows, states, t + 1)

    def row(self) -> tuple[float, ...]:
        """Return x, y, loss, the gradient's components and the evaluations so far."""
        x, y = float(self.position.w[0]), float(self.position.w[1])
        return x, y, *self.field.loss_and_gradient_at(x, y), self.position.evaluations

    def entries(self, rows: Sequence[Sequence[float]], states: Sequence[Any], step: int) -> Entries:
        """Return rows and states as entries from ``step`` on."""
        x, y, loss, gx, gy, evaluations = np.array(rows, np.float64).T
        rates = self.rates.between(step, step + len(rows))
        state = {}
        if self.remember:
            columns = zip(*states, strict=True)
            state = {name: np.array(column) for name, column in zip(states[0]._fields, columns, strict=True)}
        return Entries(
            x=x,
            y=y,
            loss=loss,
            learning_rate=rates,
            gradient_norm=np.hypot(gx, gy),
            evaluations=evaluations.astype(np.int64),
            state=state,
        )
