"""The loss on a grid: what a contour map is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, model_validator

from fall_line.component import Document, refusal
from fall_line.experiment import Experiment
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


@dataclass(frozen=True)
class Landscape:
    """A surface on a grid: ``loss[i, j]`` belongs to ``y[i]`` and ``x[j]``; nan where it is not real."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    loss: NDArray[np.float64]
    lowest: float | None
    """The smallest loss the surface has anywhere, where that is known."""
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
    return Landscape(x, y, loss, known.lowest(), known.mathml())
