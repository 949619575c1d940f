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
