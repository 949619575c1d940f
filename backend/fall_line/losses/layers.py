"""The layers of a small fully connected net: how its weights lie in one vector, and one pass through them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fall_line.expression.loss import Floats
from fall_line.losses.activations import Activation

Shape = tuple[int, ...]


class Layers:
    """The shapes of the layers and where each weight stands in the flat vector of d weights.

    The vector is W₁ (h, in), b₁ (h,), W₂, b₂, ... one after the other, each row by row.  To compute, every
    bias is put at the end of its unit's row, and every layer's input gets a last row of ones: then one
    product does weights and biases, forwards and backwards.
    """

    def __init__(self, sizes: tuple[int, ...], activation: Activation) -> None:
        self.sizes, self.activation = sizes, activation
        ends = list(pairwise(sizes))
        self.shapes: list[Shape] = [shape for below, units in ends for shape in ((units, below), (units,))]
        self.matrix_shapes: list[Shape] = [(units, below + 1) for below, units in ends]
        self.size = sum(prod(shape) for shape in self.shapes)
        parts = cut(np.arange(self.size), self.shapes)
        rows = [np.column_stack(pair).ravel() for pair in zip(parts[::2], parts[1::2], strict=True)]
        self.order: NDArray[np.intp] = np.concatenate(rows)
        """``w[order]`` is [W₁ b₁], [W₂ b₂], ..., row by row."""
        self.place: NDArray[np.intp] = np.argsort(self.order)
        """The way back: ``w[order][place]`` is w."""


def cut(w: NDArray[Any], shapes: Iterable[Shape]) -> list[NDArray[Any]]:
    """Return arrays of the given shapes, which stand one after the other in the last axis, as views."""
    start, parts = 0, []
    for shape in shapes:
        end = start + prod(shape)
        parts.append(w[..., start:end].reshape((*w.shape[:-1], *shape)))
        start = end
    return parts


class Pass:
    """The memory of a pass of n examples through k nets of the same layers, forwards and backwards.

    A pass overwrites what the last one left; nothing is allocated.
    """

    def __init__(self, layers: Layers, k: int, n: int) -> None:
        self.layers = layers
        self.weights = np.empty((k, layers.size))
        self.matrices = cut(self.weights, layers.matrix_shapes)
        self.activations = [np.ones((k, units + 1, n)) for units in layers.sizes[1:-1]]
        self.sums = [activations[:, :-1] for activations in self.activations]
        self.outputs = np.empty((k, 1, n))
        self.logits = self.outputs[:, 0]
        """(k, n): positive where label 1 is thought more likely."""
        self.losses = np.empty((k, n))
        """(k, n): of each example."""
        self._margins, self._scratch = np.empty((2, k, n))
        self.gradient = np.empty((k, layers.size))
        self.matrix_gradients = cut(self.gradient, layers.matrix_shapes)
        self.slopes = [np.empty_like(sums) for sums in self.sums]
        self.errors = [np.empty((k, units, n)) for units in layers.sizes[1:]]
        """Derivative of each example's loss by the sum of each unit, (k, units, n), layer by layer."""
        # Without the biases: the way from a layer's errors to those of the layer below.
        self.back = [matrix[:, :, :-1].transpose(0, 2, 1) for matrix in self.matrices]

    def forward(self, ws: Floats, inputs: Floats) -> None:
        """Compute the logits of weights (k, d) for inputs (features + 1, n), the last row ones."""
        np.take(ws, self.layers.order, axis=1, out=self.weights, mode="clip")
        apply, below = self.layers.activation.apply, inputs
        for matrix, sums, activations in zip(self.matrices, self.sums, self.activations, strict=False):
            np.matmul(matrix, below, out=sums)
            apply(sums)
            below = activations
        np.matmul(self.matrices[-1], below, out=self.outputs)

    def lose(self, signs: Floats) -> None:
        """Compute the log loss of each example; ``signs`` (n,) are −1 for label 1 and 1 for label 0.

        softplus(z) − label·z is softplus(z) for label 0 and softplus(−z) for label 1.
        """
        np.multiply(self.logits, signs, out=self._margins)
        softplus(self._margins, self.losses, self._scratch)

    def backward(self, inputs: Floats, signs: Floats) -> Floats:
        """Return the gradient of the sum of the losses, (k, d), after :meth:`lose` for the same examples."""
        error = self.errors[-1][:, 0]
        # The sigmoid of z is exp(z − softplus(z)): it neither overflows nor loses small values.
        np.subtract(self._margins, self.losses, out=error)
        np.exp(error, out=error)
        np.multiply(error, signs, out=error)
        errors, slope = self.errors[-1], self.layers.activation.slope
        for level in range(len(self.sums), 0, -1):
            below, slopes = self.errors[level - 1], self.slopes[level - 1]
            active = self.activations[level - 1].transpose(0, 2, 1)
            np.matmul(errors, active, out=self.matrix_gradients[level])
            slope(self.sums[level - 1], slopes)
            # A product of a column and a row is faster as an outer product.
            multiply = np.multiply if errors.shape[1] == 1 else np.matmul
            multiply(self.back[level], errors, out=below)
            np.multiply(below, slopes, out=below)
            errors = below
        np.matmul(errors, inputs.T, out=self.matrix_gradients[0])
        return self.gradient.take(self.layers.place, axis=1)


def softplus(z: Floats, out: Floats, scratch: Floats) -> None:
    """Write log(1 + exp(z)) = max(z, 0) + log1p(exp(−|z|)), which never overflows nor loses small values."""
    np.copysign(z, -1.0, out=out)
    np.exp(out, out=out)
    np.log1p(out, out=out)
    np.maximum(z, 0.0, out=scratch)
    np.add(out, scratch, out=out)
