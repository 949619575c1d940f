"""The loss on a grid: what a contour map is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, Strict, TypeAdapter, model_validator

from fall_line.component import Document, Point, refusal
from fall_line.experiment import Experiment
from fall_line.expression.stationary import StationaryPoint, stationary_points
from fall_line.surfaces import AnySurface, Domain, Surface


class LandscapeRequest(Document):
    """Which part of which surface, how finely."""

    surface: Surface | None = Field(None, description="The surface; or give the experiment it stands in.")
    experiment: Experiment | None = Field(None, description="An experiment, whose surface is meant.")
    window: Domain | None = Field(None, description="The part of the plane; by default the surface's domain.")
    resolution: int = Field(200, ge=20, le=500, description="Points of the grid along each axis.")

    @model_validator(mode="after")
    def _one_surface(self) -> Self:
        if (self.surface is None) == (self.experiment is None):
            raise refusal("give either a surface or an experiment")
        return self

    def compute(self) -> Landscape:
        """Return the landscape that is asked for."""
        surface = self.surface or (self.experiment.surface if self.experiment else None)
        return landscape(surface, self.window, self.resolution)


class EvaluationRequest(Document):
    """Points of a surface."""

    surface: Surface = Field(description="The surface.")
    points: Annotated[tuple[Point, ...], Strict(False)] = Field(
        min_length=1, max_length=10_000, description="Where to evaluate it, as pairs [x, y]."
    )

    def compute(self) -> Evaluation:
        """Return what is asked for."""
        return evaluate(self.surface, self.points)


@dataclass(frozen=True)
class Landscape:
    """A surface on a grid: ``loss[i, j]`` belongs to ``y[i]`` and ``x[j]``; nan where it is not real."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    loss: NDArray[np.float64]
    lowest: float | None
    """The smallest loss the surface has anywhere, where that is known."""
    stationary_points: list[StationaryPoint]
    """The minima, maxima and saddles in the window, the lowest first."""
    mathml: dict[str, str | None]


def landscape(surface: Any, window: Any = None, resolution: int = 200) -> Landscape:
    """Return a surface's loss on a grid of ``resolution`` × ``resolution`` points.

    ``surface`` is a surface or its document, ``{"kind": "himmelblau"}``; ``window`` is
    ``{"x": [low, high], "y": [low, high]}``, by default the surface's domain.
    Raises pydantic's ValidationError, a ValueError, if one of them is refused.
    """
    known: AnySurface = TypeAdapter(Surface).validate_python(surface)
    shown = known.window() if window is None else Domain.model_validate(window)
    x = np.linspace(*shown.x, resolution)
    y = np.linspace(*shown.y, resolution)
    loss = known.field().grid(x, y)
    loss[~np.isfinite(loss)] = np.nan
    return Landscape(x, y, loss, known.lowest(), _marked(known, shown), known.mathml())


def _marked(surface: AnySurface, window: Domain) -> list[StationaryPoint]:
    """Return the stationary points, with the known minima at kinks and on the border among them."""
    found = stationary_points(surface.field(), window.x, window.y)
    near = 1e-3 * window.diameter
    for x, y in surface.global_minima():
        inside = window.x[0] <= x <= window.x[1] and window.y[0] <= y <= window.y[1]
        if inside and all(hypot(x - each.x, y - each.y) > near for each in found):
            found.append(StationaryPoint(x, y, surface.field().loss_at(x, y), "minimum"))
    return sorted(found, key=lambda each: each.loss)


@dataclass(frozen=True)
class Evaluation:
    """A surface at n points, with nan where the loss is not real.

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
    loss, gradient, hessian = known.field().derivatives(points)
    real = np.isfinite(loss)
    mean = (hessian[:, 0, 0] + hessian[:, 1, 1]) / 2
    spread = np.hypot((hessian[:, 0, 0] - hessian[:, 1, 1]) / 2, hessian[:, 0, 1])
    eigenvalues = np.stack([mean - spread, mean + spread], axis=1)
    low, high = eigenvalues.T
    stable = (high > 0) & (low >= -1e-12 * high)
    rate = np.divide(2.0, high, out=np.full_like(high, np.nan), where=stable)
    holes = (
        np.where(real.reshape(-1, *[1] * (each.ndim - 1)), each, np.nan)
        for each in (
            loss,
            gradient,
            hessian,
            eigenvalues,
            rate,
        )
    )
    return Evaluation(*holes)
