"""A loss known on a grid only, interpolated smoothly within the range of what is known."""

from __future__ import annotations

from bisect import bisect_right
from math import nan
from operator import mul

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from fall_line.expression import Loss
from fall_line.expression.field import symmetric
from fall_line.expression.loss import Floats


class Spline(Loss):
    """A bicubic spline through values on a grid that stays among its neighbours; nan outside the grid.

    ``x`` (n,) and ``y`` (m,) ascend, with four numbers or more, ``values`` are (m, n).  The slopes at the
    knots are those of the cubic spline with the not-a-knot condition along each axis (de Boor (1978), A
    Practical Guide to Splines, chapters IV and XVII), cut down where they would lead out of the range of the
    knots around: a point lies between the least and the largest value of the 4 × 4 knots about its cell.
    Where nothing is cut it is that spline, twice continuously differentiable and of fourth order; elsewhere
    once, and of second order.  A minimum between knots is therefore shown at the lowest of them, with its
    value, and a valley much narrower than a cell as a chain of them.
    """

    def __init__(self, x: ArrayLike, y: ArrayLike, values: ArrayLike) -> None:
        self.x, self.y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        known = np.asarray(values, np.float64)
        along_x, along_y = _slopes(self.x), _slopes(self.y)
        self._x, self._y = self.x.tolist(), self.y.tolist()
        self.range = float(known.min()), float(known.max())
        # Near the largest floats slopes would overflow before they are cut.
        unit = 2.0 ** (np.frexp(max(map(abs, self.range)))[1] - 1)
        known = known / unit
        # The values and their derivatives along x, along y, and along both: (2, 2, m, n).
        self.knots = np.array([[known, known @ along_x.T], [along_y @ known, along_y @ known @ along_x.T]])
        _cut(self.knots, np.diff(self.x), np.diff(self.y)[:, None])
        self.knots *= unit

    def loss_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        # One point at a time is what a descent asks for: floats are many times as fast as arrays of one.
        if not (self.x[0] <= x <= self.x[-1] and self.y[0] <= y <= self.y[-1]):
            return nan, nan, nan
        column, across, along_x = _weights_at(self._x, x)
        row, up, along_y = _weights_at(self._y, y)
        below, above = self.knots[:, :, row : row + 2, column : column + 2].tolist()
        # In x, for every line: the values at (row, row + 1), then the derivatives along y there.
        values, slopes = [], []
        for kinds in (below, above):
            for line in range(2):
                ends = *kinds[0][line], *kinds[1][line]
                values.append(sum(map(mul, across, ends)))
                slopes.append(sum(map(mul, along_x, ends)))
        loss = min(max(sum(map(mul, up, values)), self.range[0]), self.range[1])
        return loss, sum(map(mul, up, slopes)), sum(map(mul, along_y, values))

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
        # Of the cell around each point: which derivatives, upper or lower row, left or right column.
        corners = self.knots[:, :, np.array([row, row + 1])[:, None], np.array([column, column + 1])]
        found = []
        for in_x, in_y in orders:
            value = np.einsum("kan,lbn,klabn->n", up[in_y], across[in_x], corners)
            if in_x == in_y == 0:
                value = np.clip(value, *self.range)  # rounding
            found.append(np.where(inside, value, np.nan))
        return found


def _slopes(knots: Floats) -> Floats:
    """Return the matrix (n, n) from values at knots to the slopes of the spline there."""
    n, unit = len(knots), np.diff(knots).mean()
    h = np.diff(knots) / unit
    left, right = np.zeros((n, n)), np.zeros((n, n))
    inner = np.arange(1, n - 1)
    left[inner, inner - 1], left[inner, inner + 1] = 1 / h[:-1], 1 / h[1:]
    left[inner, inner] = 2 / h[:-1] + 2 / h[1:]
    right[inner, inner - 1], right[inner, inner + 1] = -3 / h[:-1] ** 2, 3 / h[1:] ** 2
    right[inner, inner] = 3 / h[:-1] ** 2 - 3 / h[1:] ** 2
    # Not a knot: the third derivative does not jump at the second knot, nor at the last but one.
    for end, (a, b) in ((slice(None, 3), h[:2]), (slice(None, -4, -1), -h[:-3:-1])):
        row = 0 if a > 0 else -1
        left[row, end] = 1 / a**2, 1 / a**2 - 1 / b**2, -1 / b**2
        right[row, end] = -2 / a**3, 2 / a**3 + 2 / b**3, -2 / b**3
    return np.asarray(np.linalg.solve(left, right) / unit, np.float64)


def _cut(knots: Floats, wide: Floats, high: Floats) -> None:
    """Cut the derivatives at knots down where the surface would leave the range of the knots around.

    Between knots it is a Bézier patch, which lies among its control points; those next to a knot are its
    value and what a third of the way along the slopes adds.
    """
    (known, dx), (dy, twist) = knots
    around = sliding_window_view(np.pad(known, 1, mode="edge"), (3, 3))
    low, up = around.min(axis=(2, 3)) - known, around.max(axis=(2, 3)) - known
    # A third of the way to the knots on the left and right, below and above; beyond the border there is none.
    across = [np.pad(way / 3, side) for way, side in ((-wide, (1, 0)), (wide, (0, 1)))]
    along = [np.pad(way / 3, (side, (0, 0))) for way, side in ((-high, (1, 0)), (high, (0, 1)))]
    dx *= _share(low, up, [dx * a for a in across])
    dy *= _share(low, up, [dy * b for b in along])
    least, most = np.full_like(known, -np.inf), np.full_like(known, np.inf)
    corners = [(a, b) for a in across for b in along]
    for a, b in corners:
        flat, area = dx * a + dy * b, a * b * np.ones_like(known)
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = np.sort([(low - flat) / area, (up - flat) / area], axis=0)
        least = np.where(area == 0, least, np.maximum(least, ends[0]))
        most = np.where(area == 0, most, np.minimum(most, ends[1]))
    twist[:] = np.clip(twist, least, most)
    knots.reshape(4, *known.shape)[1:] *= _share(
        low, up, [dx * a + dy * b + twist * a * b for a, b in corners]
    )


def _share(low: Floats, up: Floats, moves: list[Floats]) -> Floats:
    """Return the largest share, at most 1, of all moves that stays between low, ≤ 0, and up, ≥ 0."""
    share = np.ones_like(low)
    for move in moves:
        room = np.where(move > 0, up, low)
        np.minimum(share, np.divide(room, move, out=np.ones_like(low), where=move != 0), out=share)
    return share


def _weights_at(knots: list[float], place: float) -> tuple[int, list[float], list[float]]:
    """Return the interval of a place, and the weights of orders 0 and 1 there, values before derivatives."""
    cell = min(bisect_right(knots, place), len(knots) - 1) - 1
    h = knots[cell + 1] - knots[cell]
    b = (place - knots[cell]) / h
    a = 1 - b
    turn = 6 * a * b / h
    value = [a * a * (1 + 2 * b), b * b * (1 + 2 * a), h * a * a * b, -h * a * b * b]
    return cell, value, [-turn, turn, a * (1 - 3 * b), b * (1 - 3 * a)]


def _weights(knots: Floats, places: Floats) -> tuple[NDArray[np.intp], list[Floats]]:
    """Return the interval of each place, and the weights there of what is known at its two ends.

    They are for the orders 0, 1 and 2: (2, 2, n), of values and slopes, left and right.
    """
    cell = np.clip(np.searchsorted(knots, places, side="right") - 1, 0, len(knots) - 2)
    h = knots[cell + 1] - knots[cell]
    b = (places - knots[cell]) / h
    a = 1 - b
    turn, bend = 6 * a * b / h, 6 * (a - b) / h**2
    return cell, [
        np.array([[a * a * (1 + 2 * b), b * b * (1 + 2 * a)], [h * a * a * b, -h * a * b * b]]),
        np.array([[-turn, turn], [a * (1 - 3 * b), b * (1 - 3 * a)]]),
        np.array([[-bend, bend], [(2 * b - 4 * a) / h, (4 * b - 2 * a) / h]]),
    ]
