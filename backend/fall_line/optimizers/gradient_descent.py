"""Gradient descent."""

from typing import ClassVar, Literal

from fall_line.optimizers.base import Empty, Optimizer, Oracle, Vector


class GradientDescent(Optimizer):
    r"""A step straight downhill, as long as the slope is steep.

    $$ w_{t+1} = w_t - \alpha_t \, g_t $$

    On a quadratic it converges for rates below 2/λ, λ the largest curvature, and diverges above.
    """

    kind: Literal["gradient_descent"] = "gradient_descent"
    reference: ClassVar[str] = "Cauchy (1847); torch.optim.SGD"

    def init(self, w: Vector) -> Empty:
        return Empty()

    def update(
        self, w: Vector, oracle: Oracle, state: Empty, learning_rate: float, t: int
    ) -> tuple[Vector, Empty]:
        _, g = oracle(w)
        return w - learning_rate * g, state
