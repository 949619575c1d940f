"""Flat in the middle without being a minimum: the gradient vanishes, the way down is sideways."""

from __future__ import annotations

from typing import ClassVar, Literal

from fall_line.component import Point
from fall_line.surfaces.base import Domain, NamedSurface, square


class Saddle(NamedSurface):
    """Up in x, down in y without end: the gradient vanishes at a point that is no minimum."""

    kind: Literal["saddle"] = "saddle"
    formula: ClassVar[str] = "x**2 - y**2"
    domain: ClassVar[Domain] = square(-2.0, 2.0)
    start: ClassVar[Point] = (-1.6, 0.001)
    rate: ClassVar[float] = 0.05
    group: ClassVar[str] = "saddles"
    bounded: ClassVar[bool] = False
    reference: ClassVar[str] = "Dauphin et al. (2014), Identifying and attacking the saddle point problem"


class MonkeySaddle(NamedSurface):
    """Three ways down and three up (two legs and a tail): even the curvature vanishes in the middle."""

    kind: Literal["monkey_saddle"] = "monkey_saddle"
    formula: ClassVar[str] = "x**3 - 3*x*y**2"
    domain: ClassVar[Domain] = square(-2.0, 2.0)
    start: ClassVar[Point] = (1.6, 0.01)
    rate: ClassVar[float] = 0.01
    stride: ClassVar[float] = 0.02
    group: ClassVar[str] = "saddles"
    bounded: ClassVar[bool] = False
    reference: ClassVar[str] = "Hilbert & Cohn-Vossen (1932), Anschauliche Geometrie"


class DoubleWell(NamedSurface):
    """Two equal minima with a saddle between them: on the ridge, a hair's breadth decides for one of them."""

    kind: Literal["double_well"] = "double_well"
    formula: ClassVar[str] = "(x**2 - 1)**2 + y**2"
    domain: ClassVar[Domain] = square(-2.0, 2.0)
    minima: ClassVar[tuple[Point, ...]] = ((1.0, 0.0), (-1.0, 0.0))
    start: ClassVar[Point] = (0.01, 1.7)
    rate: ClassVar[float] = 0.03
    stride: ClassVar[float] = 0.03
    group: ClassVar[str] = "saddles"
    reference: ClassVar[str] = (
        "Strogatz (1994), Nonlinear Dynamics and Chaos, section 6.5, with a second axis"
    )
