"""The only loop: it follows the descents of an experiment, frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fall_line import schedules
from fall_line.experiment import Descent, Experiment, read
from fall_line.optimizers import AnyOptimizer
from fall_line.optimizers.base import Oracle, Vector
from fall_line.verdict import Entry, Judge, Verdict

FIRST_FRAME, LAST_FRAME = 8, 128

Document = Experiment | dict[str, Any] | str | bytes
COLUMNS = Entry._fields


@dataclass(frozen=True)
class Frame:
    """Some consecutive entries of one trajectory; ``step`` is the index of the first.

    The last frame of a descent says how it ended: ``status`` is "finished", "converged", "stalled",
    "escaped" or "diverged", ``reason`` says so in words.
    """

    descent: int
    step: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    loss: NDArray[np.float64]
    learning_rate: NDArray[np.float64]
    gradient_norm: NDArray[np.float64]
    evaluations: NDArray[np.int64]
    status: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Trajectory:
    """What a descent produced: entry s of every array belongs to the iterate after s updates."""

    label: str
    status: str
    reason: str
    steps: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    loss: NDArray[np.float64]
    learning_rate: NDArray[np.float64]
    gradient_norm: NDArray[np.float64]
    evaluations: NDArray[np.int64]


def run(experiment: Document) -> list[Trajectory]:
    """Return the trajectories of an experiment, one per descent.

    Raises pydantic's ValidationError, a ValueError, if the document is refused.
    """
    return trajectories(read(experiment))


def trajectories(experiment: Experiment) -> list[Trajectory]:
    """Return the trajectories of an experiment that has been filled in; see :func:`run`."""
    return [
        _joined(descent.label or "", list(frames(experiment, index)))
        for index, descent in enumerate(experiment.descents)
    ]


def _joined(label: str, parts: list[Frame]) -> Trajectory:
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    last = parts[-1]
    return Trajectory(label, last.status or "", last.reason or "", len(columns["x"]) - 1, **columns)


def stream(experiment: Document) -> Iterator[Frame]:
    """Yield the frames of an experiment as they are computed, the descents taking turns.

    The document is checked at once: a refused one raises pydantic's ValidationError here.
    """
    return follow(read(experiment))


def follow(experiment: Experiment) -> Iterator[Frame]:
    """Yield the frames of an experiment that has been filled in; see :func:`stream`."""
    descents = [frames(experiment, index) for index in range(len(experiment.descents))]
    while descents:
        for frames_of_one in list(descents):
            frame = next(frames_of_one, None)
            if frame is None:
                descents.remove(frames_of_one)
            else:
                yield frame


def frames(experiment: Experiment, index: int) -> Iterator[Frame]:
    """Yield the frames of one descent."""
    path = _Path(experiment, experiment.descents[index])
    length = FIRST_FRAME
    while path.verdict is None:
        first = len(path.columns["x"])
        path.advance(length)
        status, reason = path.verdict or (None, None)
        arrays = {name: np.array(values[first:]) for name, values in path.columns.items()}
        yield Frame(index, first, **arrays, status=status, reason=reason)
        length = min(2 * length, LAST_FRAME)


class _Path:
    """One descent on its way; written for any optimizer, with NumPy vectors of two."""

    def __init__(self, experiment: Experiment, descent: Descent) -> None:
        self.field = experiment.surface.field()
        self.optimizer: AnyOptimizer = descent.optimizer
        self.rates = schedules.rates(descent.rate, experiment.steps)
        self.noise = descent.gradient.noise(experiment.steps, 2, experiment.seed)
        self.judge = Judge(experiment, descent)
        self.columns: dict[str, list[float]] = {name: [] for name in COLUMNS}
        self.verdict: Verdict | None = None
        self.w: Vector = np.array(descent.start, np.float64)
        self.state = descent.optimizer.init(self.w)
        self.evaluations = 0

    def oracle(self, t: int) -> Oracle:
        """Return the loss and gradient that update t sees."""

        def look(w: Vector) -> tuple[float, Vector]:
            self.evaluations += 1
            loss, *gradient = self.field.loss_and_gradient_at(float(w[0]), float(w[1]))
            g = np.array(gradient)
            return loss, g if self.noise is None else g + self.noise[t]

        return look

    def advance(self, entries: int) -> None:
        """List so many more iterates, or as many as there are before the descent ends."""
        columns = self.columns.values()
        with np.errstate(all="ignore"):
            for step in range(len(self.columns["x"]), len(self.columns["x"]) + entries):
                if step > 0:
                    t = step - 1
                    rate = float(self.rates[t])
                    self.w, self.state = self.optimizer.update(self.w, self.oracle(t), self.state, rate, t)
                x, y = float(self.w[0]), float(self.w[1])
                loss, gx, gy = self.field.loss_and_gradient_at(x, y)
                entry = Entry(x, y, loss, float(self.rates[step]), hypot(gx, gy), self.evaluations)
                self.verdict = self.judge.refuses(step, entry)
                if self.verdict:
                    return
                for column, value in zip(columns, entry, strict=True):
                    column.append(value)
                self.verdict = self.judge.ends(step, entry)
                if self.verdict:
                    return
