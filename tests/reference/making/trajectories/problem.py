"""Loss, gradient and Hessian of a surface, in float64, by torch and jax."""

from __future__ import annotations

import random
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import torch
from torch import Tensor

from .surfaces import Surface

jax.config.update("jax_enable_x64", True)
# Without this NAdam keeps the product of its momenta in float32: right to seven digits only.
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

Point = tuple[float, float]
Iterates = Iterator[Point]


class Problem:
    """A surface as an optimizer meets it: loss and gradient at a point, and what was asked.

    With a `jitter` each evaluation happens a little off the point, as if it had been rounded differently.
    """

    def __init__(self, surface: Surface, jitter: float = 0.0) -> None:
        """Take `surface`; evaluate at points moved by ±`jitter`, relatively."""
        self.formula = surface.formula
        self.jitter = jitter
        self.gradients: list[Point] = []
        self._random = random.Random(0)
        self._jax_gradient = jax.jit(jax.grad(lambda w: surface.formula(w[0], w[1])))

    def _moved(self, point: Point) -> Point:
        x, y = point
        if self.jitter:
            x *= 1.0 + self._random.choice((-1.0, 1.0)) * self.jitter
            y *= 1.0 + self._random.choice((-1.0, 1.0)) * self.jitter
        return x, y

    def loss_and_gradient(self, point: Point) -> tuple[float, Point]:
        """The loss and its gradient, by torch's autograd."""
        w = torch.tensor(self._moved(point), requires_grad=True)
        loss = self.formula(w[0], w[1])
        loss.backward()
        assert w.grad is not None
        gx, gy = w.grad.tolist()
        self.gradients.append((gx, gy))
        return loss.item(), (gx, gy)

    def gradient(self, point: Point) -> Point:
        """The gradient by torch's autograd."""
        return self.loss_and_gradient(point)[1]

    def jax_gradient(self, point: Point) -> jax.Array:
        """The gradient by jax.grad."""
        gradient = self._jax_gradient(jnp.asarray(self._moved(point)))
        self.gradients.append((float(gradient[0]), float(gradient[1])))
        return gradient

    def hessian(self, point: Point) -> Tensor:
        """The Hessian by torch.func."""
        return torch.func.hessian(lambda w: self.formula(w[0], w[1]))(torch.tensor(self._moved(point)))


def point_of(w: Tensor) -> Point:
    """The two floats in `w`."""
    x, y = w.tolist()
    return x, y
