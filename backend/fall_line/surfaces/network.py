"""The loss of a small neural network, seen on a plane through its weights."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, Strict, ValidationInfo, field_validator, model_validator

from fall_line.component import Document, Point, case, either, refusal, refused
from fall_line.expression import parse
from fall_line.expression.loss import Floats
from fall_line.expression.typeset import typeset_sum
from fall_line.losses.network import Net
from fall_line.losses.plane import Plane, Slice, random_plane
from fall_line.surfaces.base import Domain, Surface, square
from fall_line.surfaces.datasets import iris, made_up, split

MAX_EXAMPLES = 10_000
MAX_FEATURES = 16
MAX_UNITS = 32


class OwnExamples(Document):
    """Examples of two classes: a row of features for each, and its label."""

    x: Annotated[tuple[Annotated[tuple[float, ...], Strict(False)], ...], Strict(False)] = Field(
        title="x", description="A row of up to 16 features for each example."
    )
    y: Annotated[tuple[float, ...], Strict(False)] = Field(
        title="y", description="The label of each example, 0 or 1."
    )

    @field_validator("x")
    @classmethod
    def _a_table(cls, x: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
        if not 2 <= len(x) <= MAX_EXAMPLES:
            raise refusal(f"give 2 to {MAX_EXAMPLES:,} examples, not {len(x):,}")
        features = len(x[0])
        if not 1 <= features <= MAX_FEATURES:
            raise refusal(f"an example has 1 to {MAX_FEATURES} features, not {features}")
        for row, example in enumerate(x):
            if len(example) != features:
                raise refusal(f"row {row} has {len(example)} features, row 0 has {features}")
        return x

    @field_validator("y")
    @classmethod
    def _labels(cls, y: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        if "x" in info.data and len(info.data["x"]) != len(y):
            raise refusal(f"there are {len(info.data['x'])} examples, but {len(y)} labels")
        if not set(y) <= {0.0, 1.0}:
            raise refusal("a label is 0 or 1")
        if len(set(y)) < 2:
            raise refusal("both labels must occur, 0 and 1")
        return y


Units = Annotated[int, Field(ge=1, le=MAX_UNITS)]
DataName = Literal["moons", "circles", "spiral", "iris"]
Data = Annotated[
    Annotated[DataName, case("name")] | Annotated[OwnExamples, case("own")],
    either(name=lambda value: isinstance(value, str), own=lambda _: True),
]


class Network(Surface):
    """A small neural network learning two classes: its loss on a plane through all its weights.

    Each hidden layer computes φ(W a + b) from the layer below; the output z is the logit of label 1, and the
    loss is the mean of log(1 + exp(z)) − y z over the examples.  Optimizers move in all weights at once.
    The map shows a slice: the loss at center + x d₁ + y d₂.  A path is drawn where the plane is nearest it.

    A slice misleads.  A path leaves the plane, so its loss, that of all weights, is not the height of the map
    beneath it.  What looks like a minimum may go down in a direction that is not shown, and of many
    minima a slice shows one.  To two random directions every path is nearly at right angles: on the map it
    hardly moves.  On the principal components of the paths it moves, but only what the paths did is seen.
    The share of variance that the plane explains says how much of them is left out.

    Random directions are filter-normalised, scaled unit by unit to the size of the weights: then the same
    distance means as much in every layer, and sharp or flat is a property of the minimum.
    """

    kind: Literal["network"] = "network"
    hidden: Annotated[tuple[Units, ...], Strict(False)] = Field(
        (8,), min_length=1, max_length=3, title="hidden", description="The units of each hidden layer."
    )
    activation: Literal["tanh", "relu"] = Field(
        "tanh", title="φ", description="What a hidden unit does with the sum of its inputs."
    )
    data: Data = Field(
        "moons", title="data", description="What is learned: a set of examples by name, or your own."
    )
    examples: int = Field(
        200, ge=2, le=MAX_EXAMPLES, title="N", description="How many examples a made-up set has."
    )
    noise: float = Field(
        0.15, ge=0, le=2, title="σ", description="Standard deviation of the noise on a made-up set."
    )
    plane: Literal["random", "pca"] = Field(
        "random",
        title="plane",
        description="Through random directions, or the principal components of the descents' paths.",
    )
    center: Literal["initial", "final"] = Field(
        "initial",
        title="center",
        description="Where a random plane lies: at the initial weights, or where the first descent ends.",
    )
    test: float = Field(
        0.0, ge=0, le=0.9, title="test", description="The share of the examples held out for testing."
    )
    domain: Domain | None = Field(
        None, title="domain", description="The part of the plane that is shown; made to fit if left out."
    )
    group: ClassVar[str] = "data"
    rate: ClassVar[float] = 1.0
    stride: ClassVar[float] = 0.02
    reference: ClassVar[str] = (
        "Li, Xu, Taylor, Studer & Goldstein (2018), Visualizing the loss landscape of neural nets; iris: "
        "Fisher (1936), The use of multiple measurements in taxonomic problems, versicolor 0, virginica 1"
    )

    @model_validator(mode="after")
    def _usable(self) -> Self:
        _, label = self.examples_of_both()
        train, test = split(len(label), self.test)
        if self.test and not len(test):
            raise refusal(f"of {len(label)} examples, a share of {self.test:g} is none to test with")
        if set(label[train]) != {0.0, 1.0}:
            raise refusal(
                "no example of one of the labels is left to train with; hold out fewer, or give more"
            )
        return self

    def examples_of_both(self) -> tuple[Floats, Floats]:
        """Return features (n, features) and labels (n,) of all examples, to train and to test with."""
        if isinstance(self.data, OwnExamples):
            return np.array(self.data.x, np.float64), np.array(self.data.y, np.float64)
        return iris() if self.data == "iris" else made_up(self.data, self.examples, self.noise)

    def names(self) -> list[str]:
        """Return the names of the features, and of the label."""
        if self.data == "iris":
            return ["petal length, standardised", "petal width, standardised", "virginica"]
        features = self.net().features.shape[1]
        return [*(f"x{i + 1}" for i in range(features)), "label"]

    def net(self) -> Net:
        """Return the net with its loss on the examples to train with."""
        return _nets(self)[0]

    def test_net(self) -> Net | None:
        """Return the net with its loss on the examples held out, if there are any."""
        return _nets(self)[1]

    @property
    def deferred(self) -> bool:
        """Whether the plane is known only when the descents have ended."""
        return self.plane == "pca" or self.center == "final"

    def plane_of(self, seed: int) -> Plane:
        """Return the random plane through the initial weights; ValidationError if it needs the descents."""
        if self.deferred:
            message = "this plane lies where the descents lead; give the experiment, not the surface alone"
            raise refused("Network", [(("plane",), message)])
        net = self.net()
        return random_plane(net.initial(seed), net.shapes, seed)

    def seen(self, plane: Plane) -> Slice:
        """Return the loss of the training examples on a plane."""
        return Slice(self.net(), plane)

    def test_seen(self, plane: Plane) -> Slice | None:
        """Return the loss of the examples held out on a plane, if there are any."""
        held_out = self.test_net()
        return None if held_out is None else Slice(held_out, plane)

    def field(self) -> Slice:
        """Return the loss on the plane of seed 0; ValidationError if the plane needs the descents."""
        return self.seen(self.plane_of(0))

    def field_for(self, seed: int) -> Slice:
        return self.seen(self.plane_of(seed))

    def count(self) -> int:
        return len(self.net())

    def test_field(self) -> Slice | None:
        return self.test_seen(self.plane_of(0))

    def measures(self, iterates: Floats) -> dict[str, Floats]:
        """Return accuracies and test loss (n,), by name, at weights (n, d): those of all of them."""
        test = self.test_net()
        measured = {"accuracy": self.net().accuracies(iterates)}
        if test is not None:
            measured |= {"test_loss": test.losses(iterates), "test_accuracy": test.accuracies(iterates)}
        return measured

    def window(self) -> Domain:
        return self.domain or square(-1.0, 1.0)

    def first_iterate(self) -> Point:
        return 0.0, 0.0

    def mathml(self) -> dict[str, str | None]:
        return self.typeset()

    @classmethod
    def typeset(cls) -> dict[str, str | None]:
        """Return the loss in the logit z; its gradient is not written out."""
        loss = parse("log(1 + exp(z)) - y*z", variables=("y", "z"))
        return {**typeset_sum(loss, [], {"y": "y_i", "z": "z_i"}, mean=True), "gradient": None}

    @classmethod
    def facts(cls) -> dict[str, Any]:
        surface = cls()
        return {
            **super().facts(),
            "formula": None,
            "mathml": cls.typeset(),
            "domain": surface.window().model_dump(mode="json"),
            "start": list(surface.first_iterate()),
            "minima": [],
            "group": cls.group,
            "bounded": True,
            "data": True,
        }


@lru_cache(maxsize=16)
def _nets(surface: Network) -> tuple[Net, Net | None]:
    """Return the net on the examples to train with and, if there are any, on those held out."""
    x, label = surface.examples_of_both()
    train, test = split(len(label), surface.test)
    whole = Net(surface.hidden, surface.activation, x, label)
    return whole.batch(train), whole.batch(test) if len(test) else None
