"""Hardly any slope: steps as long as the gradient get nowhere for a long time."""

from __future__ import annotations

from typing import ClassVar, Literal

from fall_line.component import Point
from fall_line.surfaces.base import Domain, NamedSurface, square


class Plateau(NamedSurface):
    """A long, gentle slope before a drop: the loss seems to have settled, and then it falls."""

    kind: Literal["plateau"] = "plateau"
    formula: ClassVar[str] = (
        "4 + 0.1*sqrt(1 + (x - 2)**2) - softplus(4 + 0.1*sqrt(1 + (x - 2)**2) - 2*(x - 2)**2 - y**2)"
    )
    domain: ClassVar[Domain] = square(-5.0, 5.0)
    minima: ClassVar[tuple[Point, ...]] = ((2.0, 0.0),)
    start: ClassVar[Point] = (-3.5, 1.2)
    rate: ClassVar[float] = 0.2
    group: ClassVar[str] = "plateaus"
    reference: ClassVar[str] = (
        "made for this catalogue; plateaus of training: Saad & Solla (1995), On-line learning in soft "
        "committee machines"
    )


class Michalewicz(NamedSurface):
    """Narrow trenches in a plain: on the plain there is no slope to follow, in a trench there is a way."""

    kind: Literal["michalewicz"] = "michalewicz"
    formula: ClassVar[str] = "-sin(x)*sin(x**2/pi)**20 - sin(y)*sin(2*y**2/pi)**20"
    domain: ClassVar[Domain] = square(0.0, 3.141592653589793)
    minima: ClassVar[tuple[Point, ...]] = ((2.2029055201726093, 1.5707963267948966),)
    start: ClassVar[Point] = (2.75, 1.2)
    rate: ClassVar[float] = 0.01
    stride: ClassVar[float] = 0.02
    group: ClassVar[str] = "plateaus"
    reference: ClassVar[str] = (
        "Michalewicz (1992), Genetic Algorithms + Data Structures = Evolution Programs, with m = 10"
    )


class Easom(NamedSurface):
    """A hole in a plain without any slope: who starts too far away learns nothing of it."""

    kind: Literal["easom"] = "easom"
    formula: ClassVar[str] = "-cos(x)*cos(y)*exp(-((x - pi)**2 + (y - pi)**2))"
    domain: ClassVar[Domain] = square(-2.0, 8.0)
    minima: ClassVar[tuple[Point, ...]] = ((3.141592653589793, 3.141592653589793),)
    start: ClassVar[Point] = (1.5, 2.1)
    rate: ClassVar[float] = 0.1
    stride: ClassVar[float] = 0.05
    group: ClassVar[str] = "plateaus"
    reference: ClassVar[str] = (
        "Easom (1990), A Survey of Global Optimization Techniques; in its domain [−100, 100]² the hole is "
        "too small to be seen, so the part around it is shown"
    )
