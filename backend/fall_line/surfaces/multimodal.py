"""Many minima: where one ends depends on where one starts and on how one steps."""

from __future__ import annotations

from typing import ClassVar, Literal

from fall_line.component import Point
from fall_line.surfaces.base import Domain, NamedSurface, square


class Himmelblau(NamedSurface):
    """Four minima of equal depth: a small change of the start or of the rate leads to another one."""

    kind: Literal["himmelblau"] = "himmelblau"
    formula: ClassVar[str] = "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"
    domain: ClassVar[Domain] = square(-5.0, 5.0)
    minima: ClassVar[tuple[Point, ...]] = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )
    start: ClassVar[Point] = (-0.5, -1.0)
    rate: ClassVar[float] = 0.01
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = "Himmelblau (1972), Applied Nonlinear Programming"


class StyblinskiTang(NamedSurface):
    """One deep minimum and three less deep ones: going down is not arriving at the lowest point."""

    kind: Literal["styblinski_tang"] = "styblinski_tang"
    name: ClassVar[str] = "Styblinski–Tang"
    formula: ClassVar[str] = "0.5*(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)"
    domain: ClassVar[Domain] = square(-5.0, 5.0)
    minima: ClassVar[tuple[Point, ...]] = ((-2.903534027771177, -2.903534027771177),)
    start: ClassVar[Point] = (0.5, 4.5)
    rate: ClassVar[float] = 0.01
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = "Styblinski & Tang (1990), Experiments in nonconvex optimization"


class Ackley(NamedSurface):
    """A nearly flat plain full of dimples around one deep hole: gradients point into the nearest dimple."""

    kind: Literal["ackley"] = "ackley"
    formula: ClassVar[str] = (
        "-20*exp(-0.2*sqrt(0.5*(x**2 + y**2))) - exp(0.5*(cos(2*pi*x) + cos(2*pi*y))) + e + 20"
    )
    domain: ClassVar[Domain] = square(-5.0, 5.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-3.2, 2.4)
    rate: ClassVar[float] = 0.02
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = "Ackley (1987), A Connectionist Machine for Genetic Hillclimbing"
