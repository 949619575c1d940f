"""A plane through the weights of a model, and the loss on it: what there is to see of many dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fall_line.expression import Loss
from fall_line.expression.loss import Floats
from fall_line.losses.layers import Shape, cut
from fall_line.losses.network import Net
from fall_line.luck import Purpose, luck

AT_ONCE = 1024
"""A grid is computed for so many points at a time, each of which needs weights of its own."""


@dataclass(frozen=True, eq=False)
class Plane:
    """The weights ``center + x·first + y·second``; all three are vectors (d,)."""

    center: Floats
    first: Floats
    second: Floats
    explained: tuple[float, float] | None = None
    """The share of the iterates' variance along each direction, where they are principal components."""

    @property
    def directions(self) -> Floats:
        """Both directions, (2, d)."""
        return np.stack([self.first, self.second])

    def point(self, x: float, y: float) -> Floats:
        """Return the weights (d,) at a point of the plane."""
        return self.center + x * self.first + y * self.second

    def points(self, points: ArrayLike) -> Floats:
        """Return the weights (k, d) at points (k, 2) of the plane."""
        x, y = np.asarray(points, np.float64).reshape(-1, 2).T[:, :, None]
        weights: Floats = self.center + x * self.first + y * self.second
        return weights

    def project(self, ws: Floats) -> Floats:
        """Return the points (k, 2) of the plane that are nearest to weights (k, d).

        The directions need not be orthogonal: it is the least-squares solution.
        """
        # Row by row: the last bit of a point must not depend on how many are asked for at once.
        apart = ws - self.center
        return np.column_stack([np.add.reduce(apart * row, axis=1) for row in self._onto])

    @cached_property
    def _onto(self) -> Floats:
        """The pseudo-inverse of the directions, (2, d)."""
        return np.asarray(np.linalg.pinv(self.directions.T), np.float64)


def random_plane(center: Floats, shapes: Sequence[Shape], seed: int) -> Plane:
    """Return a plane through ``center`` along two filter-normalised Gaussian directions.

    ``shapes`` are those of the arrays whose numbers, one array after the other, are ``center`` (d,).
    See :func:`filter_normalised`.
    """
    drawn = luck(seed, Purpose.PLANE).standard_normal((2, len(center)))
    first, second = (filter_normalised(direction, center, shapes) for direction in drawn)
    return Plane(center, first, second)


def filter_normalised(direction: Floats, weights: Floats, shapes: Sequence[Shape]) -> Floats:
    """Return the direction with each of its filters scaled to the norm of the weights' filter, (d,).

    A filter is what comes into one unit: ``array[i]`` of an array with two or more axes (a row of W, a
    kernel of a convolution).  Arrays with fewer axes are biases and the like: they stay as they are, their
    direction is 0.  Li et al. (2018), Visualizing the loss landscape of neural nets, section 4.
    """
    scaled = np.zeros_like(weights)
    parts = (cut(each, shapes) for each in (scaled, direction, weights))
    for out, part, weight in zip(*parts, strict=True):
        if weight.ndim >= 2 and weight.size:
            lengths, wanted = (np.linalg.norm(each.reshape(len(each), -1), axis=1) for each in (part, weight))
            factors = np.divide(wanted, lengths, out=np.zeros_like(wanted), where=lengths > 0)
            out[:] = part * factors.reshape(-1, *[1] * (weight.ndim - 1))
    return scaled


def principal_plane(iterates: Floats, center: Floats) -> Plane:
    """Return the plane through ``center`` along the two main directions in which the iterates (k, d) differ.

    The directions are the first two principal components of the rows wᵢ − center: unit vectors, orthogonal
    to each other, the largest component of each positive.  As in every principal component analysis (and in
    the code of Li et al. (2018), section 7, whose ``center`` is the last iterate) the rows' mean is
    subtracted first, so that ``center`` only says where the plane lies.  ``explained`` is the share of
    the rows' variance along either direction, (0, 0) if all iterates are equal but for rounding.  If they
    lie on a line (or in a point), the second direction (or both) is one in which they do not vary.
    """
    # From the first on: of iterates that are all the same the mean is another, by rounding.
    moved = iterates - iterates[0]
    rows = moved - moved.mean(axis=0)
    if len(rows) > rows.shape[1]:
        # It has the same principal components and is smaller.
        rows = np.linalg.qr(rows, mode="r")
    _, lengths, components = np.linalg.svd(rows, full_matrices=False)
    rounding = max(iterates.shape) * np.finfo(np.float64).eps * max(abs(iterates).max(), lengths[0])
    rank = int((lengths[:2] > rounding).sum())
    total = float(lengths @ lengths)
    shares = [float(length**2) / total for length in lengths[:rank]] + [0.0] * (2 - rank)
    directions = list(components[:rank])
    while len(directions) < 2:
        directions.append(_across(directions, len(center)))
    first, second = (direction * np.sign(direction[abs(direction).argmax()]) for direction in directions)
    return Plane(center, first, second, (shares[0], shares[1]))


def _across(directions: list[Floats], d: int) -> Floats:
    """Return a unit vector orthogonal to the directions, as close to one axis as possible."""
    axis = np.eye(1, d)[0]
    if directions:
        (direction,) = directions
        axis = np.eye(1, d, int(abs(direction).argmin()))[0]
        axis -= (direction @ axis) * direction
    across: Floats = axis / np.linalg.norm(axis)
    return across


class Slice(Loss):
    """The loss of a net on a plane through its weights, as a function of two coordinates."""

    def __init__(self, net: Net, plane: Plane) -> None:
        self.net, self.plane = net, plane

    @property
    def effort(self) -> int:
        return self.net.effort

    def loss_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        loss, gradient = self.net.look(self.plane.point(x, y))
        return loss, float(self.plane.first @ gradient), float(self.plane.second @ gradient)

    def along(self, points: ArrayLike) -> tuple[Floats, Floats]:
        blocks = [self.net.gradients(weights) for weights in self._weights(points)]
        losses, gradients = zip(*blocks, strict=True)
        slopes = [each @ self.plane.directions.T for each in gradients]
        return np.concatenate(losses), np.concatenate(slopes)

    def derivatives(self, points: ArrayLike) -> tuple[Floats, Floats, Floats]:
        directions = self.plane.directions
        blocks = [self.net.curvatures(weights, directions) for weights in self._weights(points)]
        losses, gradients, products = (np.concatenate(each) for each in zip(*blocks, strict=True))
        hessians = products @ directions.T
        return losses, gradients @ directions.T, (hessians + hessians.swapaxes(1, 2)) / 2

    def losses(self, points: ArrayLike) -> Floats:
        return np.concatenate([self.net.losses(weights) for weights in self._weights(points)])

    def batch(self, rows: NDArray[np.intp]) -> Slice:
        """Return the loss of the examples ``rows`` on the same plane."""
        return Slice(self.net.batch(rows), self.plane)

    def each_gradient_at(self, x: float, y: float) -> Floats:
        """Return the gradient of every example's loss at a point, (examples, 2)."""
        rows = np.arange(len(self.net))[:, None]
        return np.array([self.batch(row).loss_and_gradient_at(x, y)[1:] for row in rows])

    def _weights(self, points: ArrayLike) -> Iterator[Floats]:
        """Yield the weights at points (n, 2), not too many at once."""
        listed = np.asarray(points, np.float64).reshape(-1, 2)
        for start in range(0, max(len(listed), 1), AT_ONCE):
            yield self.plane.points(listed[start : start + AT_ONCE])
