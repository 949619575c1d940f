"""Schedule-free gradient descent."""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Vector


class ScheduleFreeState(NamedTuple):
    """The point that makes the steps, and the sum of the weights in the average."""

    z: Vector
    weight: float


class ScheduleFree(Optimizer):
    r"""Averaging in the place of a decaying rate: the path is the average, which settles by itself.

    $$ y = (1 - \beta) z_t + \beta x_t, \quad z_{t+1} = z_t - \alpha_t \nabla f(y), \quad
       x_{t+1} = x_t + c \, (z_{t+1} - x_t), \quad c = \alpha_t^2 / \textstyle\sum \alpha^2 $$

    The iterate w is x, the average one would use.  The form for gradient descent, with weights ∝ α²; the
    authors' package weighs by the largest rate so far, which differs only where the rate falls.
    """

    kind: Literal["schedule_free"] = "schedule_free"
    beta: float = Field(
        0.9, ge=0, le=1, title="β", description="Where the gradient is taken: 0 at z, 1 at x."
    )
    gain: ClassVar[float] = 4.0
    reference: ClassVar[str] = "Defazio et al. (2024), The road less scheduled, equations 3 to 5"

    def init(self, w: Vector) -> ScheduleFreeState:
        return ScheduleFreeState(z=w, weight=0.0)

    def update(
        self, w: Vector, oracle: Oracle, state: ScheduleFreeState, learning_rate: float, t: int
    ) -> tuple[Vector, ScheduleFreeState]:
        _, g = oracle((1 - self.beta) * state.z + self.beta * w)
        z = state.z - learning_rate * g
        weight = state.weight + learning_rate * learning_rate
        # A rate of 0 has no weight, also at the start.
        c = learning_rate * learning_rate / np.maximum(weight, 1e-300)
        return w + c * (z - w), ScheduleFreeState(z, weight)
