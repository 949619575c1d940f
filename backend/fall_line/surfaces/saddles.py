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
