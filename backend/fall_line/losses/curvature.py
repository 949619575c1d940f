"""How a net's gradient changes along directions: products with the Hessian, without the Hessian."""

from __future__ import annotations

import numpy as np

from fall_line.expression.loss import Floats
from fall_line.losses.layers import Pass, cut


def along(work: Pass, directions: Floats, inputs: Floats) -> Floats:
    """Return the Hessian of the summed losses times directions (m, d), shape (k, m, d).

    ``work`` has just gone forwards and backwards.  Every number of that pass has a derivative along each
    direction (its tangent); forward mode over reverse mode, after Pearlmutter (1994), Fast exact
    multiplication by the Hessian.
    """
    layers, activation = work.layers, work.layers.activation
    turned = cut(directions[:, layers.order], layers.matrix_shapes)
    # Axes: weights, directions, units, examples.
    below, tangents = inputs[None, None], None
    flows: list[Floats] = []
    for level, (matrix, turn) in enumerate(zip(work.matrices, turned, strict=True)):
        flow = turn @ below
        if tangents is not None:
            flow += matrix[:, None, :, :-1] @ tangents
        if level < len(work.sums):
            tangents = work.slopes[level][:, None] * flow
            below = work.activations[level][:, None]
            flows.append(tangents)
    products = np.empty((len(work.losses), *directions.shape))
    parts = cut(products, layers.matrix_shapes)
    # The error of the output is ±σ(±z), whose derivative is σ(z) σ(−z); exp(−loss) is the other factor.
    error = work.errors[-1][:, None]
    change = abs(error) * np.exp(-work.losses)[:, None, None] * flow
    for level in range(len(work.sums), -1, -1):
        active = work.activations[level - 1][:, None] if level else inputs[None, None]
        np.matmul(change, active.swapaxes(-1, -2), out=parts[level])
        if level == 0:
            break
        tangents = flows[level - 1]
        parts[level][..., :-1] += error @ tangents.swapaxes(-1, -2)
        back = work.back[level][:, None]
        slopes = work.slopes[level - 1][:, None]
        lower = back @ change
        lower += turned[level][None, :, :, :-1].swapaxes(-1, -2) @ error
        lower *= slopes
        bend = activation.bend(work.sums[level - 1][:, None], tangents)
        if bend is not None:
            lower += bend * (back @ error)
        change, error = lower, work.errors[level - 1][:, None]
    return products[..., layers.place]
