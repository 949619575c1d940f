"""A loss over the plane with its derivatives, ready to be computed: a formula bound to its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fall_line.expression.differentiate import gradient, hessian
from fall_line.expression.floats import compile_floats
from fall_line.expression.functions import bind
from fall_line.expression.grids import compile_grids
from fall_line.expression.node import Node, symbol

Floats = NDArray[np.float64]
PLANE = (symbol("x"), symbol("y"))


def finite(derivative: Floats, loss: Floats) -> Floats:
    """Apply the one rule for derivatives: where the loss is finite and they are not, they are 0."""
    return np.where(np.isfinite(derivative) | ~np.isfinite(loss), derivative, 0.0)


class Field:
    """The loss over the plane; every function of it is compiled when first needed."""

    def __init__(self, loss: Node, values: Mapping[str, float]) -> None:
        (self.loss,) = bind([loss], dict(values))

    @cached_property
    def gradient(self) -> list[Node]:
        """The graphs of ∂loss/∂x and ∂loss/∂y."""
        return gradient(self.loss, PLANE)

    @cached_property
    def _floats(self) -> Callable[..., tuple[float, ...]]:
        return compile_floats([self.loss, *self.gradient], PLANE)

    @cached_property
    def _curvature(self) -> tuple[Node, Node, Node]:
        (xx, xy), (_, yy) = hessian(self.gradient, PLANE)
        return xx, xy, yy

    @cached_property
    def loss_at(self) -> Callable[[float, float], float]:
        """The loss as a function of two floats."""
        compiled = compile_floats([self.loss], PLANE)
        return lambda x, y: compiled(x, y)[0]

    def loss_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        """Return loss, ∂loss/∂x and ∂loss/∂y at a point; nan or inf where the formula is not real."""
        loss, gx, gy = self._floats(x, y)
        if not (isfinite(gx) and isfinite(gy)) and isfinite(loss):
            return loss, gx if isfinite(gx) else 0.0, gy if isfinite(gy) else 0.0
        return loss, gx, gy

    def grid(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """Return the loss on a grid, shape (len(y), len(x)); nan or inf where it is not real."""
        return _on_grid([self.loss], x, y)[0]

    def gradient_grid(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """Return the components of the gradient on a grid, shape (2, len(y), len(x))."""
        loss, *components = _on_grid([self.loss, *self.gradient], x, y)
        return np.array([finite(component, loss) for component in components])

    def derivatives(self, points: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Return loss (n,), gradient (n, 2) and Hessian (n, 2, 2) at points (n, 2)."""
        x, y = np.asarray(points, np.float64).reshape(-1, 2).T
        values = compile_grids([self.loss, *self.gradient, *self._curvature], PLANE)(x, y)
        loss, *derivatives = (np.broadcast_to(np.asarray(value, np.float64), x.shape) for value in values)
        gx, gy, xx, xy, yy = (finite(derivative, loss) for derivative in derivatives)
        return loss, np.stack([gx, gy], 1), np.stack([np.stack([xx, xy], 1), np.stack([xy, yy], 1)], 1)


def _on_grid(roots: list[Node], x: ArrayLike, y: ArrayLike) -> list[Floats]:
    """Return the values of graphs on a grid, each of shape (len(y), len(x))."""
    row = np.asarray(x, np.float64)[None, :]
    column = np.asarray(y, np.float64)[:, None]
    shape = (column.shape[0], row.shape[1])
    return [_whole(values, shape) for values in compile_grids(roots, PLANE)(row, column)]


def _whole(values: ArrayLike, shape: tuple[int, int]) -> Floats:
    """Return an array of its own for values that may depend on one coordinate only, or on none."""
    values = np.asarray(values, np.float64)
    return values if values.shape == shape else np.broadcast_to(values, shape).copy()


@lru_cache(maxsize=256)
def _field(loss: Node, values: tuple[tuple[str, float], ...]) -> Field:
    return Field(loss, dict(values))


def field(loss: Node, values: Mapping[str, float]) -> Field:
    """Return the field of a graph in x, y and parameters; the same one for the same arguments."""
    return _field(loss, tuple(sorted(values.items())))
