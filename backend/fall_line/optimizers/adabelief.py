"""AdaBelief."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class AdaBeliefState(NamedTuple):
    """The mean of the recent gradients, and the mean square of their deviations from it."""

    m: Vector
    s: Vector


class AdaBelief(Optimizer):
    r"""Adam divided by how much the gradients surprise it: long steps where they are as expected.

    $$ s_{t+1} = \beta_2 s_t + (1 - \beta_2)(g_t - m_{t+1})^2 + \epsilon $$

    optax's form: ε is added to s at every step, and to its root.
    """

    kind: Literal["adabelief"] = "adabelief"
    name: ClassVar[str] = "AdaBelief"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="Decay of the mean squared surprise.")
    epsilon: float = Field(1e-16, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Zhuang et al. (2020), Algorithm 2; optax.adabelief with eps_root = eps"

    def init(self, w: Vector) -> AdaBeliefState:
        return AdaBeliefState(m=np.zeros_like(w), s=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: AdaBeliefState, learning_rate: float, t: int
    ) -> tuple[Vector, AdaBeliefState]:
        _, g = oracle(w)
        m = self.beta1 * state.m + (1 - self.beta1) * g
        surprise = g - m
        s = self.beta2 * state.s + (1 - self.beta2) * (surprise * surprise) + self.epsilon
        m_hat = m / (1 - self.beta1 ** (t + 1))
        s_hat = s / (1 - self.beta2 ** (t + 1))
        return w - learning_rate * m_hat / (np.sqrt(s_hat) + self.epsilon), AdaBeliefState(m, s)
