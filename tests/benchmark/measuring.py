"""Timing of pairs, in turn."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass
class Row:
    """A line of the table; ``values`` are ratios or milliseconds, as ``unit`` says."""

    name: str
    goal: str
    values: list[float]
    unit: str = "×"
    group: str = ""
    note: str = ""

    @property
    def median(self) -> float:
        """The value to quote."""
        return median(self.values) if self.values else 0.0

    def __str__(self) -> str:
        if not self.values:
            return f"{self.name:<58} {self.note}"
        low, high = min(self.values), max(self.values)
        figures = f"{low:8.3g} {self.median:8.3g} {high:8.3g} {self.unit:<3}"
        return f"{self.name:<58}{figures} goal {self.goal} {self.note}"


def seconds(function: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def ratios(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    times: int = 5,
    calls: int = 1,
    prepare: Callable[[], object] = lambda: None,
) -> list[float]:
    """How many times longer theirs takes, so many times, in turn.

    Ours is the mean of so many calls; ``prepare`` is called before each measurement and does not count.
    """
    found = []
    for _ in range(times):
        prepare()
        longer = seconds(theirs)
        prepare()
        found.append(calls * longer / seconds(lambda: [ours() for _ in range(calls)]))
    return found


def milliseconds(function: Callable[[], object], times: int = 9) -> list[float]:
    """How long a call takes, so many times, after one that does not count."""
    function()
    return [1e3 * seconds(function) for _ in range(times)]
