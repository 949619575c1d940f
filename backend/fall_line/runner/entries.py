"""What a trajectory lists of its iterates, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
COLUMNS = ("x", "y", "loss", "learning_rate", "gradient_norm", "evaluations")


@dataclass(frozen=True, kw_only=True)
class Entries:
    """Consecutive iterates of a descent, an element of every array for each.

    ``learning_rate`` is the rate that leaves the iterate, ``evaluations`` counts the calls of the loss or
    its gradient so far, ``state`` is the optimizer's memory by name, shape (n, ...), if asked for.
    ``measures`` are further columns by name, where the surface has them: "batch_loss", "test_loss",
    "accuracy", "test_accuracy".  ``weights`` are the iterates (n, d) themselves where x and y are only
    their places on a plane.
    """

    x: Floats
    y: Floats
    loss: Floats
    learning_rate: Floats
    gradient_norm: Floats
    evaluations: NDArray[np.int64]
    weights: Floats | None = None
    measures: dict[str, Floats] = field(default_factory=dict)
    state: dict[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def iterates(self) -> Floats:
        """The iterates in the space of the descent, shape (n, d)."""
        return np.column_stack([self.x, self.y]) if self.weights is None else self.weights

    def columns(self) -> dict[str, Any]:
        """Return the fields by name, those of a subclass left out."""
        more = {"weights": self.weights, "measures": self.measures, "state": self.state}
        return {**{name: getattr(self, name) for name in COLUMNS}, **more}

    def first(self, count: int) -> Entries:
        """Return the first so many entries."""
        return Entries(
            **{name: getattr(self, name)[:count] for name in COLUMNS},
            weights=None if self.weights is None else self.weights[:count],
            measures={name: values[:count] for name, values in self.measures.items()},
            state={name: values[:count] for name, values in self.state.items()},
        )


def joined(parts: Sequence[Entries]) -> Entries:
    """Return parts that follow one another as one."""
    if len(parts) == 1:
        return parts[0]
    weights = [part.weights for part in parts if part.weights is not None]
    return Entries(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS},
        weights=np.concatenate(weights) if weights else None,
        measures=_joined([part.measures for part in parts]),
        state=_joined([part.state for part in parts]),
    )


def _joined(parts: Sequence[dict[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
