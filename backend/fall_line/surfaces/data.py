"""What a surface made of data is: a model with two parameters, and its loss on every example."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from math import isfinite
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, Strict, model_validator

from fall_line.component import Point, refusal
from fall_line.expression import Loss, Node, parse, symbol
from fall_line.expression.field import PLANE
from fall_line.expression.functions import build
from fall_line.expression.grids import compile_grids
from fall_line.expression.loss import Floats
from fall_line.expression.traversal import rebuild
from fall_line.expression.typeset import typeset_sum
from fall_line.losses.examples import Examples, Term, formula, term
from fall_line.surfaces.base import LARGEST_COORDINATE, Domain, Surface, square
from fall_line.surfaces.datasets import split

MAX_EXAMPLES = 10_000
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
        found = around(self.terms(), minima[0]) if minima else None
        return found or spread(self.terms().columns[0])

    def first_iterate(self) -> Point:
        return self.place(0.12, 0.82)

    def place(self, across: float, up: float) -> Point:
        """Return the point at these shares of the window, or another one if the loss is not real there."""
        (left, right), (bottom, top) = self.window().x, self.window().y
        shares = product(*((first, 1 - first, 0.5, 0.05, 0.95) for first in (across, up)))
        points = [(left + a * (right - left), bottom + u * (top - bottom)) for a, u in shares]
        field = self.field()
        return next((at for at in points if all(map(isfinite, field.loss_and_gradient_at(*at)))), points[0])

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


@lru_cache(maxsize=64)
def parsed(formula: str) -> Node:
    """Return the graph of a formula in the weight w, the bias b, the input x and the target y."""
    return renamed(parse(formula, variables=("x", "y", "w", "b")), ("x", "y", "w", "b"))


def renamed(graph: Node, names: tuple[str, ...]) -> Node:
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


def shown(examples: Examples, bottom: Point | None, usual: Domain) -> Domain | None:
    """Return the usual window where a minimum is well seen on it, else one around it; None if there is none.

    Both must be of a size: what is a twentieth as long in the one direction is not seen.
    """
    found = None if bottom is None else around(examples, bottom)
    if found is None or bottom is None:
        return None
    for at, own, other in zip(bottom, (found.x, found.y), (usual.x, usual.y), strict=True):
        length = other[1] - other[0]
        if not (other[0] + 0.05 * length < at < other[1] - 0.05 * length and own[1] - own[0] > 0.05 * length):
            return found
    return usual


@np.errstate(all="ignore")
def around(examples: Examples, bottom: Point) -> Domain | None:
    """Return a window around a minimum that also shows 0, where the model says nothing; None if too far."""
    mean = examples.averaged()
    fall = mean.loss_at(0.0, 0.0) - mean.loss_at(*bottom)
    curvature = np.diag(mean.hessian(np.array(bottom)))
    # Where 0 is no higher, the way on which the loss would rise by 1.
    reach = np.sqrt(2 * (fall if 0 < fall < np.inf else 1.0) / np.maximum(curvature, 1e-300))
    half = 1.6 * np.maximum(np.abs(bottom), reach)
    return rectangle(bottom - half, bottom + half)


def rectangle(low: Sequence[float] | Floats, high: Sequence[float] | Floats) -> Domain | None:
    """Return the window between two corners; None if it is none that can be drawn."""
    corners = np.array([low, high], np.float64)
    if not (np.isfinite(corners).all() and abs(corners).max() <= LARGEST_COORDINATE):
        return None
    (left, bottom), (right, top) = corners.tolist()
    return Domain(x=(left, right), y=(bottom, top)) if left < right and bottom < top else None


@np.errstate(all="ignore")
def spread(inputs: Floats) -> Domain:
    """Return a window of slopes and heights that make σ(w·x + b) steep or flat, anywhere among the inputs."""
    middle, width = float(inputs.mean()), float(inputs.std())
    if width > 0:
        height = 5 * (1 + abs(middle) / width)
        found = rectangle((-5 / width, -height), (5 / width, height))
        if found is not None:
            return found
    return square(-5.0, 5.0)
