"""The only loop: it follows the descents of an experiment, frame by frame, as they are computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fall_line.experiment import Experiment, read
from fall_line.runner.compiled import Compiled
from fall_line.runner.entries import Entries, joined
from fall_line.runner.plain import Plain
from fall_line.runner.verdict import Judge

FIRST_FRAME, LAST_FRAME = 8, 128

Document = Experiment | dict[str, Any] | str | bytes


@dataclass(frozen=True, kw_only=True)
class Frame(Entries):
    """Some consecutive entries of one trajectory; ``step`` is the index of the first.

    The last frame of a descent says how it ended: ``status`` is "finished", "converged", "stalled",
    "escaped" or "diverged", ``reason`` says so in words.
    """

    descent: int
    step: int
    status: str | None = None
    reason: str | None = None


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


def frames(
    experiment: Experiment,
    index: int,
    *,
    first: int = FIRST_FRAME,
    largest: int = LAST_FRAME,
    remember: bool = False,
) -> Iterator[Frame]:
    """Yield the frames of one descent; with ``remember``, the optimizer's state is in them.

    The first frame holds ``first`` entries, each later one twice as many as the last, up to ``largest``.
    """
    descent = experiment.descents[index]
    follower = (Compiled if descent.optimizer.traceable else Plain)(experiment, descent, remember=remember)
    step, length = 0, first
    entries = follower.start()
    judge = Judge(experiment, descent, float(entries.loss[0]))
    entries = joined([entries, follower.take(0, min(length - 1, experiment.steps))])
    while True:
        verdict = judge.verdict(step, entries)
        if verdict is not None:
            columns = entries.first(verdict.listed).columns()
            yield Frame(**columns, descent=index, step=step, status=verdict.status, reason=verdict.reason)
            return
        yield Frame(**entries.columns(), descent=index, step=step)
        step += len(entries)
        length = min(2 * length, largest)
        entries = follower.take(step - 1, min(length, experiment.steps - step + 1))
