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
    its gradient so far, ``state`` is the optimizer's memory by name, shape (n, 2) or (n,), if asked for.
    """

    x: Floats
    y: Floats
    loss: Floats
    learning_rate: Floats
    gradient_norm: Floats
    evaluations: NDArray[np.int64]
    state: dict[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.x)

    def columns(self) -> dict[str, Any]:
        """Return the fields by name, those of a subclass left out."""
        return {**{name: getattr(self, name) for name in COLUMNS}, "state": self.state}

    def first(self, count: int) -> Entries:
        """Return the first so many entries."""
        cut = {name: getattr(self, name)[:count] for name in COLUMNS}
        return Entries(**cut, state={name: values[:count] for name, values in self.state.items()})


def joined(parts: Sequence[Entries]) -> Entries:
    """Return parts that follow one another as one."""
    if len(parts) == 1:
        return parts[0]
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    state = {name: np.concatenate([part.state[name] for part in parts]) for name in parts[0].state}
    return Entries(**whole, state=state)
