"""Adam with decoupled weight decay."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class AdamWState(NamedTuple):
    """The means of the recent gradients and of their squares."""

    m: Vector
    v: Vector


class AdamW(Optimizer):
    r"""Adam that also pulls every weight towards 0, by the same share however steep the slope is.

    $$ w_{t+1} = (1 - \alpha_t \lambda) w_t - \alpha_t \hat m_{t+1} / (\sqrt{\hat v_{t+1}} + \epsilon) $$

    The decay is decoupled: it does not pass through the moments, and it is times the learning rate.  Its
    path ends a little nearer to the origin than the minimum is.
    """

    kind: Literal["adamw"] = "adamw"
    name: ClassVar[str] = "AdamW"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="Decay of the mean squared gradient.")
    epsilon: float = Field(1e-8, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    weight_decay: float = Field(
        0.01, ge=0, le=10, title="λ", description="The pull towards 0, times the rate."
    )
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Loshchilov & Hutter (2019), Algorithm 2; torch.optim.AdamW"

    def init(self, w: Vector) -> AdamWState:
        return AdamWState(m=np.zeros_like(w), v=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: AdamWState, learning_rate: float, t: int
    ) -> tuple[Vector, AdamWState]:
        _, g = oracle(w)
        m = self.beta1 * state.m + (1 - self.beta1) * g
        v = self.beta2 * state.v + (1 - self.beta2) * (g * g)
        m_hat = m / (1 - self.beta1 ** (t + 1))
        v_hat = v / (1 - self.beta2 ** (t + 1))
        decayed = (1 - learning_rate * self.weight_decay) * w
        return decayed - learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon), AdamWState(m, v)
