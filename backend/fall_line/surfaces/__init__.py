"""The catalogue of surfaces; the order of the union is the order of the menu."""

from typing import Annotated

from pydantic import Field

from fall_line.surfaces.base import Domain, NamedSurface
from fall_line.surfaces.base import Surface as AnySurface
from fall_line.surfaces.bowls import Absolute, Booth, Matyas, Quadratic, Sphere, Zakharov
from fall_line.surfaces.data import DataSurface
from fall_line.surfaces.fit import Fit
from fall_line.surfaces.formula import Formula
from fall_line.surfaces.measured import Measured
from fall_line.surfaces.multimodal import (
    Branin,
    FlatAndSharp,
    GoldsteinPrice,
    Himmelblau,
    McCormick,
    SixHumpCamel,
    StyblinskiTang,
    ThreeHumpCamel,
)
from fall_line.surfaces.network import Network
from fall_line.surfaces.plateaus import Easom, Michalewicz, Plateau
from fall_line.surfaces.regressions import LinearRegression, LogisticRegression, Neuron
from fall_line.surfaces.rugged import (
    Ackley,
    Bohachevsky1,
    CrossInTray,
    DropWave,
    Eggholder,
    Griewank,
    HolderTable,
    Levy13,
    Rastrigin,
    Schaffer2,
)
from fall_line.surfaces.saddles import DoubleWell, MonkeySaddle, Saddle
from fall_line.surfaces.valleys import Beale, Bukin6, DixonPrice, Rosenbrock

Bowl = Sphere | Quadratic | Booth | Matyas | Zakharov | Absolute
Valley = Rosenbrock | Beale | DixonPrice | Bukin6
SaddleLike = Saddle | DoubleWell | MonkeySaddle
Flat = Plateau | Easom | Michalewicz
ManyMinima = (
    Himmelblau
    | FlatAndSharp
    | ThreeHumpCamel
    | SixHumpCamel
    | StyblinskiTang
    | McCormick
    | Branin
    | GoldsteinPrice
)
Rugged = (
    Rastrigin
    | Ackley
    | Bohachevsky1
    | Griewank
    | Levy13
    | DropWave
    | Schaffer2
    | CrossInTray
    | HolderTable
    | Eggholder
)
OfData = Neuron | LinearRegression | LogisticRegression | Fit | Network | Measured
Surface = Annotated[
    Bowl | Valley | SaddleLike | Flat | ManyMinima | Rugged | OfData | Formula,
    Field(discriminator="kind"),
]

__all__ = ["AnySurface", "DataSurface", "Domain", "NamedSurface", "Network", "Surface"]
