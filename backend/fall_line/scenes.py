"""A scene: words, an experiment and how it is shown; what a link, a file or a lecture holds."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, ValidationInfo, field_validator

from fall_line.component import Document, members, refusal
from fall_line.experiment import MAX_DESCENTS, Experiment, recommended_rate
from fall_line.optimizers import Optimizer
from fall_line.surfaces import Domain, Surface


class Notation(Document):
    """The letters in which everything is typeset."""

    rate: Literal["α", "η", "λ"] = Field("α", title="rate", description="The letter of the learning rate.")
    iterate: Literal["w", "θ", "x"] = Field("w", title="iterate", description="The letter of the iterate.")
    momentum: Literal["μ", "β", "γ"] = Field("μ", title="momentum", description="The letter of momentum.")


class Camera(Document):
    """The eye that looks at the surface, as Plotly's: in sides of the box around it, from its middle."""

    x: float = Field(ge=-10, le=10, title="x", description="To the right, along the map's x axis.")
    y: float = Field(ge=-10, le=10, title="y", description="To the back, along the map's y axis.")
    z: float = Field(ge=-10, le=10, title="z", description="Up, along the loss.")


class View(Document):
    """What is shown, never what is computed."""

    step: int | None = Field(
        None, ge=0, title="step", description="The step shown first; by default it plays."
    )
    speed: float | None = Field(
        None, gt=0, le=1000, title="speed", description="Playing speed in steps a second; 30 if left out."
    )
    window: Domain | None = Field(None, title="window", description="The part of the plane shown first.")
    map: Literal["2d", "3d", "both"] = Field(
        "2d", title="map", description="The landscape as a map, as a surface in 3-D, or as both."
    )
    camera: Camera | None = Field(
        None, title="camera", description="From where the surface is seen; by default the page chooses."
    )
    descent: int = Field(
        0, ge=0, le=MAX_DESCENTS - 1, title="descent", description="The descent that is looked at closely."
    )
    axis: Literal["steps", "epochs", "evaluations"] = Field(
        "steps", title="axis", description="What the charts count along their axis."
    )
    loop: bool = Field(False, title="loop", description="Whether playing begins again at the end.")
    panel: Literal["inside"] | None = Field(
        None, title="panel", description="What is open beside the map: the inside of an optimizer."
    )
    hide: Annotated[tuple[Literal["formula", "contours", "charts"], ...], Strict(False)] = Field(
        (),
        max_length=3,
        title="hide",
        description="What is not shown; where the scene asks a question, not before it is answered.",
    )
    notation: Notation = Field(Notation(), title="notation", description="The letters of formulas.")


Words = Annotated[str, Field(min_length=1, max_length=1_000)]
Choice = Annotated[str, Field(min_length=1, max_length=200)]


class Predict(Document):
    """A question to answer before the descents begin; the answer stays in the reader's browser."""

    question: Words = Field(description="What is asked, as plain text.")
    choices: Annotated[tuple[Choice, ...], Strict(False)] = Field(
        min_length=2, max_length=6, description="The possible answers."
    )
    answer: int = Field(ge=0, description="Which choice is right, counted from 0.")

    @field_validator("answer")
    @classmethod
    def _is_a_choice(cls, answer: int, info: ValidationInfo) -> int:
        choices = info.data.get("choices", ())
        if choices and answer >= len(choices):
            raise refusal(f"counts the choices from 0: it is at most {len(choices) - 1}")
        return answer


class Scene(Document):
    """Words, an experiment, and how it is shown."""

    title: str | None = Field(None, max_length=200, description="A few words.")
    text: str | None = Field(None, max_length=4_000, description="What there is to see, as plain text.")
    predict: Predict | None = Field(None, description="A question to answer first.")
    look_for: Words | None = Field(None, description="What happens and why; said after the answer.")
    try_: Words | None = Field(None, alias="try", description="What to change next.")
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
