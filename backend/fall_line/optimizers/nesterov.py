"""Nesterov's accelerated gradient."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Vector


class NesterovState(NamedTuple):
    """The velocity: an exponentially decaying sum of the gradients at the look-ahead points."""

    v: Vector


class Nesterov(Optimizer):
    r"""Momentum that looks ahead: the gradient is taken where the velocity is about to lead.

    $$ v_{t+1} = \mu \, v_t + \nabla f(w_t - \alpha_t \mu \, v_t) $$
    $$ w_{t+1} = w_t - \alpha_t \, v_{t+1} $$

    This is the look-ahead form of the papers.  PyTorch's ``nesterov=True`` evaluates the gradient at w and
    lists the look-ahead points as its iterates; for a constant rate the two are the same path, shifted.
    """

    kind: Literal["nesterov"] = "nesterov"
    momentum: float = Field(0.9, ge=0, lt=1, title="μ", description="The share of the velocity that is kept.")
    gain: ClassVar[float] = 10.0
    reference: ClassVar[str] = "Nesterov (1983); Sutskever et al. (2013), equations 3 and 4"

    def init(self, w: Vector) -> NesterovState:
        return NesterovState(v=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: NesterovState, learning_rate: float, t: int
    ) -> tuple[Vector, NesterovState]:
        _, g = oracle(w - learning_rate * self.momentum * state.v)
        v = self.momentum * state.v + g
        return w - learning_rate * v, NesterovState(v)
