"""What is run, and which of its steps are recorded."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..documents import Document
from .problem import Point

STEPS = [*range(11), 12, 15, 20, 25, 30, 35, *range(40, 201, 10)]


@dataclass(frozen=True)
class Case:
    """One run, by our documents for it."""

    kind: str
    surface: str
    start: Point
    learning_rate: float | Document
    parameters: Document = field(default_factory=dict)
    steps: int = STEPS[-1]

    @property
    def sampled(self) -> list[int]:
        """The recorded steps; in a shortened run all of the first 40."""
        if self.steps == STEPS[-1]:
            return STEPS
        return [*range(min(self.steps, 40)), *(s for s in STEPS if 40 <= s < self.steps), self.steps]


def betas(p: Document) -> tuple[float, float]:
    """Our two names for PyTorch's pair."""
    return p.get("beta1", 0.9), p.get("beta2", 0.999)
