"""A curve of one's own through points."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, Strict, ValidationInfo, field_validator

from fall_line.component import Point, refusal
from fall_line.expression import FormulaError, Node, normalised, parse, symbol
from fall_line.expression.functions import call, minimum
from fall_line.expression.node import number
from fall_line.expression.traversal import below
from fall_line.losses.bottoms import lowest_found, lowest_seen, settled_at
from fall_line.losses.examples import Examples
from fall_line.surfaces.base import Domain, check_name
from fall_line.surfaces.data import TARGET, Column, DataSurface, around, rectangle, renamed, shown

USUAL = Domain(x=(-1.0, 4.0), y=(-0.5, 3.0))


class Fit(DataSurface):
    """A curve of your own through points: type a model in t with two parameters, and see its loss.

    Squared errors follow outliers, absolute ones ignore them; Huber's are squared up to 1, absolute beyond.
    Kinks of the model follow the rule for typed formulas.
    """

    kind: Literal["fit"] = "fit"
    lists: ClassVar[tuple[str, str]] = ("t", "y")
    letters: ClassVar[tuple[str, str]] = ("a", "b")
    parameters: Annotated[tuple[str, ...], Strict(False)] = Field(
        ("a", "b"), min_length=2, max_length=2, title="parameters", description="The model's two parameters."
    )
    model: str = Field(
        "a*exp(-b*t)", title="ŷ(t)", description="The curve: a formula in t and the two parameters."
    )
    t: Column = Field(
        (
            *(0.1, 0.31, 0.51, 0.72, 0.92, 1.13, 1.33, 1.54, 1.74, 1.95),
            *(2.15, 2.36, 2.56, 2.77, 2.97, 3.18, 3.38, 3.59, 3.79, 4.0),
        ),
        title="t",
        description="The inputs.",
    )
    y: Column = Field(
        (
            *(1.72, 1.54, 1.13, 0.88, 0.85, 0.65, 0.62, 0.68, 0.35, 0.3),
            *(0.31, 0.28, 0.19, 0.15, 0.19, 0.16, 0.01, 0.07, 0.07, -0.03),
        ),
        title="y",
        description="The targets.",
    )
    loss: Literal["squared", "absolute", "huber"] = Field(
        "squared", title="loss", description="How the error of an example counts."
    )
    rate: ClassVar[float] = 0.3
    stride: ClassVar[float] = 0.05
    reference: ClassVar[str] = "least squares; Huber (1964), Robust estimation of a location parameter, δ = 1"

    @field_validator("parameters")
    @classmethod
    def _named_well(cls, parameters: tuple[str, ...]) -> tuple[str, ...]:
        for name in parameters:
            check_name(name)
        if len(set(parameters)) < 2:
            raise refusal("the two parameters need different names")
        return parameters

    @field_validator("model")
    @classmethod
    def _parses(cls, model: str, info: ValidationInfo) -> str:
        if "parameters" in info.data:
            names = info.data["parameters"]
            try:
                graph = parse(model, variables=("t", *names))
            except FormulaError as error:
                raise refusal(error.message, error.column) from error
            used = set(below([graph]))
            for name in names:
                if symbol(name) not in used:
                    raise refusal(f"the model does not depend on {name}")
            return normalised(model)
        return model

    def prediction(self) -> Node:
        return renamed(parse(self.model, variables=("t", *self.parameters)), ("t", "y", *self.parameters))

    def discrepancy(self) -> Node:
        error = self.prediction() - TARGET
        if self.loss == "squared":
            return error**2
        size = call("abs", error)
        if self.loss == "absolute":
            return size
        inner = minimum(size, number(1.0))
        return inner * (size - inner / 2)

    def natural_window(self) -> Domain:
        squares = self.changed(loss="squared").terms()
        point = lowest_found(squares)
        wide = None if point is None else around(squares, point)
        if point is not None and wide is not None and self.loss != "squared":
            lengths = (wide.x[1] - wide.x[0]) / 20, (wide.y[1] - wide.y[0]) / 20
            point = settled_at(self.terms(), point, lengths)
        return shown(squares, point, USUAL) or self._real_window(squares)

    def _real_window(self, squares: Examples) -> Domain:
        """Return the usual window, or where the loss is real if it is nowhere there."""
        inside = (np.linspace(*interval, 21)[1:-1] for interval in (USUAL.x, USUAL.y))
        low = None if np.isfinite(squares.grid(*inside)).any() else lowest_seen(squares)
        if low is None:
            return USUAL
        half = 1.6 * np.maximum(np.abs(low), 1.0)
        return rectangle(low - half, low + half) or USUAL

    def first_iterate(self) -> Point:
        # Around a minimum of its own the window is wider: not so far off, where exponentials grow.
        return self.place(0.8, 0.2) if self.domain or self.window() == USUAL else self.place(0.7, 0.35)

    def named_letters(self) -> tuple[str, str]:
        first, second = self.parameters
        return first, second
