"""What a loss over the plane can be asked, whatever it is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Enclosure(NamedTuple):
    """What a loss and its derivatives can be in n boxes.

    ``low`` and ``high`` are (n, 3), of the loss and its derivatives by x and y, or (n, 6) with those by xx,
    xy and yy; infinite where no bound is known.  A box is a ``hole`` if the loss is nowhere real in it, and
    ``rough`` if it has a kink there, or is real in a part of it only; both are (n,).
    """

    low: Floats
    high: Floats
    hole: NDArray[np.bool_]
    rough: NDArray[np.bool_]


class Loss(ABC):
    """A loss over the plane with exact derivatives; nan or inf where it is not real.

    A derivative is nan where it does not exist and inf where it overflows, even if the loss is finite.
    """

    certain: ClassVar[bool] = False
    """Whether :meth:`enclose` gives true bounds, not estimates."""

    @abstractmethod
    def loss_and_gradient_at(self, x: float, y: float) -> tuple[float, float, float]:
        """Return loss, ∂loss/∂x and ∂loss/∂y at a point."""

    @abstractmethod
    def along(self, points: ArrayLike) -> tuple[Floats, Floats]:
        """Return loss (n,) and gradient (n, 2) at points (n, 2)."""

    @abstractmethod
    def derivatives(self, points: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Return loss (n,), gradient (n, 2) and Hessian (n, 2, 2) at points (n, 2)."""

    @property
    def effort(self) -> int:
        """About how many operations one value takes."""
        return 100

    def loss_at(self, x: float, y: float) -> float:
        """Return the loss at a point."""
        return self.loss_and_gradient_at(x, y)[0]

    def look(self, w: Floats) -> tuple[float, Floats]:
        """Return loss and gradient at an iterate, shape (2,)."""
        loss, *gradient = self.loss_and_gradient_at(float(w[0]), float(w[1]))
        return loss, np.array(gradient)

    def hessian(self, w: Floats) -> Floats:
        """Return the matrix of second derivatives at an iterate."""
        hessian: Floats = self.derivatives(w)[2][0]
        return hessian

    def losses(self, points: ArrayLike) -> Floats:
        """Return the loss (n,) at points (n, 2)."""
        return self.along(points)[0]

    def enclose(self, low: Floats, high: Floats, order: int) -> Enclosure:
        """Return bounds of the loss and its derivatives up to ``order`` between corners (n, 2).

        Here they are estimates, from nine points of each box.
        """
        shares = lattice((0.0, 0.5, 1.0), (0.0, 0.5, 1.0))
        points = low[:, None] + shares * (high - low)[:, None]
        loss, gradient, hessian = self.derivatives(points.reshape(-1, 2))
        values = np.column_stack([loss, gradient, hessian.reshape(-1, 4)[:, [0, 1, 3]]])
        values = values.reshape(len(low), len(shares), 6)[:, :, : 3 * order]
        least, most = values.min(axis=1), values.max(axis=1)
        beyond = (most - least) / 2
        unknown = np.logical_or.reduce(np.isnan(values), axis=2)
        hole, rough = (kind.reduce(unknown, axis=1) for kind in (np.logical_and, np.logical_or))
        return Enclosure(least - beyond, most + beyond, hole, rough)

    def grid(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """Return the loss on a grid, shape (len(y), len(x))."""
        return self.losses(lattice(x, y)).reshape(np.size(y), np.size(x))

    def gradient_grid(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """Return the components of the gradient on a grid, shape (2, len(y), len(x))."""
        return self.along(lattice(x, y))[1].T.reshape(2, np.size(y), np.size(x))


def lattice(x: ArrayLike, y: ArrayLike) -> Floats:
    """Return the points of a grid, row by row, shape (len(y) · len(x), 2)."""
    across, up = np.meshgrid(np.asarray(x, np.float64), np.asarray(y, np.float64))
    return np.column_stack([across.ravel(), up.ravel()])
