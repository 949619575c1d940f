"""Rates that rise and fall: restarts, triangles, one cycle, warm-up with decay."""

from __future__ import annotations

from abc import abstractmethod
from math import expm1, log1p
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from fall_line.component import refusal
from fall_line.schedules.base import LARGEST_RATE, RatedSchedule, final_rate, length
from fall_line.schedules.decays import between, half_cosine


class CosineRestarts(RatedSchedule):
    """Cosine decay that jumps back to the initial rate at the end of every period: warm restarts.

    Each period is ``multiplier`` times as long as the one before, and is not rounded to whole steps: where a
    restart falls between two updates, the second of them is a little past the initial rate.
    """

    kind: Literal["cosine_restarts"] = "cosine_restarts"
    period: int | None = length("T₀", "Steps of the first period; by default a quarter of all.")
    multiplier: float = Field(
        1.0, ge=1, le=100, title="T×", description="How many times as long each period is as the last."
    )
    final: float = final_rate()
    shares: ClassVar[dict[str, float]] = {"period": 0.25}
    reference: ClassVar[str] = (
        "Loshchilov & Hutter (2017), SGDR: stochastic gradient descent with warm restarts"
    )

    def at(self, t: int) -> float:
        period, begin = self._period_at(t)
        return half_cosine(self.peak, self.final, max(0.0, t - begin) / period)

    def _period_at(self, t: int) -> tuple[float, float]:
        """Return the length of the period that update t is in, and where that began."""
        first, m = self.known("period"), self.multiplier
        if m == 1:
            return first, t - t % first
        # Restart n comes after 1 + m + … + mⁿ⁻¹ first periods.  Rounding must not put it off by a whole step.
        growth = log1p(m - 1)
        n = int(log1p(t * (m - 1) / first) / growth) + 1
        while (begin := first * expm1(n * growth) / (m - 1)) > t * (1 + 1e-12):
            n -= 1
        return first * m**n, begin


def _at_most_the_peak(low: float, info: ValidationInfo) -> float:
    peak = info.data.get("learning_rate")
    if peak is not None and low > peak:
        raise refusal("the low rate is above the peak rate, learning_rate")
    return low


Low = Annotated[float, Field(ge=0, le=LARGEST_RATE), AfterValidator(_at_most_the_peak)]


class Triangles(RatedSchedule):
    """What cyclical learning rates in triangles have in common."""

    low: Low = Field(
        0.0, title="α low", description="The rate at the foot of each triangle.", validate_default=True
    )
    up: int | None = length("up", "Steps from the low rate to the peak; by default a tenth of all.")
    down: int | None = length("down", "Steps from the peak to the low rate; by default a tenth of all.")
    shares: ClassVar[dict[str, float]] = {"up": 0.1, "down": 0.1}
    reference: ClassVar[str] = "Smith (2017), Cyclical learning rates for training neural networks"

    def at(self, t: int) -> float:
        up, down = self.known("up"), self.known("down")
        position = t % (up + down)
        height = position / up if position <= up else (up + down - position) / down
        return between(self.low, self.peak, height * self.shrunk(t, int(t // (up + down))))

    @abstractmethod
    def shrunk(self, t: int, cycle: int) -> float:
        """Return what the height of a triangle is multiplied by."""


class Triangular(Triangles):
    """Up and down in straight lines between two rates, again and again: a cyclical learning rate."""

    kind: Literal["triangular"] = "triangular"

    def shrunk(self, t: int, cycle: int) -> float:
        return 1.0


class Triangular2(Triangles):
    """Triangles that halve: each cycle climbs half as high above the low rate as the one before."""

    kind: Literal["triangular2"] = "triangular2"
    name: ClassVar[str] = "Triangular, halving"

    def shrunk(self, t: int, cycle: int) -> float:
        return float(0.5**cycle)


class ExpRange(Triangles):
    """Triangles that shrink a little with every step."""

    kind: Literal["exp_range"] = "exp_range"
    name: ClassVar[str] = "Triangular, shrinking"
    factor: float = Field(
        0.99, gt=0, le=1, title="f", description="What every step multiplies the height by."
    )

    def shrunk(self, t: int, cycle: int) -> float:
        return float(self.factor**t)


class OneCycle(RatedSchedule):
    """Up to the peak and down to almost nothing, once: large rates in the middle, fine tuning at the end.

    PyTorch's form: the peak is reached at step ``warmup_fraction`` · ``steps`` − 1 (where that is between two
    updates, none has quite the peak), the end at step ``steps`` − 1, and the rate is flat after it.  With a
    ``warmup_fraction`` of 1 the peak is the end.  PyTorch also cycles the momentum, the other way round; here
    it stays.
    """

    kind: Literal["one_cycle"] = "one_cycle"
    steps: int | None = length("T", "Steps of the cycle; by default all.")
    warmup_fraction: float = Field(
        0.3, ge=0, le=1, title="rise", description="The share of the steps that go up."
    )
    initial_divisor: float = Field(25.0, ge=1, le=1e12, title="÷ first", description="Peak over first rate.")
    final_divisor: float = Field(1e4, ge=1, le=1e12, title="÷ last", description="First over last rate.")
    anneal: Literal["cosine", "linear"] = Field(
        "cosine", title="shape", description="The shape of both parts."
    )
    shares: ClassVar[dict[str, float]] = {"steps": 1.0}
    reference: ClassVar[str] = "Smith & Topin (2019), Super-convergence; torch.optim.lr_scheduler.OneCycleLR"

    def at(self, t: int) -> float:
        steps = self.known("steps")
        first = self.peak / self.initial_divisor
        last = first / self.final_divisor
        top, end = self.warmup_fraction * steps - 1, steps - 1
        part = half_cosine if self.anneal == "cosine" else between
        now = min(t, end)
        if now < top:
            return part(first, self.peak, now / top)
        return self.peak if now == top else part(self.peak, last, (now - top) / (end - top))


class WarmupStableDecay(RatedSchedule):
    """A line up from 0, a long flat part, a line down: decay when you want to stop, not before."""

    kind: Literal["warmup_stable_decay"] = "warmup_stable_decay"
    name: ClassVar[str] = "Warm-up, stable, decay"
    warmup: int | None = length("up", "Steps up to the rate; by default a tenth of all.")
    stable: int | None = length("flat", "Steps at the rate; by default seven tenths of all.")
    decay: int | None = length("down", "Steps down to the final rate; by default a fifth of all.")
    final: float = final_rate()
    shares: ClassVar[dict[str, float]] = {"warmup": 0.1, "stable": 0.7, "decay": 0.2}
    reference: ClassVar[str] = "Hu et al. (2024), MiniCPM"

    def at(self, t: int) -> float:
        warmup = self.known("warmup")
        if t < warmup:
            return self.peak * t / warmup
        falling = t - warmup - self.known("stable")
        return between(self.peak, self.final, min(1.0, max(0.0, falling / self.known("decay"))))
