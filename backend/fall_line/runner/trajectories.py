"""Descents followed to their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from fall_line.experiment import Experiment, read
from fall_line.runner.entries import Entries, joined
from fall_line.runner.frames import Averages, Document, frames, settled
from fall_line.runner.ground import Ground

FRAME = 1024


@dataclass(frozen=True, kw_only=True)
class Trajectory(Entries):
    """What a descent produced: entry s of every array belongs to the iterate after s updates."""

    label: str
    status: str
    reason: str
    average: Averages | None = None
    steps_per_epoch: int | None = None
    """The updates in which every example is seen once, on a surface made of data."""

    @property
    def steps(self) -> int:
        """The number of updates made; where the start has no gradient nothing is listed."""
        return max(len(self) - 1, 0)


def run(experiment: Document, *, state: bool = False) -> list[Trajectory]:
    """Return the trajectories of an experiment, one per descent; with ``state``, the optimizers' memory too.

    Raises pydantic's ValidationError, a ValueError, if the document is refused.
    """
    return trajectories(read(experiment), remember=state)


def trajectories(experiment: Experiment, *, remember: bool = False) -> list[Trajectory]:
    """Return the trajectories of an experiment that has been filled in; see :func:`run`."""
    ground = settled(experiment)
    return [
        trajectory(experiment, index, ground, remember=remember) for index in range(len(experiment.descents))
    ]


def trajectory(experiment: Experiment, index: int, ground: Ground, *, remember: bool = False) -> Trajectory:
    """Return the trajectory of one descent; the weights of a network are left out, they are too many."""
    made = frames(experiment, index, ground, first=FRAME, largest=FRAME, remember=remember)
    parts = [replace(frame, weights=None) for frame in made]
    descent = experiment.descents[index]
    return Trajectory(
        **joined(parts).columns(),
        label=descent.label or "",
        status=parts[-1].status or "",
        reason=parts[-1].reason or "",
        average=_joined([part.average for part in parts if part.average is not None]),
        steps_per_epoch=experiment.steps_per_epoch(descent),
    )


def _joined(parts: Sequence[Averages]) -> Averages | None:
    if not parts:
        return None
    return Averages(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Averages))
    )
