"""When a descent ends before its last step."""

from __future__ import annotations

from pydantic import Field

from fall_line.component import Document


class Stop(Document):
    """Rules that end a descent early; all are off by default."""

    patience: int | None = Field(
        None, ge=1, le=10_000, title="patience", description="Stop after so many steps without improvement."
    )
    minimum_improvement: float = Field(
        0.0, ge=0, title="improvement", description="How far below the best loss counts as an improvement."
    )
    gradient_norm: float | None = Field(
        None, ge=0, title="‖g‖", description="Converged when the norm of the gradient is no larger than this."
    )
    learning_rate: float | None = Field(
        None, ge=0, title="α min", description="Stop when the rate, having been above this, falls below it."
    )
    evaluations: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        title="evaluations",
        description="The budget of loss or gradient evaluations.",
    )
