"""What an optimizer is: two pure functions, written as its paper writes them."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from fall_line.component import Component
from fall_line.optimizers.equations import typeset_formulas, typeset_update

Vector = NDArray[np.float64]
Scale = Literal["gradient", "length", "both", "own"]


class Oracle(Protocol):
    """What an update can ask of this step's batch; every question is counted as an evaluation."""

    def __call__(self, w: Vector) -> tuple[float, Vector]:
        """Return the loss and its gradient at w."""

    def hessian(self, w: Vector) -> Vector:
        """Return the matrix of second derivatives at w; not for optimizers that are traced."""


class Empty(NamedTuple):
    """The state of an optimizer that remembers nothing."""


class Optimizer(Component):
    """A rule for the next iterate.

    ``init`` gives the state before the first update; ``update`` maps iterate ``w`` of shape (n,), state and
    the learning rate of update ``t`` (counted from 0) to the next iterate and state.  Both are pure, and
    written in NumPy: arithmetic, and the functions that ``fall_line.expression.traced`` knows.
    """

    learning_rate: ClassVar[float] = 0.01
    traceable: ClassVar[bool] = True
    """Whether ``update`` always does the same arithmetic, so that it can be traced and compiled."""
    curvature: ClassVar[bool] = False
    """Whether it asks for second derivatives."""
    scale: ClassVar[Scale] = "gradient"
    """What the rate multiplies: the gradient, steps of known length, one or the other, or its own steps."""
    gain: ClassVar[float] = 1.0
    """How many times longer than the rate says the steps become in a constant gradient."""
    equations: ClassVar[tuple[str, ...]] = ()
    """The next iterate in our grammar, where what is traced would not be readable."""

    @abstractmethod
    def init(self, w: Vector) -> Any:
        """Return the state before the first update, a NamedTuple in the letters of the paper."""

    @abstractmethod
    def update(
        self, w: Vector, oracle: Oracle, state: Any, learning_rate: float, t: int
    ) -> tuple[Vector, Any]:
        """Return the next iterate and state."""

    def typeset(self, *, general: bool = False) -> str | None:
        """Return the update as ``<math>``: for these parameters, or with a letter for each of them."""
        letters = {name: field.title for name, field in type(self).model_fields.items() if field.title}
        written = typeset_formulas if self.equations else typeset_update
        return written(self, letters, general=general)

    @classmethod
    def facts(cls) -> dict[str, Any]:
        general, plain = cls().typeset(general=True), cls().typeset()
        return {
            **super().facts(),
            "learning_rate": cls.learning_rate,
            "scale": cls.scale,
            "gain": cls.gain,
            "mathml": {"update": general} if general == plain else {"update": general, "default": plain},
        }
