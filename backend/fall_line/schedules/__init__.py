"""Learning-rate schedules; the order of the union is the order of the menu."""

from typing import Annotated

from pydantic import Field

from fall_line.component import case, either
from fall_line.schedules.base import Rate, Rates, Schedule, filled
from fall_line.schedules.composed import FormulaSchedule, Part, Piecewise, Warmup
from fall_line.schedules.cycles import (
    CosineRestarts,
    ExpRange,
    OneCycle,
    Triangular,
    Triangular2,
    WarmupStableDecay,
)
from fall_line.schedules.decays import (
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    Linear,
    MultiStep,
    Polynomial,
    Step,
)
from fall_line.schedules.plateau import PlateauSchedule

AnySchedule = Annotated[
    Constant
    | Step
    | MultiStep
    | Exponential
    | InverseTime
    | Linear
    | Polynomial
    | Cosine
    | CosineRestarts
    | Triangular
    | Triangular2
    | ExpRange
    | OneCycle
    | WarmupStableDecay
    | Warmup
    | PlateauSchedule
    | Piecewise
    | FormulaSchedule,
    Field(discriminator="kind"),
]
LearningRate = Annotated[
    Annotated[Rate, case("number")] | Annotated[AnySchedule, case("schedule")],
    either(schedule=lambda value: isinstance(value, dict | Schedule), number=lambda _: True),
]
for nested in (Part, Warmup, Piecewise):
    nested.model_rebuild(force=True, _types_namespace={"LearningRate": LearningRate})

__all__ = ["AnySchedule", "FormulaSchedule", "LearningRate", "Rate", "Rates", "Schedule", "Warmup", "filled"]
