"""Adam with Nesterov's momentum."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class NAdamState(NamedTuple):
    """The means of the recent gradients and of their squares, and the product of the momenta so far."""

    m: Vector
    v: Vector
    product: float


class NAdam(Optimizer):
    r"""Adam that looks ahead: the present gradient counts as if the next momentum step had been made.

    $$ \mu_t = \beta_1 (1 - \tfrac12 \, 0.96^{(t+1) \psi}) $$

    PyTorch's form, with Dozat's schedule for the momentum μ: it rises from about half of β₁ to β₁.
    """

    kind: Literal["nadam"] = "nadam"
    name: ClassVar[str] = "NAdam"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="Decay of the mean squared gradient.")
    epsilon: float = Field(1e-8, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    momentum_decay: float = Field(
        0.004, ge=0, le=1, title="ψ", description="How fast the momentum rises to β₁."
    )
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Dozat (2016), Incorporating Nesterov momentum into Adam; torch.optim.NAdam"

    def init(self, w: Vector) -> NAdamState:
        return NAdamState(m=np.zeros_like(w), v=np.zeros_like(w), product=1.0)

    def update(
        self, w: Vector, oracle: Oracle, state: NAdamState, learning_rate: float, t: int
    ) -> tuple[Vector, NAdamState]:
        _, g = oracle(w)
        m = self.beta1 * state.m + (1 - self.beta1) * g
        v = self.beta2 * state.v + (1 - self.beta2) * (g * g)
        now = self.beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * self.momentum_decay))
        following = self.beta1 * (1 - 0.5 * 0.96 ** ((t + 2) * self.momentum_decay))
        product = state.product * now
        ahead = following / (1 - product * following) * m + (1 - now) / (1 - product) * g
        divisor = np.sqrt(v / (1 - self.beta2 ** (t + 1))) + self.epsilon
        return w - learning_rate * ahead / divisor, NAdamState(m, v, product)
