"""Where the gradient vanishes: minima, maxima and saddles of a loss in a window."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from fall_line.expression.boxes import OVERLAP, Search, holds_one, search
from fall_line.expression.field import Field, principal
from fall_line.expression.loss import Floats, Loss
from fall_line.expression.multiple import centered
from fall_line.expression.surroundings import NEAR, exactly_level, level_at, real_around, surroundings

Interval = tuple[float, float]

MAX_POINTS = 512
"""More than that cannot be marked."""
MAX_GROUPS, MAX_STARTS = 16, 16
"""So many groups of boxes are looked into, from so many boxes of each."""
ITERATIONS, PATIENCE = 400, 20
"""Of Newton's method, and how many without getting nearer; at a multiple root each gains part of a digit."""
LINE = 4
"""More places than that in a small group of boxes are those of a line."""
SAME = 1e-9
"""Two regular points closer than that, as a share of the window, are one."""


class StationaryPoint(NamedTuple):
    """A point without slope, or a kink from which the loss rises, or falls, in every direction."""

    x: float
    y: float
    loss: float
    type: Literal["minimum", "maximum", "saddle", "flat"]
    """"flat": nearby the loss differs by less than rounding, or by too little to tell."""


class Stationary(NamedTuple):
    """The points of a window."""

    points: list[StationaryPoint]
    """At most 512, the lowest first."""
    found: int
    """How many there were before the highest were left out."""
    words: str | None
    """Why the list may not be complete; None if every isolated point without slope is in it."""


def stationary_points(loss: Loss, x: Interval, y: Interval) -> Stationary:
    """Return the isolated stationary points in a window, and its isolated minima and maxima at kinks.

    For a formula the list is complete unless its words say otherwise: a part of the window is left only
    where bounds of the gradient show that it does not vanish, or bounds of the Hessian that it does so once.
    """
    if isinstance(loss, Field) and loss.loss.number is not None:
        return Stationary([], 0, "the loss is the same everywhere")
    low, high = np.array([x[0], y[0]]), np.array([x[1], y[1]])
    size = high - low
    found = search(loss, low, high)
    boxes = np.concatenate(found.points)
    regular = _inside(_distinct(_one_each(_newton(loss, boxes), boxes), SAME * size), low, high)
    listed = _regular(loss, regular, size)
    others, doubtful = _degenerate(loss, found, regular, low, high)
    listed = sorted([*listed, *others], key=lambda each: each.loss)
    return Stationary(listed[:MAX_POINTS], len(listed), _words(loss, found, len(listed), doubtful))


def _words(loss: Loss, found: Search, count: int, doubtful: bool) -> str | None:
    """Return what may be missing."""
    words = []
    if found.many:
        words.append("not everything could be searched, only where the loss is lowest")
    if count > MAX_POINTS:
        words.append(f"of {count} found the lowest {MAX_POINTS} are listed")
    if found.lines:
        words.append("whole lines and plains without slope, and kinks in a line, are not listed")
    if doubtful:
        words.append("points that rounding hides are not listed")
    if not loss.certain:
        words.append("the loss was sampled, so that points close to one another may be missing")
    return "; ".join(words) or None


def _newton(loss: Loss, boxes: Floats) -> Floats:
    """Return where Newton's method leads from the middle of each box (n, 2, 2), near which it stays."""
    margin = np.ptp(boxes, axis=2) / 4
    low, high = boxes[:, :, 0] - margin, boxes[:, :, 1] + margin
    size, points = high - low, boxes.mean(axis=2)
    best, least, since = points.copy(), np.full(len(points), np.inf), np.zeros(len(points))
    moving = np.arange(len(points))
    for _ in range(ITERATIONS):
        _, gradient, hessian = loss.derivatives(points[moving])
        slope = np.sqrt(((gradient * size[moving]) ** 2).sum(axis=1))
        better = slope < least[moving]
        best[moving[better]], least[moving[better]] = points[moving[better]], slope[better]
        since[moving] = np.where(better, 0, since[moving] + 1)
        step = _solved(hessian, gradient, size[moving])
        points[moving] = np.clip(points[moving] - step, low[moving], high[moving])
        still = np.less_equal(abs(step), 1e-16 * abs(points[moving])).all(axis=1)
        moving = moving[~still & (slope > 0) & (since[moving] < PATIENCE)]
        if not len(moving):
            break
    # What is 0 but for rounding is 0.
    return np.where(abs(best) < 1e-12 * size, 0.0, best)


def _solved(hessian: Floats, gradient: Floats, size: Floats) -> Floats:
    """Return the Newton steps, solved in units of the boxes; none where there is no curvature at all."""
    curvatures, directions = principal(hessian * size[:, :, None] * size[:, None, :])
    with np.errstate(all="ignore"):
        along = np.einsum("nji,nj->ni", directions, gradient * size) / curvatures
        steps: Floats = np.einsum("nij,nj->ni", directions, along) * size
    return np.where(np.isfinite(steps), steps, 0.0)


def _distinct(points: Floats, apart: Floats) -> Floats:
    """Return the first of each group of points that are closer than ``apart``."""
    kept: dict[tuple[int, int], Floats] = {}
    for point in points:
        column, row = (int(place) for place in np.floor(point / apart))
        around = ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        if not any(place in kept for place in around):
            kept[column, row] = point
    return np.array(list(kept.values())).reshape(-1, 2)


def _one_each(points: Floats, boxes: Floats) -> Floats:
    """Return the points found in boxes that hold one each, without those that another box has found as well.

    Where boxes overlap they may have found the same one, as far apart as rounding takes them.
    """
    if len(points) > MAX_POINTS:
        return points
    reach = OVERLAP * np.ptp(boxes, axis=2)
    low, high = boxes[:, :, 0] - reach, boxes[:, :, 1] + reach
    within = np.logical_and.reduce((points[:, None] >= low) & (points[:, None] <= high), axis=2)
    found_before = np.logical_or.reduce(np.tril(within | within.T, -1), axis=1)
    return np.asarray(points[~found_before], np.float64)


def _inside(points: Floats, low: Floats, high: Floats) -> Floats:
    """Return the points in the window; what lies on its border but for rounding does so."""
    edge = 1e-9 * (high - low)
    return points[((points >= low - edge) & (points <= high + edge)).all(axis=1)]


def _regular(loss: Loss, points: Floats, size: Floats) -> list[StationaryPoint]:
    """Return points with an invertible Hessian, whose signs tell their type."""
    if not len(points):
        return []
    values, _, hessian = loss.derivatives(points)
    curvatures, _ = principal(hessian * size[:, None] * size)
    return [
        StationaryPoint(x, y, value, "minimum" if least > 0 else "maximum" if most < 0 else "saddle")
        for (x, y), value, (least, most) in zip(
            points.tolist(), values.tolist(), curvatures.tolist(), strict=True
        )
    ]


def _degenerate(
    loss: Loss, found: Search, regular: Floats, low: Floats, high: Floats
) -> tuple[list[StationaryPoint], bool]:
    """Return the points in groups of boxes that could not be told apart; and whether some are in doubt."""
    size = high - low
    doubtful = max(len(found.groups), len(found.kinks)) > MAX_GROUPS
    smooth, kinks = [np.zeros((0, 2))], [np.zeros((0, 2))]
    groups = found.groups[:MAX_GROUPS]
    starts = [_starts(group) for group in groups]
    led = _newton(loss, np.concatenate([np.zeros((0, 2, 2)), *starts]))
    for group, places in zip(groups, np.split(led, np.cumsum([len(each) for each in starts])), strict=False):
        found_there, sure = _in_group(loss, group, places, size)
        smooth.append(found_there)
        doubtful |= not sure
    for group in found.kinks[:MAX_GROUPS]:
        kinks.append(_simplest(group[:, :, 0].min(axis=0), group[:, :, 1].max(axis=0))[None])
    level = _distinct(np.concatenate(smooth), NEAR * size)
    level = level[[_distances(place, regular, size).min(initial=1.0) > NEAR for place in level]]
    known = np.concatenate([regular, level, *kinks])
    single = np.array([holds_one(loss, place, size) for place in level], bool)
    points = _regular(loss, _inside(level[single], low, high), size)
    level = level[~single]
    for places, kink in ((level, False), (np.concatenate(kinks), True)):
        for place in _inside(places, low, high):
            if not real_around(loss, place, size):
                continue
            distances = _distances(place, known, size)
            word = surroundings(loss, place, size, float(distances[distances > 0].min(initial=1.0)), kink)
            doubtful |= word is None
            # A kink that is neither is no point without slope.
            if word is not None and not (kink and word in ("saddle", "flat")):
                value = loss.loss_at(*place.tolist())
                points.append(StationaryPoint(float(place[0]), float(place[1]), value, word))
    return points, doubtful


def _distances(place: Floats, others: Floats, size: Floats) -> Floats:
    """Return how far other points are from a place, as shares of the window."""
    distances: Floats = np.hypot(*((others - place) / size).T)
    return distances


def _starts(group: Floats) -> Floats:
    """Return boxes, as large as a whole group of them, around the middles of some of the group."""
    size = group[:, :, 1].max(axis=0) - group[:, :, 0].min(axis=0)
    middles = group[:: -(-len(group) // MAX_STARTS)].mean(axis=2)
    return np.stack([middles - size, middles + size], axis=-1)


def _in_group(loss: Loss, group: Floats, led: Floats, size: Floats) -> tuple[Floats, bool]:
    """Return the places (n, 2) without slope in a group of boxes, and whether nothing there is in doubt.

    ``led`` is where Newton's method led from there.
    """
    low, high = group[:, :, 0].min(axis=0), group[:, :, 1].max(axis=0)
    simple = _simplest(low, high)
    # A place where the slope is 0 without rounding makes the others its neighbours.
    if exactly_level(loss, simple):
        return simple[None], True
    edge = np.ptp(group[0], axis=1)
    led = led[((led >= low - edge) & (led <= high + edge)).all(axis=1)]
    led = led[level_at(loss, led, size)]
    flattest = led[np.argsort(abs(loss.along(led)[1] * size).max(axis=1, initial=0))]
    chosen = _distinct(flattest, NEAR * size)[:LINE]
    places = [place for each in chosen if (place := centered(loss, each, size)) is not None]
    apart = _distinct(np.array(places).reshape(-1, 2), NEAR * size)
    return np.array([_shortened(loss, place, size) for place in apart]).reshape(-1, 2), len(places) > 0


def _simplest(low: Floats, high: Floats) -> Floats:
    """Return the numbers between ``low`` and ``high`` with the fewest digits, near the middle."""
    middle = np.where((low <= 0) & (high >= 0), 0.0, (low + high) / 2)
    for digits in range(1, 16):
        shorter = np.array([float(f"{value:.{digits}g}") for value in middle])
        if ((shorter >= low) & (shorter <= high)).all():
            return shorter
    return middle


def _shortened(loss: Loss, place: Floats, size: Floats) -> Floats:
    """Return a simpler place nearby if the slope there is no larger."""
    shorter = _simplest(place - NEAR / 2 * size, place + NEAR / 2 * size)
    slopes = abs(loss.along(np.array([place, shorter]))[1])
    return shorter if (slopes[1] <= slopes[0]).all() else place
