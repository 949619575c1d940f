"""Adagrad."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class AdagradState(NamedTuple):
    """The sum of all squared gradients so far."""

    s: Vector


class Adagrad(Optimizer):
    r"""A rate of its own for every coordinate: the more slope it has seen, the smaller its steps.

    $$ s_{t+1} = s_t + g_t^2, \quad w_{t+1} = w_t - \alpha_t \, g_t / (\sqrt{s_{t+1}} + \epsilon) $$

    The sum never shrinks, so the steps become ever smaller; good for sparse features, slow on long ways.
    """

    kind: Literal["adagrad"] = "adagrad"
    name: ClassVar[str] = "Adagrad"
    epsilon: float = Field(1e-10, gt=0, le=1, title="ε", description="Keeps the divisor away from 0.")
    initial_accumulator: float = Field(
        0.0, ge=0, le=1e6, title="s₀", description="The sum of squares before the first step."
    )
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Duchi, Hazan & Singer (2011); torch.optim.Adagrad"

    def init(self, w: Vector) -> AdagradState:
        return AdagradState(s=np.full_like(w, self.initial_accumulator))

    def update(
        self, w: Vector, oracle: Oracle, state: AdagradState, learning_rate: float, t: int
    ) -> tuple[Vector, AdagradState]:
        _, g = oracle(w)
        s = state.s + g * g
        return w - learning_rate * g / (np.sqrt(s) + self.epsilon), AdagradState(s)
