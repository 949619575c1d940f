"""Where the gradient vanishes: minima, maxima and saddles of a field in a window."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fall_line.expression.field import Field
from fall_line.expression.loss import Floats, Loss

Interval = tuple[float, float]

CELLS = 128
"""The window is searched in so many cells along each axis; two points in one cell may be taken for one."""
MAX_CANDIDATES, MAX_POINTS = 2048, 512
"""More than that cannot be marked; it also means that the cells are too coarse for this field."""
ITERATIONS = 40
ANGLES = np.linspace(0, 2 * np.pi, 64, endpoint=False)
RING = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])


class StationaryPoint(NamedTuple):
    """An isolated point without slope."""

    x: float
    y: float
    loss: float
    type: Literal["minimum", "maximum", "saddle"]


def stationary_points(field: Loss, x: Interval, y: Interval) -> list[StationaryPoint]:
    """Return the isolated stationary points in a window, the lowest first; none if they are too many.

    A cell of the window is a candidate if both components of the gradient change sign in it; Newton's
    method goes on from its middle.  Points at kinks, and points that share their loss with a whole line
    or plain, are left out.
    """
    if isinstance(field, Field) and field.loss.number is not None:
        return []
    size = np.array([(x[1] - x[0]) / CELLS, (y[1] - y[0]) / CELLS])
    starts = _candidates(field, x, y) * size + [x[0], y[0]]
    if not 0 < len(starts) <= MAX_CANDIDATES:
        return []
    low, high = np.array([x[0], y[0]]), np.array([x[1], y[1]])
    points = _newton(field, starts + size / 2, size)
    inside = _within(points - (low + high) / 2, (high - low) / 2 + 1e-9 * size)
    points = _distinct(points[inside], 1e-3 * size)
    if not 0 < len(points) <= MAX_POINTS:
        return []
    return _classified(field, points, size)


def _candidates(field: Loss, x: Interval, y: Interval) -> NDArray[np.intp]:
    """Return column and row of every cell in which both components of the gradient change sign."""
    changes = np.ones((CELLS, CELLS), bool)
    for component in field.gradient_grid(np.linspace(*x, CELLS + 1), np.linspace(*y, CELLS + 1)):
        corners = [component[:-1, :-1], component[:-1, 1:], component[1:, :-1], component[1:, 1:]]
        changes &= (np.minimum.reduce(corners) <= 0) & (np.maximum.reduce(corners) >= 0)
    return np.argwhere(changes)[:, ::-1]


def _newton(field: Loss, points: Floats, size: Floats) -> Floats:
    """Return where Newton's method leads, as far as it stays near its start and the gradient vanishes."""
    starts, points = points, points.copy()
    moving = np.arange(len(points))
    for _ in range(ITERATIONS):
        _, gradient, hessian = field.derivatives(points[moving])
        step = _solved(hessian, gradient)
        step *= np.minimum(1, (size / np.maximum(abs(step), 1e-300)).min(axis=1))[:, None]
        points[moving] -= step
        arrived = _within(step, 1e-14 * (size + abs(points[moving])))
        moving = moving[~arrived & _within(points[moving] - starts[moving], 2 * size)]
        if not len(moving):
            break
    _, gradient, hessian = field.derivatives(points)
    steep = np.linalg.norm(gradient, axis=1)
    scale = np.linalg.norm(hessian, axis=(1, 2)) * np.linalg.norm(size)
    level = np.isfinite(steep) & (steep <= 1e-6 * scale) & _within(points - starts, 2 * size)
    found = points[level]
    # What is 0 but for rounding is 0.
    return np.where(abs(found) < 1e-12 * size, 0.0, found)


def _within(vectors: Floats, bounds: Floats) -> NDArray[np.bool_]:
    """Return for each vector whether all its components are within the bounds."""
    within: NDArray[np.bool_] = np.logical_and.reduce(np.less_equal(abs(vectors), bounds), axis=1)
    return within


def _solved(hessian: Floats, gradient: Floats) -> Floats:
    """Return the Newton steps; along a direction without curvature there is none."""
    real: NDArray[np.bool_] = np.isfinite(hessian.sum(axis=(1, 2)) + gradient.sum(axis=1))
    values, vectors = np.linalg.eigh(np.where(real[:, None, None], hessian, 0.0))
    large = abs(values) > 1e-10 * abs(values).max(axis=1, keepdims=True)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=large)
    along = np.einsum("nji,nj->ni", vectors, np.where(real[:, None], gradient, 0.0))
    steps: Floats = np.einsum("nij,nj->ni", vectors, inverse * along)
    return steps


def _distinct(points: Floats, apart: Floats) -> Floats:
    """Return one of each group of points that are closer than ``apart``."""
    kept: dict[tuple[int, int], Floats] = {}
    for point in points[np.lexsort(points.T)]:
        column, row = (int(place) for place in np.floor(point / apart))
        around = ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        if not any(place in kept for place in around):
            kept[column, row] = point
    return np.array(list(kept.values())).reshape(-1, 2)


def _classified(field: Loss, points: Floats, size: Floats) -> list[StationaryPoint]:
    """Return the isolated points with their type: from the Hessian or, where it is singular, from a ring."""
    loss, _, hessian = field.derivatives(points)
    curvatures = np.linalg.eigvalsh(hessian)
    singular = abs(curvatures).min(axis=1) <= 1e-6 * abs(curvatures).max(axis=1)
    found = []
    for index, (point, value) in enumerate(zip(points, loss.tolist(), strict=True)):
        if not np.isfinite(value):
            continue
        bounds = curvatures[index]
        if singular[index]:
            level = abs(loss - value) <= 1e-9 * max(1.0, abs(value))
            neighbours = singular & level & _within(points - point, 4 * size)
            if neighbours.sum() > 1:
                # One of a line or a plain of such points.
                continue
            ring = field.derivatives(point + 1e-2 * size * RING)[0] - value
            bounds = np.array([ring.min(), ring.max()])
        found.append(StationaryPoint(float(point[0]), float(point[1]), value, _type(*bounds)))
    return sorted(found, key=lambda each: each.loss)


def _type(low: float, high: float) -> Literal["minimum", "maximum", "saddle"]:
    if low > 0:
        return "minimum"
    return "maximum" if high < 0 else "saddle"
