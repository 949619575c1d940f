"""The answers of the API, computed and encoded: functions for worker threads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from time import monotonic
from typing import Annotated, Any, Self

from pydantic import Field, Strict, model_validator

from fall_line import scenes, schedules
from fall_line.component import Document, refusal
from fall_line.experiment import MAX_STEPS, Experiment
from fall_line.landscape import EvaluationRequest, LandscapeRequest
from fall_line.runner import COLUMNS, Frame, Trajectory, trajectories
from fall_line.schedules import LearningRate, Rates, Schedule
from fall_line.service.documents import encoded, typed_array
from fall_line.service.problems import ProblemError, problem

TOGETHER = 0.004
"""Seconds of computing after which the frames that are ready are sent."""
TABLE = ("x", "y", "loss", "learning_rate", "gradient_norm")


class ScheduleRequest(Document):
    """A learning rate and how many steps of it."""

    learning_rate: LearningRate = Field(description="A number or a schedule.")
    steps: int = Field(300, ge=1, le=MAX_STEPS, description="The number of the last update.")
    losses: Annotated[tuple[float, ...], Strict(False)] = Field(
        (),
        max_length=MAX_STEPS,
        description="For a schedule that reacts: the loss it hears after each update.",
    )

    @model_validator(mode="after")
    def _heard(self) -> Self:
        reacts = isinstance(self.learning_rate, Schedule) and self.learning_rate.reacts
        if reacts and len(self.losses) < self.steps:
            raise refusal(
                f"this schedule reacts to the losses: give {self.steps} losses, one for each update"
            )
        return self


def run(experiment: Experiment, state: bool = False) -> bytes:
    """Return all trajectories of an experiment, with the optimizers' memory if ``state``."""
    listed = [_listed(trajectory, state) for trajectory in trajectories(experiment, remember=state)]
    return encoded({"experiment": experiment, "key": experiment.key(), "trajectories": listed})


def _listed(trajectory: Trajectory, state: bool) -> dict[str, Any]:
    words = ("label", "status", "reason", "steps")
    listed = {name: getattr(trajectory, name) for name in (*words, *COLUMNS)}
    return {**listed, "state": trajectory.state} if state else listed


def start(experiment: Experiment) -> bytes:
    """Return the first line of a stream."""
    labels = [descent.label for descent in experiment.descents]
    return line({"type": "start", "experiment": experiment, "key": experiment.key(), "labels": labels})


def next_lines(frames: Iterator[Frame]) -> bytes:
    """Return the lines of the next frames of a stream, empty after the last one.

    As many as are computed within some milliseconds, at least one: a slow frame travels alone, quick ones
    share the way to the worker thread and to the network.
    """
    lines = b""
    end = monotonic() + TOGETHER
    for frame in frames:
        lines += _frame_lines(frame)
        if monotonic() > end:
            break
    return lines


def _frame_lines(frame: Frame) -> bytes:
    lines = b""
    if len(frame):
        columns = {name: getattr(frame, name) for name in COLUMNS}
        lines += line({"type": "frames", "descent": frame.descent, "step": frame.step, **columns})
    if frame.status is not None:
        end = {"type": "end", "descent": frame.descent, "status": frame.status, "reason": frame.reason}
        lines += line({**end, "steps": frame.step + len(frame) - 1})
    return lines


def line(document: dict[str, Any]) -> bytes:
    """Return a document as a line of JSON."""
    return encoded(document) + b"\n"


def table(experiment: Experiment) -> str:
    """Return all trajectories as CSV, a row per step."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(("descent", "label", "step", *TABLE))
    for index, trajectory in enumerate(trajectories(experiment)):
        label = trajectory.label
        if label.startswith(("=", "+", "-", "@", "\t", "\r")):
            # A spreadsheet would take a label such as =1+1 for a formula.
            label = f"'{label}"
        rows = zip(*(getattr(trajectory, name).tolist() for name in TABLE), strict=True)
        writer.writerows((index, label, step, *row) for step, row in enumerate(rows))
    return written.getvalue()


def landscape(wanted: LandscapeRequest, arrays: str) -> bytes:
    """Return a landscape; ``arrays`` is "lists" or "base64"."""
    found = wanted.compute()
    loss = typed_array(found.loss, "f4") if arrays == "base64" else found.loss
    points = [point._asdict() for point in found.stationary_points]
    return encoded({**vars(found), "loss": loss, "stationary_points": points})


def evaluation(wanted: EvaluationRequest) -> bytes:
    """Return a surface at points."""
    return encoded(vars(wanted.compute()))


def rates(wanted: ScheduleRequest) -> bytes:
    """Return the rates of a schedule."""
    try:
        filled = schedules.filled(wanted.learning_rate, wanted.steps, 0.01)
        rates = Rates(filled, wanted.steps)
        for t, loss in enumerate(wanted.losses[: wanted.steps]):
            rates.hear(t, loss)
    except ValueError as error:
        place = {"path": ["learning_rate"], "message": str(error), "column": None}
        raise ProblemError(problem(422, f"learning_rate: {error}", [place])) from error
    return encoded({"learning_rate": rates.between(0, wanted.steps + 1)})


def schema() -> bytes:
    """Return the JSON Schema of a scene."""
    return encoded(scenes.schema())
