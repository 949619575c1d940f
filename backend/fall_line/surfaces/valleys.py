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


class Beale(NamedSurface):
    """Flat valleys between walls that shoot up at the corners: large gradients here, hardly any there."""

    kind: Literal["beale"] = "beale"
    formula: ClassVar[str] = "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2"
    domain: ClassVar[Domain] = square(-4.5, 4.5)
    minima: ClassVar[tuple[Point, ...]] = ((3.0, 0.5),)
    start: ClassVar[Point] = (1.0, 1.5)
    rate: ClassVar[float] = 0.01
    group: ClassVar[str] = "valleys"
    reference: ClassVar[str] = (
        "Beale (1958), On an iterative method for finding a local minimum of a function of more than one "
        "variable; domain of Jamil & Yang (2013)"
    )


class DixonPrice(NamedSurface):
    """A valley bent like a horseshoe with a minimum in either arm: the start decides which one it will be."""

    kind: Literal["dixon_price"] = "dixon_price"
    name: ClassVar[str] = "Dixon–Price"
    formula: ClassVar[str] = "(x - 1)**2 + 2*(2*y**2 - x)**2"
    domain: ClassVar[Domain] = square(-5.0, 5.0)
    minima: ClassVar[tuple[Point, ...]] = ((1.0, 0.7071067811865476), (1.0, -0.7071067811865476))
    start: ClassVar[Point] = (-4.0, 0.2)
    rate: ClassVar[float] = 0.01
    stride: ClassVar[float] = 0.05
    group: ClassVar[str] = "valleys"
    reference: ClassVar[str] = (
        "Dixon & Price (1989), The truncated Newton method for sparse unconstrained optimisation using "
        "automatic differentiation; of the usual domain [−10, 10]² the middle is shown"
    )


class Bukin6(NamedSurface):
    """A valley whose floor is a knife's edge: every step jumps across it, and hardly any goes along it."""

    kind: Literal["bukin6"] = "bukin6"
    name: ClassVar[str] = "Bukin N. 6"
    formula: ClassVar[str] = "100*sqrt(abs(y - 0.01*x**2)) + 0.01*abs(x + 10)"
    domain: ClassVar[Domain] = Domain(x=(-15.0, -5.0), y=(-3.0, 3.0))
    minima: ClassVar[tuple[Point, ...]] = ((-10.0, 1.0),)
    start: ClassVar[Point] = (-13.0, 0.5)
    rate: ClassVar[float] = 0.0002
    stride: ClassVar[float] = 0.03
    group: ClassVar[str] = "valleys"
    reference: ClassVar[str] = "Silagadze (2007), Finding two-dimensional peaks, after Bukin (1997)"
