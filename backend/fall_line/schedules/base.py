"""What a schedule is: the learning rate as a function of the update's number t, counted from 0."""

from __future__ import annotations

from abc import abstractmethod
from math import isfinite
from typing import Annotated, Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from fall_line.component import Component

LARGEST_RATE = 1e300
LONGEST = 1_000_000

Rate = Annotated[float, Field(ge=0, le=LARGEST_RATE, title="α", description="Learning rate.")]


def length(symbol: str, description: str) -> Any:
    """Declare a length in steps that may be left out."""
    return Field(None, ge=1, le=LONGEST, title=symbol, description=description)


def final_rate() -> Any:
    """Declare the rate at the end of a decay."""
    return Field(0.0, ge=0, le=LARGEST_RATE, title="α end", description="The rate at the end.")


class Listener(Protocol):
    """A schedule on its way through one descent."""

    def at(self, t: int) -> float:
        """Return the rate of update t."""

    def hear(self, t: int, loss: float) -> None:
        """Take note of the loss after update t."""


class Schedule(Component):
    """A learning rate that changes from update to update."""

    shares: ClassVar[dict[str, float]] = {}
    """What share of the experiment's steps each length is where it is left out."""

    @abstractmethod
    def at(self, t: int) -> float:
        """Return the rate of update t; see :meth:`filled` for what was left out."""

    def hear(self, t: int, loss: float) -> None:
        """Take note of the loss after update t: most schedules do not care."""

    @property
    def reacts(self) -> bool:
        """Whether the rate depends on the losses."""
        return False

    def listener(self) -> Listener:
        """Return the schedule's state at the start of a descent."""
        return self

    def missing(self, steps: int, learning_rate: float) -> dict[str, Any]:
        """Return values for what was left out, by name; see :meth:`filled`."""
        return {
            name: max(1, round(share * steps))
            for name, share in self.shares.items()
            if getattr(self, name) is None
        }

    def filled(self, steps: int, learning_rate: float) -> Self:
        """Return this schedule with everything that was left out filled in.

        Lengths come from the experiment's ``steps``, the rate is the optimizer's own.
        Raises ValidationError if what was given does not fit what is filled in.
        """
        missing = self.missing(steps, learning_rate)
        return self.model_validate({**dict(self), **missing}) if missing else self

    def known(self, name: str) -> float:
        """Return a field that :meth:`filled` has filled in."""
        value = getattr(self, name)
        if value is None:
            raise ValueError(f"{name} was left out; call filled() first")
        return float(value)


class RatedSchedule(Schedule):
    """A schedule with an initial or peak rate of its own."""

    learning_rate: float | None = Field(
        None,
        ge=0,
        le=LARGEST_RATE,
        title="α",
        description="Initial or peak learning rate; by default the optimizer's own.",
    )

    def missing(self, steps: int, learning_rate: float) -> dict[str, Any]:
        rate = {"learning_rate": learning_rate} if self.learning_rate is None else {}
        return {**super().missing(steps, learning_rate), **rate}

    @property
    def peak(self) -> float:
        """The initial or peak rate."""
        return self.known("learning_rate")


def filled(learning_rate: float | Schedule | None, steps: int, default: float) -> float | Schedule:
    """Return a learning rate with everything that was left out filled in; see ``Schedule.filled``."""
    if learning_rate is None:
        return default
    return learning_rate.filled(steps, default) if isinstance(learning_rate, Schedule) else learning_rate


class Rates:
    """The learning rates of one descent, entry t that of update t, up to ``steps``.

    Raises ValueError, naming the first such t, if one is negative or not finite.
    """

    def __init__(self, learning_rate: float | Schedule, steps: int) -> None:
        self.reacts = isinstance(learning_rate, Schedule) and learning_rate.reacts
        if not isinstance(learning_rate, Schedule):
            self._values = [learning_rate] * (steps + 1)
            return
        self._listener = learning_rate.listener()
        self._values = [self._listener.at(t) for t in range(steps + 1)]
        for t, rate in enumerate(self._values):
            if not (isfinite(rate) and rate >= 0):
                raise ValueError(f"the rate of update {t} is {rate:g}; rates are finite and not negative")
        if self.reacts:
            # What the schedule says before it has heard anything is only right for update 0.
            del self._values[1:]

    def at(self, t: int) -> float:
        """Return the rate of update t; that of a schedule which reacts is known after ``hear(t - 1, …)``."""
        return self._values[t]

    def hear(self, t: int, loss: float) -> float:
        """Take note of the loss after update t and return the rate of update t + 1."""
        if self.reacts and len(self._values) == t + 1:
            self._listener.hear(t, loss)
            self._values.append(self._listener.at(t + 1))
        return self._values[t + 1]

    def latest(self) -> float:
        """Return the last rate that is known."""
        return self._values[-1]

    def between(self, first: int, last: int) -> NDArray[np.float64]:
        """Return the rates of updates first to last − 1, as far as they are known."""
        return np.array(self._values[first:last])
