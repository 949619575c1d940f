"""Many minima: where one ends depends on where one starts and on how one steps."""

from __future__ import annotations

from typing import ClassVar, Literal

from fall_line.component import Point
from fall_line.expression import Field, field
from fall_line.expression.field import PLANE
from fall_line.expression.functions import build
from fall_line.expression.traversal import rebuild
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


class FlatAndSharp(NamedSurface):
    """A wide minimum and a narrow one, a little deeper: shift the map by 0.3 and only the wide one holds.

    The map shifted along x stands for the test loss.  Try a larger rate: it is thrown out of the narrow one.
    That flat minima generalise is a picture, not a law: the same function can be written with other
    parameters in which its flat minimum is sharp (Dinh et al. 2017).
    """

    kind: Literal["flat_and_sharp"] = "flat_and_sharp"
    formula: ClassVar[str] = (
        "0.2*(x**2 + y**2) - 2*exp(-((x + 1.5)**2 + (y + 1)**2)/4) - 2.6*exp(-12*((x - 2)**2 + (y - 1)**2))"
    )
    domain: ClassVar[Domain] = square(-5.0, 5.0)
    minima: ClassVar[tuple[Point, ...]] = ((1.9862369735419263, 0.9930476561904508),)
    start: ClassVar[Point] = (4.7, 4.6)
    rate: ClassVar[float] = 0.02
    shift: ClassVar[float] = 0.3
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = (
        "made for this catalogue, after Keskar et al. (2017), On large-batch training for deep learning, "
        "figure 1"
    )

    def test_field(self) -> Field:
        x, _ = PLANE
        return field(rebuild([self.graph()], {x: x - self.shift}, build)[0], {})


class ThreeHumpCamel(NamedSurface):
    """Three minima in a row, the best one in the middle: a path from outside is caught by the first."""

    kind: Literal["three_hump_camel"] = "three_hump_camel"
    name: ClassVar[str] = "Three-hump camel"
    formula: ClassVar[str] = "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2"
    domain: ClassVar[Domain] = square(-2.5, 2.5)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-2.2, -2.3)
    rate: ClassVar[float] = 0.02
    stride: ClassVar[float] = 0.03
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = (
        "Surjanovic & Bingham, Virtual Library of Simulation Experiments; of its domain [−5, 5]² the middle "
        "is shown"
    )


class SixHumpCamel(NamedSurface):
    """Six minima in three pairs, two of them deepest: every basin has its opposite with the same loss."""

    kind: Literal["six_hump_camel"] = "six_hump_camel"
    name: ClassVar[str] = "Six-hump camel"
    formula: ClassVar[str] = "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (-4 + 4*y**2)*y**2"
    domain: ClassVar[Domain] = Domain(x=(-3.0, 3.0), y=(-2.0, 2.0))
    minima: ClassVar[tuple[Point, ...]] = (
        (0.08984201310031806, -0.7126564030207396),
        (-0.08984201310031806, 0.7126564030207396),
    )
    start: ClassVar[Point] = (2.7, 1.5)
    rate: ClassVar[float] = 0.01
    stride: ClassVar[float] = 0.03
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = "Dixon & Szegő (1978), The global optimization problem: an introduction"


class McCormick(NamedSurface):
    """Waves along a trough: each wave has a minimum, and each next one to the lower left lies deeper."""

    kind: Literal["mccormick"] = "mccormick"
    name: ClassVar[str] = "McCormick"
    formula: ClassVar[str] = "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1"
    domain: ClassVar[Domain] = Domain(x=(-1.5, 4.0), y=(-3.0, 4.0))
    minima: ClassVar[tuple[Point, ...]] = ((-0.5471975511965977, -1.5471975511965979),)
    start: ClassVar[Point] = (-1.0, 3.0)
    rate: ClassVar[float] = 0.05
    stride: ClassVar[float] = 0.05
    group: ClassVar[str] = "many minima"
    bounded: ClassVar[bool] = False
    reference: ClassVar[str] = (
        "McCormick (1976), Computability of global solutions to factorable nonconvex programs; domain of "
        "Jamil & Yang (2013)"
    )


class Branin(NamedSurface):
    """Three minima of equal depth in a bent trough: which one is found depends on the start alone."""

    kind: Literal["branin"] = "branin"
    formula: ClassVar[str] = "(y - 5.1/(4*pi**2)*x**2 + 5/pi*x - 6)**2 + 10*(1 - 1/(8*pi))*cos(x) + 10"
    domain: ClassVar[Domain] = Domain(x=(-5.0, 10.0), y=(0.0, 15.0))
    minima: ClassVar[tuple[Point, ...]] = (
        (-3.141592653589793, 12.275),
        (3.141592653589793, 2.275),
        (9.42477796076938, 2.475),
    )
    start: ClassVar[Point] = (5.5, 13.5)
    rate: ClassVar[float] = 0.02
    stride: ClassVar[float] = 0.1
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = (
        "Branin (1972), Widely convergent method for finding multiple solutions of simultaneous nonlinear "
        "equations; domain of Dixon & Szegő (1978)"
    )


class GoldsteinPrice(NamedSurface):
    """A loss that spans six powers of ten: a rate fit for the valley floor is far too large for the walls."""

    kind: Literal["goldstein_price"] = "goldstein_price"
    name: ClassVar[str] = "Goldstein–Price"
    formula: ClassVar[str] = (
        "(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
        "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))"
    )
    domain: ClassVar[Domain] = square(-2.0, 2.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, -1.0),)
    start: ClassVar[Point] = (-0.2, 1.1)
    rate: ClassVar[float] = 0.00001
    stride: ClassVar[float] = 0.05
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = "Goldstein & Price (1971), On descent from local minima"
