"""Learning-rate schedules: the rate as a function of the update's number t, counted from 0."""

from __future__ import annotations

from abc import abstractmethod
from math import cos, isfinite, pi
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from fall_line.component import Component, case, either

Rate = Annotated[float, Field(ge=0, le=1e300, title="α", description="Learning rate.")]
InitialRate = Annotated[
    float | None,
    Field(
        ge=0,
        le=1e300,
        title="α",
        description="Initial or peak learning rate; by default the optimizer's own.",
    ),
]


def _length(symbol: str, description: str) -> Any:
    """Declare a length in steps that may be left out."""
    return Field(None, ge=1, le=1_000_000, title=symbol, description=description)


def _final() -> Any:
    return Field(0.0, ge=0, le=1e300, title="α end", description="The rate at the end.")


class Schedule(Component):
    """A learning rate that changes from update to update."""

    shares: ClassVar[dict[str, float]] = {}
    """What share of the experiment's steps each length is where it is left out."""

    learning_rate: InitialRate = None

    @abstractmethod
    def at(self, t: int) -> float:
        """Return the rate of update t; see :meth:`filled` for what was left out."""

    def filled(self, steps: int, learning_rate: float) -> Self:
        """Return this schedule with everything that was left out filled in."""
        missing: dict[str, float] = {
            name: max(1, round(share * steps))
            for name, share in self.shares.items()
            if getattr(self, name) is None
        }
        if self.learning_rate is None:
            missing["learning_rate"] = learning_rate
        return self.changed(**missing) if missing else self

    def known(self, name: str) -> float:
        """Return a field that :meth:`filled` has filled in."""
        value = getattr(self, name)
        if value is None:
            raise ValueError(f"{name} was left out; call filled() first")
        return float(value)


class Constant(Schedule):
    """The same rate at every step."""

    kind: Literal["constant"] = "constant"

    def at(self, t: int) -> float:
        return self.known("learning_rate")


class Step(Schedule):
    r"""A staircase: the rate is multiplied by a factor every so many steps.

    $$ \alpha_t = \alpha_0 \, f^{\lfloor t / n \rfloor} $$
    """

    kind: Literal["step"] = "step"
    every: int | None = _length("n", "Steps between two drops; by default a quarter of all.")
    factor: float = Field(0.5, gt=0, le=1, title="f", description="What each drop multiplies the rate by.")
    shares: ClassVar[dict[str, float]] = {"every": 0.25}
    reference: ClassVar[str] = "torch.optim.lr_scheduler.StepLR"

    def at(self, t: int) -> float:
        return self.known("learning_rate") * float(self.factor ** (t // self.known("every")))


class Exponential(Schedule):
    r"""A smooth decay: every step multiplies the rate by the same factor.

    $$ \alpha_t = \alpha_0 \, f^t $$
    """

    kind: Literal["exponential"] = "exponential"
    factor: float = Field(0.99, gt=0, le=1, title="f", description="What every step multiplies the rate by.")
    reference: ClassVar[str] = "torch.optim.lr_scheduler.ExponentialLR"

    def at(self, t: int) -> float:
        return self.known("learning_rate") * self.factor**t


class Cosine(Schedule):
    r"""Half a cosine wave from the initial rate down to the final one, and flat after it.

    $$ \alpha_t = \alpha_T + \tfrac12 (\alpha_0 - \alpha_T)(1 + \cos(\pi t / T)) $$

    PyTorch's CosineAnnealingLR rises again after T; this one stays.
    """

    kind: Literal["cosine"] = "cosine"
    steps: int | None = _length("T", "Steps until the final rate is reached; by default all.")
    final: float = _final()
    shares: ClassVar[dict[str, float]] = {"steps": 1.0}
    reference: ClassVar[str] = "Loshchilov & Hutter (2017), SGDR, equation 5, without restarts"

    def at(self, t: int) -> float:
        return _half_cosine(self.known("learning_rate"), self.final, min(1.0, t / self.known("steps")))


class CosineRestarts(Schedule):
    """Cosine decay that jumps back to the initial rate at the end of every period: warm restarts.

    Each period is ``multiplier`` times as long as the one before.
    """

    kind: Literal["cosine_restarts"] = "cosine_restarts"
    period: int | None = _length("T₀", "Steps of the first period; by default a quarter of all.")
    multiplier: int = Field(
        1, ge=1, le=100, title="T×", description="How much longer each period is than the last."
    )
    final: float = _final()
    shares: ClassVar[dict[str, float]] = {"period": 0.25}
    reference: ClassVar[str] = (
        "Loshchilov & Hutter (2017), SGDR: stochastic gradient descent with warm restarts"
    )

    def at(self, t: int) -> float:
        period = self.known("period")
        if self.multiplier == 1:
            t %= int(period)
        while t >= period:
            t -= int(period)
            period *= self.multiplier
        return _half_cosine(self.known("learning_rate"), self.final, t / period)


class Triangular(Schedule):
    """Up and down in straight lines between two rates, again and again: a cyclical learning rate."""

    kind: Literal["triangular"] = "triangular"
    low: float = Field(
        0.0, ge=0, le=1e300, title="α low", description="The rate at the foot of each triangle."
    )
    up: int | None = _length("up", "Steps from the low rate to the peak; by default a tenth of all.")
    down: int | None = _length("down", "Steps from the peak to the low rate; by default a tenth of all.")
    shares: ClassVar[dict[str, float]] = {"up": 0.1, "down": 0.1}
    reference: ClassVar[str] = "Smith (2017), Cyclical learning rates for training neural networks"

    def at(self, t: int) -> float:
        up, down = self.known("up"), self.known("down")
        position = t % (up + down)
        height = position / up if position <= up else (up + down - position) / down
        return self.low + (self.known("learning_rate") - self.low) * height


def _half_cosine(first: float, last: float, share: float) -> float:
    return last + 0.5 * (first - last) * (1 + cos(pi * share))


AnySchedule = Annotated[
    Constant | Step | Exponential | Cosine | CosineRestarts | Triangular,
    Field(discriminator="kind"),
]
LearningRate = Annotated[
    Annotated[Rate, case("number")] | Annotated[AnySchedule, case("schedule")],
    either(schedule=lambda value: isinstance(value, dict | Schedule), number=lambda _: True),
]


def filled(learning_rate: float | Schedule | None, steps: int, default: float) -> float | Schedule:
    """Return a learning rate with everything that was left out filled in."""
    if learning_rate is None:
        return default
    return learning_rate if isinstance(learning_rate, float) else learning_rate.filled(steps, default)


def rates(learning_rate: float | Schedule, steps: int) -> NDArray[np.float64]:
    """Return the rates of updates 0 to ``steps``, shape (steps + 1,).

    Raises ValueError, naming the first such t, if a rate is negative or not finite.
    """
    if isinstance(learning_rate, float):
        return np.full(steps + 1, learning_rate)
    values = [learning_rate.at(t) for t in range(steps + 1)]
    for t, value in enumerate(values):
        if not (isfinite(value) and value >= 0):
            raise ValueError(
                f"the learning rate of update {t} is {value:g}; it must be 0 or more, and finite"
            )
    return np.array(values)
