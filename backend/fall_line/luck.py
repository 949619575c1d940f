"""Random numbers: all from an experiment's seed, and from what they are for."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What is drawn; two purposes never share their numbers."""

    NOISE = 1
    START = 2
    WEIGHTS = 3
    PLANE = 4
    SHUFFLE = 5
    DRAW = 6
    CLOUD = 7
    EXAMPLES = 8


def luck(seed: int, purpose: Purpose, number: int = 0) -> np.random.Generator:
    """Return the generator for one purpose; ``number`` tells apart what is drawn again and again."""
    return np.random.default_rng([seed, purpose, number])
