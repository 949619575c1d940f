"""One minimum, and every path leads to it: how fast depends on the shape of the bowl."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from fall_line.component import Point
from fall_line.surfaces.base import Domain, NamedSurface, square


class Sphere(NamedSurface):
    """A round bowl: the gradient points straight away from the minimum, and every path leads there."""

    kind: Literal["sphere"] = "sphere"
    formula: ClassVar[str] = "x**2 + y**2"
    domain: ClassVar[Domain] = square(-5.12, 5.12)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-4.0, 3.0)
    rate: ClassVar[float] = 0.1
    group: ClassVar[str] = "bowls"
    reference: ClassVar[str] = "De Jong (1975), function F1"


class Quadratic(NamedSurface):
    """An elongated bowl: steep one way, flat the other, so that no single rate suits both directions."""

    kind: Literal["quadratic"] = "quadratic"
    condition: float = Field(
        10.0,
        ge=1,
        le=1e6,
        title="κ",
        description="How many times steeper the steep axis is than the flat one.",
    )
    angle: float = Field(
        0.0,
        ge=-180,
        le=180,
        title="θ",
        description="Direction of the flat axis, counter-clockwise, in degrees.",
    )
    formula: ClassVar[str] = (
        "0.5*((x*cos(angle*pi/180) + y*sin(angle*pi/180))**2"
        " + condition*(y*cos(angle*pi/180) - x*sin(angle*pi/180))**2)"
    )
    domain: ClassVar[Domain] = square(-5.0, 5.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-4.5, 2.0)
    rate: ClassVar[float] = 0.1
    group: ClassVar[str] = "bowls"
    reference: ClassVar[str] = "Goh (2017), Why Momentum Really Works, https://doi.org/10.23915/distill.00006"


class Absolute(NamedSurface):
    """A bowl with a crease instead of a floor: the gradient never gets small, so fixed steps never settle."""

    kind: Literal["absolute"] = "absolute"
    name: ClassVar[str] = "Absolute value"
    formula: ClassVar[str] = "abs(x) + abs(y)"
    domain: ClassVar[Domain] = square(-5.0, 5.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-4.03, 2.52)
    rate: ClassVar[float] = 0.1
    group: ClassVar[str] = "bowls"
    reference: ClassVar[str] = "Schwefel (1981), Numerical Optimization of Computer Models, problem 2.20"


class Booth(NamedSurface):
    """A tilted, elongated bowl: the gradient does not point to the minimum, and paths bend on their way."""

    kind: Literal["booth"] = "booth"
    formula: ClassVar[str] = "(x + 2*y - 7)**2 + (2*x + y - 5)**2"
    domain: ClassVar[Domain] = square(-10.0, 10.0)
    minima: ClassVar[tuple[Point, ...]] = ((1.0, 3.0),)
    start: ClassVar[Point] = (-8.0, -2.0)
    rate: ClassVar[float] = 0.03
    stride: ClassVar[float] = 0.2
    group: ClassVar[str] = "bowls"
    reference: ClassVar[str] = "Jamil & Yang (2013), A literature survey of benchmark functions"


class Matyas(NamedSurface):
    """A bowl so long and flat along its diagonal that the last stretch takes longest."""

    kind: Literal["matyas"] = "matyas"
    formula: ClassVar[str] = "0.26*(x**2 + y**2) - 0.48*x*y"
    domain: ClassVar[Domain] = square(-10.0, 10.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-9.0, -3.0)
    rate: ClassVar[float] = 0.5
    stride: ClassVar[float] = 0.1
    group: ClassVar[str] = "bowls"
    reference: ClassVar[str] = "Jamil & Yang (2013), A literature survey of benchmark functions"


class Zakharov(NamedSurface):
    """Walls that rise with the fourth power around a flat floor: a rate that is safe below explodes above."""

    kind: Literal["zakharov"] = "zakharov"
    formula: ClassVar[str] = "x**2 + y**2 + (0.5*x + y)**2 + (0.5*x + y)**4"
    domain: ClassVar[Domain] = square(-5.0, 10.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (8.0, 0.0)
    rate: ClassVar[float] = 0.005
    stride: ClassVar[float] = 0.1
    group: ClassVar[str] = "bowls"
    reference: ClassVar[str] = "Surjanovic & Bingham, Virtual Library of Simulation Experiments"
