"""What a hidden unit does with the sum of its inputs."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from fall_line.expression.loss import Floats


class Activation(Protocol):
    """A function of one number, applied in place, with its derivatives as functions of its value."""

    def fan(self, units: int, inputs: int) -> int:
        """Return the number by which 2 is divided to get the variance of a layer's initial weights."""

    def apply(self, sums: Floats) -> None:
        """Replace sums by activations."""

    def slope(self, active: Floats, out: Floats) -> None:
        """Write the derivative where the activation is ``active``."""

    def bend(self, active: Floats, tangent: Floats) -> Floats | None:
        """Return how the derivative changes where ``active`` changes by ``tangent``, or None for nowhere."""


class Tanh:
    """tanh, whose derivative is 1 − tanh²; initial weights after Glorot & Bengio (2010)."""

    def fan(self, units: int, inputs: int) -> int:
        return units + inputs

    def apply(self, sums: Floats) -> None:
        np.tanh(sums, out=sums)

    def slope(self, active: Floats, out: Floats) -> None:
        np.multiply(active, active, out=out)
        np.subtract(1.0, out, out=out)

    def bend(self, active: Floats, tangent: Floats) -> Floats | None:
        return -2.0 * active * tangent


class Relu:
    """max(0, z); its derivative at 0 counts as 0; initial weights after He et al. (2015)."""

    def fan(self, units: int, inputs: int) -> int:
        return inputs

    def apply(self, sums: Floats) -> None:
        np.maximum(sums, 0.0, out=sums)

    def slope(self, active: Floats, out: Floats) -> None:
        np.sign(active, out=out)

    def bend(self, active: Floats, tangent: Floats) -> Floats | None:
        return None


ACTIVATIONS: dict[str, Activation] = {"tanh": Tanh(), "relu": Relu()}
