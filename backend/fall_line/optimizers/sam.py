"""Sharpness-aware minimization."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Empty, Optimizer, Oracle, Vector


class SAM(Optimizer):
    r"""The gradient from a little way uphill: a narrow minimum looks steep from there, a wide one does not.

    $$ w_{t+1} = w_t - \alpha_t \, \nabla f(w_t + \rho \, g_t / \lVert g_t \rVert) $$

    Two gradients for every step; the step itself is that of gradient descent.
    """

    kind: Literal["sam"] = "sam"
    name: ClassVar[str] = "SAM"
    radius: float = Field(0.05, ge=0, le=1e3, title="ρ", description="How far uphill the gradient is taken.")
    reference: ClassVar[str] = "Foret et al. (2021), Sharpness-aware minimization, Algorithm 1"

    def init(self, w: Vector) -> Empty:
        return Empty()

    def update(
        self, w: Vector, oracle: Oracle, state: Empty, learning_rate: float, t: int
    ) -> tuple[Vector, Empty]:
        _, g = oracle(w)
        # Where there is no slope there is no uphill either.
        norm = np.maximum(np.sqrt(np.dot(g, g)), 1e-300)
        _, ahead = oracle(w + self.radius * g / norm)
        return w - learning_rate * ahead, state
