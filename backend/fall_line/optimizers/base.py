"""What an optimizer is: two pure functions, written as its paper writes them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fall_line.component import Component

Vector = NDArray[np.float64]
Oracle = Callable[[Vector], tuple[float, Vector]]
"""Maps a point to the loss and its gradient there, both of this step's batch."""


class Empty(NamedTuple):
    """The state of an optimizer that remembers nothing."""


class Optimizer(Component):
    """A rule for the next iterate.

    ``init`` gives the state before the first update; ``update`` maps iterate ``w`` of shape (n,), state and
    the learning rate of update ``t`` (counted from 0) to the next iterate and state.  Both are pure.
    """

    learning_rate: ClassVar[float] = 0.01
    traceable: ClassVar[bool] = True
    """Whether ``update`` always does the same arithmetic, so that it can be traced and compiled."""
    normalized: ClassVar[bool] = False
    """Whether the length of a step depends on the learning rate alone, not on how steep the surface is."""
    gain: ClassVar[float] = 1.0
    """How many times longer than a gradient step the steps become in a constant gradient."""

    @abstractmethod
    def init(self, w: Vector) -> Any:
        """Return the state before the first update, a NamedTuple in the letters of the paper."""

    @abstractmethod
    def update(
        self, w: Vector, oracle: Oracle, state: Any, learning_rate: float, t: int
    ) -> tuple[Vector, Any]:
        """Return the next iterate and state."""

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {**super().facts(), "learning_rate": cls.learning_rate}
