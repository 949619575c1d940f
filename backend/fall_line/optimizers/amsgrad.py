"""AMSGrad."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class AMSGradState(NamedTuple):
    """The means of the recent gradients and of their squares, and the largest of the latter so far."""

    m: Vector
    v: Vector
    peak: Vector


class AMSGrad(Optimizer):
    r"""Adam that never forgets its steepest slope: the divisor cannot shrink, so the steps cannot grow again.

    As Adam, with the largest v so far in the place of v.  PyTorch's form: the maximum is taken of v before
    its bias is corrected; some papers take it after.
    """

    kind: Literal["amsgrad"] = "amsgrad"
    name: ClassVar[str] = "AMSGrad"
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="Decay of the mean gradient.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="Decay of the mean squared gradient.")
    epsilon: float = Field(1e-8, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    learning_rate: ClassVar[float] = 0.001
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Reddi, Kale & Kumar (2018), Algorithm 2; torch.optim.Adam with amsgrad=True"

    def init(self, w: Vector) -> AMSGradState:
        return AMSGradState(np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: AMSGradState, learning_rate: float, t: int
    ) -> tuple[Vector, AMSGradState]:
        _, g = oracle(w)
        m = self.beta1 * state.m + (1 - self.beta1) * g
        v = self.beta2 * state.v + (1 - self.beta2) * (g * g)
        peak = np.maximum(state.peak, v)
        m_hat = m / (1 - self.beta1 ** (t + 1))
        peak_hat = peak / (1 - self.beta2 ** (t + 1))
        return w - learning_rate * m_hat / (np.sqrt(peak_hat) + self.epsilon), AMSGradState(m, v, peak)
