"""Descents followed to their ends."""

from __future__ import annotations

from dataclasses import dataclass

from fall_line.experiment import Experiment, read
from fall_line.runner.entries import Entries, joined
from fall_line.runner.frames import Document, frames

FRAME = 1024


@dataclass(frozen=True, kw_only=True)
class Trajectory(Entries):
    """What a descent produced: entry s of every array belongs to the iterate after s updates."""

    label: str
    status: str
    reason: str

    @property
    def steps(self) -> int:
        """The number of updates made."""
        return len(self) - 1


def run(experiment: Document, *, state: bool = False) -> list[Trajectory]:
    """Return the trajectories of an experiment, one per descent; with ``state``, the optimizers' memory too.

    Raises pydantic's ValidationError, a ValueError, if the document is refused.
    """
    return trajectories(read(experiment), remember=state)


def trajectories(experiment: Experiment, *, remember: bool = False) -> list[Trajectory]:
    """Return the trajectories of an experiment that has been filled in; see :func:`run`."""
    found = []
    for index, descent in enumerate(experiment.descents):
        parts = list(frames(experiment, index, first=FRAME, largest=FRAME, remember=remember))
        status, reason = parts[-1].status or "", parts[-1].reason or ""
        columns = joined(parts).columns()
        found.append(Trajectory(**columns, label=descent.label or "", status=status, reason=reason))
    return found
