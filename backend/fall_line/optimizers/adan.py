"""Adan."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class AdanState(NamedTuple):
    """The means of the gradients, of their changes and of the squares, and the last gradient."""

    m: Vector
    v: Vector
    n: Vector
    g: Vector


class Adan(Optimizer):
    r"""Nesterov's look-ahead without looking: the change of the gradient stands for the gradient ahead.

    $$ w_{t+1} = w_t - \alpha_t \, (\hat m + (1 - \beta_2) \hat v) / (\sqrt{\hat n + \epsilon} + \epsilon) $$

    optax's form.  The betas are the shares that are kept, and a change counts (1 − β₂) times; the paper's
    betas are the shares that are renewed, so its β₂ is our 1 − β₂.
    """

    kind: Literal["adan"] = "adan"
    beta1: float = Field(0.98, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(
        0.92, ge=0, lt=1, title="β₂", description="Decay of the mean change of the gradient."
    )
    beta3: float = Field(0.99, ge=0, lt=1, title="β₃", description="Decay of the mean square.")
    epsilon: float = Field(1e-8, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Xie et al. (2022), Algorithm 1; optax.adan with eps_root = eps"

    def init(self, w: Vector) -> AdanState:
        return AdanState(*(np.zeros_like(w) for _ in range(4)))

    def update(
        self, w: Vector, oracle: Oracle, state: AdanState, learning_rate: float, t: int
    ) -> tuple[Vector, AdanState]:
        _, g = oracle(w)
        change = np.where(t < 1, 0.0, g - state.g)
        ahead = g + (1 - self.beta2) * change
        m = self.beta1 * state.m + (1 - self.beta1) * g
        v = self.beta2 * state.v + (1 - self.beta2) * change
        n = self.beta3 * state.n + (1 - self.beta3) * (ahead * ahead)
        m_hat = m / (1 - self.beta1 ** (t + 1))
        v_hat = v / (1 - self.beta2 ** (t + 1))
        n_hat = n / (1 - self.beta3 ** (t + 1))
        divisor = np.sqrt(n_hat + self.epsilon) + self.epsilon
        return w - learning_rate * (m_hat + (1 - self.beta2) * v_hat) / divisor, AdanState(m, v, n, g)
