"""How a descent ends: the status of the contract, with its reason in words."""

from __future__ import annotations

from math import hypot, inf, isfinite
from typing import NamedTuple

from fall_line.experiment import Descent, Experiment

ESCAPED, LOST = 1e3, 1e6
"""So many domain diameters from the centre a descent has left the landscape: below its start, or not."""


class Entry(NamedTuple):
    """What a trajectory lists of one iterate."""

    x: float
    y: float
    loss: float
    learning_rate: float
    gradient_norm: float
    evaluations: int


class Verdict(NamedTuple):
    """The end of a descent."""

    status: str
    reason: str


class Judge:
    """Watches the iterates of one descent, in order."""

    def __init__(self, experiment: Experiment, descent: Descent) -> None:
        window = experiment.surface.window()
        self.center = window.center
        self.diameter = window.diameter
        self.steps = experiment.steps
        self.stop = experiment.stop
        self.first_loss = inf
        self.best = inf
        self.best_step = 0
        self.was_above = False

    def refuses(self, step: int, entry: Entry) -> Verdict | None:
        """Return the verdict if this iterate is not to be listed: it is not real, or left the landscape."""
        if step == 0:
            self.first_loss = entry.loss
        for value, what in (
            (entry.x, "x"),
            (entry.y, "y"),
            (entry.loss, "the loss"),
            (entry.gradient_norm, "the gradient"),
        ):
            if not isfinite(value):
                return Verdict("diverged", f"diverged at step {step}: {what} is not a finite number")
        distance = hypot(entry.x - self.center[0], entry.y - self.center[1]) / self.diameter
        if distance > ESCAPED and entry.loss < self.first_loss:
            return Verdict(
                "escaped", f"escaped at step {step}: the loss falls without end, far outside the map"
            )
        if distance > LOST:
            return Verdict("diverged", f"diverged at step {step}: more than a million domain diameters away")
        return None

    def ends(self, step: int, entry: Entry) -> Verdict | None:
        """Return the verdict if this iterate, which is listed, is the last one."""
        stop = self.stop
        if stop.gradient_norm is not None and entry.gradient_norm <= stop.gradient_norm:
            return Verdict(
                "converged", f"converged at step {step}: the gradient norm is at most {stop.gradient_norm:g}"
            )
        if entry.loss < self.best - stop.minimum_improvement:
            self.best, self.best_step = entry.loss, step
        elif stop.patience is not None and step - self.best_step >= stop.patience:
            return Verdict("stalled", f"stalled at step {step}: no better loss in {stop.patience} steps")
        if stop.learning_rate is not None:
            if self.was_above and entry.learning_rate < stop.learning_rate:
                return Verdict(
                    "stalled", f"stalled at step {step}: the learning rate fell below {stop.learning_rate:g}"
                )
            self.was_above = self.was_above or entry.learning_rate > stop.learning_rate
        if stop.evaluations is not None and entry.evaluations >= stop.evaluations:
            return Verdict("finished", f"finished at step {step}: used its {stop.evaluations} evaluations")
        if step == self.steps:
            return Verdict("finished", f"finished: made all {self.steps} steps")
        return None
