"""The rate that listens: it decays when the loss stops improving."""

from __future__ import annotations

from math import inf
from typing import ClassVar, Literal

from pydantic import Field

from fall_line.schedules.base import LARGEST_RATE, Listener, RatedSchedule


class PlateauSchedule(RatedSchedule):
    """The rate falls when the loss has not improved for more than ``patience`` steps.

    Improved means a loss below best − threshold·|best|: PyTorch's rule for positive losses, and one that
    works for negative ones.  After update t it hears the loss of iterate t + 1; the rate that leaves that
    iterate is the first to answer.  PyTorch's ``eps`` (1e-8), which keeps a rate that would change by less,
    is left out: the rate falls however small it is, down to ``minimum``.
    """

    kind: Literal["plateau"] = "plateau"
    name: ClassVar[str] = "Plateau"
    factor: float = Field(0.1, gt=0, lt=1, title="f", description="What each drop multiplies the rate by.")
    patience: int = Field(
        10, ge=0, le=10_000, title="patience", description="Steps without improvement to wait."
    )
    threshold: float = Field(
        1e-4, ge=0, le=1, title="threshold", description="The least improvement, relative."
    )
    cooldown: int = Field(
        0, ge=0, le=10_000, title="cooldown", description="Steps after a drop that are not counted."
    )
    minimum: float = Field(0.0, ge=0, le=LARGEST_RATE, title="α min", description="The rate falls no lower.")
    reference: ClassVar[str] = "torch.optim.lr_scheduler.ReduceLROnPlateau with eps=0"

    @property
    def reacts(self) -> bool:
        return True

    def at(self, t: int) -> float:
        """Return the rate before anything was heard."""
        return self.peak

    def listener(self) -> Listener:
        return PlateauListener(self)


class PlateauListener:
    """What a plateau schedule has heard so far."""

    def __init__(self, schedule: PlateauSchedule) -> None:
        self.schedule = schedule
        self.rate = schedule.peak
        self.best = inf
        self.waited = 0
        self.cooling = 0

    def at(self, t: int) -> float:
        """Return the rate of the next update."""
        return self.rate

    def hear(self, t: int, loss: float) -> None:
        """Take note of a loss, as PyTorch's scheduler does in ``step``."""
        schedule = self.schedule
        if self.best == inf or loss < self.best - schedule.threshold * abs(self.best):
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        if self.cooling > 0:
            self.cooling -= 1
            self.waited = 0
        if self.waited > schedule.patience:
            self.rate = max(self.rate * schedule.factor, min(schedule.minimum, self.rate))
            self.cooling, self.waited = schedule.cooldown, 0
