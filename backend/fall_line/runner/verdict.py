"""How a descent ends: the status of the contract, with its reason in words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fall_line.experiment import Experiment
from fall_line.runner.entries import Entries
from fall_line.surfaces import Domain

ESCAPED, LOST = 1e3, 1e6
"""So many domain diameters from the centre a descent has left the landscape: below its start, or not."""


class Verdict(NamedTuple):
    """The end of a descent: ``listed`` entries from here on belong to its trajectory."""

    listed: int
    status: str
    reason: str


class Judge:
    """Watches the entries of one descent, in order."""

    def __init__(self, experiment: Experiment, window: Domain, first_loss: float) -> None:
        self.center = window.center
        self.diameter = window.diameter
        self.steps = experiment.steps
        self.stop = experiment.stop
        self.first_loss = first_loss
        self.best = np.inf
        self.best_step = 0
        self.was_above = False

    def verdict(self, step: int, entries: Entries) -> Verdict | None:
        """Return how the descent ends within these entries, or None; ``step`` is the index of the first."""
        refused = self._refused(step, entries)
        listed = len(entries) if refused is None else refused.listed
        rules = (self._converged, self._no_better, self._slow, self._spent, self._done)
        ends = [end for rule in rules if (end := rule(step, entries)) is not None and end.listed <= listed]
        # The earliest end counts, and of several at the same step the first rule.
        return min(ends, key=lambda end: end.listed, default=refused)

    def _refused(self, step: int, entries: Entries) -> Verdict | None:
        """An iterate that is not to be listed: it is not real, or has left the landscape."""
        values = (
            (entries.x, "x"),
            (entries.y, "y"),
            (entries.loss, "the loss"),
            (entries.gradient_norm, "the gradient"),
        )
        wrong = ~np.isfinite([value for value, _ in values])
        with np.errstate(all="ignore"):
            distance = np.hypot(entries.x - self.center[0], entries.y - self.center[1]) / self.diameter
            escaped = (distance > ESCAPED) & (entries.loss < self.first_loss)
            lost = distance > LOST
        first = _first(wrong.any(axis=0) | escaped | lost)
        if first is None:
            return None
        at = f"at step {step + first}"
        for (value, what), not_finite in zip(values, wrong, strict=True):
            if not_finite[first]:
                missing = what == "the gradient" and np.isnan(value[first])
                wording = "does not exist" if missing else "is not a finite number"
                return Verdict(first, "diverged", f"diverged {at}: {what} {wording}")
        if escaped[first]:
            return Verdict(first, "escaped", f"escaped {at}: the loss falls without end, far outside the map")
        return Verdict(first, "diverged", f"diverged {at}: more than a million domain diameters away")

    def _converged(self, step: int, entries: Entries) -> Verdict | None:
        bound = self.stop.gradient_norm
        first = None if bound is None else _first(entries.gradient_norm <= bound)
        if first is None:
            return None
        reason = f"converged at step {step + first}: the gradient norm is at most {bound:g}"
        return Verdict(first + 1, "converged", reason)

    def _no_better(self, step: int, entries: Entries) -> Verdict | None:
        patience = self.stop.patience
        if patience is None:
            return None
        for index, loss in enumerate(entries.loss.tolist()):
            if loss < self.best - self.stop.minimum_improvement:
                self.best, self.best_step = loss, step + index
            elif step + index - self.best_step >= patience:
                reason = f"stalled at step {step + index}: no better loss in {patience} steps"
                return Verdict(index + 1, "stalled", reason)
        return None

    def _slow(self, step: int, entries: Entries) -> Verdict | None:
        bound = self.stop.learning_rate
        if bound is None:
            return None
        for index, rate in enumerate(entries.learning_rate.tolist()):
            if self.was_above and rate < bound:
                reason = f"stalled at step {step + index}: the learning rate fell below {bound:g}"
                return Verdict(index + 1, "stalled", reason)
            self.was_above = self.was_above or rate > bound
        return None

    def _spent(self, step: int, entries: Entries) -> Verdict | None:
        budget = self.stop.evaluations
        first = None if budget is None else _first(entries.evaluations >= budget)
        if first is None:
            return None
        reason = f"finished at step {step + first}: used its {budget} evaluations"
        return Verdict(first + 1, "finished", reason)

    def _done(self, step: int, entries: Entries) -> Verdict | None:
        last = self.steps - step
        if last >= len(entries):
            return None
        return Verdict(last + 1, "finished", f"finished: made all {self.steps} steps")


def _first(mask: NDArray[np.bool_]) -> int | None:
    return int(mask.argmax()) if mask.any() else None
