"""Rates that fall, or stay: in stairs, in curves, in a straight line."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from math import cos, pi
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, Strict

from fall_line.component import refusal
from fall_line.schedules.base import RatedSchedule, final_rate, length


class Constant(RatedSchedule):
    """The same rate at every step."""

    kind: Literal["constant"] = "constant"

    def at(self, t: int) -> float:
        return self.peak


class Step(RatedSchedule):
    r"""A staircase: the rate is multiplied by a factor every so many steps.

    $$ \alpha_t = \alpha_0 \, f^{\lfloor t / n \rfloor} $$
    """

    kind: Literal["step"] = "step"
    every: int | None = length("n", "Steps between two drops; by default a quarter of all.")
    factor: float = Field(0.5, gt=0, le=1, title="f", description="What each drop multiplies the rate by.")
    shares: ClassVar[dict[str, float]] = {"every": 0.25}
    reference: ClassVar[str] = "torch.optim.lr_scheduler.StepLR"

    def at(self, t: int) -> float:
        return self.peak * _power(self.factor, t // int(self.known("every")))


def _ascending(milestones: tuple[int, ...]) -> tuple[int, ...]:
    if any(following <= before for before, following in pairwise(milestones)):
        raise refusal("milestones are steps in ascending order, none twice")
    return milestones


Milestone = Annotated[int, Field(ge=1, le=1_000_000)]


class MultiStep(RatedSchedule):
    r"""A staircase with steps where you put them: the rate is multiplied by a factor at each milestone.

    $$ \alpha_t = \alpha_0 \, f^{\,\text{milestones up to } t} $$
    """

    kind: Literal["multi_step"] = "multi_step"
    milestones: Annotated[tuple[Milestone, ...], Strict(False), AfterValidator(_ascending)] = Field(
        (100, 200),
        max_length=100,
        title="milestones",
        description="The updates that first use the lower rate.",
    )
    factor: float = Field(0.5, gt=0, le=1, title="f", description="What each drop multiplies the rate by.")
    reference: ClassVar[str] = "torch.optim.lr_scheduler.MultiStepLR"

    def at(self, t: int) -> float:
        return self.peak * _power(self.factor, bisect_right(self.milestones, t))


class Exponential(RatedSchedule):
    r"""A smooth decay: every step multiplies the rate by the same factor.

    $$ \alpha_t = \alpha_0 \, f^t $$
    """

    kind: Literal["exponential"] = "exponential"
    factor: float = Field(0.99, gt=0, le=1, title="f", description="What every step multiplies the rate by.")
    reference: ClassVar[str] = "torch.optim.lr_scheduler.ExponentialLR"

    def at(self, t: int) -> float:
        return self.peak * _power(self.factor, t)


class InverseTime(RatedSchedule):
    r"""1/t decay: fast at first, then ever slower; the classic that makes noisy gradients converge.

    $$ \alpha_t = \alpha_0 / (1 + r \, t) $$
    """

    kind: Literal["inverse_time"] = "inverse_time"
    rate: float = Field(0.01, ge=0, le=1e6, title="r", description="After 1/r steps the rate has halved.")
    reference: ClassVar[str] = "Robbins & Monro (1951), A stochastic approximation method"

    def at(self, t: int) -> float:
        return self.peak / (1 + self.rate * t)


class Polynomial(RatedSchedule):
    r"""A power of the way that is left, from the initial rate down to the final one, and flat after it.

    $$ \alpha_t = \alpha_T + (\alpha_0 - \alpha_T)(1 - t / T)^p $$
    """

    kind: Literal["polynomial"] = "polynomial"
    steps: int | None = length("T", "Steps until the final rate is reached; by default all.")
    power: float = Field(
        2.0, gt=0, le=64, title="p", description="1 is a straight line, more falls faster at first."
    )
    final: float = final_rate()
    shares: ClassVar[dict[str, float]] = {"steps": 1.0}
    reference: ClassVar[str] = "torch.optim.lr_scheduler.PolynomialLR"

    def at(self, t: int) -> float:
        left = 1 - min(1.0, t / self.known("steps"))
        return between(self.final, self.peak, _power(left, self.power))


class Linear(RatedSchedule):
    r"""A straight line from the initial rate down to the final one, and flat after it.

    $$ \alpha_t = \alpha_0 + (\alpha_T - \alpha_0) \, t / T $$
    """

    kind: Literal["linear"] = "linear"
    steps: int | None = length("T", "Steps until the final rate is reached; by default all.")
    final: float = final_rate()
    shares: ClassVar[dict[str, float]] = {"steps": 1.0}
    reference: ClassVar[str] = "torch.optim.lr_scheduler.LinearLR"

    def at(self, t: int) -> float:
        return between(self.peak, self.final, min(1.0, t / self.known("steps")))


class Cosine(RatedSchedule):
    r"""Half a cosine wave from the initial rate down to the final one, and flat after it.

    $$ \alpha_t = \alpha_T + \tfrac12 (\alpha_0 - \alpha_T)(1 + \cos(\pi t / T)) $$

    PyTorch's CosineAnnealingLR rises again after T; this one stays.
    """

    kind: Literal["cosine"] = "cosine"
    steps: int | None = length("T", "Steps until the final rate is reached; by default all.")
    final: float = final_rate()
    shares: ClassVar[dict[str, float]] = {"steps": 1.0}
    reference: ClassVar[str] = "Loshchilov & Hutter (2017), SGDR, equation 5, without restarts"

    def at(self, t: int) -> float:
        return half_cosine(self.peak, self.final, min(1.0, t / self.known("steps")))


def _power(base: float, exponent: float) -> float:
    return float(base**exponent)


def between(first: float, last: float, share: float) -> float:
    """Return the point that far along a straight line; both ends are exact."""
    return first + (last - first) * share if share < 1 else last


def half_cosine(first: float, last: float, share: float) -> float:
    """Return the point that far along half a cosine wave; both ends are exact."""
    wave = cos(pi * share)
    return first + (last - first) * (1 - wave) / 2 if wave > 0 else last + (first - last) * (1 + wave) / 2
