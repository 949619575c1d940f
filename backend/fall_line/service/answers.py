"""The answers of the API, computed and encoded: functions for worker threads."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterator
from time import monotonic
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, Strict, model_validator
from pydantic_core import to_json

from fall_line import scenes, schedules
from fall_line.clouds import GradientsRequest
from fall_line.component import Document, refusal
from fall_line.experiment import MAX_STEPS, Experiment
from fall_line.landscape import EvaluationRequest, Landscape, LandscapeRequest
from fall_line.lectures import lectures
from fall_line.narration import UpdateRequest
from fall_line.predictions import ModelRequest
from fall_line.runner import COLUMNS, Frame, Progress, Trajectory, Weights, follow, grounded, trajectories
from fall_line.schedules import LearningRate, Rates, Schedule
from fall_line.service.documents import encoded, typed_array
from fall_line.service.problems import ProblemError, problem
from fall_line.tables import TableRequest

Result = TypeVar("Result")
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
    listed = {name: getattr(trajectory, name) for name in (*words, *COLUMNS)} | trajectory.measures
    if trajectory.steps_per_epoch is not None:
        listed["steps_per_epoch"] = trajectory.steps_per_epoch
    if trajectory.average is not None:
        listed["average"] = vars(trajectory.average)
    return {**listed, "state": trajectory.state} if state else listed


def start(experiment: Experiment) -> bytes:
    """Return the first line of a stream."""
    first = {
        "type": "start",
        "experiment": experiment,
        "key": experiment.key(),
        "labels": [descent.label for descent in experiment.descents],
    }
    if experiment.surface.count() is not None:
        first["steps_per_epoch"] = [experiment.steps_per_epoch(descent) for descent in experiment.descents]
    return line(first)


def next_lines(events: Iterator[bytes]) -> bytes:
    """Return the next lines of a stream, empty after the last one.

    As many as are computed within some milliseconds, at least one: what is slow travels alone, what is quick
    shares the way to the worker thread and to the network.
    """
    lines = b""
    end = monotonic() + TOGETHER
    for computed in events:
        lines += computed
        if monotonic() > end:
            break
    return lines


def _frame_lines(frame: Frame) -> bytes:
    lines = b""
    if len(frame):
        columns = {name: getattr(frame, name) for name in COLUMNS} | frame.measures
        lines += line({"type": "frames", "descent": frame.descent, "step": frame.step, **columns})
    if frame.average is not None:
        lines += line({"type": "average", "descent": frame.descent, **vars(frame.average)})
    if frame.status is not None:
        end = {"type": "end", "descent": frame.descent, "status": frame.status, "reason": frame.reason}
        lines += line({**end, "steps": max(frame.step + len(frame) - 1, 0)})
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
    return encoded(_mapped(wanted.compute(), arrays))


def _mapped(found: Landscape, arrays: str) -> dict[str, Any]:
    points = [point._asdict() for point in found.stationary_points]
    listed = {"stationary_points": points, "stationary": found.stationary._asdict()}
    return {**vars(found), "loss": _grid(found.loss, arrays), **listed}


def _grid(values: Any, arrays: str) -> Any:
    return typed_array(values, "f4") if arrays == "base64" and values is not None else values


def landscape_events(wanted: LandscapeRequest, arrays: str) -> Iterator[bytes]:
    """Yield the lines of a landscape on its way: progress, then the landscape itself."""
    found = yield from _progress_lines(wanted.approach())
    yield line({"type": "landscape", **_mapped(found, arrays)})


def run_events(experiment: Experiment) -> Iterator[bytes]:
    """Yield the lines of a stream between its first and its last, frames as they are computed."""
    ground = yield from _progress_lines(grounded(experiment))
    if isinstance(ground, Weights):
        plane = {"explained": ground.plane.explained, "weights": ground.whole.size}
        yield line({"type": "plane", **plane})
    for frame in follow(experiment, ground):
        yield _frame_lines(frame)


def _progress_lines(work: Generator[Progress, None, Result]) -> Generator[bytes, None, Result]:
    """Yield a line for every report of progress, and return the result."""
    while True:
        try:
            yield line({"type": "progress", **next(work)._asdict()})
        except StopIteration as done:
            result: Result = done.value
            return result


def update(wanted: UpdateRequest) -> bytes:
    """Return one update, told in its steps."""
    told = wanted.compute()
    rows = {
        name: [each._asdict() for each in getattr(told, name)] for name in ("questions", "lines", "history")
    }
    return encoded({**vars(told), **rows})


def model(wanted: ModelRequest, arrays: str) -> bytes:
    """Return a model's outputs along a descent."""
    found = wanted.compute()
    return encoded({**vars(found), "outputs": _grid(found.outputs, arrays)})


def gradients(wanted: GradientsRequest) -> bytes:
    """Return the gradients of many batches."""
    return encoded(vars(wanted.compute()))


def table_of(wanted: TableRequest) -> bytes:
    """Return the columns of somebody's table."""
    return encoded(wanted.compute()._asdict())


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


def scene(understood: scenes.Scene) -> bytes:
    """Return a scene as short as it can be said."""
    return understood.model_dump_json(by_alias=True, exclude_unset=True).encode()


def lecture_list() -> bytes:
    """Return the lectures and their scenes, with titles."""
    listed = [
        {
            "lecture": name,
            "title": lecture.title,
            "text": lecture.text,
            "scenes": [{"scene": each, "title": scene.title} for each, scene in lecture.scenes.items()],
        }
        for name, lecture in lectures().items()
    ]
    return to_json(listed)


def lecture_scene(lecture: str, name: str) -> bytes:
    """Return one scene; raises ProblemError if there is none of that name."""
    found = lectures().get(lecture)
    if found is None or name not in found.scenes:
        where, known = ("lecture", lectures()) if found is None else ("scene", found.scenes)
        message = f"there is no such {where}; there are {', '.join(known)}"
        raise ProblemError(problem(404, message, [{"path": [where], "message": message, "column": None}]))
    return scene(found.scenes[name])
