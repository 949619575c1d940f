"""The loss on a grid: what a contour map is drawn from."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from math import hypot
from typing import Annotated, Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, Strict, TypeAdapter, model_validator

from fall_line import expression
from fall_line.component import Document, Point, refusal, refused, within
from fall_line.experiment import MAX_DESCENTS, MAX_STEPS, Experiment
from fall_line.expression import Loss
from fall_line.expression.field import principal
from fall_line.expression.loss import Floats
from fall_line.expression.stationary import Stationary, StationaryPoint, stationary_points
from fall_line.losses.examples import Examples
from fall_line.losses.plane import Slice
from fall_line.runner import Ground, Progress, finished, grounded
from fall_line.surfaces import AnySurface, Domain, Surface

LARGEST_EFFORT = 2e10
"""So many operations a landscape may take that is answered at once: some seconds."""
ROWS_AT_ONCE = 1024
"""About so many points of a grid are computed between two reports of progress."""
MAX_SEARCHED = 1000
"""With more examples than this the stationary points are not searched for."""


class BatchOf(Document):
    """The examples that one update of one descent sees."""

    descent: int = Field(0, ge=0, le=MAX_DESCENTS - 1, description="Which descent, counted from 0.")
    step: int = Field(0, ge=0, le=MAX_STEPS, description="The update that leaves this step.")


class LandscapeRequest(Document):
    """Which part of which surface, how finely."""

    surface: Surface | None = Field(None, description="The surface; or give the experiment it stands in.")
    experiment: Experiment | None = Field(None, description="An experiment, whose surface is meant.")
    data: Literal["train", "test"] = Field(
        "train", description="The loss that is gone down, or that on data held out."
    )
    batch: BatchOf | None = Field(None, description="The loss of one update's mini-batch, of an experiment.")
    window: Domain | None = Field(None, description="The part of the plane; by default the surface's domain.")
    resolution: int = Field(200, ge=20, le=500, description="Points of the grid along each axis.")

    @model_validator(mode="after")
    def _one_surface(self) -> Self:
        if (self.surface is None) == (self.experiment is None):
            raise refusal("give either a surface or an experiment")
        if self.batch is not None and self.experiment is None:
            raise refusal("a batch is one of a descent: give the experiment")
        return self

    def compute(self) -> Landscape:
        """Return the landscape that is asked for.

        Raises ValidationError if it is of something that is not there, or takes too long to wait for.
        """
        return finished(self.approach(LARGEST_EFFORT))

    def approach(self, largest: float = 20 * LARGEST_EFFORT) -> Generator[Progress, None, Landscape]:
        """Compute the landscape, saying how far that is; ``largest`` is the effort it may take."""
        surface: AnySurface
        loss: Loss | None
        if self.experiment is not None:
            ground = yield from grounded(within("experiment", self.experiment.filled))
            loss, surface, window = self._part(ground), ground.surface, self.window or ground.window
        else:
            assert self.surface is not None
            surface = self.surface
            loss = within("surface", surface.field if self.data == "train" else surface.test_field)
            window = self.window or surface.window()
        if loss is None:
            raise refused("LandscapeRequest", [(("data",), "this surface has no data held out for testing")])
        if loss.effort * self.resolution**2 > largest:
            most = int((largest / loss.effort) ** 0.5)
            message = f"too fine for so many examples and weights; up to {most} points are possible"
            raise refused("LandscapeRequest", [(("resolution",), message)])
        x, y = (np.linspace(*interval, self.resolution) for interval in (window.x, window.y))
        values = yield from _grid(loss, x, y)
        whole = self.batch is None and self.data == "train"
        found = _stationary(loss, window)
        if whole:
            found = _marked(surface, loss, window, found)
        lowest = surface.lowest() if whole else None
        completeness = Completeness(found.words is None, found.found, found.words)
        return Landscape(x, y, values, lowest, found.points, completeness, surface.mathml())

    def _part(self, ground: Ground) -> Loss | None:
        """Return what is asked for of the ground's loss."""
        if self.batch is None:
            return ground.shown if self.data == "train" else ground.shown_test
        experiment, (index, step) = self.experiment, (self.batch.descent, self.batch.step)
        assert experiment is not None
        if index >= len(experiment.descents):
            message = f"there are {len(experiment.descents)} descents, counted from 0"
            raise refused("LandscapeRequest", [(("batch", "descent"), message)])
        batches = experiment.descents[index].gradient.batches(ground.examples, experiment.seed)
        return ground.shown if batches is None else ground.shown_batch(batches.rows(step))


class EvaluationRequest(Document):
    """Points of a surface."""

    surface: Surface = Field(description="The surface.")
    points: Annotated[tuple[Point, ...], Strict(False)] = Field(
        min_length=1, max_length=10_000, description="Where to evaluate it, as pairs [x, y]."
    )

    def compute(self) -> Evaluation:
        """Return what is asked for."""
        return evaluate(self.surface, self.points)


class Completeness(NamedTuple):
    """Whether a list of stationary points holds all of the window, ``found`` in number."""

    complete: bool
    found: int
    words: str | None
    """Why it does not, or may not."""


@dataclass(frozen=True)
class Landscape:
    """A surface on a grid: ``loss[i, j]`` belongs to ``y[i]`` and ``x[j]``; nan where it is not real."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    loss: NDArray[np.float64]
    lowest: float | None
    """The smallest loss the surface has anywhere, where that is known."""
    stationary_points: list[StationaryPoint]
    """The minima, maxima and saddles in the window, the lowest first, at most 512."""
    stationary: Completeness
    """Whether these are all."""
    mathml: dict[str, str | None]


def landscape(surface: Any, window: Any = None, resolution: int = 200) -> Landscape:
    """Return a surface's loss on a grid of ``resolution`` × ``resolution`` points, 20 to 500.

    ``surface`` is a surface or its document, ``{"kind": "himmelblau"}``; ``window`` is
    ``{"x": [low, high], "y": [low, high]}``, by default the surface's domain.
    Raises pydantic's ValidationError, a ValueError that names it, if one of them is refused.
    """
    points = resolution.item() if isinstance(resolution, np.integer) else resolution
    asked = {"surface": surface, "window": window, "resolution": points}
    return LandscapeRequest.model_validate(asked).compute()


def _grid(loss: Loss, x: Floats, y: Floats) -> Generator[Progress, None, Floats]:
    """Compute the loss on a grid, nan where it is not real; what takes long is done in parts."""
    height = len(y)
    if not isinstance(loss, expression.Field):
        height = max(1, ROWS_AT_ONCE // len(x))
    parts = []
    for first in range(0, len(y), height):
        if first:
            yield Progress(first, len(y), "computing the landscape")
        parts.append(loss.grid(x, y[first : first + height]))
    values = np.concatenate(parts)
    values[~np.isfinite(values)] = np.nan
    return values


def _stationary(loss: Loss, window: Domain) -> Stationary:
    """Return the stationary points of a loss that is quick enough to be searched for them."""
    if isinstance(loss, Slice) or (isinstance(loss, Examples) and len(loss) > MAX_SEARCHED):
        return Stationary([], 0, "the loss takes too long to be searched for them")
    return stationary_points(loss, window.x, window.y)


def _marked(surface: AnySurface, loss: Loss, window: Domain, found: Stationary) -> Stationary:
    """Return the stationary points with the known minima that the search leaves out, such as at kinks."""
    near = 1e-3 * window.diameter
    points = list(found.points)
    for x, y in surface.global_minima():
        inside = window.x[0] <= x <= window.x[1] and window.y[0] <= y <= window.y[1]
        if inside and all(hypot(x - each.x, y - each.y) > near for each in points):
            points.append(StationaryPoint(x, y, loss.loss_at(x, y), "minimum"))
    more = len(points) - len(found.points)
    return Stationary(sorted(points, key=lambda each: each.loss), found.found + more, found.words)


@dataclass(frozen=True)
class Evaluation:
    """A surface at n points, with nan where the loss is not real and where a derivative does not exist.

    ``eigenvalues`` are those of the Hessian, ascending; gradient descent near the point is stable for rates
    below ``largest_stable_learning_rate``, 2/λmax where the Hessian is positive semidefinite, else nan.
    """

    loss: NDArray[np.float64]
    gradient: NDArray[np.float64]
    hessian: NDArray[np.float64]
    eigenvalues: NDArray[np.float64]
    largest_stable_learning_rate: NDArray[np.float64]


def evaluate(surface: Any, points: Any) -> Evaluation:
    """Return loss (n,), gradient (n, 2), Hessian (n, 2, 2) and its eigenvalues (n, 2) at points (n, 2).

    Raises pydantic's ValidationError, a ValueError, if the surface is refused.
    """
    known: AnySurface = TypeAdapter(Surface).validate_python(surface)
    loss, gradient, hessian = within("surface", known.field).derivatives(points)
    real = np.isfinite(loss)
    hessian = np.where(np.isfinite(hessian), hessian, np.nan)
    eigenvalues, _ = principal(hessian)
    low, high = eigenvalues.T
    stable = (high > 0) & (low >= -1e-12 * high)
    rate = np.divide(2.0, high, out=np.full_like(high, np.nan), where=stable)
    holes = (
        np.where(np.isfinite(each) & real.reshape(-1, *[1] * (each.ndim - 1)), each, np.nan)
        for each in (loss, gradient, hessian, eigenvalues, rate)
    )
    return Evaluation(*holes)
