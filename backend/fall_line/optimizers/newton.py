"""Newton's method."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Empty, Optimizer, Oracle, Scale, Vector

SINGULAR = 1e-14
"""Times the number of weights: a curvature so small beside the largest one is rounding, not curvature."""
SCALINGS = 64
"""Each halves what is left of 2000 powers of two; more are never needed."""


class Newton(Optimizer):
    r"""The step that would be right if the surface were a quadratic: it jumps where gradient descent crawls.

    $$ w_{t+1} = w_t - \alpha_t \, (H_t + \delta I)^{-1} g_t $$

    With the pseudo-inverse where that is singular, and no other safeguard: where the surface curves down
    it climbs, to a saddle or a maximum, for it looks for any point without slope.  Singular does not depend
    on units: each coordinate is scaled first, so that the largest entry of each row of the matrix is about 1;
    along a direction whose curvature is then below 1e-14 of the largest, times the number of weights, it does
    not go.
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
    reference: ClassVar[str] = (
        "Nocedal & Wright (2006), Numerical Optimization, section 3.3; scaled after Ruiz (2001), "
        "A scaling algorithm to equilibrate both rows and columns norms in matrices"
    )

    def init(self, w: Vector) -> Empty:
        return Empty()

    def update(
        self, w: Vector, oracle: Oracle, state: Empty, learning_rate: float, t: int
    ) -> tuple[Vector, Empty]:
        _, g = oracle(w)
        curvature = oracle.hessian(w) + self.damping * np.eye(len(w))
        if not g.any():
            return w, state
        if not np.isfinite(curvature).all():
            return np.full_like(w, np.nan), state
        return w - learning_rate * solved(curvature, g), state


def solved(h: Vector, g: Vector) -> Vector:
    """Return the pseudo-inverse of a symmetric matrix (d, d) times a vector (d,); see :class:`Newton`.

    Which curvatures count is judged on the scaled matrix D h D = Q Λ Qᵀ.
    """
    scale = _scale(h)
    values, vectors = np.linalg.eigh(scale[:, None] * h * scale)
    sizes = abs(values)
    curved = sizes > SINGULAR * len(g) * sizes.max()
    if curved.all():
        inverse = (scale[:, None] * vectors).T
    else:
        # Without what does not count h is A Λ Aᵀ, A = D⁻¹ Q: the shortest step is A⁺ᵀ Λ⁻¹ A⁺ g.
        inverse = np.linalg.pinv(vectors[:, curved] / scale[:, None])
    step: Vector = inverse.T @ ((inverse @ g) / values[curved])
    return step


def _scale(h: Vector) -> Vector:
    """Return powers of two s (d,) for which the largest entry of each row of s·h·s is about 1."""
    scale = np.ones(len(h))
    for _ in range(SCALINGS):
        largest = abs(scale[:, None] * h * scale).max(axis=1)
        # A row of zeros stays as it is.
        powers = np.round(np.log2(np.where(largest > 0, largest, 1.0)) / 2)
        if not powers.any():
            break
        scale = scale * 2.0**-powers
    return scale
