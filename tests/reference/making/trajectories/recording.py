"""A run and what it wrote, and how much it magnifies small errors."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .case import Case
from .problem import Point, Problem
from .sources import Run, run_of
from .surfaces import SURFACES


@dataclass
class Record:
    """What a run wrote: the path at every step, and every gradient the optimizer saw."""

    x: list[float]
    y: list[float]
    loss: list[float]
    gradient_norm: list[float]
    gradients: list[Point]


def record(case: Case, start: Point, jitter: float = 0.0, run: Run | None = None) -> Record:
    """Run `case` from `start` and evaluate loss and gradient norm along its path."""
    surface = SURFACES[case.surface]
    problem = Problem(surface, jitter)
    iterates = (run or run_of(case))(problem, start, case)
    points = [start, *(next(iterates) for _ in range(case.steps))]
    exact = Problem(surface)
    evaluated = [exact.loss_and_gradient(point) for point in points]
    return Record(
        [x for x, _ in points],
        [y for _, y in points],
        [loss for loss, _ in evaluated],
        [math.sqrt(gx * gx + gy * gy) for _, (gx, gy) in evaluated],
        problem.gradients,
    )


def difference(case: Case, a: Record, b: Record) -> float:
    """The largest relative difference of any recorded number."""
    worst = 0.0
    for name in ("x", "y", "loss", "gradient_norm"):
        p, q = getattr(a, name), getattr(b, name)
        for s in case.sampled:
            if p[s] != q[s]:
                worst = max(worst, abs(p[s] - q[s]) / max(abs(p[s]), abs(q[s])))
    return worst


def deviation(case: Case, reference: Record) -> float:
    """How far the path strays when the start moves by 1e-13 or each evaluation by an ulp."""
    x, y = case.start
    moved = record(case, (x * (1.0 + 1e-13), y * (1.0 + 1e-13)))
    rounded = record(case, case.start, jitter=2.0**-52)
    return max(difference(case, reference, moved), difference(case, reference, rounded))


def margin(case: Case, gradients: list[Point]) -> float:
    """How near a decision by sign came to falling the other way: the smallest number whose sign was taken."""
    p = case.parameters
    beta1, beta2 = p.get("beta1", 0.9), p.get("beta2", 0.999 if case.kind == "yogi" else 0.99)
    smallest = math.inf
    for axis in range(2):
        m = previous = 0.0
        v = 1e-6
        for gradient in gradients[: case.steps]:
            g = gradient[axis]
            match case.kind:
                case "lion":
                    smallest = min(smallest, abs(beta1 * m + (1.0 - beta1) * g))
                    m = beta2 * m + (1.0 - beta2) * g
                case "signum":
                    m = p.get("momentum", 0.9) * m + (1.0 - p.get("momentum", 0.9)) * g
                    smallest = min(smallest, abs(m))
                case "rprop":
                    smallest = min(smallest, abs(g))
                    previous = 0.0 if g * previous < 0.0 else g
                case "yogi":
                    smallest = min(smallest, abs(v - g * g) / max(v, g * g))
                    v -= (1.0 - beta2) * math.copysign(g * g, v - g * g)
                case _:
                    return math.inf
    return smallest
