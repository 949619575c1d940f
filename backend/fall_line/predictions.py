"""What a model says of its data along a descent: a curve through points, a boundary between classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, Strict

from fall_line.component import Document, refused, within
from fall_line.experiment import MAX_DESCENTS, MAX_STEPS, Experiment
from fall_line.expression.loss import Floats
from fall_line.runner import Ground, frames, settled
from fall_line.surfaces import DataSurface, Network

ACROSS, BESIDE = 81, 41
"""So many inputs of a curve, and so many along each axis of a boundary's grid."""
MARGIN = 0.08
MAX_ASKED = 200


class ModelRequest(Document):
    """Which steps of which descent, on a surface made of data."""

    experiment: Experiment = Field(description="An experiment on a surface made of data.")
    descent: int = Field(0, ge=0, le=MAX_DESCENTS - 1, description="Which descent, counted from 0.")
    steps: Annotated[tuple[Annotated[int, Field(ge=0, le=MAX_STEPS)], ...], Strict(False)] = Field(
        (0,), min_length=1, max_length=MAX_ASKED, description="The steps; those after the end are left out."
    )

    def compute(self) -> Predictions:
        """Return what is asked for; ValidationError if there is no model."""
        experiment = within("experiment", self.experiment.filled)
        surface = experiment.surface
        if not isinstance(surface, DataSurface | Network):
            raise refused("ModelRequest", [(("experiment", "surface"), "this surface is not made of data")])
        if self.descent >= len(experiment.descents):
            message = f"there are {len(experiment.descents)} descents, counted from 0"
            raise refused("ModelRequest", [(("descent",), message)])
        ground = settled(experiment)
        steps, iterates = _visited(experiment, self.descent, ground, sorted(set(self.steps)))
        accuracy = ground.measures(iterates).get("accuracy")
        batches = experiment.descents[self.descent].gradient.batches(ground.examples, experiment.seed)
        seen = [[] if batches is None else batches.rows(step).tolist() for step in steps]
        drawn = _boundary(surface, iterates) if isinstance(surface, Network) else _curve(surface, iterates)
        return Predictions(**drawn, steps=steps, batches=seen, accuracy=accuracy)


@dataclass(frozen=True)
class Predictions:
    """A model's outputs at some steps of a descent, and the data it learns from.

    A curve has ``inputs`` (m,) and ``outputs`` (steps, m); a boundary has the axes of a grid as inputs and
    probabilities (steps, len(y), len(x)) as outputs; with other than two features there is no picture.
    """

    task: Literal["curve", "boundary", "none"]
    names: list[str]
    train: dict[str, Any]
    test: dict[str, Any] | None
    inputs: Any
    outputs: Floats | None
    steps: list[int]
    batches: list[list[int]]
    accuracy: Floats | None


def _visited(
    experiment: Experiment, index: int, ground: Ground, wanted: list[int]
) -> tuple[list[int], Floats]:
    """Return which of the wanted steps a descent gets to, and its iterates there."""
    steps: list[int] = []
    iterates = []
    for frame in frames(experiment, index, ground):
        here = [step for step in wanted if frame.step <= step < frame.step + len(frame)]
        steps += here
        iterates.append(frame.iterates[[step - frame.step for step in here]])
        if here and here[-1] == wanted[-1]:
            break
    return steps, np.concatenate(iterates)


def _curve(surface: DataSurface, iterates: Floats) -> dict[str, Any]:
    examples, test = surface.terms(), surface.test_terms()
    inputs = _spread(
        np.concatenate([each.columns[0] for each in (examples, test) if each is not None]), ACROSS
    )
    return {
        "task": "curve",
        "names": list(surface.lists),
        "train": dict(zip("xy", examples.columns, strict=True)),
        "test": None if test is None else dict(zip("xy", test.columns, strict=True)),
        "inputs": inputs,
        "outputs": surface.outputs(iterates, inputs),
    }


def _boundary(surface: Network, iterates: Floats) -> dict[str, Any]:
    net, held_out = surface.net(), surface.test_net()
    parts = [part for part in (net, held_out) if part is not None]
    drawn: dict[str, Any] = {
        "task": "none",
        "names": surface.names(),
        "train": {"x": net.features, "y": net.labels},
        "test": None if held_out is None else {"x": held_out.features, "y": held_out.labels},
        "inputs": None,
        "outputs": None,
    }
    features = np.concatenate([part.features for part in parts])
    if features.shape[1] != 2:
        return drawn
    x, y = (_spread(column, BESIDE) for column in features.T)
    grid = np.column_stack([each.ravel() for each in np.meshgrid(x, y)])
    outputs = np.array([net.outputs(w, grid) for w in iterates]).reshape(-1, BESIDE, BESIDE)
    return {**drawn, "task": "boundary", "inputs": {"x": x, "y": y}, "outputs": outputs}


def _spread(values: Floats, count: int) -> Floats:
    """Return numbers evenly spaced over the range of values and a little beyond."""
    low, high = values.min(), values.max()
    more = MARGIN * (high - low)
    return np.linspace(low - more, high + more, count)
