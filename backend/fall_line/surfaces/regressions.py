"""The smallest models there are: one input, a weight and a bias."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from fall_line.component import Point, refusal
from fall_line.expression import Node
from fall_line.losses.bottoms import least_squares, likeliest, lowest_found
from fall_line.surfaces.base import Domain, square
from fall_line.surfaces.data import Column, DataSurface, Reduction, around, parsed, shown

USUAL = square(-5.0, 5.0)


class Neuron(DataSurface):
    """One sigmoid neuron: even a single weight and bias make plains and cliffs, where a fixed rate crawls.

    The classic experiment of lectures starts at (−2, −2) with the rate 1 on two examples.
    """

    kind: Literal["neuron"] = "neuron"
    x: Column = Field((0.5, 2.5), title="x", description="The inputs.")
    y: Column = Field((0.2, 0.9), title="y", description="The targets, between 0 and 1.")
    reduction: Reduction = Field(
        "sum", title="reduction", description="Whether a batch's losses are averaged or summed."
    )
    rate: ClassVar[float] = 1.0
    stride: ClassVar[float] = 0.1
    reference: ClassVar[str] = "Khapra, CS7015 Deep Learning, lectures 3 and 5: L = Σ ½ (σ(w x + b) − y)²"

    def prediction(self) -> Node:
        return parsed("sigmoid(w*x + b)")

    def discrepancy(self) -> Node:
        return parsed("(sigmoid(w*x + b) - y)**2/2")

    def natural_window(self) -> Domain:
        terms, wide = self.terms(), super().natural_window()
        bottom = lowest_found(terms)
        found = None if bottom is None else around(terms, bottom)
        # Far out, where every output is 0 or 1, the loss is flat: what is found there is no minimum.
        if found is None or np.ptp(found.y) > 20 * np.ptp(wide.y):
            return wide
        return shown(terms, bottom, USUAL) or wide

    def first_iterate(self) -> Point:
        (left, right), (bottom, top) = self.window().x, self.window().y
        classic = self.domain or self.window() == USUAL
        return (
            (-2.0, -2.0) if classic and left < -2 < right and bottom < -2 < top else super().first_iterate()
        )


class LinearRegression(DataSurface):
    """A line through points: the loss is a bowl, the more drawn out the farther the inputs lie from 0."""

    kind: Literal["linear_regression"] = "linear_regression"
    x: Column = Field(
        (
            *(0.02, 0.13, 0.48, 0.65, 0.68, 0.76, 0.84, 0.9, 0.91, 1.34, 1.4, 1.51),
            *(1.66, 1.84, 1.87, 1.88, 2.33, 2.38, 2.39, 2.46, 2.62, 2.69, 2.97, 2.99),
        ),
        title="x",
        description="The inputs.",
    )
    y: Column = Field(
        (
            *(-0.53, -0.56, -1.1, -0.27, -0.07, 0.05, -0.46, -0.05, -0.21, 0.19, 0.89, 0.33),
            *(0.72, 1.18, 0.69, 0.86, 1.3, 1.33, 0.88, 1.39, 1.97, 1.01, 2.08, 1.83),
        ),
        title="y",
        description="The targets.",
    )
    rate: ClassVar[float] = 0.1
    stride: ClassVar[float] = 0.05
    reference: ClassVar[str] = "least squares: L = mean of (w x + b − y)²"

    def prediction(self) -> Node:
        return parsed("w*x + b")

    def discrepancy(self) -> Node:
        return parsed("(w*x + b - y)**2")

    def global_minima(self) -> tuple[Point, ...]:
        return least_squares(self.terms())


class LogisticRegression(DataSurface):
    """A probability from one input: a convex loss, steep where the model is wrong and sure of it.

    Where a threshold separates the classes there is no minimum: the steeper the curve, the smaller the loss.
    """

    kind: Literal["logistic_regression"] = "logistic_regression"
    x: Column = Field(
        (
            *(-2.64, -2.42, -2.1, -2.1, -1.71, -1.56, -1.2, -1.06, -0.83, -0.72, -0.67, -0.59),
            *(-0.36, 0.54, 0.59, 0.63, 0.83, 1.03, 1.06, 1.9, 2.23, 2.24, 2.81, 2.87),
        ),
        title="x",
        description="The inputs.",
    )
    y: Column = Field(
        (*[0.0] * 14, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0),
        title="y",
        description="The classes, 0 or 1.",
    )
    classifies: ClassVar[bool] = True
    rate: ClassVar[float] = 1.0
    stride: ClassVar[float] = 0.1
    reference: ClassVar[str] = "maximum likelihood: L = mean of log(1 + exp(z)) − y z with z = w x + b"

    @model_validator(mode="after")
    def _two_classes(self) -> LogisticRegression:
        if set(self.y) != {0.0, 1.0}:
            raise refusal("the classes in y are 0 and 1, and both must occur")
        return self

    def prediction(self) -> Node:
        return parsed("sigmoid(w*x + b)")

    def discrepancy(self) -> Node:
        # The logarithm of σ(z) is lost where that rounds to 0: −y log σ − (1 − y) log(1 − σ), simplified.
        return parsed("softplus(w*x + b) - y*(w*x + b)")

    def global_minima(self) -> tuple[Point, ...]:
        return likeliest(self.terms())
