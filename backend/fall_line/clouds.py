"""The law of large numbers, seen: the gradients of many mini-batches around that of all examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import Field, model_validator

from fall_line.component import Document, Point, refusal, refused, within
from fall_line.experiment import MAX_SEED, Experiment
from fall_line.expression import Loss
from fall_line.expression.loss import Floats
from fall_line.losses.examples import Examples
from fall_line.losses.plane import Slice
from fall_line.luck import Purpose, luck
from fall_line.runner import settled
from fall_line.surfaces import DataSurface, Surface

MAX_WORK = 2_000_000
"""So many examples are looked at for one cloud at most."""


class GradientsRequest(Document):
    """How many batches of which size, at which point."""

    surface: Surface | None = Field(None, description="A surface made of data; or give the experiment.")
    experiment: Experiment | None = Field(None, description="An experiment on such a surface.")
    point: Point = Field(description="Where the gradients are taken.")
    size: int = Field(
        8, ge=1, le=10_000, title="B", description="Examples in a batch, drawn again and again."
    )
    count: int = Field(200, ge=1, le=1000, description="How many batches.")
    seed: int = Field(0, ge=0, le=MAX_SEED, description="Fixes the luck of drawing.")

    @model_validator(mode="after")
    def _feasible(self) -> Self:
        if (self.surface is None) == (self.experiment is None):
            raise refusal("give either a surface or an experiment")
        if self.size * self.count > MAX_WORK:
            raise refusal(f"size times count is at most {MAX_WORK:,}")
        return self

    def compute(self) -> Cloud:
        """Return what is asked for; ValidationError if the surface is not made of data."""
        where = "surface" if self.experiment is None else "experiment"
        loss: Loss
        if self.experiment is not None:
            ground = settled(within("experiment", self.experiment.filled))
            surface, loss = ground.surface, ground.shown
        else:
            assert self.surface is not None
            surface, loss = self.surface, within("surface", self.surface.field)
        if isinstance(surface, DataSurface):
            loss = surface.terms()
        if not isinstance(loss, Examples | Slice):
            raise refused("GradientsRequest", [((where,), "this surface is not made of data")])
        return cloud(loss, self.point, self.size, self.count, self.seed)


@dataclass(frozen=True)
class Cloud:
    """Gradients of mini-batches at one point: ``full`` (2,) of all examples, ``gradients`` (count, 2).

    ``spread`` is the root mean square distance of the gradients from the full one, ``expected`` what the law
    of large numbers says it is: σ/√B, where σ is that of single examples.
    """

    full: Floats
    gradients: Floats
    spread: float
    expected: float
    examples: int


def cloud(loss: Examples | Slice, point: Point, size: int, count: int, seed: int) -> Cloud:
    """Return the gradients of ``count`` batches, each the mean over ``size`` examples; see :class:`Cloud`."""
    with np.errstate(all="ignore"):
        single = loss.each_gradient_at(*point)
        full = single.mean(axis=0)
        drawn = luck(seed, Purpose.CLOUD).integers(len(single), size=(count, size))
        gradients = single[drawn].mean(axis=1)
        spread, sigma = (np.sqrt(((each - full) ** 2).sum(axis=1).mean()) for each in (gradients, single))
    return Cloud(full, gradients, float(spread), float(sigma / np.sqrt(size)), len(single))
