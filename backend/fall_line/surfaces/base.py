"""What a surface is: a loss over the plane, with the facts a lecturer needs to know about it."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import lru_cache
from math import hypot
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Strict

from fall_line.component import Component, Document, Point, refusal
from fall_line.expression import Field, Loss, Node, field, parse, typeset, typeset_gradient
from fall_line.expression.differentiate import gradient
from fall_line.expression.field import PLANE
from fall_line.expression.loss import Floats
from fall_line.expression.parse import RESERVED
from fall_line.losses.examples import Examples

LARGEST_COORDINATE = 1e100
PARAMETER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}", re.ASCII)


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a parameter in a formula."""
    if not PARAMETER_NAME.fullmatch(name):
        raise refusal("a parameter's name is a letter followed by up to 15 letters, digits or _")
    if name in RESERVED:
        raise refusal(f"the name {name} has a meaning already; choose another letter")


def _ordered(interval: tuple[float, float]) -> tuple[float, float]:
    low, high = interval
    if not low < high:
        raise refusal("the first number must be smaller than the second")
    if max(abs(low), abs(high)) > LARGEST_COORDINATE:
        raise refusal(f"coordinates go up to {LARGEST_COORDINATE:g}")
    if high - low < 1e-9 * max(abs(low), abs(high)):
        raise refusal("the interval is too narrow to be drawn")
    return interval


Interval = Annotated[tuple[float, float], Strict(False), AfterValidator(_ordered)]


class Domain(Document):
    """A rectangle of the plane."""

    x: Interval
    y: Interval

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the rectangle."""
        return (self.x[0] + self.x[1]) / 2, (self.y[0] + self.y[1]) / 2

    @property
    def diameter(self) -> float:
        """The length of its diagonal."""
        return hypot(self.x[1] - self.x[0], self.y[1] - self.y[0])


def square(low: float, high: float) -> Domain:
    """Return the domain with the same interval in x and y."""
    return Domain(x=(low, high), y=(low, high))


class Surface(Component):
    """A loss over the plane."""

    group: ClassVar[str] = "your own"
    bounded: ClassVar[bool] = True
    rate: ClassVar[float] = 0.01
    """A learning rate with which gradient descent gets down in a few hundred steps."""
    stride: ClassVar[float] = 0.05
    """The same for optimizers whose steps have the length of the rate."""

    @abstractmethod
    def field(self) -> Loss:
        """Return the loss with its derivatives, bound to this surface's parameters."""

    def field_for(self, seed: int) -> Loss:
        """Return the loss over the plane that an experiment's seed draws, where it is drawn."""
        return self.field()

    def terms(self) -> Examples | None:
        """Return the loss as a sum over the examples to train with, where it is one over the plane."""
        return None

    def count(self) -> int | None:
        """Return the number of examples to train with, where there are any."""
        terms = self.terms()
        return None if terms is None else len(terms)

    def test_field(self) -> Loss | None:
        """Return the loss on data that no gradient comes from, where there are any."""
        return None

    def measures(self, iterates: Floats) -> dict[str, Floats]:
        """Return what else there is to know at iterates (n, 2): arrays (n,) by name, "test_loss" and such."""
        test = self.test_field()
        return {} if test is None else {"test_loss": test.losses(iterates)}

    @abstractmethod
    def window(self) -> Domain:
        """Return the part of the plane that is shown first."""

    @abstractmethod
    def first_iterate(self) -> Point:
        """Return the recommended start."""

    def global_minima(self) -> tuple[Point, ...]:
        """Return where the loss is smallest, as far as that is known for this surface's parameters."""
        return ()

    def lowest(self) -> float | None:
        """Return the smallest loss there is, or None where it is not known."""
        minima = self.global_minima()
        return min(self.field().loss_at(*point) for point in minima) if minima else None

    @abstractmethod
    def mathml(self) -> dict[str, str | None]:
        """Return loss and gradient, typeset."""


class NamedSurface(Surface):
    """A surface from the literature: a formula with facts; its fields are the formula's parameters."""

    formula: ClassVar[str]
    domain: ClassVar[Domain]
    minima: ClassVar[tuple[Point, ...]] = ()
    start: ClassVar[Point]

    @classmethod
    def parameters(cls) -> tuple[str, ...]:
        """Return the names of the formula's parameters."""
        return tuple(name for name in cls.model_fields if name != "kind")

    @classmethod
    def graph(cls) -> Node:
        """Return the formula's graph."""
        return parsed(cls.formula, cls.parameters())

    def field(self) -> Field:
        return field(self.graph(), {name: float(getattr(self, name)) for name in self.parameters()})

    def window(self) -> Domain:
        return self.domain

    def first_iterate(self) -> Point:
        return self.start

    def global_minima(self) -> tuple[Point, ...]:
        """Return where the loss is smallest, for this surface's parameters."""
        return self.minima

    def mathml(self) -> dict[str, str | None]:
        return self.typeset()

    @classmethod
    def typeset(cls) -> dict[str, str | None]:
        """Return loss and gradient in the letters of the parameters."""
        letters = {name: info.title for name, info in cls.model_fields.items() if info.title}
        return typeset_with_gradient(cls.graph(), letters)

    @classmethod
    def facts(cls) -> dict[str, Any]:
        surface = cls()
        return {
            **super().facts(),
            "formula": cls.formula,
            "mathml": cls.typeset(),
            "domain": cls.domain.model_dump(mode="json"),
            "start": list(cls.start),
            "minima": [
                {"x": x, "y": y, "loss": surface.field().loss_at(x, y)} for x, y in surface.global_minima()
            ],
            "group": cls.group,
            "bounded": cls.bounded,
        }


@lru_cache(maxsize=256)
def parsed(formula: str, parameters: tuple[str, ...]) -> Node:
    """Return the graph of a formula in x, y and the parameters; see :func:`fall_line.expression.parse`."""
    return parse(formula, parameters=parameters)


def typeset_with_gradient(loss: Node, letters: dict[str, str]) -> dict[str, str | None]:
    """Return a loss and its gradient, typeset in the given letters."""
    partials = gradient(loss, PLANE)
    return {"loss": typeset(loss, letters), "gradient": typeset_gradient(partials, letters)}
