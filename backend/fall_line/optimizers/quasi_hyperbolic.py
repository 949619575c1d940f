"""Quasi-hyperbolic momentum."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Vector


class QuasiHyperbolicState(NamedTuple):
    """The mean of the recent gradients."""

    v: Vector


class QuasiHyperbolic(Optimizer):
    """A mixture of gradient descent and momentum: ν says how much of each, 0 is the one and 1 the other.

    The mean is of gradients times 1 − μ, so on a constant slope its steps are those of gradient descent.
    """

    kind: Literal["quasi_hyperbolic"] = "quasi_hyperbolic"
    momentum: float = Field(0.999, ge=0, lt=1, title="μ", description="Decay of the mean gradient.")
    share: float = Field(0.7, ge=0, le=1, title="ν", description="The share of the mean in every step.")
    reference: ClassVar[str] = "Ma & Yarats (2019), Quasi-hyperbolic momentum and Adam, Algorithm 1"

    def init(self, w: Vector) -> QuasiHyperbolicState:
        return QuasiHyperbolicState(v=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: QuasiHyperbolicState, learning_rate: float, t: int
    ) -> tuple[Vector, QuasiHyperbolicState]:
        _, g = oracle(w)
        v = self.momentum * state.v + (1 - self.momentum) * g
        return w - learning_rate * ((1 - self.share) * g + self.share * v), QuasiHyperbolicState(v)
