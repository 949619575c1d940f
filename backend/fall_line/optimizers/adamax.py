"""Adamax."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class AdamaxState(NamedTuple):
    """The mean of the recent gradients and their decaying maximum."""

    m: Vector
    u: Vector


class Adamax(Optimizer):
    r"""Adam with the largest recent gradient as the divisor, in the place of the root mean square.

    $$ u_{t+1} = \max(\beta_2 u_t, |g_t| + \epsilon) $$
    $$ w_{t+1} = w_t - \alpha_t \, \hat m_{t+1} / u_{t+1} $$

    One steep place shortens the steps until the maximum has decayed.
    """

    kind: Literal["adamax"] = "adamax"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="Decay of the maximum.")
    epsilon: float = Field(1e-8, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Kingma & Ba (2015), Algorithm 2; torch.optim.Adamax"

    def init(self, w: Vector) -> AdamaxState:
        return AdamaxState(m=np.zeros_like(w), u=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: AdamaxState, learning_rate: float, t: int
    ) -> tuple[Vector, AdamaxState]:
        _, g = oracle(w)
        m = self.beta1 * state.m + (1 - self.beta1) * g
        u = np.maximum(self.beta2 * state.u, np.abs(g) + self.epsilon)
        return w - learning_rate * (m / (1 - self.beta1 ** (t + 1))) / u, AdamaxState(m, u)
