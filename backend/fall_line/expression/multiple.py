"""Where exactly a degenerate stationary point is, of which Newton's method finds a few digits only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fall_line.expression.field import principal
from fall_line.expression.loss import Floats, Loss

NEWTON, BALANCES = 8, 12
LENGTHS = np.logspace(-4.5, -1.5, 13)
"""How far along the floor one looks to both sides, as shares of the window."""
CLEAR = 1e4
"""So many times its rounding a slope is known well."""
SINGULAR, AROUND = 1e-2, 1e-2
"""Along the floor of a valley the curvature is so much smaller than across; and than so far away."""


@dataclass(frozen=True)
class Valley:
    """A valley, or a ridge, through a place (2,): its directions along and across, in shares of ``size``."""

    loss: Loss
    place: Floats
    size: Floats
    along: Floats
    across: Floats
    steepness: float
    """The curvature across, per share²."""

    def floor(self, shares: Floats) -> tuple[Floats, Floats]:
        """Return the points (n, 2) of the floor so far along it, and the slopes (n,) along it there."""
        points = self.place + shares[:, None] * self.along * self.size
        for _ in range(NEWTON):
            _, gradient, hessian = self.loss.derivatives(points)
            slope = (gradient * self.size) @ self.across
            curvature = np.einsum("nij,i,j->n", hessian, self.across * self.size, self.across * self.size)
            step = np.divide(slope, curvature, out=np.zeros_like(slope), where=curvature != 0)
            points = points - step[:, None] * self.across * self.size
        return points, (self.loss.along(points)[1] * self.size) @ self.along

    def balance(self, length: float, power: float) -> float:
        """Return the share around which the slopes at ``length`` to both sides are of one size.

        They grow as the ``power`` of the distance.
        """
        middle = 0.0
        for _ in range(BALANCES):
            ahead, behind = abs(self.floor(np.array([middle + length, middle - length]))[1])
            if not ahead + behind > 0:
                break
            middle -= length / power * (ahead - behind) / (ahead + behind)
        return middle


def valley(loss: Loss, place: Floats, size: Floats) -> Valley | None:
    """Return the valley through a place (2,) without slope, None if it is none."""
    scaled = loss.derivatives(place[None])[2] * size[:, None] * size
    if not np.isfinite(scaled).all():
        return None
    (curvatures,), (directions,) = principal(scaled)
    flat, steep = np.argsort(abs(curvatures))
    beside = place + AROUND * size * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    around = loss.derivatives(beside)[2] * size[:, None] * size
    if not (
        abs(curvatures[flat]) < SINGULAR * abs(curvatures[steep])
        and abs(curvatures[steep]) > SINGULAR * abs(around).max()
    ):
        return None
    return Valley(loss, place, size, directions[:, flat], directions[:, steep], float(abs(curvatures[steep])))


def centered(loss: Loss, place: Floats, size: Floats) -> Floats | None:
    """Return the stationary point near a place (2,) that is flat in one direction; None if there is none.

    The slope along the floor, some power of the distance, is hidden by rounding near the point; farther out
    it is not, and there it is as large on one side as on the other.  A place in no valley is returned itself.
    """
    through = valley(loss, place, size)
    if through is None:
        return place
    rounding = 4e-16 * through.steepness * (1 + float(abs(place / size).max()))
    weaker = np.minimum(*(abs(through.floor(sign * LENGTHS)[1]) for sign in (1, -1)))
    growth = LENGTHS[1] / LENGTHS[0]
    for first in np.nonzero(weaker[:-2] > CLEAR * rounding)[0]:
        power = max(1.0, float(np.log(weaker[first + 1] / weaker[first]) / np.log(growth)))
        near, far = (through.balance(length, power) for length in LENGTHS[first : first + 2])
        # What a balance is off by grows with the square of the length.
        share = near + (near - far) / (growth**2 - 1)
        if abs(share) < LENGTHS[first] / 2:
            (found,), _ = through.floor(np.array([share]))
            return np.asarray(found, np.float64)
    return None
