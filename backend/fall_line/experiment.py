"""The document: a surface, the descents that race down it, and what they have in common."""

from __future__ import annotations

import json
from hashlib import sha256
from math import isfinite
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, Strict, ValidationError

from fall_line.averages import AnyAverage
from fall_line.component import Document, Point, case, either, refused
from fall_line.gradients import Exact, Gradient, MiniBatch, Noisy
from fall_line.losses.network import MAX_HESSIAN
from fall_line.luck import Purpose, luck
from fall_line.optimizers import AnyOptimizer, Optimizer
from fall_line.optimizers.gradient_descent import GradientDescent
from fall_line.schedules import LearningRate, Rates, Schedule, filled
from fall_line.stopping import Stop
from fall_line.surfaces import AnySurface, Network, Surface

MAX_DESCENTS = 16
MAX_STEPS = 10_000
MAX_SEED = 2**53 - 1
LARGEST_EFFORT = 3e11
"""So many operations a network's descents may take, the better part of a minute."""
MAX_NOISE = 20_000_000
"""So many random numbers are drawn for a descent's noise at most."""

Start = Annotated[
    Annotated[Point, case("point")] | Annotated[Literal["random"], case("word")],
    either(word=lambda value: isinstance(value, str), point=lambda _: True),
]


class Descent(Document):
    """One path down the surface: an optimizer with its learning rate, gradient and start."""

    label: str | None = Field(
        None, max_length=100, title="label", description="Its name; made up if left out."
    )
    optimizer: Optimizer = Field(
        GradientDescent(), title="optimizer", description="The rule for the next iterate."
    )
    learning_rate: LearningRate | None = Field(
        None, title="α", description="A number or a schedule; by default the optimizer's own rate."
    )
    gradient: Gradient = Field(Exact(), title="gradient", description="Where the gradient comes from.")
    average: AnyAverage | None = Field(
        None, title="average", description="A second path: the average of the iterates."
    )
    start: Start | None = Field(
        None, title="start", description="A point, or 'random'; by default the surface's recommended start."
    )

    @property
    def rate(self) -> float | Schedule:
        """The learning rate; :meth:`Experiment.filled` makes sure that there is one."""
        if self.learning_rate is None:
            raise ValueError("the learning rate was left out; call filled() first")
        return self.learning_rate


class Experiment(Document):
    """Everything that happens is a pure function of this document."""

    version: Literal[1] = Field(1, title="version", description="The version of this format.")
    surface: Surface = Field(title="surface", description="The loss landscape.")
    descents: Annotated[tuple[Descent, ...], Strict(False)] = Field(
        min_length=1, max_length=MAX_DESCENTS, title="descents", description="The paths to follow."
    )
    steps: int = Field(
        300, ge=1, le=MAX_STEPS, title="steps", description="How many updates each descent makes."
    )
    seed: int = Field(0, ge=0, le=MAX_SEED, title="seed", description="Fixes all randomness.")
    stop: Stop = Field(Stop(), title="stop", description="When a descent ends before its last step.")

    def filled(self) -> Self:
        """Return this experiment with every default filled in: starts, rates, lengths and labels.

        Raises ValidationError, with the path of the field, where parts do not fit each other: a start
        at which the formula is not real, a schedule that gives a negative rate.
        """
        errors: list[tuple[tuple[str | int, ...], str]] = []
        descents = []
        for index, descent in enumerate(self.descents):
            misfits = self._misfits(descent)
            errors += [(("descents", index, field), message) for field, message in misfits]
            if misfits:
                continue
            start = self._start(descent.start)
            if start is not None and not self._real(start):
                message = "the loss is not a real number there; start elsewhere"
                errors.append((("descents", index, "start"), message))
            try:
                rate = filled(descent.learning_rate, self.steps, descent.optimizer.learning_rate)
                Rates(rate, self.steps)
                average = descent.average and descent.average.filled(self.steps)
                descents.append(descent.changed(start=start, learning_rate=rate, average=average))
            except ValidationError as error:
                place: tuple[str | int, ...] = ("descents", index, "learning_rate")
                errors += [((*place, *each["loc"]), each["msg"]) for each in error.errors()]
            except ValueError as error:
                errors.append((("descents", index, "learning_rate"), str(error)))
        if isinstance(self.surface, Network) and not errors:
            # A step is an update, whose gradient takes twice as long as its loss, and a look at all examples.
            effort = 4 * self.surface.net().effort * self.steps * len(descents)
            if effort > LARGEST_EFFORT:
                most = int(self.steps * LARGEST_EFFORT / effort)
                message = (
                    f"too much to compute for so many weights and examples; up to {most} steps are possible"
                )
                errors.append((("steps",), message))
        if errors:
            raise refused("Experiment", errors)
        return self.changed(descents=tuple(labelled(descents)))

    def steps_per_epoch(self, descent: Descent) -> int | None:
        """Return the updates in which a descent sees every example once; None where there are none."""
        count = self.surface.count()
        if count is None:
            return None
        batches = descent.gradient.batches(count, self.seed)
        return 1 if batches is None else batches.per_epoch

    def _misfits(self, descent: Descent) -> list[tuple[str, str]]:
        """Return the fields of a descent that do not fit this surface, with what is wrong."""
        surface, wrong = self.surface, []
        if isinstance(descent.gradient, MiniBatch) and surface.count() is None:
            wrong.append(("gradient", "mini-batches need a surface made of data; choose exact or noisy here"))
        if not isinstance(surface, Network):
            return wrong
        weights = surface.net().size
        if surface.deferred and descent.start is not None:
            message = "the plane lies where the descents lead; leave the start out, or center it on 'initial'"
            wrong.append(("start", message))
        if descent.optimizer.curvature and weights > MAX_HESSIAN:
            message = (
                f"second derivatives are for up to {MAX_HESSIAN} weights, and this network has {weights}"
            )
            wrong.append(("optimizer", message))
        if isinstance(descent.gradient, Noisy) and weights * self.steps > MAX_NOISE:
            wrong.append(
                ("gradient", "so many steps of noise on so many weights are too much; take mini-batches")
            )
        return wrong

    def _real(self, start: Point) -> bool:
        return isfinite(self.surface.field_for(self.seed).loss_at(*start))

    def _start(self, start: Point | Literal["random"] | None) -> Point | None:
        """Return a start as a point; None means a network's initial weights, on a plane not known yet."""
        if start is None:
            deferred = isinstance(self.surface, Network) and self.surface.deferred
            return None if deferred else self.surface.first_iterate()
        if start != "random":
            return start
        window = self.surface.window()
        x, y = luck(self.seed, Purpose.START).random(2)
        return (
            window.x[0] + x * (window.x[1] - window.x[0]),
            window.y[0] + y * (window.y[1] - window.y[0]),
        )

    def to_json(self) -> str:
        """Return the document as compact JSON with everything in it."""
        return self.model_dump_json()

    def key(self) -> str:
        """Return a hash of this document; of the filled one, it names the trajectories."""
        return sha256(self.to_json().encode()).hexdigest()[:32]


def read(document: Experiment | dict[str, Any] | str | bytes) -> Experiment:
    """Return the experiment that a document describes, filled in.

    ``document`` is an Experiment, a dict (NumPy numbers and arrays are fine) or JSON.
    Raises pydantic's ValidationError, a ValueError, with the path of everything that is wrong.
    """
    if isinstance(document, dict):
        document = json.dumps(document, default=_plain)
    if isinstance(document, str | bytes):
        document = Experiment.model_validate_json(document)
    return document.filled()


def recommended_rate(surface: type[AnySurface], optimizer: type[AnyOptimizer]) -> float:
    """Return a constant rate that goes down from the surface's recommended start in a few hundred steps."""
    match optimizer.scale:
        case "gradient":
            return surface.rate / optimizer.gain
        case "length":
            return surface.stride / optimizer.gain
        case "both":
            return min(surface.rate, surface.stride) / optimizer.gain
    return optimizer.learning_rate


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Document):
        return value.model_dump()
    raise TypeError(f"{type(value).__name__} cannot be part of a document")


def labelled(descents: list[Descent]) -> list[Descent]:
    """Return the descents with a label each, made from what tells them apart: Adam, or Adam 0.1, Adam 1."""
    titles = [descent.optimizer.title() for descent in descents]
    alike: dict[str, list[dict[str, str]]] = {title: [] for title in titles}
    for descent, title in zip(descents, titles, strict=True):
        alike[title].append(_traits(descent))
    taken = {descent.label for descent in descents}
    result = []
    for descent, title in zip(descents, titles, strict=True):
        telling = (
            trait
            for name, trait in _traits(descent).items()
            if any(other.get(name) != trait for other in alike[title])
        )
        made = label = " ".join([title, *telling])
        number = 1
        while made in taken:
            number += 1
            made = f"{label} #{number}"
        if descent.label is None:
            taken.add(made)
        result.append(descent if descent.label is not None else descent.changed(label=made))
    return result


def _traits(descent: Descent) -> dict[str, str]:
    """Return what may tell a descent from another of the same optimizer, by name."""
    rate = descent.rate
    number = getattr(rate, "learning_rate", rate)
    traits = {"rate": f"{number:g}"} if isinstance(number, float) else {}
    if isinstance(rate, Schedule):
        traits["schedule"] = rate.title().lower()
    for name, field in type(descent.optimizer).model_fields.items():
        if name != "kind":
            traits[name] = f"{field.title}={getattr(descent.optimizer, name)}"
    if not isinstance(descent.gradient, Exact):
        traits["gradient"] = descent.gradient.title().lower()
    if descent.start is not None:
        traits["start"] = (
            "from random" if isinstance(descent.start, str) else "from ({:g}, {:g})".format(*descent.start)
        )
    return traits
