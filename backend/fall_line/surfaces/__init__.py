"""The catalogue of surfaces; the order of the union is the order of the menu."""

from typing import Annotated

from pydantic import Field

from fall_line.surfaces.base import Domain, NamedSurface
from fall_line.surfaces.base import Surface as AnySurface
from fall_line.surfaces.bowls import Quadratic, Sphere
from fall_line.surfaces.formula import Formula
from fall_line.surfaces.multimodal import Ackley, Himmelblau, StyblinskiTang
from fall_line.surfaces.saddles import Saddle
from fall_line.surfaces.valleys import Rosenbrock

Surface = Annotated[
    Sphere | Quadratic | Rosenbrock | Saddle | Himmelblau | StyblinskiTang | Ackley | Formula,
    Field(discriminator="kind"),
]

__all__ = ["AnySurface", "Domain", "NamedSurface", "Surface"]
