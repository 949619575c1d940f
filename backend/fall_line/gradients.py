"""Where a descent's gradient comes from: all of the loss, or what luck leaves of it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from fall_line.component import Component
from fall_line.luck import Purpose, luck

Rows = NDArray[np.intp]
DRAWN = 65_536
"""About so many examples are drawn at a time."""


class GradientSource(Component):
    """A way to get a gradient at each step."""

    def noise(self, steps: int, dimensions: int, seed: int) -> NDArray[np.float64] | None:
        """Return what is added to the gradient at each update, shape (steps, dimensions), or None."""
        return None

    def batches(self, examples: int, seed: int) -> Batches | None:
        """Return which of so many examples each update sees, or None if it sees them all."""
        return None


class Exact(GradientSource):
    """The gradient itself, of the whole loss."""

    kind: Literal["exact"] = "exact"


class MiniBatch(GradientSource):
    """The gradient of a few examples at a time: cheap, right on average, and the noise of learning.

    A batch of one is stochastic gradient descent, a batch of all is gradient descent.  In cyclic order the
    batches follow the data, shuffled they follow a new order in every epoch, the last batch of an epoch being
    what is left; at random, every example is drawn anew, with replacement.  A batch is summed in the order of
    the data.  The luck of a step is that of the experiment's seed, the same for every descent.
    """

    kind: Literal["mini_batch"] = "mini_batch"
    size: int = Field(8, ge=1, le=10_000, title="B", description="How many examples an update sees.")
    order: Literal["cyclic", "shuffled", "random"] = Field(
        "shuffled", title="order", description="Which examples: in turn, shuffled anew each epoch, or drawn."
    )
    reference: ClassVar[str] = "Robbins & Monro (1951); Bottou, Curtis & Nocedal (2018), section 4"

    def batches(self, examples: int, seed: int) -> Batches | None:
        if self.order == "random":
            return Drawn(examples, self.size, seed)
        if self.size >= examples:
            return None
        return Batches(examples, self.size, seed if self.order == "shuffled" else None)


class Noisy(GradientSource):
    """The gradient with Gaussian noise on every component: luck that can leave saddles and poor minima.

    The luck of a step is that of the experiment's seed, the same for every descent.
    """

    kind: Literal["noisy"] = "noisy"
    sigma: float = Field(1.0, ge=0, le=1e6, title="σ", description="Standard deviation of the noise.")
    reference: ClassVar[str] = "Ge et al. (2015), Escaping from saddle points"

    def noise(self, steps: int, dimensions: int, seed: int) -> NDArray[np.float64]:
        return self.sigma * luck(seed, Purpose.NOISE).standard_normal((steps, dimensions))


class Batches:
    """Which examples each update sees, epoch after epoch: in data order, or shuffled if there is a seed."""

    def __init__(self, examples: int, size: int, seed: int | None) -> None:
        self.examples = examples
        self.size = size
        self.seed = seed
        self._epoch = -1
        self._table = np.empty((0, size), np.intp)

    @property
    def per_epoch(self) -> int:
        """The number of updates in which every example is seen once."""
        return -(-self.examples // self.size)

    @property
    def even(self) -> bool:
        """Whether all batches have the same size."""
        return self.examples % self.size == 0

    def count(self, t: int) -> int:
        """Return how many examples update t sees."""
        last = t % self.per_epoch == self.per_epoch - 1
        return self.examples - self.size * (self.per_epoch - 1) if last else self.size

    def rows(self, t: int) -> Rows:
        """Return the examples that update t sees, in data order."""
        return self._row(t)[: self.count(t)]

    def table(self, first: int, last: int) -> tuple[Rows, Rows]:
        """Return the examples of updates first to last − 1, shape (n, size), and how many each row has.

        A row that has fewer is filled up with one of its own examples.
        """
        updates = range(first, last)
        rows = np.array([self._row(t) for t in updates], np.intp).reshape(-1, self.size)
        return rows, np.array([self.count(t) for t in updates], np.intp)

    def _row(self, t: int) -> Rows:
        epoch, number = divmod(t, self.per_epoch)
        if self._epoch != epoch and (self.seed is not None or self._epoch < 0):
            self._table = self._shuffled(epoch)
        self._epoch = epoch
        row: Rows = self._table[number]
        return row

    def _shuffled(self, epoch: int) -> Rows:
        """Return the batches of an epoch, shape (per epoch, size)."""
        order = np.arange(self.examples)
        if self.seed is not None:
            order = luck(self.seed, Purpose.SHUFFLE, epoch).permutation(self.examples)
        left_out = self.size * self.per_epoch - self.examples
        # The largest of the last batch stays last when each batch is put in data order.
        largest = order[self.size * (self.per_epoch - 1) :].max()
        return np.sort(np.append(order, np.full(left_out, largest)).reshape(-1, self.size), axis=1)


class Drawn(Batches):
    """Batches drawn with replacement, every example as likely as any other at every update."""

    def __init__(self, examples: int, size: int, seed: int) -> None:
        super().__init__(examples, size, seed)
        self._height = max(1, DRAWN // size)
        self._block = -1

    @property
    def even(self) -> bool:
        return True

    def count(self, t: int) -> int:
        return self.size

    def _row(self, t: int) -> Rows:
        block, number = divmod(t, self._height)
        if block != self._block:
            draws = luck(self.seed or 0, Purpose.DRAW, block).integers(
                self.examples, size=(self._height, self.size)
            )
            self._block, self._table = block, np.sort(draws, axis=1)
        row: Rows = self._table[number]
        return row


Gradient = Annotated[Exact | MiniBatch | Noisy, Field(discriminator="kind")]
