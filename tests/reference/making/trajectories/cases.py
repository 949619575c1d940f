"""Every run."""

from __future__ import annotations

from ..documents import Document
from .case import Case
from .constant_rates import CONSTANT_RATES, STARTS

SCHEDULES: list[tuple[str, Document, str, Document]] = [
    (
        "gradient_descent",
        {},
        "rosenbrock",
        {"kind": "cosine_restarts", "learning_rate": 0.002, "period": 30, "multiplier": 2, "final": 0.0001},
    ),
    ("momentum", {}, "himmelblau", {"kind": "step", "learning_rate": 0.001, "every": 37, "factor": 0.5}),
    ("rmsprop", {}, "beale", {"kind": "exponential", "learning_rate": 0.01, "factor": 0.98}),
    ("adam", {}, "styblinski_tang", {"kind": "cosine", "learning_rate": 0.03, "steps": 200, "final": 0.0}),
    (
        "adamw",
        {"weight_decay": 0.1},
        "himmelblau",
        {"kind": "cosine", "learning_rate": 0.1, "steps": 200, "final": 0.01},
    ),
    (
        "momentum",
        {"dampening": 0.3},
        "quadratic",
        {"kind": "triangular", "low": 0.01, "learning_rate": 0.1, "up": 23, "down": 31},
    ),
    ("adam", {}, "rosenbrock", {"kind": "one_cycle", "learning_rate": 0.02, "steps": 200}),
    ("nadam", {}, "beale", {"kind": "one_cycle", "learning_rate": 0.1, "steps": 200}),
    (
        "momentum",
        {},
        "rosenbrock",
        {"kind": "plateau", "learning_rate": 0.001, "factor": 0.5, "patience": 3, "threshold": 0.02},
    ),
    (
        "momentum",
        {"momentum": 0.95},
        "quadratic",
        {"kind": "plateau", "learning_rate": 0.05, "factor": 0.7, "patience": 3, "threshold": 0.01},
    ),
    ("adabelief", {}, "himmelblau", {"kind": "cosine", "learning_rate": 0.02, "steps": 200, "final": 0.004}),
    (
        "schedule_free",
        {},
        "rosenbrock",
        {
            "kind": "warmup",
            "steps": 19,
            "start_factor": 0.05,
            "then": {"kind": "constant", "learning_rate": 0.002},
        },
    ),
    (
        "schedule_free",
        {"beta": 0.7},
        "quadratic",
        {
            "kind": "warmup",
            "steps": 49,
            "start_factor": 0.02,
            "then": {"kind": "constant", "learning_rate": 0.2},
        },
    ),
]

# Runs that need not go down: Newton's method climbs to a maximum, and goes straight to a saddle.
CLIMBS = [
    Case("newton", "himmelblau", (-1.0, 0.5), 0.05),
    Case("newton", "saddle", (1.5, -0.7), 0.05),
]


def cases() -> list[Case]:
    """Every run."""
    runs = []
    for kind, parameters, choices in CONSTANT_RATES:
        for surface, choice in choices.items():
            match choice:
                case (rate, start, steps):
                    runs.append(Case(kind, surface, start, rate, parameters, steps))
                case (rate, start):
                    runs.append(Case(kind, surface, start, rate, parameters))
                case rate:
                    runs.append(Case(kind, surface, STARTS[surface], rate, parameters))
    for kind, parameters, surface, schedule in SCHEDULES:
        runs.append(Case(kind, surface, STARTS[surface], schedule, parameters))
    runs.append(
        Case(
            "lion",
            "beale",
            (1.23, -0.67),
            {"kind": "cosine", "learning_rate": 0.0113, "steps": 200, "final": 0.002825},
        )
    )
    return runs + CLIMBS
