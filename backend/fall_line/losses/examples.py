"""A loss that is a sum or a mean over examples: one formula, a row of data for each of its terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fall_line.expression import Field, Loss, Node, symbol
from fall_line.expression.differentiate import gradient
from fall_line.expression.field import PLANE, enclosure, symmetric
from fall_line.expression.functions import build
from fall_line.expression.grids import compile_grids
from fall_line.expression.intervals import ROUNDING, Bounds, Interval, bounds
from fall_line.expression.loss import Enclosure, Floats
from fall_line.expression.node import add, divide, number
from fall_line.expression.traversal import rebuild

Rows = NDArray[np.intp]
BLOCK = 16_384
"""So many terms are computed at a time: few enough to stay in the processor's nearest memory."""


@dataclass(frozen=True, eq=False)
class Term:
    """The loss of one example: a graph in x, y and the names of the data."""

    loss: Node
    names: tuple[str, ...]

    @cached_property
    def data(self) -> tuple[Node, ...]:
        """The symbols of one row of data."""
        return tuple(symbol(name) for name in self.names)

    @cached_property
    def gradient(self) -> list[Node]:
        """The graphs of its derivatives by x and y."""
        return gradient(self.loss, PLANE)

    @cached_property
    def first(self) -> list[Node]:
        """The graphs of the loss and its first derivatives."""
        return [self.loss, *self.gradient]

    @cached_property
    def second(self) -> list[Node]:
        """The graphs of the loss, its first and its second derivatives."""
        return [*self.first, *Field(self.loss, {}).curvature]

    @cached_property
    def at_point(self) -> Callable[..., list[Floats | float]]:
        """Loss and gradient of every example at one point."""
        return compile_grids(self.first, (*PLANE, *self.data), (-1, -1, *[0] * len(self.data)))

    def at_points(self, derivatives: int) -> Callable[..., list[Floats | float]]:
        """Return the function for loss and derivatives of every example at many points."""
        roots = ([self.loss], self.first, self.second)[derivatives]
        return compile_grids(roots, (*PLANE, *self.data), (0, 0, *[1] * len(self.data)))


@lru_cache(maxsize=256)
def term(loss: Node, names: tuple[str, ...]) -> Term:
    """Return the term of a graph; the same one for the same arguments."""
    return Term(loss, names)


class Examples(Loss):
    """A term summed over rows of data, in their order, and divided by their number if ``mean``."""

    certain: ClassVar[bool] = True

    def __init__(self, of: Term, columns: Sequence[Floats], mean: bool) -> None:
        self.term = of
        self.columns = columns
        self.mean = mean

    def __len__(self) -> int:
        return len(self.columns[0])

    @property
    def effort(self) -> int:
        return 12 * len(self)

    def batch(self, rows: Rows) -> Examples:
        """Return the loss of some examples."""
        return Examples(self.term, [column[rows] for column in self.columns], self.mean)

    def averaged(self) -> Examples:
        """Return the same loss as a mean."""
        return Examples(self.term, self.columns, True)

    def loss_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        count = len(self)
        values = self.term.at_point(x, y, *self.columns)
        loss, gx, gy = (
            float(np.add.reduce(value)) if isinstance(value, np.ndarray) else count * value
            for value in values
        )
        if self.mean:
            loss, gx, gy = loss / count, gx / count, gy / count
        return loss, gx, gy

    def each_gradient_at(self, x: float, y: float) -> Floats:
        """Return the gradient of every example's loss at a point, (examples, 2)."""
        _, *gradient = self.term.at_point(x, y, *self.columns)
        return np.column_stack([np.broadcast_to(part, len(self)) for part in gradient])

    def along(self, points: ArrayLike) -> tuple[Floats, Floats]:
        if len(self) > BLOCK // 4:
            places = np.asarray(points, np.float64).reshape(-1, 2).tolist()
            seen = np.array([self.loss_and_gradient_at(*place) for place in places]).reshape(-1, 3)
            return seen[:, 0], seen[:, 1:]
        loss, gx, gy = self._at(points, 1)
        return loss, np.column_stack([gx, gy])

    def losses(self, points: ArrayLike) -> Floats:
        return self._at(points, 0)[0]

    def derivatives(self, points: ArrayLike) -> tuple[Floats, Floats, Floats]:
        loss, gx, gy, *curvature = self._at(points, 2)
        return loss, np.column_stack([gx, gy]), symmetric(*curvature)

    def enclose(self, low: Floats, high: Floats, order: int) -> Enclosure:
        roots = (self.term.first, self.term.second)[order - 1]
        data = {
            name: Interval(column, column) for name, column in zip(self.term.data, self.columns, strict=True)
        }
        width = max(1, BLOCK // len(self))
        blocks = [slice(first, first + width) for first in range(0, max(len(low), 1), width)]
        parts = [self._enclosed(roots, low[part], high[part], data) for part in blocks]
        return Enclosure(*(np.concatenate(each) for each in zip(*parts, strict=True)))

    def _enclosed(
        self, roots: Sequence[Node], low: Floats, high: Floats, data: dict[Node, Interval]
    ) -> Enclosure:
        """Return sums of bounds over the examples; rounded outward as each addition may be."""
        within = (Interval(a[:, None], b[:, None]) for a, b in zip(low.T, high.T, strict=True))
        found = bounds(roots, {**dict(zip(PLANE, within, strict=True)), **data})
        shape, count = found.hole.shape, len(self)
        slack = count * ROUNDING
        columns = []
        for ends in found.roots:
            sums = [np.broadcast_to(end, shape).sum(axis=1) for end in ends]
            size = np.broadcast_to(np.maximum(abs(ends.low), abs(ends.high)), shape).sum(axis=1)
            columns.append(Interval(sums[0] - slack * size, sums[1] + slack * size))
        hole, rough = (np.logical_or.reduce(each, axis=1) for each in (found.hole, found.rough))
        low, high, hole, rough = enclosure(Bounds(columns, hole, rough))
        return (
            Enclosure(low / count, high / count, hole, rough)
            if self.mean
            else Enclosure(low, high, hole, rough)
        )

    def _at(self, points: ArrayLike, derivatives: int) -> list[Floats]:
        """Return loss and derivatives at points, each of shape (n,)."""
        x, y = np.asarray(points, np.float64).reshape(-1, 2).T[:, :, None]
        width = max(1, BLOCK // len(self))
        blocks = [slice(first, first + width) for first in range(0, max(len(x), 1), width)]
        compiled = self.term.at_points(derivatives)
        columns = [column[None, :] for column in self.columns]
        sums = [self._summed(compiled(x[part], y[part], *columns), len(x[part])) for part in blocks]
        return list(np.concatenate(sums, axis=1))

    def _summed(self, values: Sequence[Floats | float], points: int) -> Floats:
        """Return the sums over examples of values that may not depend on all points or examples."""
        shape = (points, len(self))
        sums = np.array([np.broadcast_to(value, shape).sum(axis=1) for value in values])
        return sums / len(self) if self.mean else sums

    def seen_by(self, points: Floats, rows: Rows, counts: NDArray[np.intp]) -> Floats:
        """Return the losses (n,), at points (n, 2), of the first ``counts`` of ``rows`` (n, size)."""
        compiled = self.term.at_points(0)
        x, y = points.T[:, :, None]
        values = np.asarray(compiled(x, y, *(column[rows] for column in self.columns))[0], np.float64)
        values = np.broadcast_to(values, rows.shape)
        sums: Floats = np.where(np.arange(rows.shape[1]) < counts[:, None], values, 0.0).sum(axis=1)
        return sums / counts if self.mean else sums


def summed(roots: Sequence[Node], names: Sequence[Node], rows: Sequence[Sequence[Node]]) -> list[Node]:
    """Return the sums of graphs over rows, whose nodes take the places of the names."""
    terms = [rebuild(roots, dict(zip(names, row, strict=True)), build) for row in rows]
    return [reduce(add, each) for each in zip(*terms, strict=True)]


def formula(examples: Examples) -> Field:
    """Return the loss of a few examples as one formula, the data its numbers."""
    rows = [[number(value) for value in row] for row in zip(*examples.columns, strict=True)]
    (whole,) = summed([examples.term.loss], examples.term.data, rows)
    return Field(divide(whole, number(len(rows))) if examples.mean else whole, {})
