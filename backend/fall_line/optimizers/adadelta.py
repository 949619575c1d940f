"""Adadelta."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class AdadeltaState(NamedTuple):
    """The mean squares of the recent gradients and of the recent steps."""

    s: Vector
    u: Vector


class Adadelta(Optimizer):
    r"""Steps as long as the recent steps were, divided by the recent gradients: it needs no learning rate.

    $$ s_{t+1} = \rho s_t + (1 - \rho) g_t^2 $$
    $$ \Delta = \sqrt{u_t + \epsilon} / \sqrt{s_{t+1} + \epsilon} \; g_t $$
    $$ u_{t+1} = \rho u_t + (1 - \rho) \Delta^2, \quad w_{t+1} = w_t - \alpha_t \Delta $$

    The first steps are as long as √ε, so it starts very slowly.  PyTorch's form: ε inside the roots.
    """

    kind: Literal["adadelta"] = "adadelta"
    decay: float = Field(0.9, ge=0, lt=1, title="ρ", description="Decay of both mean squares.")
    epsilon: float = Field(1e-6, gt=0, le=1, title="ε", description="The square of the first step.")
    learning_rate: ClassVar[float] = 1.0
    scale: ClassVar[Scale] = "own"
    reference: ClassVar[str] = "Zeiler (2012), Algorithm 1; torch.optim.Adadelta"

    def init(self, w: Vector) -> AdadeltaState:
        return AdadeltaState(s=np.zeros_like(w), u=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: AdadeltaState, learning_rate: float, t: int
    ) -> tuple[Vector, AdadeltaState]:
        _, g = oracle(w)
        s = self.decay * state.s + (1 - self.decay) * (g * g)
        step = np.sqrt(state.u + self.epsilon) / np.sqrt(s + self.epsilon) * g
        u = self.decay * state.u + (1 - self.decay) * (step * step)
        return w - learning_rate * step, AdadeltaState(s, u)
