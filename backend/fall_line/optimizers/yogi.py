"""Yogi."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class YogiState(NamedTuple):
    """The means of the recent gradients and of their squares."""

    m: Vector
    v: Vector


class Yogi(Optimizer):
    r"""Adam whose divisor changes by steps of known size: it cannot forget a steep past all at once.

    $$ v_{t+1} = v_t - (1 - \beta_2) \, \mathrm{sgn}(v_t - g_t^2) \, g_t^2 $$

    optax's form: m and v start at 10⁻⁶, and both have their bias corrected.
    """

    kind: Literal["yogi"] = "yogi"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="How slowly the mean square changes.")
    epsilon: float = Field(1e-3, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Zaheer et al. (2018), Adaptive methods for nonconvex optimization; optax.yogi"

    def init(self, w: Vector) -> YogiState:
        return YogiState(m=np.full_like(w, 1e-6), v=np.full_like(w, 1e-6))

    def update(
        self, w: Vector, oracle: Oracle, state: YogiState, learning_rate: float, t: int
    ) -> tuple[Vector, YogiState]:
        _, g = oracle(w)
        m = self.beta1 * state.m + (1 - self.beta1) * g
        v = state.v - (1 - self.beta2) * np.sign(state.v - g * g) * (g * g)
        m_hat = m / (1 - self.beta1 ** (t + 1))
        v_hat = v / (1 - self.beta2 ** (t + 1))
        return w - learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon), YogiState(m, v)
