"""The only loop: it follows the descents of an experiment, frame by frame, as they are computed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fall_line.averages import Average
from fall_line.experiment import Experiment, read
from fall_line.gradients import Batches
from fall_line.runner.compiled import Compiled
from fall_line.runner.entries import Entries, Floats, joined
from fall_line.runner.ground import Ground, Progress, approach, finished
from fall_line.runner.plain import Plain
from fall_line.runner.verdict import Judge

FIRST_FRAME, LAST_FRAME = 8, 128

Document = Experiment | dict[str, Any] | str | bytes


@dataclass(frozen=True)
class Averages:
    """Averages of iterates, an element of every array for each that was taken: a second path."""

    step: NDArray[np.int64]
    x: Floats
    y: Floats
    loss: Floats


@dataclass(frozen=True, kw_only=True)
class Frame(Entries):
    """Some consecutive entries of one trajectory; ``step`` is the index of the first.

    The last frame of a descent says how it ended: ``status`` is "finished", "converged", "stalled",
    "escaped" or "diverged", ``reason`` says so in words.
    """

    descent: int
    step: int
    average: Averages | None = None
    status: str | None = None
    reason: str | None = None


def stream(experiment: Document) -> Iterator[Frame]:
    """Yield the frames of an experiment as they are computed, the descents taking turns.

    The document is checked at once: a refused one raises pydantic's ValidationError here.
    """
    filled = read(experiment)
    return follow(filled, settled(filled))


def grounded(experiment: Experiment) -> Generator[Progress, None, Ground]:
    """Return the ground of an experiment that has been filled in; yield how far it is from being found."""
    return approach(experiment, frames)


def settled(experiment: Experiment) -> Ground:
    """Return the ground of an experiment that has been filled in."""
    return finished(grounded(experiment))


def follow(experiment: Experiment, ground: Ground) -> Iterator[Frame]:
    """Yield the frames of an experiment that has been filled in, on its ground; see :func:`stream`."""
    descents = [frames(experiment, index, ground) for index in range(len(experiment.descents))]
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
    ground: Ground,
    *,
    first: int = FIRST_FRAME,
    largest: int = LAST_FRAME,
    remember: bool = False,
) -> Iterator[Frame]:
    """Yield the frames of one descent; with ``remember``, the optimizer's state is in them.

    The first frame holds ``first`` entries, each later one twice as many as the last, up to ``largest``.
    """
    descent = experiment.descents[index]
    compiled = descent.optimizer.traceable and ground.flat
    follower = (Compiled if compiled else Plain)(experiment, descent, ground, remember=remember)
    batches = descent.gradient.batches(ground.examples, experiment.seed)
    average = None if descent.average is None else descent.average.follow()
    step, length = 0, first
    entries = follower.start()
    judge = Judge(experiment, ground.window, float(entries.loss[0]))
    entries = joined([entries, follower.take(0, min(length - 1, experiment.steps))])
    while True:
        verdict = judge.verdict(step, entries)
        listed = entries if verdict is None else entries.first(verdict.listed)
        with np.errstate(all="ignore"):
            columns = _measured(listed, ground, batches, step).columns()
            averages = None if average is None else _averaged(average, listed, ground, step)
        status, reason = (None, None) if verdict is None else (verdict.status, verdict.reason)
        yield Frame(**columns, descent=index, step=step, average=averages, status=status, reason=reason)
        if verdict is not None:
            return
        step += len(entries)
        length = min(2 * length, largest)
        entries = follower.take(step - 1, min(length, experiment.steps - step + 1))


def _measured(entries: Entries, ground: Ground, batches: Batches | None, step: int) -> Entries:
    """Return entries with the measures that this surface and gradient have."""
    iterates = entries.iterates
    measures = ground.measures(iterates)
    if batches is not None:
        measures["batch_loss"] = ground.batch_losses(iterates, batches, step)
    return replace(entries, measures=measures) if measures else entries


def _averaged(average: Average, entries: Entries, ground: Ground, step: int) -> Averages | None:
    """Return the averages taken at these entries, None if there are none."""
    steps, means = average.take(step, entries.iterates)
    if not steps:
        return None
    x, y = ground.places(means).T
    return Averages(np.array(steps), x, y, ground.whole.losses(means))
