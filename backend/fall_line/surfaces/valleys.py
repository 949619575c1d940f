"""A long way down a narrow valley: the gradient points across it, the minimum lies along it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from fall_line.component import Point
from fall_line.surfaces.base import Domain, NamedSurface, square


class Rosenbrock(NamedSurface):
    """A curved, narrow valley: its floor is found in a few steps, its minimum takes thousands."""

    kind: Literal["rosenbrock"] = "rosenbrock"
    a: float = Field(1.0, ge=-2, le=2, title="a", description="Where the minimum is: at (a, a²).")
    b: float = Field(100.0, gt=0, le=10_000, title="b", description="How steep the walls of the valley are.")
    formula: ClassVar[str] = "(a - x)**2 + b*(y - x**2)**2"
    domain: ClassVar[Domain] = square(-2.048, 2.048)
    start: ClassVar[Point] = (-1.2, 1.0)
    rate: ClassVar[float] = 0.001
    group: ClassVar[str] = "valleys"
    reference: ClassVar[str] = (
        "Rosenbrock (1960), An automatic method for finding the greatest or least value of a function; "
        "domain of De Jong (1975), function F2"
    )

    def global_minima(self) -> tuple[Point, ...]:
        """Return (a, a²)."""
        return ((self.a, self.a**2),)
