"""Averages of a descent's iterates: a second path, smoother than the first."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from fall_line.component import Component
from fall_line.expression.loss import Floats

LONGEST = 1_000_000


class Averaging(Component):
    """A way to average iterates."""

    def filled(self, steps: int) -> Self:
        """Return this average with what was left out worked out from the experiment's steps."""
        return self

    @abstractmethod
    def follow(self) -> Average:
        """Return the average before the first iterate."""


class SWA(Averaging):
    r"""The equal average of iterates from some step on: the middle of where a large rate wanders.

    $$ \bar w_n = \bar w_{n-1} + (w - \bar w_{n-1}) / n $$

    Averages weights, not predictions.  With a cyclic rate, take the iterates where the rate is lowest:
    ``every`` is the period then.
    """

    kind: Literal["swa"] = "swa"
    name: ClassVar[str] = "Stochastic weight averaging"
    start: int | None = Field(
        None, ge=0, le=LONGEST, title="start", description="The first step averaged; by default half of all."
    )
    every: int = Field(1, ge=1, le=LONGEST, title="every", description="Steps between those averaged.")
    reference: ClassVar[str] = "Izmailov et al. (2018), Averaging weights leads to wider optima, Algorithm 1"

    def filled(self, steps: int) -> Self:
        return self.changed(start=steps // 2) if self.start is None else self

    def follow(self) -> Average:
        return EqualAverage(self.start or 0, self.every)


class EMA(Averaging):
    r"""The exponential moving average: the recent iterates count, the older the less.

    $$ e_{t+1} = d \, e_t + (1 - d) \, w_{t+1}, \quad e_0 = w_0 $$

    Looks back over about 1/(1 − d) steps; its start is not corrected.
    """

    kind: Literal["ema"] = "ema"
    name: ClassVar[str] = "Exponential moving average"
    decay: float = Field(0.9, ge=0, lt=1, title="d", description="The share of the average that is kept.")
    reference: ClassVar[str] = "Polyak & Juditsky (1992); Morales-Brotons et al. (2024)"

    def follow(self) -> Average:
        return MovingAverage(self.decay)


class Average:
    """An average on its way along a descent."""

    @abstractmethod
    def take(self, step: int, iterates: Floats) -> tuple[list[int], Floats]:
        """Take iterates (n, d) from ``step`` on; return the new averages with their steps."""


class EqualAverage(Average):
    """The mean of every so many iterates."""

    def __init__(self, start: int, every: int) -> None:
        self.start = start
        self.every = every
        self.count = 0
        self.mean: Floats | None = None

    def take(self, step: int, iterates: Floats) -> tuple[list[int], Floats]:
        first = self.start + self.every * max(0, -(-(step - self.start) // self.every))
        steps = list(range(first, step + len(iterates), self.every))
        means = []
        for w in iterates[first - step :: self.every] if steps else ():
            self.count += 1
            self.mean = w if self.mean is None else self.mean + (w - self.mean) / self.count
            means.append(self.mean)
        return steps, np.array(means).reshape(-1, iterates.shape[1])


class MovingAverage(Average):
    """The mean of all iterates so far, each older one counting less."""

    def __init__(self, decay: float) -> None:
        self.decay = decay
        self.mean: Floats | None = None

    def take(self, step: int, iterates: Floats) -> tuple[list[int], Floats]:
        means = []
        for w in iterates:
            self.mean = w if self.mean is None else self.decay * self.mean + (1 - self.decay) * w
            means.append(self.mean)
        return list(range(step, step + len(iterates))), np.array(means)


AnyAverage = Annotated[SWA | EMA, Field(discriminator="kind")]
