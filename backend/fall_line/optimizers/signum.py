"""Signum: sign descent with momentum."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class SignumState(NamedTuple):
    """The mean of the recent gradients."""

    m: Vector


class Signum(Optimizer):
    r"""The sign of the momentum: every coordinate moves by the learning rate, up or down.

    $$ m_{t+1} = \mu \, m_t + (1 - \mu) \, g_t, \quad w_{t+1} = w_t - \alpha_t \, \mathrm{sgn}(m_{t+1}) $$

    With momentum 0 it is sign descent.
    """

    kind: Literal["signum"] = "signum"
    momentum: float = Field(0.9, ge=0, lt=1, title="μ", description="Decay of the mean gradient.")
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Bernstein et al. (2018), signSGD, Algorithm 2"

    def init(self, w: Vector) -> SignumState:
        return SignumState(m=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: SignumState, learning_rate: float, t: int
    ) -> tuple[Vector, SignumState]:
        _, g = oracle(w)
        m = self.momentum * state.m + (1 - self.momentum) * g
        return w - learning_rate * np.sign(m), SignumState(m)
