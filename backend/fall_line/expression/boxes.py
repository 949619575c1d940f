"""Where a gradient can vanish: a window is divided into boxes, and those where it cannot are dropped.

A box goes if bounds of the gradient leave 0 out; it is settled if the bounds of the Hessian show that it
holds exactly one stationary point (Krawczyk's test); else it is divided into four.  See Neumaier (1990),
Interval Methods for Systems of Equations, chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fall_line.expression.field import principal
from fall_line.expression.loss import Floats, Loss

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]

FIRST, FINE, SMALL, SMALLEST = 4, 12, 20, 30
"""How often the window is halved: at first, until groups are looked at one by one, for points, for kinks."""
MARGIN = np.array([1.37e-3, 1.91e-3])
"""So much more than the window is searched, as a share of it: round numbers are no corners of boxes then."""
OVERLAP = 0.125
"""So far a box reaches over its neighbours: a point on its border is inside one of them."""
PLAIN_FROM, LINE_FROM, LONG = 7, 10, 1 / 16
"""From these levels on a group is a plain, or a line, if it is so long, as a share of the window."""
LEVEL, SLOPELESS, SINGULAR = 1e-15, 1e-10, 1e-6
"""How small counts as none: a difference of losses, a slope, a curvature, each beside the largest."""
MANY, SHORT = 256, 1 / 64
"""A group of so many boxes beyond ``FINE`` is degenerate; unless it is longer, a valley that has a slope."""
WORK = 100_000
"""So many operations of the loss may be bounded at a level."""
FEWEST, MOST = 256, 4096
ROW = 2 ** (SMALLEST + 1)
"""More than there are boxes in a row."""


@dataclass
class Search:
    """What is known of a window: points are single boxes (n, 2, 2), [[x low, x high], [y low, y high]]."""

    points: list[Floats] = field(default_factory=list)
    """Boxes with exactly one point each."""
    groups: list[Floats] = field(default_factory=list)
    """Small groups of touching boxes in which there may be degenerate points."""
    kinks: list[Floats] = field(default_factory=list)
    """Tiny groups of touching boxes in which the slope jumps from one side of 0 to the other."""
    lines: bool = False
    """Whether there are whole lines or plains without slope, or kinks in which it is not known."""
    many: bool = False
    """Whether there is more than could be searched; then the lowest boxes were."""


def search(loss: Loss, low: Floats, high: Floats) -> Search:
    """Return where in the window from ``low`` to ``high``, both (2,), the gradient of a loss can vanish."""
    found = Search()
    most = int(np.clip(WORK / loss.effort, FEWEST, MOST))
    size = high - low
    low, size = low - MARGIN[0] * size, (1 + MARGIN.sum()) * size
    axis = np.arange(2**FIRST)
    places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    for level in range(FIRST, SMALLEST + 1):
        step = size / 2**level
        tested = _tested(loss, low + (places - OVERLAP) * step, low + (places + 1 + OVERLAP) * step)
        found.points.append(_boxes(places[tested.settled], low, step))
        places, tested = places[tested.open], tested.of_open()
        if level >= PLAIN_FROM:
            plain = tested.variation <= LEVEL * _spread(tested.middle)
            places, tested = _without(found, places, tested, plain, LONG * 2**level)
        if level >= LINE_FROM or (level >= PLAIN_FROM and len(places) > most):
            line = _on_line(loss, low + places * step, low + (places + 1) * step)
            places, tested = _without(found, places, tested, line, LONG * 2**level)
        if level >= LINE_FROM:
            places, tested = _without(found, places, tested, tested.rough, LONG * 2 ** min(level, FINE))
        if level >= FINE:
            deeper = [np.zeros(0, np.intp)]
            for group in _groups(places):
                rough = bool(tested.rough[group].any())
                valley = len(group) > MANY and np.ptp(places[group], axis=0).max() > SHORT * 2**level
                if level == SMALLEST and rough:
                    found.kinks.append(_boxes(places[group], low, step))
                elif rough or (level < SMALL and (valley or len(group) <= MANY)):
                    deeper.append(group)
                else:
                    found.groups.append(_boxes(places[group], low, step))
            kept = np.concatenate(deeper)
            places, tested = places[kept], tested.only(kept)
        if len(places) > most:
            found.many = True
            # Where the loss may be lowest, and where it is lowest; of equal boxes those that are soon done.
            hopeful, lowest = (np.lexsort((tested.variation, key)) for key in (tested.least, tested.middle))
            kept = np.unique(np.concatenate([hopeful[:most], lowest[: most // 4]]))
            places = places[kept]
        if not len(places):
            break
        places = (2 * places[:, None] + [[0, 0], [0, 1], [1, 0], [1, 1]]).reshape(-1, 2)
    return found


@dataclass(frozen=True)
class _Tested:
    """What the bounds say of n boxes; each array is (n,)."""

    open: Mask
    settled: Mask
    rough: Mask
    variation: Floats
    """How much the loss can vary in the box."""
    least: Floats
    """A lower bound of the loss."""
    middle: Floats
    """The loss in the middle."""

    def only(self, kept: Mask | NDArray[np.intp]) -> _Tested:
        return _Tested(**{name: values[kept] for name, values in vars(self).items()})

    def of_open(self) -> _Tested:
        return self.only(self.open)


def _boxes(places: Places, low: Floats, step: Floats) -> Floats:
    return np.stack([low + places * step, low + (places + 1) * step], axis=-1)


def _tested(loss: Loss, low: Floats, high: Floats) -> _Tested:
    """Test the boxes between the corners ``low`` and ``high``, both (n, 2)."""
    n = len(low)
    slopes = loss.enclose(low, high, 1)
    overflown = (slopes.low[:, 0] == np.inf) | (slopes.high[:, 0] == -np.inf)
    flat = ~(slopes.hole | overflown) & ((slopes.low[:, 1:] <= 0) & (slopes.high[:, 1:] >= 0)).all(axis=1)
    settled, opened, rough = np.zeros(n, bool), flat.copy(), slopes.rough
    steepest = np.maximum(abs(slopes.low[:, 1:]), abs(slopes.high[:, 1:]))
    with np.errstate(all="ignore"):
        variation = (steepest * (high - low)).sum(axis=1)
    middle = loss.losses((low + high) / 2) if n else np.zeros(0)
    (asked,) = np.nonzero(flat & ~rough)
    if len(asked):
        excluded, sure, jagged = _by_curvature(loss, low[asked], high[asked])
        opened[asked] = ~excluded & ~sure
        settled[asked] = sure & ~excluded
        rough = rough.copy()
        rough[asked] |= jagged
    with np.errstate(invalid="ignore"):
        least = np.fmax(slopes.low[:, 0], middle - variation / 2)
    return _Tested(opened, settled, rough, variation, least, middle)


def _by_curvature(loss: Loss, low: Floats, high: Floats) -> tuple[Mask, Mask, Mask]:
    """Return which boxes hold no stationary point, which hold exactly one, and which have a kink."""
    center, reach = (low + high) / 2, (high - low) / 2
    at_center = loss.enclose(center, center, 1)
    second = loss.enclose(low, high, 2)
    with np.errstate(all="ignore"):
        slope = (at_center.low + at_center.high)[:, 1:] / 2
        doubt = (at_center.high - at_center.low)[:, 1:] / 2
        middle = _matrices((second.low + second.high)[:, 3:] / 2)
        spread = _matrices((second.high - second.low)[:, 3:] / 2)
        largest = np.maximum(abs(_matrices(second.low[:, 3:])), abs(_matrices(second.high[:, 3:])))
        steep = abs(slope) - doubt > np.einsum("nij,nj->ni", largest, reach)
        inverse = _inverses(middle)
        newton = abs(np.einsum("nij,nj->ni", inverse, slope))
        doubt = np.einsum("nij,nj->ni", abs(inverse), doubt)
        error = abs(np.eye(2) - np.einsum("nij,njk->nik", inverse, middle))
        error = np.einsum("nij,nj->ni", error + np.einsum("nij,njk->nik", abs(inverse), spread), reach)
        smooth = ~(second.rough | at_center.rough)
        excluded = smooth & (steep | (newton - doubt > reach + error)).any(axis=1)
        sure = smooth & (newton + doubt + error < reach).all(axis=1)
    return excluded, sure, ~smooth


def holds_one(loss: Loss, place: Floats, size: Floats) -> bool:
    """Return whether a box around a place (2,), of whatever width, is seen to hold one stationary point."""
    reach = np.logspace(-9, -4, 11)[:, None] * size
    return bool(_by_curvature(loss, place - reach, place + reach)[1].any())


def _matrices(entries: Floats) -> Floats:
    """Return symmetric matrices (n, 2, 2) of their entries xx, xy and yy, (n, 3)."""
    return entries[:, [0, 1, 1, 2]].reshape(-1, 2, 2)


def _inverses(matrices: Floats) -> Floats:
    (a, b), (_, d) = matrices.transpose(1, 2, 0)
    adjugate = np.array([[d, -b], [-b, a]]).transpose(2, 0, 1)
    inverses: Floats = adjugate / (a * d - b * b)[:, None, None]
    return inverses


def _on_line(loss: Loss, low: Floats, high: Floats) -> Mask:
    """Return in which boxes a point without slope and without curvature in some direction was found.

    It is looked for across the line, where the curvature is largest, by Newton's method: at a multiple root
    its steps shrink by a fixed factor, from which follows how many of them are missing.
    """
    points, size = (low + high) / 2, high - low
    length = np.zeros(len(points))
    for _ in range(5):
        gradient, curvatures, directions = _scaled(loss, points, size)
        across = abs(curvatures).argmax(axis=1)
        curvature = np.take_along_axis(curvatures, across[:, None], axis=1)[:, 0]
        direction = np.take_along_axis(directions, across[:, None, None], axis=2)[:, :, 0]
        slope = np.einsum("ni,ni->n", direction, gradient)
        step = np.divide(slope, curvature, out=np.zeros_like(slope), where=curvature != 0)
        step = np.where(abs(step) < 2, step, 0.0)
        before, length = length, abs(step)
        shrunk = np.divide(length, before, out=np.zeros_like(length), where=before > 0)
        multiple = np.where((shrunk > 0.4) & (shrunk < 0.97), 1 / (1 - np.minimum(shrunk, 0.97)), 1.0)
        points = points - (step * multiple)[:, None] * direction * size
    gradient, curvatures, _ = _scaled(loss, points, size)
    largest = abs(curvatures).max(axis=1, initial=0)
    steepest = abs(gradient).max(axis=1, initial=0)
    flattest = abs(curvatures).min(axis=1, initial=np.inf)
    near = np.logical_and.reduce((points >= low - size) & (points <= high + size), axis=1)
    on: Mask = near & (steepest <= SLOPELESS * largest) & (flattest <= SINGULAR * largest)
    return on


def _scaled(loss: Loss, points: Floats, size: Floats) -> tuple[Floats, Floats, Floats]:
    """Return gradients, principal curvatures and their directions at points, in units of ``size``, (n, 2)."""
    _, gradient, hessian = loss.derivatives(points)
    hessian = hessian * size[:, :, None] * size[:, None, :]
    known = np.isfinite(hessian.sum(axis=(1, 2)))
    curvatures, directions = principal(np.where(known[:, None, None], hessian, 0.0))
    return np.where(np.isfinite(gradient), gradient * size, 1e300), curvatures, directions


def _without(
    found: Search, places: Places, tested: _Tested, asked: Mask, longest: float
) -> tuple[Places, _Tested]:
    """Return the boxes that are not in a group, of those asked for, that is longer than ``longest`` boxes."""
    (indices,) = np.nonzero(asked)
    kept = np.ones(len(places), bool)
    for group in _groups(places[indices]):
        if (np.ptp(places[indices[group]], axis=0) >= longest).any():
            kept[indices[group]] = False
            found.lines = True
    return places[kept], tested.only(kept)


def _spread(values: Floats) -> float:
    """Return how far the finite values lie apart."""
    finite = values[np.isfinite(values)]
    return float(np.ptp(finite)) if len(finite) else 0.0


def _groups(places: Places) -> list[NDArray[np.intp]]:
    """Return the indices of touching boxes, group by group."""
    keys = places[:, 0] * ROW + places[:, 1]
    order = np.argsort(keys)
    first, second = [], []
    for across, up in ((1, 0), (0, 1), (1, 1), (1, -1)):
        beside = np.searchsorted(keys, keys + across * ROW + up, sorter=order)
        (here,) = np.nonzero(beside < len(keys))
        there = order[beside[here]]
        touching = keys[there] == keys[here] + across * ROW + up
        first.append(here[touching])
        second.append(there[touching])
    a, b = np.concatenate(first), np.concatenate(second)
    # Each box takes the smallest index among its neighbours, and among those of the box whose index it has.
    names, before = np.arange(len(places)), None
    while before is None or (names != before).any():
        before = names.copy()
        smaller = np.minimum(names[a], names[b])
        np.minimum.at(names, a, smaller)
        np.minimum.at(names, b, smaller)
        names = np.minimum(names[names], names)
    order = np.argsort(names, kind="stable")
    return np.split(order, np.nonzero(np.diff(names[order]))[0] + 1) if len(order) else []
