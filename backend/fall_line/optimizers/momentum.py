"""Gradient descent with momentum."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Vector


class MomentumState(NamedTuple):
    """The velocity: an exponentially decaying sum of the gradients so far."""

    v: Vector


class Momentum(Optimizer):
    r"""A heavy ball: it keeps part of its velocity, so it runs along valleys and overshoots in them.

    $$ v_{t+1} = \mu \, v_t + (1 - d) \, g_t, \quad v_1 = g_0, \quad w_{t+1} = w_t - \alpha_t \, v_{t+1} $$

    PyTorch's form: the rate stands outside the velocity, and the first gradient is not dampened.  In a
    constant gradient the steps grow to 1/(1 − μ) times those of gradient descent.
    """

    kind: Literal["momentum"] = "momentum"
    momentum: float = Field(0.9, ge=0, lt=1, title="μ", description="The share of the velocity that is kept.")
    dampening: float = Field(
        0.0, ge=0, le=1, title="d", description="The share of each gradient that is left out."
    )
    gain: ClassVar[float] = 10.0
    reference: ClassVar[str] = "Polyak (1964); torch.optim.SGD with momentum"

    def init(self, w: Vector) -> MomentumState:
        return MomentumState(v=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: MomentumState, learning_rate: float, t: int
    ) -> tuple[Vector, MomentumState]:
        _, g = oracle(w)
        v = self.momentum * state.v + np.where(t < 1, 1.0, 1.0 - self.dampening) * g
        return w - learning_rate * v, MomentumState(v)
