"""A small fully connected net and its loss on given examples, with exact derivatives, in float64 NumPy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from math import sqrt
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fall_line.expression.loss import Floats
from fall_line.losses.activations import ACTIVATIONS
from fall_line.losses.curvature import along
from fall_line.losses.layers import Layers, Pass, cut
from fall_line.luck import Purpose, luck

MAX_HESSIAN = 200
"""A full Hessian is computed for up to so many weights."""
BLOCK = 2**16
"""So many numbers of a pass (512 KiB) stay close to the processor, and to one of them: its matrix products
are too small to be worth the waiting of several."""

_quiet = np.errstate(all="ignore")
"""Weights may become too large, which shows as a loss that is not finite."""


class Net:
    """A net with one output, whose loss is the mean log loss softplus(z) − label·z of its examples.

    ``hidden`` are the units of each hidden layer, ``activation`` is "tanh" or "relu" (whose derivative at 0
    is 0); ``x`` is (n, features) and ``label`` (n,) holds 0 and 1.  Weights are one vector ``w`` of ``size``
    d: W₁ (h, in), b₁ (h,), W₂, b₂, ... one after the other, each row by row; see ``shapes``.
    It may be used in several threads at once.
    """

    def __init__(self, hidden: tuple[int, ...], activation: str, x: ArrayLike, label: ArrayLike) -> None:
        features = np.asarray(x, np.float64)
        self._layers = Layers((features.shape[1], *hidden, 1), ACTIVATIONS[activation])
        self._memory = _Memory(self._layers)
        self._take(_with_ones(features), 1.0 - 2.0 * np.asarray(label, np.float64))

    def _take(self, inputs: Floats, signs: Floats) -> None:
        self._inputs = inputs
        """(features + 1, n): the examples in columns, with ones in the last row."""
        self._signs = signs
        """−1 where the label is 1, and 1 where it is 0."""
        self._n = len(signs)

    def __len__(self) -> int:
        """Return the number of examples."""
        return self._n

    @property
    def features(self) -> Floats:
        """The examples, (n, features)."""
        return self._inputs[:-1].T

    @property
    def labels(self) -> Floats:
        """Their labels, 0 or 1, (n,)."""
        labels: Floats = (1.0 - self._signs) / 2
        return labels

    @property
    def size(self) -> int:
        """The number of weights, d."""
        return self._layers.size

    @property
    def effort(self) -> int:
        """About how many operations one loss takes."""
        return 2 * self._n * self.size

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """The shapes of W₁, b₁, W₂, b₂, ..."""
        return self._layers.shapes

    def layers(self, w: Floats) -> list[NDArray[Any]]:
        """Return W₁, b₁, W₂, b₂, ... as views of weights (d,)."""
        return cut(w, self.shapes)

    def initial(self, seed: int) -> Floats:
        """Return weights drawn from a seed (d,), with biases 0.

        For tanh Glorot & Bengio (2010): variance 2/(inputs + outputs) of the layer; for relu He et al.
        (2015): variance 2/inputs.
        """
        random = luck(seed, Purpose.WEIGHTS)
        w = np.zeros(self.size)
        for weights in self.layers(w)[::2]:
            variance = 2.0 / self._layers.activation.fan(*weights.shape)
            weights[:] = sqrt(variance) * random.standard_normal(weights.shape)
        return w

    @_quiet
    def look(self, w: Floats) -> tuple[float, Floats]:
        """Return loss and gradient (d,) at weights (d,); nan or inf where the weights are too large."""
        if self._n > self._columns(1):
            losses, gradients = self.gradients(w[None])
            return float(losses[0]), gradients[0]
        work = self._memory.space(self._n)
        work.forward(w[None], self._inputs)
        work.lose(self._signs)
        gradient = work.backward(self._inputs, self._signs)[0]
        gradient /= self._n
        return float(np.add.reduce(work.losses[0])) / self._n, gradient

    @_quiet
    def losses(self, ws: Floats) -> Floats:
        """Return the loss (k,) at each of the weights (k, d)."""
        totals = np.zeros(len(ws))
        for rows, columns, work in self._passes(ws):
            work.lose(self._signs[columns])
            totals[rows] += work.losses.sum(axis=1)
        return totals / self._n

    def accuracy(self, w: Floats) -> float:
        """Return the share of the examples that the net classifies as labelled, 0..1."""
        return float(self.accuracies(w[None])[0])

    @_quiet
    def accuracies(self, ws: Floats) -> Floats:
        """Return the accuracy (k,) at each of the weights (k, d)."""
        right = np.zeros(len(ws))
        for rows, columns, work in self._passes(ws):
            right[rows] += ((work.logits > 0) == (self._signs[columns] < 0)).sum(axis=1)
        return right / self._n

    def outputs(self, w: Floats, x: ArrayLike) -> Floats:
        """Return the probability of label 1 at inputs (m, features), shape (m,)."""
        inputs = _with_ones(np.asarray(x, np.float64))
        outputs: Floats = self._on(inputs, np.ones(inputs.shape[1])).probabilities(w[None])[0]
        return outputs

    @_quiet
    def probabilities(self, ws: Floats) -> Floats:
        """Return the probability of label 1 of each example at each of the weights (k, d), shape (k, n)."""
        probabilities = np.empty((len(ws), self._n))
        for rows, columns, work in self._passes(ws):
            work.lose(np.ones(1))
            # σ(z) = exp(z − softplus(z))
            probabilities[rows, columns] = np.exp(work.logits - work.losses)
        return probabilities

    @_quiet
    def gradients(self, ws: Floats) -> tuple[Floats, Floats]:
        """Return losses (k,) and gradients (k, d) at each of the weights (k, d)."""
        totals, gradients = np.zeros(len(ws)), np.zeros(ws.shape)
        for rows, columns, work in self._passes(ws):
            work.lose(self._signs[columns])
            totals[rows] += work.losses.sum(axis=1)
            gradients[rows] += work.backward(self._inputs[:, columns], self._signs[columns])
        return totals / self._n, gradients / self._n

    @_quiet
    def curvatures(self, ws: Floats, directions: Floats) -> tuple[Floats, Floats, Floats]:
        """Return losses (k,), gradients (k, d) and Hessians times directions (m, d), shape (k, m, d).

        The products are exact, by Pearlmutter's R-operator (1994): forward mode over reverse mode.
        """
        totals, gradients = np.zeros(len(ws)), np.zeros(ws.shape)
        products = np.zeros((len(ws), *directions.shape))
        for rows, columns, work in self._passes(ws, len(directions)):
            inputs, signs = self._inputs[:, columns], self._signs[columns]
            work.lose(signs)
            totals[rows] += work.losses.sum(axis=1)
            gradients[rows] += work.backward(inputs, signs)
            products[rows] += along(work, directions, inputs)
        return totals / self._n, gradients / self._n, products / self._n

    def hessian(self, w: Floats) -> Floats:
        """Return the matrix of second derivatives (d, d); ValueError for more than 200 weights."""
        if self.size > MAX_HESSIAN:
            raise ValueError(
                f"the net has {self.size} weights; its Hessian is computed for up to {MAX_HESSIAN}"
            )
        product = self.curvatures(w[None], np.eye(self.size))[2][0]
        hessian: Floats = (product + product.T) / 2
        return hessian

    def batch(self, rows: NDArray[np.intp]) -> Net:
        """Return the net with the examples ``rows`` in that order; all in data order are the net itself."""
        if len(rows) == self._n and np.array_equal(rows, np.arange(self._n)):
            return self
        return self._on(self._inputs[:, rows], self._signs[rows])

    def _on(self, inputs: Floats, signs: Floats) -> Self:
        net = object.__new__(type(self))
        net._layers, net._memory = self._layers, self._memory
        net._take(inputs, signs)
        return net

    def _columns(self, passes: int) -> int:
        """Return how many examples are taken at a time where each needs the memory of so many passes."""
        return max(64, min(self._n, BLOCK // (sum(self._layers.sizes) * passes)))

    def _passes(self, ws: Floats, directions: int = 0) -> Iterator[tuple[slice, slice, Pass]]:
        """Go forward through all examples with all weights, a block at a time that stays in the cache."""
        columns = self._columns(1 + directions)
        rows = max(1, BLOCK // (sum(self._layers.sizes) * (1 + directions) * columns))
        for left in range(0, self._n, columns):
            here = slice(left, min(left + columns, self._n))
            work = None
            for top in range(0, len(ws), rows):
                some = slice(top, min(top + rows, len(ws)))
                shape = (some.stop - some.start, here.stop - here.start)
                if work is None or work.losses.shape != shape:
                    alone = shape[0] == 1
                    work = self._memory.space(shape[1]) if alone else Pass(self._layers, *shape)
                work.forward(ws[some], self._inputs[:, here])
                yield some, here, work


class _Memory(threading.local):
    """The memory for passes of one vector of weights through n examples, each thread's own."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._spaces: dict[int, Pass] = {}

    def space(self, n: int) -> Pass:
        """Return the memory for n examples."""
        if n not in self._spaces:
            self._spaces[n] = Pass(self._layers, 1, n)
        return self._spaces[n]


def _with_ones(x: Floats) -> Floats:
    return np.vstack([x.T, np.ones(len(x))])
