"""Resilient propagation."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector


class RpropState(NamedTuple):
    """The last gradient, 0 where its sign had just changed, and the step size of every coordinate."""

    g: Vector
    step: Vector


class Rprop(Optimizer):
    r"""A step size for every coordinate: it grows while the slope keeps its sign, and shrinks when it flips.

    The variant is iRprop−, as in PyTorch: after a change of sign the coordinate rests for a step.  The rate
    of step 0 is the first step size; later rates are ignored.
    """

    kind: Literal["rprop"] = "rprop"
    shrink: float = Field(
        0.5, gt=0, lt=1, title="η₋", description="Factor of the step size after a change of sign."
    )
    grow: float = Field(
        1.2, gt=1, le=10, title="η₊", description="Factor of the step size while the sign stays."
    )
    minimum: float = Field(1e-6, ge=0, le=1e6, title="Δ min", description="The smallest step size.")
    maximum: float = Field(50.0, gt=0, le=1e9, title="Δ max", description="The largest step size.")
    scale: ClassVar[Scale] = "length"
    reference: ClassVar[str] = "Riedmiller & Braun (1993); Igel & Hüsken (2000); torch.optim.Rprop"

    def init(self, w: Vector) -> RpropState:
        return RpropState(g=np.zeros_like(w), step=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: RpropState, learning_rate: float, t: int
    ) -> tuple[Vector, RpropState]:
        _, g = oracle(w)
        agreement = g * state.g
        factor = np.where(agreement > 0, self.grow, np.where(agreement < 0, self.shrink, 1.0))
        size = np.where(t < 1, learning_rate, state.step) * factor
        step = np.minimum(np.maximum(size, self.minimum), self.maximum)
        g = np.where(agreement < 0, 0.0, g)
        return w - np.sign(g) * step, RpropState(g, step)
