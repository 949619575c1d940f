"""A loss over the plane with its derivatives, ready to be computed: a formula bound to its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from fall_line.expression.differentiate import gradient, hessian
from fall_line.expression.floats import compile_floats
from fall_line.expression.functions import bind
from fall_line.expression.grids import compile_grids
from fall_line.expression.intervals import Bounds, Interval, bounds
from fall_line.expression.loss import Enclosure, Floats, Loss
from fall_line.expression.node import Node, symbol
from fall_line.expression.traversal import below

PLANE = (symbol("x"), symbol("y"))


class Field(Loss):
    """A formula as a loss; every function of it is compiled when first needed."""

    certain: ClassVar[bool] = True

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
    def curvature(self) -> tuple[Node, Node, Node]:
        """The graphs of the second derivatives, xx, xy and yy."""
        (xx, xy), (_, yy) = hessian(self.gradient, PLANE)
        return xx, xy, yy

    @cached_property
    def _loss_alone(self) -> Callable[..., tuple[float, ...]]:
        return compile_floats([self.loss], PLANE)

    def loss_at(self, x: float, y: float) -> float:
        return self._loss_alone(x, y)[0]

    def loss_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        loss, gx, gy = self._floats(x, y)
        return loss, gx, gy

    def grid(self, x: ArrayLike, y: ArrayLike) -> Floats:
        return _on_grid([self.loss], x, y)[0]

    def gradient_grid(self, x: ArrayLike, y: ArrayLike) -> Floats:
        return np.array(_on_grid(self.gradient, x, y))

    def along(self, points: ArrayLike) -> tuple[Floats, Floats]:
        loss, *gradient = self._at(points, [self.loss, *self.gradient])
        return loss, np.column_stack(gradient)

    def losses(self, points: ArrayLike) -> Floats:
        return self._at(points, [self.loss])[0]

    def derivatives(self, points: ArrayLike) -> tuple[Floats, Floats, Floats]:
        loss, gx, gy, *curvature = self._at(points, [self.loss, *self.gradient, *self.curvature])
        return loss, np.column_stack([gx, gy]), symmetric(*curvature)

    @cached_property
    def effort(self) -> int:
        return len(below([self.loss]))

    def enclose(self, low: Floats, high: Floats, order: int) -> Enclosure:
        roots = [self.loss, *self.gradient, *(self.curvature if order > 1 else ())]
        within = map(Interval, low.T, high.T)
        return enclosure(bounds(roots, dict(zip(PLANE, within, strict=True))))

    def _at(self, points: ArrayLike, roots: list[Node]) -> list[Floats]:
        """Return the values of the loss and of derivatives at points, each of shape (n,)."""
        x, y = np.asarray(points, np.float64).reshape(-1, 2).T
        values = compile_grids(roots, PLANE)(x, y)
        return [np.broadcast_to(np.asarray(value, np.float64), x.shape) for value in values]


def enclosure(found: Bounds) -> Enclosure:
    """Return bounds of roots, each of shape (n,) or a number, as columns; infinite where nan."""
    shape = found.hole.shape
    low, high = (
        np.column_stack(
            [
                np.broadcast_to(np.nan_to_num(end, nan=unknown, posinf=np.inf, neginf=-np.inf), shape)
                for end in ends
            ]
        )
        for ends, unknown in zip(zip(*found.roots, strict=True), (-np.inf, np.inf), strict=True)
    )
    return Enclosure(low, high, found.hole, found.rough)


def symmetric(xx: Floats, xy: Floats, yy: Floats) -> Floats:
    """Return the Hessians (n, 2, 2) of their entries, each of shape (n,)."""
    return np.stack([np.column_stack([xx, xy]), np.column_stack([xy, yy])], axis=1)


def principal(hessians: Floats) -> tuple[Floats, Floats]:
    """Return the principal curvatures (n, 2) of Hessians (n, 2, 2), ascending, and their directions.

    ``directions[n, :, k]`` is the unit vector of curvature k.
    """
    xx, xy, yy = hessians[:, 0, 0], hessians[:, 0, 1], hessians[:, 1, 1]
    mean, spread = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    angle = np.arctan2(xy, (xx - yy) / 2) / 2
    along = np.array([np.cos(angle), np.sin(angle)])
    directions = np.array([[-along[1], along[0]], [along[0], along[1]]]).transpose(2, 1, 0)
    return np.column_stack([mean - spread, mean + spread]), directions


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
