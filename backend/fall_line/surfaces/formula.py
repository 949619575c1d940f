"""The surface a lecturer types."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from fall_line import expression
from fall_line.component import Point, refusal
from fall_line.expression import FormulaError, Node, normalised
from fall_line.surfaces.base import Domain, Surface, check_name, parsed, square, typeset_with_gradient

MAX_PARAMETERS = 16


class Formula(Surface):
    """Your own landscape: type a formula in x and y, with letters of your own as parameters.

    At kinks there is one rule: the derivatives of abs, sign, relu and sqrt (or a power of 0.5) at 0 count
    as 0, and min and max of equal values share theirs evenly.  Where any other derivative is not defined,
    such as that of cbrt(x) at 0 or of atan(y/x) on x = 0, the gradient does not exist: a descent ends
    there.  One that overflows is not a finite number: the descent has diverged.  Where a square root is 0
    there are no second derivatives.
    """

    kind: Literal["formula"] = "formula"
    parameters: dict[str, float] = Field(
        default={}, title="parameters", description="Values for letters of the formula other than x and y."
    )
    formula: str = Field(
        title="f(x, y)", description="The loss, such as x**2 + 3*y**2 or sin(x)*cos(y); no implicit products."
    )
    domain: Domain = Field(
        default=square(-5.0, 5.0), title="domain", description="The part of the plane that is shown."
    )
    reference: ClassVar[str] = "yours"

    @field_validator("parameters")
    @classmethod
    def _named_well(cls, parameters: dict[str, float]) -> dict[str, float]:
        if len(parameters) > MAX_PARAMETERS:
            raise refusal(f"a formula has up to {MAX_PARAMETERS} parameters")
        for name in parameters:
            check_name(name)
        return parameters

    @field_validator("formula")
    @classmethod
    def _parses(cls, formula: str, info: ValidationInfo) -> str:
        if "parameters" not in info.data:
            return formula
        try:
            parsed(formula, tuple(info.data["parameters"]))
        except FormulaError as error:
            raise refusal(error.message, error.column) from error
        return normalised(formula)

    def graph(self) -> Node:
        """Return the formula's graph in x, y and the parameters."""
        return parsed(self.formula, tuple(self.parameters))

    def field(self) -> expression.Field:
        return expression.field(self.graph(), self.parameters)

    def window(self) -> Domain:
        return self.domain

    def first_iterate(self) -> Point:
        (left, right), (bottom, top) = self.domain.x, self.domain.y
        return left + 0.2 * (right - left), bottom + 0.7 * (top - bottom)

    def mathml(self) -> dict[str, str | None]:
        return typeset_with_gradient(self.graph(), {})

    @classmethod
    def facts(cls) -> dict[str, Any]:
        example = cls(formula="x**2 + 3*y**2")
        return {
            **super().facts(),
            "formula": None,
            "mathml": {"loss": None, "gradient": None},
            "domain": example.domain.model_dump(mode="json"),
            "start": list(example.first_iterate()),
            "minima": [],
            "group": cls.group,
            "bounded": True,
        }
