"""Lion."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class LionState(NamedTuple):
    """The mean of the recent gradients."""

    m: Vector


class Lion(Optimizer):
    r"""Only the sign counts: every coordinate moves by the learning rate, along the momentum.

    $$ w_{t+1} = w_t - \alpha_t \, (\mathrm{sgn}(\beta_1 m_t + (1 - \beta_1) g_t) + \lambda w_t) $$
    $$ m_{t+1} = \beta_2 m_t + (1 - \beta_2) \, g_t $$

    Found by a program search.  Steps never shrink by themselves: give it a schedule that ends at 0.
    """

    kind: Literal["lion"] = "lion"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="The share of the memory in the direction.")
    beta2: float = Field(0.99, ge=0, lt=1, title="β₂", description="Decay of the memory.")
    weight_decay: float = Field(
        0.0, ge=0, le=10, title="λ", description="The pull towards 0, times the rate."
    )
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Chen et al. (2023), Algorithm 2; optax.lion"

    def init(self, w: Vector) -> LionState:
        return LionState(m=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: LionState, learning_rate: float, t: int
    ) -> tuple[Vector, LionState]:
        _, g = oracle(w)
        direction = np.sign(self.beta1 * state.m + (1 - self.beta1) * g)
        m = self.beta2 * state.m + (1 - self.beta2) * g
        return w - learning_rate * (direction + self.weight_decay * w), LionState(m)
