"""A loss known on a grid only, interpolated smoothly."""

from __future__ import annotations

from bisect import bisect_right
from math import nan
from operator import mul

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fall_line.expression import Loss
from fall_line.expression.field import symmetric
from fall_line.expression.loss import Floats


class Spline(Loss):
    """The bicubic spline through values on a grid: twice continuously differentiable, nan outside the grid.

    ``x`` (n,) and ``y`` (m,) ascend, with four numbers or more, ``values`` are (m, n).  Along each axis it is
    the cubic spline with the not-a-knot condition, which reproduces cubic polynomials exactly; see
    de Boor (1978), A Practical Guide to Splines, chapters IV and XVII.
    """

    def __init__(self, x: ArrayLike, y: ArrayLike, values: ArrayLike) -> None:
        self.x, self.y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        known = np.asarray(values, np.float64)
        along_x, along_y = _curvatures(self.x), _curvatures(self.y)
        self._x, self._y = self.x.tolist(), self.y.tolist()
        # The values and their second derivatives along x, along y, and along both: (2, 2, m, n).
        self.knots = np.array([[known, known @ along_x.T], [along_y @ known, along_y @ known @ along_x.T]])

    def loss_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        # One point at a time is what a descent asks for: floats are many times as fast as arrays of one.
        if not (self.x[0] <= x <= self.x[-1] and self.y[0] <= y <= self.y[-1]):
            return nan, nan, nan
        column, across, along_x = _weights_at(self._x, x)
        row, up, along_y = _weights_at(self._y, y)
        below, above = self.knots[:, :, row : row + 2, column : column + 2].tolist()
        # In x, for every line: the values at (row, row + 1), then the second derivatives along y there.
        values, slopes = [], []
        for kinds in (below, above):
            for line in range(2):
                ends = *kinds[0][line], *kinds[1][line]
                values.append(sum(map(mul, across, ends)))
                slopes.append(sum(map(mul, along_x, ends)))
        return sum(map(mul, up, values)), sum(map(mul, up, slopes)), sum(map(mul, along_y, values))

    def along(self, points: ArrayLike) -> tuple[Floats, Floats]:
        loss, gx, gy = self._at(points, [(0, 0), (1, 0), (0, 1)])
        return loss, np.column_stack([gx, gy])

    def derivatives(self, points: ArrayLike) -> tuple[Floats, Floats, Floats]:
        orders = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
        loss, gx, gy, *curvature = self._at(points, orders)
        return loss, np.column_stack([gx, gy]), symmetric(*curvature)

    def losses(self, points: ArrayLike) -> Floats:
        return self._at(points, [(0, 0)])[0]

    def _at(self, points: ArrayLike, orders: list[tuple[int, int]]) -> list[Floats]:
        """Return derivatives of these orders in x and y at points, each of shape (n,)."""
        x, y = np.asarray(points, np.float64).reshape(-1, 2).T
        inside = (x >= self.x[0]) & (x <= self.x[-1]) & (y >= self.y[0]) & (y <= self.y[-1])
        column, across = _weights(self.x, np.where(inside, x, self.x[0]))
        row, up = _weights(self.y, np.where(inside, y, self.y[0]))
        # Of the cell around each point: which second derivatives, upper or lower row, left or right column.
        corners = self.knots[:, :, np.array([row, row + 1])[:, None], np.array([column, column + 1])]
        found = []
        for in_x, in_y in orders:
            value = np.einsum("kan,lbn,klabn->n", up[in_y], across[in_x], corners)
            found.append(np.where(inside, value, np.nan))
        return found


def _curvatures(knots: Floats) -> Floats:
    """Return the matrix (n, n) from values at knots to the second derivatives of the spline there."""
    n, h = len(knots), np.diff(knots)
    left, right = np.zeros((n, n)), np.zeros((n, n))
    inner = np.arange(1, n - 1)
    left[inner, inner - 1], left[inner, inner + 1] = h[:-1] / 6, h[1:] / 6
    left[inner, inner] = (h[:-1] + h[1:]) / 3
    right[inner, inner - 1], right[inner, inner + 1] = 1 / h[:-1], 1 / h[1:]
    right[inner, inner] = -1 / h[:-1] - 1 / h[1:]
    # Not a knot: the third derivative does not jump at the second knot, nor at the last but one.
    left[0, :3] = 1 / h[0], -1 / h[0] - 1 / h[1], 1 / h[1]
    left[-1, -3:] = 1 / h[-2], -1 / h[-2] - 1 / h[-1], 1 / h[-1]
    return np.asarray(np.linalg.solve(left, right), np.float64)


def _weights_at(knots: list[float], place: float) -> tuple[int, list[float], list[float]]:
    """Return the interval of a place, and the weights of orders 0 and 1 there, values before derivatives."""
    cell = min(bisect_right(knots, place), len(knots) - 1) - 1
    h = knots[cell + 1] - knots[cell]
    b = (place - knots[cell]) / h
    a = 1 - b
    sixth = h / 6
    value = [a, b, (a**3 - a) * h * sixth, (b**3 - b) * h * sixth]
    return cell, value, [-1 / h, 1 / h, (1 - 3 * a * a) * sixth, (3 * b * b - 1) * sixth]


def _weights(knots: Floats, places: Floats) -> tuple[NDArray[np.intp], list[Floats]]:
    """Return the interval of each place, and the weights there of what is known at its two ends.

    They are for the orders 0, 1 and 2: (2, 2, n), of values and second derivatives, left and right.
    """
    cell = np.clip(np.searchsorted(knots, places, side="right") - 1, 0, len(knots) - 2)
    h = knots[cell + 1] - knots[cell]
    b = (places - knots[cell]) / h
    a = 1 - b
    zero, one = np.zeros_like(h), 1 / h
    return cell, [
        np.array([[a, b], [(a**3 - a) * h * h / 6, (b**3 - b) * h * h / 6]]),
        np.array([[-one, one], [(1 - 3 * a * a) * h / 6, (3 * b * b - 1) * h / 6]]),
        np.array([[zero, zero], [a, b]]),
    ]
