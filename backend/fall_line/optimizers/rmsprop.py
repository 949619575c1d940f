"""RMSProp."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class RMSPropState(NamedTuple):
    """The mean square of the recent gradients, their mean, and the velocity."""

    s: Vector
    mean: Vector
    v: Vector


class RMSProp(Optimizer):
    r"""Each coordinate divided by the size of its recent gradients: steep and flat directions move alike.

    $$ s_{t+1} = \rho \, s_t + (1 - \rho) \, g_t^2 $$
    $$ w_{t+1} = w_t - \alpha_t \, g_t / (\sqrt{s_{t+1}} + \epsilon) $$

    Near a minimum the steps do not shrink with the slope: it dances around until the rate decays.
    PyTorch's form, with its ``alpha`` as ρ; ``centered`` divides by the standard deviation instead.
    """

    kind: Literal["rmsprop"] = "rmsprop"
    name: ClassVar[str] = "RMSProp"
    decay: float = Field(0.9, ge=0, lt=1, title="ρ", description="Decay of the mean square.")
    epsilon: float = Field(1e-8, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    momentum: float = Field(0.0, ge=0, lt=1, title="μ", description="The share of the velocity that is kept.")
    centered: bool = Field(False, title="centered", description="Subtract the squared mean of the gradients.")
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Tieleman & Hinton (2012), lecture 6.5; Graves (2013); torch.optim.RMSprop"

    def init(self, w: Vector) -> RMSPropState:
        return RMSPropState(np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: RMSPropState, learning_rate: float, t: int
    ) -> tuple[Vector, RMSPropState]:
        _, g = oracle(w)
        s = self.decay * state.s + (1 - self.decay) * (g * g)
        mean = self.decay * state.mean + (1 - self.decay) * g
        divisor = np.sqrt(s - mean * mean if self.centered else s) + self.epsilon
        v = self.momentum * state.v + g / divisor
        return w - learning_rate * v, RMSPropState(s, mean, v)
