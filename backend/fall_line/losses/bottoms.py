"""Where the loss of data is smallest."""

from __future__ import annotations

from functools import lru_cache
from math import fsum, isfinite

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from fall_line.component import Point
from fall_line.expression.loss import Floats, lattice
from fall_line.losses.examples import Examples

MOST_STEPS = 100
NEWTON_STEPS = 60
SAMPLE = 100
"""A search among many examples begins with about so many of them."""
TRIALS = 8
"""From so many of the lowest points of a coarse grid a search goes down, of its basins, and of profiles."""
_quiet = np.errstate(all="ignore")


@lru_cache(maxsize=64)
def least_squares(examples: Examples) -> tuple[Point, ...]:
    """Return the one line w·x + b with the least squares, in exact arithmetic; nothing if there are many."""
    (x, unit_x), (y, unit_y) = map(_whole, examples.columns)
    n, sx, sy, sxx = len(x), sum(x), sum(y), sum(a * a for a in x)
    sxy = sum(a * b for a, b in zip(x, y, strict=True))
    determinant = (n * sxx - sx * sx) * unit_y
    try:
        exact = (n * sxy - sx * sy) * unit_x / determinant, (sy * sxx - sx * sxy) / determinant
    except (ZeroDivisionError, OverflowError):
        return ()
    return (_as_ever(examples, exact),)


def _whole(column: Floats) -> tuple[list[int], int]:
    """Return numbers as whole multiples of 1/unit, and the unit: every float is one of some power of 2."""
    ratios = [value.as_integer_ratio() for value in column.tolist()]
    unit = max(below for _, below in ratios)
    return [above * (unit // below) for above, below in ratios], unit


@lru_cache(maxsize=64)
@_quiet
def likeliest(examples: Examples) -> tuple[Point, ...]:
    """Return where the log loss of σ(w·x + b) is smallest; nothing if a threshold separates the classes.

    Newton's method with halved steps, in slope and height at the middle of where the model is unsure: there
    the two do not depend on each other, wherever the inputs lie and whatever their unit is.
    """
    x, y = examples.columns
    zero, one = x[y == 0], x[y == 1]
    if not len(zero) or not len(one) or zero.max() <= one.min() or one.max() <= zero.min():
        return ()
    origin, unit = float(x[0]), float(abs(x - x[0]).max())
    inputs = (x - origin) / unit
    slope = height = middle = 0.0
    loss = np.inf
    for _ in range(MOST_STEPS):
        p = 1 / (1 + np.exp(-np.clip(slope * (inputs - middle) + height, -700, 700)))
        unsure = p * (1 - p)
        moved = fsum(unsure * inputs) / fsum(unsure)
        height, middle = height + slope * (moved - middle), moved
        along, error = inputs - middle, p - y
        step = fsum(along * error) / fsum(unsure * along**2), fsum(error) / fsum(unsure)
        decrement = step[0] * fsum(along * error) + step[1] * fsum(error)
        for share in 0.5 ** np.arange(60):
            z = (slope - share * step[0]) * along + height - share * step[1]
            trial = fsum(np.logaddexp(0, z) - y * z)
            if trial < loss or decrement < 1e-6:
                break
        else:
            break
        slope, height, loss = slope - share * step[0], height - share * step[1], trial
        if decrement < 1e-24:
            break
    slope, intercept = slope / unit, height - slope * middle - slope / unit * origin
    point = float(slope), float(intercept)
    return (_as_ever(examples, point),) if all(map(isfinite, point)) else ()


@_quiet
def _as_ever(examples: Examples, bottom: Point) -> Point:
    """Return a minimum as Newton's method from 0 rounds it, where that arrives there.

    Starts are made from it, and an old link means the same start to the last bit.
    """
    w = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        loss, gradient, hessian = examples.derivatives(w)
        if not np.isfinite(loss[0]):
            break
        try:
            step = np.linalg.solve(hessian[0], gradient[0])
        except np.linalg.LinAlgError:
            break
        w = w - step
        if np.abs(step).max() <= 1e-14 * np.abs(w).max():
            near = abs(w - bottom) <= 1e-12 * np.abs(bottom)
            return (float(w[0]), float(w[1])) if near.all() else bottom
    return bottom


@lru_cache(maxsize=64)
@_quiet
def lowest_found(examples: Examples) -> Point | None:
    """Return the lowest point that a search over many magnitudes of both parameters finds, if it settles.

    Nobody knows whether that is the lowest there is: it says where to look.
    """
    values = _magnitudes()
    stride = -(-len(examples) // SAMPLE)
    sample = examples.batch(np.arange(0, len(examples), stride))
    losses = np.nan_to_num(sample.grid(values, values), nan=np.inf)
    basins = losses <= sliding_window_view(np.pad(losses, 1, mode="edge"), (3, 3)).min(axis=(2, 3))
    grid = lattice(values, values)
    profiles = np.concatenate([_profile(sample, values, axis) for axis in (0, 1)])
    starts = [start for points in (grid, grid[basins.ravel()], profiles) for start in _lowest(sample, points)]
    ends = [end for start in starts if (end := _settled(sample, start)) is not None]
    if not ends:
        return None
    heights = np.array([sample.losses(end)[0] for end in ends])
    # Of several that are as low, that with positive parameters.
    as_low = [end for end, height in zip(ends, heights, strict=True) if height <= heights.min() * (1 + 1e-9)]
    end = _settled(examples, max(as_low, key=lambda w: float(np.sign(w).sum())))
    return None if end is None else (float(end[0]), float(end[1]))


@_quiet
def lowest_seen(examples: Examples) -> Point | None:
    """Return the lowest of many magnitudes of both parameters; None if the loss is real at none."""
    found = _lowest(examples, lattice(_magnitudes(), _magnitudes()))
    return (float(found[0, 0]), float(found[0, 1])) if len(found) else None


def _magnitudes() -> Floats:
    sizes = 10.0 ** np.concatenate([np.arange(-8, -1, 0.5), np.arange(-1, 1, 0.1), np.arange(1, 9, 0.5)])
    return np.concatenate([-sizes[::-1], [0.0], sizes])


def _lowest(examples: Examples, points: Floats) -> Floats:
    """Return the lowest of some points, a few."""
    losses = examples.losses(points)
    ranked = np.argsort(losses, kind="stable")[:TRIALS]
    return points[ranked[np.isfinite(losses[ranked])]]


def _profile(examples: Examples, values: Floats, axis: int) -> Floats:
    """Return points with these values of one parameter, the other the best if the model is linear in it."""
    points = np.zeros((len(values), 2))
    points[:, 1 - axis] = values
    for _ in range(3):
        _, gradient, hessian = examples.derivatives(points)
        points[:, axis] -= gradient[:, axis] / hessian[:, axis, axis]
    return points


def _settled(examples: Examples, w: Floats) -> Floats | None:
    """Return the minimum below a point, None if none is reached: damped Newton steps in scaled directions."""
    loss, gradient, hessian = (each[0] for each in examples.derivatives(w))
    damping = 1e-3
    for _ in range(MOST_STEPS):
        if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
            return None
        units = 1 / np.sqrt(np.maximum(abs(np.diag(hessian)), 1e-30 * abs(hessian).max() + 1e-300))
        curvature, turned = np.linalg.eigh(hessian * np.outer(units, units))
        slope = turned.T @ (gradient * units)
        step = units * (turned @ (slope / (np.maximum(abs(curvature), 1e-14) + damping)))
        small = 1e-9 * np.maximum(abs(w), 1e-9 * units)
        trial = examples.derivatives(w - step)
        if np.isfinite(trial[0][0]) and trial[0][0] < loss:
            w, (loss, gradient, hessian), damping = w - step, (each[0] for each in trial), damping / 8
        elif (abs(step) <= small).all():
            return w if curvature[0] > 0 else None
        else:
            damping *= 4
    return None


@lru_cache(maxsize=64)
def settled_at(examples: Examples, point: Point, lengths: Point) -> Point:
    """Return a lower point, by steps of these lengths in both directions and less: for losses with kinks."""
    ways = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]) * lengths
    w = np.array(point)
    for _ in range(MOST_STEPS):
        losses = examples.losses(w + ways)
        lowest = int(np.nanargmin(losses))
        if losses[lowest] < losses[len(ways) // 2]:
            w = w + ways[lowest]
        else:
            ways = ways / 2
    return float(w[0]), float(w[1])
