"""Surfaces made of data: a model with two parameters, and its loss on every example."""

from __future__ import annotations

from abc import abstractmethod
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, Strict, ValidationInfo, field_validator, model_validator

from fall_line.component import Point, refusal
from fall_line.expression import FormulaError, Loss, Node, parse, symbol
from fall_line.expression.field import PLANE
from fall_line.expression.functions import build, call, minimum
from fall_line.expression.grids import compile_grids
from fall_line.expression.loss import Floats
from fall_line.expression.node import number
from fall_line.expression.traversal import below, rebuild
from fall_line.expression.typeset import typeset_sum
from fall_line.losses.examples import Examples, Term, formula, term
from fall_line.surfaces.base import Domain, Surface, check_name, square
from fall_line.surfaces.datasets import split

MAX_EXAMPLES = 10_000
NEWTON_STEPS = 60
FEW = 8
"""The loss of so few examples is written out as one formula: that is faster than arrays."""

Column = Annotated[tuple[float, ...], Strict(False), Field(max_length=MAX_EXAMPLES)]
Reduction = Literal["mean", "sum"]
DATA = ("data input", "data target")
INPUT, TARGET = map(symbol, DATA)


class DataSurface(Surface):
    """A model with two parameters, seen as the loss over the plane of these parameters."""

    group: ClassVar[str] = "data"
    lists: ClassVar[tuple[str, str]] = ("x", "y")
    """The names of the lists with the examples' inputs and targets."""
    letters: ClassVar[tuple[str, str]] = ("w", "b")
    classifies: ClassVar[bool] = False
    """Whether the model's output is the probability of the target 1."""
    fallback: ClassVar[Domain] = square(-5.0, 5.0)

    reduction: Reduction = Field(
        "mean", title="reduction", description="Whether a batch's losses are averaged or summed."
    )
    test: float = Field(
        0.0, ge=0, le=0.9, title="test", description="The share of the examples held out for testing."
    )
    domain: Domain | None = Field(
        None,
        title="domain",
        description="The part of the plane that is shown; by default made to fit the data.",
    )

    @abstractmethod
    def prediction(self) -> Node:
        """Return the model's output: a graph in x and y, its parameters, and INPUT."""

    @abstractmethod
    def discrepancy(self) -> Node:
        """Return the loss of one example: a graph in x, y, INPUT and TARGET."""

    @model_validator(mode="after")
    def _usable(self) -> DataSurface:
        inputs, targets = (getattr(self, name) for name in self.lists)
        first, second = self.lists
        if len(inputs) != len(targets):
            raise refusal(f"{first} has {len(inputs)} numbers and {second} has {len(targets)}; give as many")
        if len(inputs) < 2:
            raise refusal(f"give at least two examples in {first} and {second}")
        if min(inputs) == max(inputs):
            raise refusal(f"all numbers in {first} are the same: there is nothing to learn from")
        train, test = split(len(inputs), self.test)
        if len(train) < 2 or (self.test and not len(test)):
            raise refusal(
                f"with {len(inputs)} examples, a share of {self.test:g} leaves too few to train or to test"
            )
        return self

    def columns(self) -> tuple[tuple[float, ...], ...]:
        """Return inputs and targets of all examples."""
        inputs, targets = (getattr(self, name) for name in self.lists)
        return inputs, targets

    def term(self) -> Term:
        """Return the loss of one example."""
        return term(self.discrepancy(), DATA)

    def terms(self) -> Examples:
        return _parts(self.term(), self.columns(), self.test, self.reduction)[0]

    def test_terms(self) -> Examples | None:
        return _parts(self.term(), self.columns(), self.test, self.reduction)[1]

    def field(self) -> Loss:
        return _whole(self.terms())

    def test_field(self) -> Loss | None:
        held_out = self.test_terms()
        return None if held_out is None else _whole(held_out)

    def window(self) -> Domain:
        return self.domain or self.natural_window()

    def natural_window(self) -> Domain:
        """Return the part of the plane to show where none is given."""
        minima = self.global_minima()
        return _around(self.terms().averaged(), minima[0]) if minima else self.fallback

    def first_iterate(self) -> Point:
        (left, right), (bottom, top) = self.window().x, self.window().y
        return left + 0.12 * (right - left), bottom + 0.82 * (top - bottom)

    def outputs(self, points: Floats, inputs: Floats) -> Floats:
        """Return what the model says of inputs (m,) with its parameters at points (n, 2): shape (n, m)."""
        compiled = compile_grids([self.prediction()], (*PLANE, INPUT), (0, 0, 1))
        (values,) = compiled(points[:, :1], points[:, 1:], inputs[None, :])
        return np.array(np.broadcast_to(values, (len(points), len(inputs))))

    def measures(self, iterates: Floats) -> dict[str, Floats]:
        measured = {}
        test = self.test_terms()
        if test is not None:
            measured["test_loss"] = test.losses(iterates)
        if self.classifies:
            measured["accuracy"] = self._accuracies(iterates, self.terms())
            if test is not None:
                measured["test_accuracy"] = self._accuracies(iterates, test)
        return measured

    def _accuracies(self, points: Floats, examples: Examples) -> Floats:
        inputs, targets = examples.columns
        right: Floats = ((self.outputs(points, inputs) > 0.5) == (targets > 0.5)).mean(axis=1)
        return right

    def named_letters(self) -> tuple[str, str]:
        """Return the names of the two parameters."""
        return self.letters

    def mathml(self) -> dict[str, str | None]:
        first, second = self.lists
        x, y = self.named_letters()
        names = {"x": x, "y": y, DATA[0]: f"{first}_i", DATA[1]: f"{second}_i"}
        return typeset_sum(self.term().loss, self.term().gradient, names, self.reduction == "mean")

    @classmethod
    def facts(cls) -> dict[str, Any]:
        surface = cls()
        lowest = [{"x": x, "y": y, "loss": surface.field().loss_at(x, y)} for x, y in surface.global_minima()]
        return {
            **super().facts(),
            "formula": None,
            "mathml": surface.mathml(),
            "domain": surface.window().model_dump(mode="json"),
            "start": list(surface.first_iterate()),
            "minima": lowest,
            "group": cls.group,
            "bounded": True,
            "data": True,
            "lists": list(cls.lists),
            "letters": list(cls.letters),
        }


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

    def first_iterate(self) -> Point:
        return -2.0, -2.0


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
        return _bottom(self.terms())


class LogisticRegression(DataSurface):
    """A probability from one input: a convex loss, steep where the model is wrong and sure of it."""

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
        return _bottom(self.terms())


class Fit(DataSurface):
    """A curve of your own through points: type a model in t with two parameters, and see its loss.

    Squared errors follow outliers, absolute ones ignore them; Huber's are squared up to 1, absolute beyond.
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
    fallback: ClassVar[Domain] = Domain(x=(-1.0, 4.0), y=(-0.5, 3.0))
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
        return model

    def prediction(self) -> Node:
        return _renamed(parse(self.model, variables=("t", *self.parameters)), ("t", "y", *self.parameters))

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
        return self.fallback

    def first_iterate(self) -> Point:
        (left, right), (bottom, top) = self.window().x, self.window().y
        return left + 0.8 * (right - left), bottom + 0.2 * (top - bottom)

    def named_letters(self) -> tuple[str, str]:
        first, second = self.parameters
        return first, second


@lru_cache(maxsize=64)
def parsed(formula: str) -> Node:
    """Return the graph of a formula in the weight w, the bias b, the input x and the target y."""
    return _renamed(parse(formula, variables=("x", "y", "w", "b")), ("x", "y", "w", "b"))


def _renamed(graph: Node, names: tuple[str, ...]) -> Node:
    """Return a graph in which names stand for input, target and the two parameters, in this order."""
    places = zip(map(symbol, names), (INPUT, TARGET, *PLANE), strict=True)
    return rebuild([graph], dict(places), build)[0]


@lru_cache(maxsize=32)
def _parts(
    of: Term, columns: tuple[tuple[float, ...], ...], share: float, reduction: Reduction
) -> tuple[Examples, Examples | None]:
    """Return the losses on the examples to train with and on those held out."""
    arrays = [np.array(column, np.float64) for column in columns]
    train, test = split(len(arrays[0]), share)
    whole = Examples(of, arrays, reduction == "mean")
    return (whole.batch(train), whole.batch(test)) if len(test) else (whole, None)


@lru_cache(maxsize=64)
def _whole(examples: Examples) -> Loss:
    return formula(examples) if len(examples) <= FEW else examples


@lru_cache(maxsize=64)
def _bottom(examples: Examples) -> tuple[Point, ...]:
    """Return the minimum of a convex loss, found by Newton's method from 0; nothing if there is none near."""
    w = np.zeros(2)
    loss, gradient, hessian = examples.derivatives(w)
    for _ in range(NEWTON_STEPS):
        try:
            step = np.linalg.solve(hessian[0], gradient[0])
        except np.linalg.LinAlgError:
            return ()
        w = w - step
        loss, gradient, hessian = examples.derivatives(w)
        if not np.isfinite(loss[0]):
            return ()
        if np.abs(step).max() <= 1e-14 * np.abs(w).max():
            return ((float(w[0]), float(w[1])),)
    return ()


def _around(examples: Examples, bottom: Point) -> Domain:
    """Return a window around a minimum that also shows 0, where the model says nothing."""
    at_zero, curvature = examples.loss_at(0.0, 0.0), np.diag(examples.hessian(np.array(bottom)))
    reach = np.sqrt(
        np.maximum(2 * (at_zero - examples.loss_at(*bottom)), 1e-12) / np.maximum(curvature, 1e-300)
    )
    half = 1.6 * np.maximum(np.abs(bottom), reach)
    (left, low), (right, high) = bottom - half, bottom + half
    return Domain(x=(float(left), float(right)), y=(float(low), float(high)))
