"""Countless minima: a path ends in the nearest one, and the best is elsewhere."""

from __future__ import annotations

from typing import ClassVar, Literal

from fall_line.component import Point
from fall_line.surfaces.base import Domain, NamedSurface, square


class Bohachevsky1(NamedSurface):
    """A bowl with bumps: from afar it is one bowl, from nearby the bumps stop every small step."""

    kind: Literal["bohachevsky1"] = "bohachevsky1"
    name: ClassVar[str] = "Bohachevsky N. 1"
    formula: ClassVar[str] = "x**2 + 2*y**2 - 0.3*cos(3*pi*x) - 0.4*cos(4*pi*y) + 0.7"
    domain: ClassVar[Domain] = square(-2.0, 2.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-1.7, 1.8)
    rate: ClassVar[float] = 0.01
    stride: ClassVar[float] = 0.03
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = (
        "Bohachevsky, Johnson & Stein (1986), Generalized simulated annealing for function optimization; of "
        "the usual domain [−100, 100]² the middle is shown"
    )


class Rastrigin(NamedSurface):
    """An egg box on a bowl: the slope of the bowl points home, the slope of the nearest pit does not."""

    kind: Literal["rastrigin"] = "rastrigin"
    formula: ClassVar[str] = "20 + x**2 + y**2 - 10*(cos(2*pi*x) + cos(2*pi*y))"
    domain: ClassVar[Domain] = square(-5.12, 5.12)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-3.45, 2.6)
    rate: ClassVar[float] = 0.002
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = (
        "Rastrigin (1974), Systems of Extremal Control; in this form Mühlenbein, Schomisch & Born (1991), "
        "The parallel genetic algorithm as function optimizer"
    )


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
    reference: ClassVar[str] = (
        "Ackley (1987), A Connectionist Machine for Genetic Hillclimbing; of the usual domain ±32.768 the "
        "middle is shown, as Wikipedia's list of test functions does"
    )


class Griewank(NamedSurface):
    """A wide, shallow bowl covered with waves: the waves hide the bowl from whoever looks only nearby."""

    kind: Literal["griewank"] = "griewank"
    formula: ClassVar[str] = "(x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2)) + 1"
    domain: ClassVar[Domain] = square(-25.0, 25.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-22.0, 17.0)
    rate: ClassVar[float] = 1.0
    stride: ClassVar[float] = 0.2
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = (
        "Griewank (1981), Generalized descent for global optimization; of the usual domain [−600, 600]² the "
        "middle is shown"
    )


class Levy13(NamedSurface):
    """A bowl ploughed in both directions: a step must be longer than a furrow to feel the bowl beneath."""

    kind: Literal["levy13"] = "levy13"
    name: ClassVar[str] = "Levy N. 13"
    formula: ClassVar[str] = (
        "sin(3*pi*x)**2 + (x - 1)**2*(1 + sin(3*pi*y)**2) + (y - 1)**2*(1 + sin(2*pi*y)**2)"
    )
    domain: ClassVar[Domain] = square(-2.0, 4.0)
    minima: ClassVar[tuple[Point, ...]] = ((1.0, 1.0),)
    start: ClassVar[Point] = (3.6, 3.8)
    rate: ClassVar[float] = 0.001
    stride: ClassVar[float] = 0.03
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = (
        "Surjanovic & Bingham, Virtual Library of Simulation Experiments; of its domain [−10, 10]² the "
        "middle is shown"
    )


class DropWave(NamedSurface):
    """Rings like those of a drop in water: every ring is a trap all around, however close to the centre."""

    kind: Literal["drop_wave"] = "drop_wave"
    name: ClassVar[str] = "Drop-wave"
    formula: ClassVar[str] = "-(1 + cos(12*sqrt(x**2 + y**2)))/(0.5*(x**2 + y**2) + 2)"
    domain: ClassVar[Domain] = square(-5.12, 5.12)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-1.1, 0.67)
    rate: ClassVar[float] = 0.01
    stride: ClassVar[float] = 0.03
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = "Molga & Smutnicki (2005), Test functions for optimization needs"


class Schaffer2(NamedSurface):
    """Ridges that lie ever closer the farther out: the same step is small in the middle and blind outside."""

    kind: Literal["schaffer2"] = "schaffer2"
    name: ClassVar[str] = "Schaffer N. 2"
    formula: ClassVar[str] = "0.5 + (sin(x**2 - y**2)**2 - 0.5)/(1 + 0.001*(x**2 + y**2))**2"
    domain: ClassVar[Domain] = square(-4.0, 4.0)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    start: ClassVar[Point] = (-1.5, 0.9)
    rate: ClassVar[float] = 0.05
    stride: ClassVar[float] = 0.03
    group: ClassVar[str] = "many minima"
    reference: ClassVar[str] = (
        "Surjanovic & Bingham, Virtual Library of Simulation Experiments; of its domain [−100, 100]² the "
        "middle is shown, where the ridges are wide enough to be seen"
    )


class CrossInTray(NamedSurface):
    """Four equal minima between creases that form a cross: a crease is a wall no gradient sees coming."""

    kind: Literal["cross_in_tray"] = "cross_in_tray"
    name: ClassVar[str] = "Cross-in-tray"
    formula: ClassVar[str] = "-0.0001*(abs(sin(x)*sin(y)*exp(abs(100 - sqrt(x**2 + y**2)/pi))) + 1)**0.1"
    domain: ClassVar[Domain] = square(-10.0, 10.0)
    minima: ClassVar[tuple[Point, ...]] = (
        (1.3494066171539107, 1.3494066171539107),
        (1.3494066171539107, -1.3494066171539107),
        (-1.3494066171539107, 1.3494066171539107),
        (-1.3494066171539107, -1.3494066171539107),
    )
    start: ClassVar[Point] = (-6.1, 3.3)
    rate: ClassVar[float] = 1.0
    stride: ClassVar[float] = 0.1
    group: ClassVar[str] = "many minima"
    bounded: ClassVar[bool] = False
    reference: ClassVar[str] = (
        "Mishra (2006), Global optimization by differential evolution and particle swarm methods"
    )


class HolderTable(NamedSurface):
    """A rippled table whose corners hang lowest: far away from the middle lie four equal minima."""

    kind: Literal["holder_table"] = "holder_table"
    formula: ClassVar[str] = "-abs(sin(x)*cos(y)*exp(abs(1 - sqrt(x**2 + y**2)/pi)))"
    domain: ClassVar[Domain] = square(-10.0, 10.0)
    minima: ClassVar[tuple[Point, ...]] = (
        (8.055023475736563, 9.664590019241272),
        (8.055023475736563, -9.664590019241272),
        (-8.055023475736563, 9.664590019241272),
        (-8.055023475736563, -9.664590019241272),
    )
    start: ClassVar[Point] = (-6.5, 8.0)
    rate: ClassVar[float] = 0.02
    stride: ClassVar[float] = 0.1
    group: ClassVar[str] = "many minima"
    bounded: ClassVar[bool] = False
    reference: ClassVar[str] = (
        "Mishra (2006), Global optimization by differential evolution and particle swarm methods"
    )


class Eggholder(NamedSurface):
    """A mountain range without order: nothing nearby tells where the lowest point is, here on the border."""

    kind: Literal["eggholder"] = "eggholder"
    formula: ClassVar[str] = "-(y + 47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - (y + 47))))"
    domain: ClassVar[Domain] = square(-512.0, 512.0)
    minima: ClassVar[tuple[Point, ...]] = ((512.0, 404.2318051137578),)
    start: ClassVar[Point] = (230.0, -370.0)
    rate: ClassVar[float] = 0.5
    stride: ClassVar[float] = 5.0
    group: ClassVar[str] = "many minima"
    bounded: ClassVar[bool] = False
    reference: ClassVar[str] = "Whitley et al. (1996), Evaluating evolutionary algorithms"
