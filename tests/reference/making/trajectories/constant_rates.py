"""The runs at a constant rate: data alone."""

from __future__ import annotations

from ..documents import Document
from .problem import Point

STARTS: dict[str, Point] = {
    "sphere": (1.5, -2.0),
    "quadratic": (-3.0, 1.5),
    "rosenbrock": (-1.2, 1.0),
    "himmelblau": (-1.0, 0.5),
    "styblinski_tang": (1.0, -1.0),
    "beale": (1.2, -0.6),
}


# Rates and, where need be, starts and numbers of steps for which the run is a descent that
# neither arrives nor is chaotic: at a minimum the gradient is all rounding errors, which nobody reproduces.
Choice = float | tuple[float, Point] | tuple[float, Point, int]

# fmt: off
CONSTANT_RATES: list[tuple[str, Document, dict[str, Choice]]] = [
    ("gradient_descent", {}, {
        "sphere": 0.1, "quadratic": 0.1, "rosenbrock": 0.002, "himmelblau": 0.0005, "styblinski_tang": 0.0016,
        "beale": 0.02,
    }),
    ("momentum", {}, {
        "sphere": 0.1, "quadratic": 0.1, "rosenbrock": 0.0001, "himmelblau": 5e-05,
        "styblinski_tang": 0.00012, "beale": 0.005,
    }),
    ("momentum", {"dampening": 0.3}, {
        "sphere": 0.1, "quadratic": 0.1, "rosenbrock": 0.0001, "himmelblau": 0.0002,
        "styblinski_tang": 0.0002, "beale": 0.01,
    }),
    ("nesterov", {}, {
        "sphere": 0.1, "quadratic": 0.1, "rosenbrock": 0.0002, "himmelblau": 0.0001,
        "styblinski_tang": 0.00013, "beale": 0.01,
    }),
    ("adagrad", {}, {
        "sphere": 0.2, "quadratic": 1.0, "rosenbrock": 0.5, "himmelblau": 0.1, "styblinski_tang": 0.1,
        "beale": 0.1,
    }),
    ("adagrad", {"initial_accumulator": 0.1}, {
        "sphere": 0.2, "quadratic": 1.0, "rosenbrock": 0.5, "himmelblau": 0.2, "styblinski_tang": 0.1,
        "beale": 0.1,
    }),
    ("adadelta", {}, {
        "sphere": 1.0, "quadratic": 1.0, "rosenbrock": 1.0, "himmelblau": 1.0, "styblinski_tang": 1.0,
        "beale": (1.0, (0.5, 0.7)),
    }),
    ("adadelta", {"decay": 0.95, "epsilon": 0.0001}, {
        "sphere": 0.5, "quadratic": 1.0, "rosenbrock": (0.5, (-0.5, 0.75)), "himmelblau": (0.5, (0.5, 1.0)),
        "styblinski_tang": 0.3, "beale": (0.5, (0.5, 0.7)),
    }),
    ("rmsprop", {}, {
        "sphere": 0.005, "quadratic": 0.005, "rosenbrock": (0.1, (-0.5, 0.75)), "himmelblau": 0.01,
        "styblinski_tang": 0.01, "beale": 0.1,
    }),
    ("rmsprop", {"momentum": 0.9}, {
        "sphere": 0.0005, "quadratic": 0.0005, "rosenbrock": (0.0005, (-0.5, 0.75)), "himmelblau": 0.002,
        "styblinski_tang": 0.001, "beale": 0.0005,
    }),
    ("rmsprop", {"centered": True}, {
        "sphere": 0.002, "quadratic": 0.005, "rosenbrock": (0.1, (-0.5, 0.75)), "himmelblau": 0.002,
        "styblinski_tang": 0.001, "beale": 0.001,
    }),
    ("adam", {}, {
        "sphere": 0.01, "quadratic": 0.1, "rosenbrock": 0.002, "himmelblau": 0.02, "styblinski_tang": 0.016,
        "beale": 0.02,
    }),
    ("adam", {"beta1": 0.8, "beta2": 0.95, "epsilon": 0.001}, {
        "sphere": 0.01, "quadratic": 0.02, "rosenbrock": 0.01, "himmelblau": 0.01, "styblinski_tang": 0.01,
        "beale": 0.01,
    }),
    ("amsgrad", {}, {
        "sphere": 0.01, "quadratic": 0.1, "rosenbrock": 0.002, "himmelblau": 0.02, "styblinski_tang": 0.016,
        "beale": 0.02,
    }),
    ("adamax", {}, {
        "sphere": 0.02, "quadratic": 0.2, "rosenbrock": 0.005, "himmelblau": 0.05, "styblinski_tang": 0.02,
        "beale": 0.05,
    }),
    ("radam", {}, {
        "sphere": 0.05, "quadratic": 0.2, "rosenbrock": 0.002, "himmelblau": 0.02, "styblinski_tang": 0.04,
        "beale": 0.1,
    }),
    ("radam", {"beta2": 0.9}, {
        "sphere": 0.005, "quadratic": 0.005, "rosenbrock": 0.001, "himmelblau": 0.005,
        "styblinski_tang": 0.005, "beale": 0.005,
    }),
    ("nadam", {}, {
        "sphere": 0.02, "quadratic": 0.1, "rosenbrock": 0.05, "himmelblau": 0.02, "styblinski_tang": 0.012,
        "beale": 0.02,
    }),
    ("nadam", {"momentum_decay": 0.02}, {
        "sphere": 0.02, "quadratic": 0.1, "rosenbrock": 0.05, "himmelblau": 0.02, "styblinski_tang": 0.012,
        "beale": 0.02,
    }),
    ("adamw", {}, {
        "sphere": 0.01, "quadratic": 0.1, "rosenbrock": 0.002, "himmelblau": 0.2, "styblinski_tang": 0.2,
        "beale": 0.02,
    }),
    ("adamw", {"weight_decay": 0.1}, {
        "sphere": 0.01, "quadratic": 0.05, "rosenbrock": 0.002, "himmelblau": 0.2, "styblinski_tang": 0.2,
        "beale": 0.02,
    }),
    ("rprop", {}, {
        "sphere": (0.013, (1.53, -2.07), 15), "quadratic": (0.013, (-3.07, 1.53), 25),
        "rosenbrock": (0.05, (-0.97, -0.43), 100), "himmelblau": (0.013, (-1.03, 0.57), 30),
        "styblinski_tang": (0.013, (1.03, -1.07), 30), "beale": (0.05, (1.23, -0.67), 30),
    }),
    ("rprop", {"shrink": 0.4, "grow": 1.1, "minimum": 0.05, "maximum": 0.3}, {
        "rosenbrock": 0.1, "himmelblau": (0.1, (-1.03, 0.57)), "styblinski_tang": (0.1, (1.03, -1.07)),
        "beale": (0.17, (1.23, -0.67)),
    }),
    ("adabelief", {}, {
        "sphere": 0.005, "quadratic": 0.05, "rosenbrock": 0.005, "himmelblau": 0.005,
        "styblinski_tang": 0.005, "beale": 0.02,
    }),
    ("yogi", {}, {
        "sphere": 0.01, "quadratic": 0.1, "rosenbrock": 0.002, "himmelblau": 0.02, "styblinski_tang": 0.016,
        "beale": 0.02,
    }),
    ("adan", {}, {
        "sphere": 0.1, "quadratic": 0.02, "rosenbrock": (0.02, (-0.5, 0.75)), "himmelblau": 0.2,
        "styblinski_tang": 0.2, "beale": 0.002,
    }),
    ("adan", {"beta1": 0.9, "beta2": 0.8, "beta3": 0.95}, {
        "sphere": 0.01, "quadratic": 0.02, "rosenbrock": 0.002, "himmelblau": 0.02, "styblinski_tang": 0.012,
        "beale": 0.01,
    }),
    ("lion", {}, {
        "sphere": (0.0113, (1.53, -2.07)), "quadratic": (0.0413, (-3.07, 1.53)),
        "rosenbrock": (0.0537, (-0.53, 0.77)), "himmelblau": (0.0537, (-1.03, 0.57)),
        "styblinski_tang": (0.0413, (1.03, -1.07)), "beale": (0.0071, (1.23, -0.67)),
    }),
    ("lion", {"weight_decay": 0.1}, {
        "sphere": (0.0113, (1.53, -2.07)), "quadratic": (0.0171, (-3.07, 1.53)), "rosenbrock": 0.0313,
        "himmelblau": (0.0537, (-1.03, 0.57)), "styblinski_tang": (0.0413, (1.03, -1.07)),
        "beale": (0.0071, (1.23, -0.67)),
    }),
    ("signum", {}, {
        "sphere": (0.0537, (1.53, -2.07)), "quadratic": (0.0113, (-3.07, 1.53)),
        "rosenbrock": (0.0537, (-0.53, 0.77)), "himmelblau": (0.0537, (-1.03, 0.57)),
        "styblinski_tang": (0.0413, (1.03, -1.07)), "beale": (0.0537, (1.23, -0.67)),
    }),
    ("schedule_free", {}, {
        "sphere": 0.2, "quadratic": 0.5, "rosenbrock": 0.002, "himmelblau": 0.005, "styblinski_tang": 0.006,
        "beale": 0.1,
    }),
    ("schedule_free", {"beta": 0.7}, {
        "sphere": 0.2, "quadratic": 0.5, "rosenbrock": 0.002, "himmelblau": 0.002, "styblinski_tang": 0.003,
        "beale": 0.2,
    }),
    ("sam", {}, {
        "sphere": 0.1, "quadratic": 0.01, "rosenbrock": 0.002, "himmelblau": 0.02, "styblinski_tang": 0.05,
        "beale": 0.005,
    }),
    ("sam", {"radius": 0.2}, {
        "sphere": 0.1, "quadratic": 0.1, "rosenbrock": (0.002, (-0.5, 0.75)), "himmelblau": 0.02,
        "styblinski_tang": 0.05, "beale": 0.05,
    }),
    ("newton", {}, {
        "sphere": 0.1, "quadratic": 0.1, "rosenbrock": 0.02, "himmelblau": (0.02, (4.0, -3.5)),
        "styblinski_tang": (0.02, (-2.1, -2.3)), "beale": 0.02,
    }),
    ("newton", {"damping": 5.0}, {
        "sphere": 0.1, "quadratic": 0.1, "rosenbrock": 0.02, "himmelblau": (0.05, (4.0, -3.5)),
        "styblinski_tang": (0.02, (-2.1, -2.3)), "beale": 0.1,
    }),
    ("lbfgs", {}, {
        "rosenbrock": (1.0, (1.53, 0.57), 16), "himmelblau": (1.0, (0.53, 1.07), 6),
        "styblinski_tang": (1.0, (0.71, -0.43), 5), "beale": (1.0, (-1.03, 1.37), 11),
    }),
    ("lbfgs", {}, {
        "sphere": (0.2, (1.53, -2.07), 36), "quadratic": (0.2, (2.03, 2.51), 39),
        "rosenbrock": (0.2, (-0.97, -0.43), 44), "himmelblau": (0.2, (4.03, -3.51), 36),
        "styblinski_tang": (0.2, (1.03, -1.07), 37), "beale": (0.3, (-1.03, 1.37), 31),
    }),
    ("lbfgs", {"memory": 3}, {
        "quadratic": (0.5, (-3.07, 1.53), 7), "rosenbrock": (0.4, (1.53, 0.57), 24),
        "himmelblau": (0.4, (0.53, 1.07), 19), "styblinski_tang": (0.4, (1.03, -1.07), 17),
        "beale": (0.5, (0.57, 0.73), 11),
    }),
]
# fmt: on
