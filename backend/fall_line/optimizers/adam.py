"""Adam."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class AdamState(NamedTuple):
    """The means of the recent gradients and of their squares."""

    m: Vector
    v: Vector


class Adam(Optimizer):
    r"""Momentum, with each coordinate scaled by the size of its own gradients.

    $$ m_{t+1} = \beta_1 m_t + (1 - \beta_1) \, g_t, \quad v_{t+1} = \beta_2 v_t + (1 - \beta_2) \, g_t^2 $$
    $$ w_{t+1} = w_t - \alpha_t \, \hat m_{t+1} / (\sqrt{\hat v_{t+1}} + \epsilon) $$

    The first step has length close to α in every coordinate, however steep the surface.  The hats correct
    the bias of starting at 0: division by 1 − βᵗ⁺¹.
    """

    kind: Literal["adam"] = "adam"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="Decay of the mean squared gradient.")
    epsilon: float = Field(1e-8, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Kingma & Ba (2015), Algorithm 1; torch.optim.Adam"

    def init(self, w: Vector) -> AdamState:
        return AdamState(m=np.zeros_like(w), v=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: AdamState, learning_rate: float, t: int
    ) -> tuple[Vector, AdamState]:
        _, g = oracle(w)
        m = self.beta1 * state.m + (1 - self.beta1) * g
        v = self.beta2 * state.v + (1 - self.beta2) * (g * g)
        m_hat = m / (1 - self.beta1 ** (t + 1))
        v_hat = v / (1 - self.beta2 ** (t + 1))
        return w - learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon), AdamState(m, v)
