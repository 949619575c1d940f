"""Schedules made of others, and of formulas."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field, Strict

from fall_line.component import Document, refusal
from fall_line.expression import FormulaError, normalised, parse, symbol
from fall_line.expression.floats import compile_floats
from fall_line.expression.functions import bind
from fall_line.schedules.base import LONGEST, Listener, Schedule, filled, length

if TYPE_CHECKING:
    from fall_line.schedules import LearningRate


class Warmup(Schedule):
    """A line up to any other schedule, which begins at its own step 0 after the warm-up.

    Lengths left out of that schedule come from the steps that remain.  A warm-up longer than the experiment
    is allowed, the rate is then still rising at the end; so are schedules nested in schedules in schedules.
    """

    kind: Literal["warmup"] = "warmup"
    name: ClassVar[str] = "Warm-up"
    steps: int | None = length("up", "Steps of the warm-up; by default a tenth of all.")
    start_factor: float = Field(
        0.0, ge=0, le=1, title="first", description="The share of the rate to begin with."
    )
    then: LearningRate | None = Field(
        None,
        title="then",
        description="What follows, a number or a schedule; by default the optimizer's own rate.",
    )
    shares: ClassVar[dict[str, float]] = {"steps": 0.1}
    reference: ClassVar[str] = "Goyal et al. (2017), Accurate, large minibatch SGD, section 2.2"

    def missing(self, steps: int, learning_rate: float) -> dict[str, Any]:
        missing = super().missing(steps, learning_rate)
        warm = self.steps if self.steps is not None else missing["steps"]
        then = filled(self.then, max(1, steps - warm), learning_rate)
        return missing if then == self.then else {**missing, "then": then}

    @property
    def reacts(self) -> bool:
        return isinstance(self.then, Schedule) and self.then.reacts

    def at(self, t: int) -> float:
        return self.listener().at(t)

    def listener(self) -> Listener:
        return WarmupListener(self)


class WarmupListener:
    """A warm-up on its way, with the schedule that follows it."""

    def __init__(self, schedule: Warmup) -> None:
        self.steps = int(schedule.known("steps"))
        self.start_factor = schedule.start_factor
        self.then = listener(schedule.then)

    def at(self, t: int) -> float:
        """Return the rate of update t."""
        if t >= self.steps:
            return self.then.at(t - self.steps)
        return self.then.at(0) * (self.start_factor + (1 - self.start_factor) * t / self.steps)

    def hear(self, t: int, loss: float) -> None:
        """Pass on what is heard after the warm-up."""
        if t >= self.steps:
            self.then.hear(t - self.steps, loss)


class Part(Document):
    """From which update on, what rate."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    begin: int = Field(
        alias="from", ge=0, le=LONGEST, title="from", description="The first update of this part."
    )
    learning_rate: LearningRate | None = Field(
        None, title="α", description="A number or a schedule; by default the optimizer's own rate."
    )


def _in_order(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    begins = [part.begin for part in parts]
    if begins[0] != 0:
        raise refusal("the first part is from 0")
    if any(following <= before for before, following in pairwise(begins)):
        raise refusal("parts are in ascending order of from, none twice")
    return parts


class Piecewise(Schedule):
    """One rate or schedule after another, each with t counted from the start: a rate changed in mid-run."""

    kind: Literal["piecewise"] = "piecewise"
    parts: Annotated[tuple[Part, ...], Strict(False), AfterValidator(_in_order)] = Field(
        ({"from": 0},),
        validate_default=True,
        min_length=1,
        max_length=64,
        title="parts",
        description="The parts, in order of time.",
    )

    def missing(self, steps: int, learning_rate: float) -> dict[str, Any]:
        parts = tuple(
            part.changed(learning_rate=filled(part.learning_rate, steps, learning_rate))
            for part in self.parts
        )
        return {} if parts == self.parts else {"parts": parts}

    @property
    def reacts(self) -> bool:
        return any(
            isinstance(part.learning_rate, Schedule) and part.learning_rate.reacts for part in self.parts
        )

    def at(self, t: int) -> float:
        return self.listener().at(t)

    def listener(self) -> Listener:
        return PiecewiseListener(self)


class PiecewiseListener:
    """The parts of a piecewise schedule on their way; all of them hear every loss."""

    def __init__(self, schedule: Piecewise) -> None:
        self.parts = [(part.begin, listener(part.learning_rate)) for part in schedule.parts]

    def at(self, t: int) -> float:
        """Return the rate of update t."""
        return next(part for begin, part in reversed(self.parts) if begin <= t).at(t)

    def hear(self, t: int, loss: float) -> None:
        """Pass on what is heard."""
        for _, part in self.parts:
            part.hear(t, loss)


class Number:
    """A constant rate on its way."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def at(self, t: int) -> float:
        """Return the rate."""
        return self.rate

    def hear(self, t: int, loss: float) -> None:
        """Do not care."""


def listener(learning_rate: float | Schedule | None) -> Listener:
    """Return a learning rate's state at the start of a descent."""
    if learning_rate is None:
        raise ValueError("the learning rate was left out; call filled() first")
    return learning_rate.listener() if isinstance(learning_rate, Schedule) else Number(learning_rate)


T = symbol("t")


@lru_cache(maxsize=256)
def _compiled(formula: str) -> Any:
    return compile_floats(bind([parse(formula, variables=("t",))], {}), [T])


def _parses(formula: str) -> str:
    try:
        _compiled(formula)
    except FormulaError as error:
        raise refusal(error.message, error.column) from error
    return normalised(formula)


class FormulaSchedule(Schedule):
    """A rate of your own, as a formula in t, the number of the update counted from 0."""

    kind: Literal["formula"] = "formula"
    name: ClassVar[str] = "Formula"
    formula: Annotated[str, AfterValidator(_parses)] = Field(
        "0.1*exp(-t/50)", title="α(t)", description="The rate, such as 0.1*exp(-t/50) or 0.1/sqrt(1 + t)."
    )

    def at(self, t: int) -> float:
        return float(_compiled(self.formula)(float(t))[0])
