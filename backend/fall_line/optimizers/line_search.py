"""Gradient descent with a backtracking line search."""

from math import isfinite
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Empty, Optimizer, Oracle, Scale, Vector

MAX_TRIALS = 60


class LineSearch(Optimizer):
    r"""Gradient descent that tries a long step first, and shortens it until the loss falls enough.

    $$ f(w - \alpha g) \le f(w) - c \, \alpha \lVert g \rVert^2 $$

    Every trial costs an evaluation: compare by evaluations, not by steps.  The first trial is the learning
    rate; if 60 trials do not help it stays where it is.
    """

    kind: Literal["line_search"] = "line_search"
    shrink: float = Field(
        0.5, gt=0, lt=1, title="τ", description="Factor of the step after each failed trial."
    )
    sufficient_decrease: float = Field(
        1e-4, gt=0, lt=1, title="c", description="The share of the predicted decrease that is enough."
    )
    learning_rate: ClassVar[float] = 1.0
    traceable: ClassVar[bool] = False
    scale: ClassVar[Scale] = "own"
    equations: ClassVar[tuple[str, ...]] = ("w - alpha*shrink**k*g",)
    reference: ClassVar[str] = "Armijo (1966); Nocedal & Wright (2006), Algorithm 3.1"

    def init(self, w: Vector) -> Empty:
        return Empty()

    def update(
        self, w: Vector, oracle: Oracle, state: Empty, learning_rate: float, t: int
    ) -> tuple[Vector, Empty]:
        loss, g = oracle(w)
        slope = float(np.dot(g, g))
        step = learning_rate
        for _ in range(MAX_TRIALS if slope > 0 else 0):
            trial = w - step * g
            there, gradient = oracle(trial)
            enough = there <= loss - self.sufficient_decrease * step * slope
            if enough and isfinite(there) and np.isfinite(gradient).all():
                return trial, state
            step *= self.shrink
        return w, state
