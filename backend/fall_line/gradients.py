"""Where a descent's gradient comes from: all of the loss, or what luck leaves of it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from fall_line.component import Component


class GradientSource(Component):
    """A way to get a gradient at each step."""

    @abstractmethod
    def noise(self, steps: int, dimensions: int, seed: int) -> NDArray[np.float64] | None:
        """Return what is added to the gradient at each update, shape (steps, dimensions), or None."""


class Exact(GradientSource):
    """The gradient itself, of the whole loss."""

    kind: Literal["exact"] = "exact"

    def noise(self, steps: int, dimensions: int, seed: int) -> None:
        return None


class Noisy(GradientSource):
    """The gradient with Gaussian noise on every component: luck that can leave saddles and poor minima.

    The luck of a step is that of the experiment's seed, the same for every descent.
    """

    kind: Literal["noisy"] = "noisy"
    sigma: float = Field(1.0, ge=0, le=1e6, title="σ", description="Standard deviation of the noise.")
    reference: ClassVar[str] = "Ge et al. (2015), Escaping from saddle points"

    def noise(self, steps: int, dimensions: int, seed: int) -> NDArray[np.float64]:
        generator = np.random.default_rng([seed, NOISE])
        return self.sigma * generator.standard_normal((steps, dimensions))


NOISE = 1
"""Distinguishes the noise's random numbers from those that an experiment's seed decides otherwise."""

Gradient = Annotated[Exact | Noisy, Field(discriminator="kind")]
