"""The optimizers; the order of the union is the order of the menu."""

from typing import Annotated

from pydantic import Field

from fall_line.optimizers.adabelief import AdaBelief
from fall_line.optimizers.adadelta import Adadelta
from fall_line.optimizers.adagrad import Adagrad
from fall_line.optimizers.adam import Adam
from fall_line.optimizers.adamax import Adamax
from fall_line.optimizers.adamw import AdamW
from fall_line.optimizers.adan import Adan
from fall_line.optimizers.amsgrad import AMSGrad
from fall_line.optimizers.base import Optimizer as AnyOptimizer
from fall_line.optimizers.gradient_descent import GradientDescent
from fall_line.optimizers.lbfgs import LBFGS
from fall_line.optimizers.line_search import LineSearch
from fall_line.optimizers.lion import Lion
from fall_line.optimizers.momentum import Momentum
from fall_line.optimizers.nadam import NAdam
from fall_line.optimizers.nesterov import Nesterov
from fall_line.optimizers.newton import Newton
from fall_line.optimizers.quasi_hyperbolic import QuasiHyperbolic
from fall_line.optimizers.radam import RAdam
from fall_line.optimizers.rmsprop import RMSProp
from fall_line.optimizers.rprop import Rprop
from fall_line.optimizers.sam import SAM
from fall_line.optimizers.schedule_free import ScheduleFree
from fall_line.optimizers.signum import Signum
from fall_line.optimizers.yogi import Yogi

Optimizer = Annotated[
    GradientDescent
    | Momentum
    | Nesterov
    | QuasiHyperbolic
    | Adagrad
    | Adadelta
    | RMSProp
    | Adam
    | AMSGrad
    | Adamax
    | RAdam
    | NAdam
    | AdamW
    | AdaBelief
    | Yogi
    | Adan
    | Lion
    | Signum
    | Rprop
    | SAM
    | ScheduleFree
    | Newton
    | LineSearch
    | LBFGS,
    Field(discriminator="kind"),
]

__all__ = ["AnyOptimizer", "Optimizer"]
