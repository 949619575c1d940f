"""Examples to learn from: made-up sets of two classes in the plane, and Fisher's irises."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fall_line.expression.loss import Floats
from fall_line.luck import Purpose, luck

Rows = NDArray[np.intp]
IRIS = Path(__file__).with_name("iris.csv")
"""150 irises of three species, lengths in centimetres: R. A. Fisher (1936), The use of multiple measurements
in taxonomic problems, table I; measured by E. Anderson; in the public domain.  These are Fisher's numbers, as
scikit-learn 1.9 and R have them: other copies are wrong in rows 35 and 38."""


def split(n: int, share: float) -> tuple[Rows, Rows]:
    """Return which of n examples to train and which to test with, both in data order: shuffled once."""
    held_out = round(share * n)
    order = np.random.default_rng(n).permutation(n)
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def moons(t: Floats, label: Floats) -> Floats:
    """Return points (n, 2) of two interleaved half circles, at shares t (n,) of their arcs."""
    angle = np.pi * (t + label)
    return np.column_stack([np.cos(angle) + label - 0.5, np.sin(angle) + 0.5 * label - 0.25])


def circles(t: Floats, label: Floats) -> Floats:
    """Return points (n, 2) of two circles, label 1 inside, at shares t (n,) of their arcs."""
    radius = np.where(label == 1, 0.6, 1.2)
    return _polar(radius, 2 * np.pi * t)


def spiral(t: Floats, label: Floats) -> Floats:
    """Return points (n, 2) of two arms that wind once around the middle, at shares t (n,) of the way out."""
    return _polar(0.1 + 1.3 * t, 2 * np.pi * t + np.pi * label)


def _polar(radius: Floats, angle: Floats) -> Floats:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


MADE_UP: dict[str, Callable[[Floats, Floats], Floats]] = {
    "moons": moons,
    "circles": circles,
    "spiral": spiral,
}


def made_up(name: str, examples: int, noise: float) -> tuple[Floats, Floats]:
    """Return inputs (n, 2), within about ±1.5, and labels (n,) of a made-up set; always the same ones.

    The labels alternate between 0 and 1, so that batches in data order are mixed; where on its curve an
    example lies is drawn, and to both coordinates Gaussian noise of that standard deviation is added.
    """
    random = luck(examples, Purpose.EXAMPLES)
    label = (np.arange(examples) % 2).astype(np.float64)
    # One example in each of n/2 equal parts of either curve: no gaps, whatever the luck.
    part = np.empty(examples)
    for each in (0, 1):
        place = random.permutation((label == each).sum())
        part[label == each] = (place + random.random(len(place))) / len(place)
    return MADE_UP[name](part, label) + noise * random.standard_normal((examples, 2)), label


@cache
def iris() -> tuple[Floats, Floats]:
    """Return petal length and width (100, 2), standardised, of versicolor (0) and virginica (1) in turn."""
    with IRIS.open(encoding="utf-8", newline="") as file:
        flowers = list(csv.DictReader(file))
    petals = [
        [
            [float(flower["petal_length"]), float(flower["petal_width"])]
            for flower in flowers
            if flower["species"] == name
        ]
        for name in ("versicolor", "virginica")
    ]
    x = np.stack(petals, axis=1).reshape(-1, 2)
    label = (np.arange(len(x)) % 2).astype(np.float64)
    return (x - x.mean(axis=0)) / x.std(axis=0), label
