"""A scene: words, an experiment and how it is shown; what a link or a file shares."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import Field

from fall_line.component import Document, members
from fall_line.experiment import Experiment, recommended_rate
from fall_line.optimizers import Optimizer
from fall_line.surfaces import Domain, Surface


class View(Document):
    """What is shown, never what is computed."""

    step: int | None = Field(
        None, ge=0, title="step", description="The step shown first; by default it plays."
    )
    speed: float | None = Field(
        None, gt=0, le=100, title="speed", description="Playing speed; 1 is the usual."
    )
    window: Domain | None = Field(None, title="window", description="The part of the plane shown first.")


class Scene(Document):
    """Words, an experiment, and how it is shown."""

    title: str | None = Field(None, max_length=200, description="A few words.")
    text: str | None = Field(None, max_length=4_000, description="What there is to see, as plain text.")
    experiment: Experiment = Field(description="What is computed.")
    view: View = Field(View(), description="What is shown.")


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scene; every component carries its ``facts``."""
    described = Scene.model_json_schema()
    for surface in members(Surface):
        described["$defs"][surface.__name__]["facts"]["rates"] = {
            optimizer.model_fields["kind"].default: recommended_rate(surface, optimizer)
            for optimizer in members(Optimizer)
        }
    return described
