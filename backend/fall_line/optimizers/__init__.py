"""The optimizers; the order of the union is the order of the menu."""

from typing import Annotated

from pydantic import Field

from fall_line.optimizers.adagrad import Adagrad
from fall_line.optimizers.adam import Adam
from fall_line.optimizers.base import Optimizer as AnyOptimizer
from fall_line.optimizers.gradient_descent import GradientDescent
from fall_line.optimizers.momentum import Momentum
from fall_line.optimizers.nesterov import Nesterov
from fall_line.optimizers.rmsprop import RMSProp

Optimizer = Annotated[
    GradientDescent | Momentum | Nesterov | Adagrad | RMSProp | Adam,
    Field(discriminator="kind"),
]

__all__ = ["AnyOptimizer", "Optimizer"]
