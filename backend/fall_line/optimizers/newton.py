"""Newton's method."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Empty, Optimizer, Oracle, Scale, Vector

SINGULAR = 1e-12
"""Curvatures so much smaller than the largest one count as none."""


class Newton(Optimizer):
    r"""The step that would be right if the surface were a quadratic: it jumps where gradient descent crawls.

    $$ w_{t+1} = w_t - \alpha_t \, (H_t + \delta I)^{-1} g_t $$

    With the pseudo-inverse where that is singular, and no other safeguard: where the surface curves down
    it climbs, to a saddle or a maximum, for it looks for any point without slope.
    """

    kind: Literal["newton"] = "newton"
    damping: float = Field(
        0.0, ge=0, le=1e12, title="δ", description="Added to the curvature in every direction."
    )
    learning_rate: ClassVar[float] = 1.0
    traceable: ClassVar[bool] = False
    curvature: ClassVar[bool] = True
    scale: ClassVar[Scale] = "own"
    equations: ClassVar[tuple[str, ...]] = ("w - alpha*(H + damping*I)**(-1)*g",)
    reference: ClassVar[str] = "Nocedal & Wright (2006), Numerical Optimization, section 3.3"

    def init(self, w: Vector) -> Empty:
        return Empty()

    def update(
        self, w: Vector, oracle: Oracle, state: Empty, learning_rate: float, t: int
    ) -> tuple[Vector, Empty]:
        _, g = oracle(w)
        curvature = oracle.hessian(w) + self.damping * np.eye(len(w))
        if not np.isfinite(curvature).all():
            return np.full_like(w, np.nan), state
        return w - learning_rate * (np.linalg.pinv(curvature, rcond=SINGULAR, hermitian=True) @ g), state
