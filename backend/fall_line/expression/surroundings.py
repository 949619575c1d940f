"""What surrounds a point where the Hessian does not decide: whether the loss rises or falls around it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fall_line.expression.intervals import ROUNDING
from fall_line.expression.loss import Floats, Loss

Word = Literal["minimum", "maximum", "saddle", "flat"]

RADII = (2e-2, 1e-2, 4e-3, 1.6e-3, 6e-4, 2e-4)
"""Of the circles that are looked at, as shares of the window; all smaller where another point is near."""
KINK_RADII = (1e-2, 1e-3, 1e-4)
ENOUGH = 2
"""So many circles that tell must agree."""
ANGLES = np.linspace(0, 2 * np.pi, 256, endpoint=False)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
NODES, WEIGHTS = (NODES + 1) / 2, WEIGHTS / 2
NEAR = 1e-6
"""How near, as a share of the window, a place is to the point it stands for."""
NARROWINGS, EXTREMES = 44, 8
GOLDEN = (np.sqrt(5) - 1) / 2


class Rise(NamedTuple):
    """How much higher, at least and at most, the loss is in some directions from a point: arrays (n,)."""

    low: Floats
    high: Floats


def surroundings(loss: Loss, place: Floats, size: Floats, apart: float, kink: bool) -> Word | None:
    """Return what kind of point a place (2,) is, from the loss on circles around it; None if none tells.

    ``size`` (2,) is the window's, ``apart`` how far the next stationary point is, as a share of it.  The
    smallest two circles that tell must agree, all of them around a ``kink``, else it is "flat".
    """
    radii = KINK_RADII if kink else RADII
    nearer = min(1.0, 0.4 * apart / radii[0])
    doubt = 0.0 if kink else _doubt(loss, place, size)
    decided: list[Word] = []
    for radius in reversed(radii):
        word = _on_circle(loss, place, nearer * radius * size, doubt)
        decided += [] if word is None else [word]
        if not kink and len(decided) == ENOUGH:
            break
    if not decided:
        return None
    return decided[0] if len(decided) >= ENOUGH and len(set(decided)) == 1 else "flat"


def _doubt(loss: Loss, place: Floats, size: Floats) -> float:
    """Return how far from that of a stationary point the loss at a place (2,) nearby can be."""
    if exactly_level(loss, place):
        return 0.0
    around = loss.enclose((place - NEAR * size)[None], (place + NEAR * size)[None], 1)
    steepest = np.maximum(abs(around.low[0, 1:]), abs(around.high[0, 1:]))
    return float(NEAR * steepest @ size)


def real_around(loss: Loss, place: Floats, size: Floats) -> bool:
    """Return whether the loss is real at a place (2,) and closely around it: no pole, and no edge."""
    around = place + RADII[-1] * size * _directions(ANGLES[::4])
    return bool(np.isfinite(loss.losses(np.vstack([place, around]))).all())


def level_at(loss: Loss, places: Floats, size: Floats) -> NDArray[np.bool_]:
    """Return at which places (n, 2) the gradient may vanish within a billionth of the window."""
    slopes = loss.enclose(places - 1e-9 * size, places + 1e-9 * size, 1)
    within = (slopes.low[:, 1:] <= 0) & (slopes.high[:, 1:] >= 0)
    level: NDArray[np.bool_] = np.logical_and.reduce(within, axis=1)
    return level


def exactly_level(loss: Loss, place: Floats) -> bool:
    """Return whether the gradient at a place (2,) is 0, without any rounding."""
    slopes = loss.enclose(place[None], place[None], 1)
    return loss.certain and not np.concatenate([slopes.low[:, 1:], slopes.high[:, 1:]]).any()


def _on_circle(loss: Loss, place: Floats, radius: Floats, doubt: float) -> Word | None:
    """Return what the loss does on an ellipse with these radii (2,), None where rounding hides it."""
    sampled = _rise(loss, place, radius * _directions(ANGLES))
    if not (np.isfinite(sampled.low) & np.isfinite(sampled.high)).all():
        return None
    up, down = bool((sampled.low > doubt).any()), bool((sampled.high < -doubt).any())
    if up == down:
        return "saddle" if up else None
    # Between the directions looked at it may still do the other thing.
    sign = 1 if up else -1
    indices = _local_minima(sign * (sampled.low + sampled.high))
    lowest = _lowest(loss, place, radius, ANGLES[indices], sign)
    if ((lowest.high < -doubt) if up else (lowest.low > doubt)).any():
        return "saddle"
    if up:
        return "minimum" if (sampled.low > doubt).all() and (lowest.low > doubt).all() else None
    return "maximum" if (sampled.high < -doubt).all() and (lowest.high < -doubt).all() else None


def _directions(angles: Floats) -> Floats:
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _rise(loss: Loss, place: Floats, offsets: Floats) -> Rise:
    """Return the differences to the loss at a place: integrals of the slope, which cancel no digits."""
    points = (place + NODES[:, None] * offsets[:, None]).reshape(-1, 2)
    rounding = ROUNDING * abs(points)
    slopes = loss.enclose(points - rounding, points + rounding, 1)
    ends = np.array([slopes.low[:, 1:], slopes.high[:, 1:]]).reshape(2, len(offsets), len(NODES), 2)
    with np.errstate(all="ignore"):
        products = ends * offsets[:, None]
        low, high = products.min(axis=0).sum(axis=2) @ WEIGHTS, products.max(axis=0).sum(axis=2) @ WEIGHTS
    return Rise(low, high)


def _local_minima(values: Floats) -> NDArray[np.intp]:
    """Return the indices of the lowest of the places on a circle that are lower than their neighbours."""
    lower = (values <= np.roll(values, 1)) & (values <= np.roll(values, -1))
    (indices,) = np.nonzero(lower)
    return indices[np.argsort(values[indices])][:EXTREMES]


def _lowest(loss: Loss, place: Floats, radius: Floats, angles: Floats, sign: int) -> Rise:
    """Return the rise where it, times ``sign``, is lowest near some angles, by golden section."""
    step = ANGLES[1]
    low, high = angles - step, angles + step
    for _ in range(NARROWINGS):
        inner = np.concatenate([high - GOLDEN * (high - low), low + GOLDEN * (high - low)])
        offsets = radius * _directions(inner)
        _, slopes = loss.along((place + NODES[:, None] * offsets[:, None]).reshape(-1, 2))
        rises = np.einsum("nij,nj,i->n", slopes.reshape(len(inner), -1, 2), sign * offsets, WEIGHTS)
        left, right = np.split(inner, 2)
        first, second = np.split(rises, 2)
        low, high = np.where(first <= second, low, left), np.where(first <= second, right, high)
    return _rise(loss, place, radius * _directions((low + high) / 2))
