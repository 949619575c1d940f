"""Rectified Adam."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class RAdamState(NamedTuple):
    """The means of the recent gradients and of their squares."""

    m: Vector
    v: Vector


class RAdam(Optimizer):
    r"""Adam that distrusts its divisor while it has seen few gradients: a warm-up built in.

    $$ \rho_t = \rho_\infty - 2 t \beta_2^t / (1 - \beta_2^t), \quad \rho_\infty = 2 / (1 - \beta_2) - 1 $$

    $$ r_t = \sqrt{(\rho_t - 4)(\rho_t - 2) \rho_\infty / ((\rho_\infty - 4)(\rho_\infty - 2) \rho_t)} $$

    While ρ ≤ 5, with the usual β₂ for the first five steps, it is momentum without a divisor: on a steep
    surface these steps are long.  Later the step is Adam's, times a factor that grows to 1.  PyTorch's
    form: ε is added to √v before its bias is corrected.
    """

    kind: Literal["radam"] = "radam"
    name: ClassVar[str] = "RAdam"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="Decay of the mean squared gradient.")
    epsilon: float = Field(1e-8, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "both"
    equations: ClassVar[tuple[str, ...]] = (
        "w - alpha*r*(m/(1 - beta1**(t + 1)))*sqrt(1 - beta2**(t + 1))/(sqrt(v) + epsilon)",
    )
    reference: ClassVar[str] = "Liu et al. (2020), Algorithm 2; torch.optim.RAdam"

    def init(self, w: Vector) -> RAdamState:
        return RAdamState(m=np.zeros_like(w), v=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: RAdamState, learning_rate: float, t: int
    ) -> tuple[Vector, RAdamState]:
        _, g = oracle(w)
        m = self.beta1 * state.m + (1 - self.beta1) * g
        v = self.beta2 * state.v + (1 - self.beta2) * (g * g)
        m_hat = m / (1 - self.beta1 ** (t + 1))
        left = 1 - self.beta2 ** (t + 1)
        limit = 2 / (1 - self.beta2) - 1
        rho = limit - 2 * (t + 1) * self.beta2 ** (t + 1) / left
        # Below 5 the factor is not used, and need not be real.
        trust = np.maximum((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho + 1e-300), 0.0)
        adaptive = np.sqrt(trust * left) / (np.sqrt(v) + self.epsilon)
        return w - learning_rate * m_hat * np.where(rho > 5, adaptive, 1.0), RAdamState(m, v)
