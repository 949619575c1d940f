"""Compute `trajectories.json`: where PyTorch and optax go, for our optimizers to be compared with.

The data was made once, with the versions that it records, by

    python3 -m venv reference-env
    reference-env/bin/pip install torch==2.13.0 numpy==2.4.6 optax==0.2.8 jax==0.10.2 jaxlib==0.10.2 \\
        schedulefree==1.4.1
    reference-env/bin/python tests/reference/make_trajectories.py

None of these is a dependency of the project: its tests only read the data. Everything is float64. Each case
is also run from a start that differs in the thirteenth digit, and with every gradient taken an ulp off the
iterate; a case in which one of these is felt beyond 1e-11 is refused, since nobody can be expected to
reproduce it. See `README.md` beside.
"""

from __future__ import annotations

import json
import math
import platform
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import optax
import schedulefree
import torch
from optax import contrib
from torch import Tensor
from torch.optim import Optimizer
from torch.optim import lr_scheduler as schedulers

jax.config.update("jax_enable_x64", True)
# Without this NAdam keeps the product of its momenta in float32: right to seven digits only.
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

Point = tuple[float, float]
Document = dict[str, Any]
Iterates = Iterator[Point]

COMMAND = "python tests/reference/make_trajectories.py"
PACKAGES = ("torch", "optax", "jax", "jaxlib", "schedulefree", "numpy")
STEPS = [*range(11), 12, 15, 20, 25, 30, 35, *range(40, 201, 10)]
TOLERATED_DEVIATION = 1e-11
SMALLEST_MARGIN = 1e-9


# --- surfaces -----------------------------------------------------------------------------------------------
# Ordinary operations only, so that torch and jax differentiate the same text.


def sphere(x: Any, y: Any) -> Any:
    """x² + y²."""
    return x * x + y * y


def quadratic(x: Any, y: Any) -> Any:
    """½ (u² + 10 v²), its flat axis u at 30 degrees."""
    angle = math.radians(30.0)
    u = x * math.cos(angle) + y * math.sin(angle)
    v = y * math.cos(angle) - x * math.sin(angle)
    return 0.5 * (u * u + 10.0 * (v * v))


def rosenbrock(x: Any, y: Any) -> Any:
    """(1 - x)² + 100 (y - x²)²."""
    a = 1.0 - x
    b = y - x * x
    return a * a + 100.0 * (b * b)


def himmelblau(x: Any, y: Any) -> Any:
    """(x² + y - 11)² + (x + y² - 7)²."""
    a = x * x + y - 11.0
    b = x + y * y - 7.0
    return a * a + b * b


def styblinski_tang(x: Any, y: Any) -> Any:
    """½ Σ (z⁴ - 16 z² + 5 z)."""
    return 0.5 * ((x * x * x * x - 16.0 * (x * x) + 5.0 * x) + (y * y * y * y - 16.0 * (y * y) + 5.0 * y))


def beale(x: Any, y: Any) -> Any:
    """(1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²."""
    a = 1.5 - x + x * y
    b = 2.25 - x + x * (y * y)
    c = 2.625 - x + x * (y * y * y)
    return a * a + b * b + c * c


def saddle(x: Any, y: Any) -> Any:
    """x² - y²."""
    return x * x - y * y


Formula = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Surface:
    """A formula and the document that names it in this project."""

    formula: Formula
    document: Document


SURFACES = {
    "sphere": Surface(sphere, {"kind": "sphere"}),
    "quadratic": Surface(quadratic, {"kind": "quadratic", "condition": 10.0, "angle": 30.0}),
    "rosenbrock": Surface(rosenbrock, {"kind": "rosenbrock"}),
    "himmelblau": Surface(himmelblau, {"kind": "himmelblau"}),
    "styblinski_tang": Surface(styblinski_tang, {"kind": "styblinski_tang"}),
    "beale": Surface(beale, {"kind": "beale"}),
    "saddle": Surface(saddle, {"kind": "saddle"}),
}


class Problem:
    """A surface as an optimizer meets it: loss and gradient at a point, and what was asked.

    With a `jitter` each evaluation happens a little off the point, as if it had been rounded differently.
    """

    def __init__(self, surface: Surface, jitter: float = 0.0) -> None:
        """Take `surface`; evaluate at points moved by ±`jitter`, relatively."""
        self.formula = surface.formula
        self.jitter = jitter
        self.gradients: list[Point] = []
        self._random = random.Random(0)
        self._jax_gradient = jax.jit(jax.grad(lambda w: surface.formula(w[0], w[1])))

    def _moved(self, point: Point) -> Point:
        x, y = point
        if self.jitter:
            x *= 1.0 + self._random.choice((-1.0, 1.0)) * self.jitter
            y *= 1.0 + self._random.choice((-1.0, 1.0)) * self.jitter
        return x, y

    def loss_and_gradient(self, point: Point) -> tuple[float, Point]:
        """The loss and its gradient, by torch's autograd."""
        w = torch.tensor(self._moved(point), requires_grad=True)
        loss = self.formula(w[0], w[1])
        loss.backward()
        assert w.grad is not None
        gx, gy = w.grad.tolist()
        self.gradients.append((gx, gy))
        return loss.item(), (gx, gy)

    def gradient(self, point: Point) -> Point:
        """The gradient by torch's autograd."""
        return self.loss_and_gradient(point)[1]

    def jax_gradient(self, point: Point) -> jax.Array:
        """The gradient by jax.grad."""
        gradient = self._jax_gradient(jnp.asarray(self._moved(point)))
        self.gradients.append((float(gradient[0]), float(gradient[1])))
        return gradient

    def hessian(self, point: Point) -> Tensor:
        """The Hessian by torch.func."""
        return torch.func.hessian(lambda w: self.formula(w[0], w[1]))(torch.tensor(self._moved(point)))


# --- PyTorch's optimizers -----------------------------------------------------------------------------------


def betas(p: Document) -> tuple[float, float]:
    """Our two names for PyTorch's pair."""
    return p.get("beta1", 0.9), p.get("beta2", 0.999)


MakeOptimizer = Callable[[list[Tensor], Document, dict[str, Any]], Optimizer]

TORCH: dict[str, tuple[str, MakeOptimizer]] = {
    "gradient_descent": ("torch.optim.SGD", lambda w, p, o: torch.optim.SGD(w, **o)),
    "momentum": (
        "torch.optim.SGD",
        lambda w, p, o: torch.optim.SGD(
            w, momentum=p.get("momentum", 0.9), dampening=p.get("dampening", 0.0), **o
        ),
    ),
    "adagrad": (
        "torch.optim.Adagrad",
        lambda w, p, o: torch.optim.Adagrad(
            w, eps=1e-10, initial_accumulator_value=p.get("initial_accumulator", 0.0), **o
        ),
    ),
    "adadelta": (
        "torch.optim.Adadelta",
        lambda w, p, o: torch.optim.Adadelta(w, rho=p.get("decay", 0.9), eps=p.get("epsilon", 1e-6), **o),
    ),
    "rmsprop": (
        "torch.optim.RMSprop",
        lambda w, p, o: torch.optim.RMSprop(
            w,
            alpha=p.get("decay", 0.9),
            eps=p.get("epsilon", 1e-8),
            momentum=p.get("momentum", 0.0),
            centered=p.get("centered", False),
            **o,
        ),
    ),
    "adam": (
        "torch.optim.Adam",
        lambda w, p, o: torch.optim.Adam(w, betas=betas(p), eps=p.get("epsilon", 1e-8), **o),
    ),
    "amsgrad": (
        "torch.optim.Adam(amsgrad=True)",
        lambda w, p, o: torch.optim.Adam(w, betas=betas(p), eps=p.get("epsilon", 1e-8), amsgrad=True, **o),
    ),
    "adamax": (
        "torch.optim.Adamax",
        lambda w, p, o: torch.optim.Adamax(w, betas=betas(p), eps=p.get("epsilon", 1e-8), **o),
    ),
    "radam": (
        "torch.optim.RAdam",
        lambda w, p, o: torch.optim.RAdam(w, betas=betas(p), eps=p.get("epsilon", 1e-8), **o),
    ),
    "nadam": (
        "torch.optim.NAdam",
        lambda w, p, o: torch.optim.NAdam(
            w,
            betas=betas(p),
            eps=p.get("epsilon", 1e-8),
            momentum_decay=p.get("momentum_decay", 0.004),
            **o,
        ),
    ),
    "adamw": (
        "torch.optim.AdamW",
        lambda w, p, o: torch.optim.AdamW(
            w, betas=betas(p), eps=p.get("epsilon", 1e-8), weight_decay=p.get("weight_decay", 0.01), **o
        ),
    ),
    "rprop": (
        "torch.optim.Rprop",
        lambda w, p, o: torch.optim.Rprop(
            w,
            etas=(p.get("shrink", 0.5), p.get("grow", 1.2)),
            step_sizes=(p.get("minimum", 1e-6), p.get("maximum", 50.0)),
            **o,
        ),
    ),
}


def point_of(w: Tensor) -> Point:
    """The two floats in `w`."""
    x, y = w.tolist()
    return x, y


def torch_scheduler(optimizer: Optimizer, document: Document) -> Any:
    """PyTorch's scheduler for one of our schedule documents."""
    d = document
    match d["kind"]:
        case "cosine":
            return schedulers.CosineAnnealingLR(optimizer, T_max=d["steps"], eta_min=d["final"])
        case "step":
            return schedulers.StepLR(optimizer, step_size=d["every"], gamma=d["factor"])
        case "exponential":
            return schedulers.ExponentialLR(optimizer, gamma=d["factor"])
        case "cosine_restarts":
            return schedulers.CosineAnnealingWarmRestarts(
                optimizer, T_0=d["period"], T_mult=d["multiplier"], eta_min=d["final"]
            )
        case "triangular":
            return schedulers.CyclicLR(
                optimizer,
                base_lr=d["low"],
                max_lr=d["learning_rate"],
                step_size_up=d["up"],
                step_size_down=d["down"],
                mode="triangular",
                cycle_momentum=False,
            )
        case "one_cycle":
            return schedulers.OneCycleLR(
                optimizer, max_lr=d["learning_rate"], total_steps=d["steps"], cycle_momentum=False
            )
        case "plateau":
            return schedulers.ReduceLROnPlateau(
                optimizer, factor=d["factor"], patience=d["patience"], threshold=d["threshold"], eps=0.0
            )
    raise ValueError(d["kind"])


def run_torch(problem: Problem, start: Point, case: Case, *, foreach: bool = False) -> Iterates:
    """One of `torch.optim`, stepped; a scheduler is stepped after each of its steps."""
    w = torch.tensor(start, requires_grad=True)
    _, make = TORCH[case.kind]
    schedule = case.learning_rate if isinstance(case.learning_rate, dict) else None
    rate = schedule["learning_rate"] if schedule else case.learning_rate
    optimizer = make([w], case.parameters, {"lr": rate, "foreach": foreach})
    scheduler = torch_scheduler(optimizer, schedule) if schedule else None
    while True:
        w.grad = torch.tensor(problem.gradient(point_of(w)))
        optimizer.step()
        yield point_of(w)
        if isinstance(scheduler, schedulers.ReduceLROnPlateau):
            scheduler.step(problem.loss_and_gradient(point_of(w))[0])
            problem.gradients.pop()
        elif scheduler is not None:
            scheduler.step()


def run_lbfgs(problem: Problem, start: Point, case: Case, *, scaled: bool = False) -> Iterates:
    """`torch.optim.LBFGS`, one iteration per step.

    PyTorch multiplies its very first trial step, and only that, by min(1, 1/|g|₁). Unless `scaled`, the rate
    of the first step is divided by the same number: every line search begins at the learning rate.
    """
    w = torch.tensor(start, requires_grad=True)
    rate = case.learning_rate
    assert isinstance(rate, float)
    gx, gy = problem.gradient(start)
    optimizer = torch.optim.LBFGS(
        [w],
        lr=rate if scaled else rate * max(1.0, abs(gx) + abs(gy)),
        max_iter=1,
        max_eval=26,  # 25 evaluations in a line search; the default here would be none at all
        tolerance_grad=0.0,
        tolerance_change=0.0,
        history_size=case.parameters.get("memory", 10),
        line_search_fn="strong_wolfe",
    )

    def closure() -> float:
        loss, gradient = problem.loss_and_gradient(point_of(w))
        w.grad = torch.tensor(gradient)
        return loss

    while True:
        optimizer.step(closure)
        optimizer.param_groups[0]["lr"] = rate
        yield point_of(w)


# --- optax's and others' ------------------------------------------------------------------------------------


def optax_rate(rate: float | Document) -> Any:
    """A number, or optax's schedule for one of our documents."""
    if isinstance(rate, dict):
        assert rate["kind"] == "cosine", rate
        return optax.cosine_decay_schedule(
            rate["learning_rate"], rate["steps"], alpha=rate["final"] / rate["learning_rate"]
        )
    return rate


OPTAX: dict[str, tuple[str, Callable[[Any, Document], Any]]] = {
    "adabelief": (
        "optax.adabelief(eps=1e-16, eps_root=1e-16)",
        lambda rate, p: optax.adabelief(rate, *betas(p), eps=1e-16, eps_root=1e-16),
    ),
    "yogi": ("optax.yogi(eps=1e-3)", lambda rate, p: optax.yogi(rate, *betas(p), eps=1e-3)),
    "adan": (
        "optax.adan(b1=0.98, b2=0.92, b3=0.99, eps=1e-8, eps_root=1e-8)",
        lambda rate, p: optax.adan(
            rate,
            p.get("beta1", 0.98),
            p.get("beta2", 0.92),
            p.get("beta3", 0.99),
            eps=1e-8,
            eps_root=1e-8,
        ),
    ),
    "lion": (
        "optax.lion",
        lambda rate, p: optax.lion(
            rate, p.get("beta1", 0.9), p.get("beta2", 0.99), weight_decay=p.get("weight_decay", 0.0)
        ),
    ),
    "signum": ("optax.signum", lambda rate, p: optax.signum(rate, p.get("momentum", 0.9))),
}


def run_optax(problem: Problem, start: Point, case: Case) -> Iterates:
    """One of optax's transformations, its update jitted."""
    _, make = OPTAX[case.kind]
    transformation = make(optax_rate(case.learning_rate), case.parameters)
    update = jax.jit(transformation.update)
    w = jnp.asarray(start)
    state = transformation.init(w)
    while True:
        updates, state = update(problem.jax_gradient((float(w[0]), float(w[1]))), state, w)
        w = optax.apply_updates(w, updates)
        yield float(w[0]), float(w[1])


def run_sam(problem: Problem, start: Point, case: Case) -> Iterates:
    """`optax.contrib.sam`: plain SGD outside, one normalised step of length `radius` uphill inside."""
    assert isinstance(case.learning_rate, float)
    uphill = optax.chain(contrib.normalize(), optax.sgd(case.parameters.get("radius", 0.05)))
    transformation = contrib.sam(optax.sgd(case.learning_rate), uphill, opaque_mode=True)
    w = jnp.asarray(start)
    state = transformation.init(w)

    def gradient(w: jax.Array, _: int = 0) -> jax.Array:
        return problem.jax_gradient((float(w[0]), float(w[1])))

    while True:
        updates, state = transformation.update(gradient(w), state, w, grad_fn=gradient)
        w = optax.apply_updates(w, updates)
        yield float(w[0]), float(w[1])


def run_schedule_free(problem: Problem, start: Point, case: Case) -> Iterates:
    """`optax.contrib.schedule_free_sgd`; the path is that of the average x."""
    assert isinstance(case.learning_rate, float)
    beta = case.parameters.get("beta", 0.9)
    transformation = contrib.schedule_free_sgd(case.learning_rate, b1=beta)
    update = jax.jit(transformation.update)
    y = jnp.asarray(start)
    state = transformation.init(y)
    while True:
        updates, state = update(problem.jax_gradient((float(y[0]), float(y[1]))), state, y)
        y = optax.apply_updates(y, updates)
        x = contrib.schedule_free_eval_params(state, y)
        yield float(x[0]), float(x[1])


def run_schedule_free_warmup(problem: Problem, start: Point, case: Case) -> Iterates:
    """`schedulefree.SGDScheduleFree` with a warm-up, so that weights differ; the path is the average's."""
    schedule = case.learning_rate
    assert isinstance(schedule, dict)
    assert schedule["kind"] == "warmup"
    w = torch.tensor(start, requires_grad=True)
    optimizer = schedulefree.SGDScheduleFree(
        [w],
        lr=schedule["then"]["learning_rate"],
        momentum=case.parameters.get("beta", 0.9),
        # its rates are 1/n, 2/n, ..., 1: our warm-up from 1/n in n - 1 steps
        warmup_steps=schedule["steps"] + 1,
        foreach=False,
    )
    optimizer.train()
    while True:
        w.grad = torch.tensor(problem.gradient(point_of(w)))
        optimizer.step()
        optimizer.eval()
        yield point_of(w)
        optimizer.train()


def run_nesterov(problem: Problem, start: Point, case: Case) -> Iterates:
    """The look-ahead form, in own lines with torch's autograd (PyTorch's own is the rearranged form)."""
    assert isinstance(case.learning_rate, float)
    momentum, rate = case.parameters.get("momentum", 0.9), case.learning_rate
    w = torch.tensor(start)
    v = torch.zeros(2)
    while True:
        ahead = w - rate * momentum * v
        v = momentum * v + torch.tensor(problem.gradient(point_of(ahead)))
        w = w - rate * v
        yield point_of(w)


def run_newton(problem: Problem, start: Point, case: Case) -> Iterates:
    """w ← w - rate·(H + damping·I)⁺ g, in own lines with `torch.func.hessian` and `torch.linalg.pinv`."""
    assert isinstance(case.learning_rate, float)
    damping = case.parameters.get("damping", 0.0)
    w = torch.tensor(start)
    while True:
        gradient = torch.tensor(problem.gradient(point_of(w)))
        hessian = problem.hessian(point_of(w))
        w = w - case.learning_rate * (torch.linalg.pinv(hessian + damping * torch.eye(2)) @ gradient)
        yield point_of(w)


# --- cases --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One run: our documents for it, and where its numbers come from."""

    kind: str
    surface: str
    start: Point
    learning_rate: float | Document
    parameters: Document = field(default_factory=dict)
    steps: int = STEPS[-1]

    @property
    def sampled(self) -> list[int]:
        """The recorded steps; in a shortened run all of the first 40."""
        if self.steps == STEPS[-1]:
            return STEPS
        return [*range(min(self.steps, 40)), *(s for s in STEPS if 40 <= s < self.steps), self.steps]

    @property
    def source(self) -> str:
        """Who computed it."""
        if self.kind in TORCH:
            name, _ = TORCH[self.kind]
            if isinstance(self.learning_rate, dict):
                name += f" with {SCHEDULERS[self.learning_rate['kind']]}"
            return name
        if self.kind in OPTAX:
            name, _ = OPTAX[self.kind]
            return name + (
                " with optax.cosine_decay_schedule" if isinstance(self.learning_rate, dict) else ""
            )
        if self.kind == "schedule_free" and isinstance(self.learning_rate, dict):
            return "schedulefree.SGDScheduleFree with warmup_steps, the averaged point"
        return OTHERS[self.kind][0]


Run = Callable[[Problem, Point, Case], Iterates]

OTHERS: dict[str, tuple[str, Run]] = {
    "lbfgs": (
        "torch.optim.LBFGS(max_iter=1, strong_wolfe), its first rate divided by min(1, 1/|g|_1)",
        run_lbfgs,
    ),
    "sam": ("optax.contrib.sam of optax.sgd, uphill optax.contrib.normalize", run_sam),
    "schedule_free": ("optax.contrib.schedule_free_sgd, schedule_free_eval_params", run_schedule_free),
    "nesterov": ("own lines with torch autograd: look-ahead form", run_nesterov),
    "newton": ("own lines with torch.func.hessian and torch.linalg.pinv", run_newton),
}

SCHEDULERS = {
    "cosine": "CosineAnnealingLR",
    "step": "StepLR",
    "exponential": "ExponentialLR",
    "cosine_restarts": "CosineAnnealingWarmRestarts",
    "triangular": "CyclicLR(cycle_momentum=False)",
    "one_cycle": "OneCycleLR(cycle_momentum=False)",
    "plateau": "ReduceLROnPlateau(eps=0)",
}


def run_of(case: Case) -> Run:
    """Which of the functions above runs `case`."""
    if case.kind in TORCH:
        return run_torch
    if case.kind in OPTAX:
        return run_optax
    if case.kind == "schedule_free" and isinstance(case.learning_rate, dict):
        return run_schedule_free_warmup
    return OTHERS[case.kind][1]


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


# --- recording ----------------------------------------------------------------------------------------------


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


def checked(case: Case) -> Document:
    """The data of `case`, or a refusal if it hangs on the last digits."""
    reference = record(case, case.start)
    strayed = deviation(case, reference)
    if not strayed <= TOLERATED_DEVIATION:
        raise SystemExit(f"{case}: strays by {strayed:.1e}")
    if margin(case, reference.gradients) < SMALLEST_MARGIN:
        raise SystemExit(f"{case}: a sign hangs on {margin(case, reference.gradients):.1e}")
    if not reference.loss[-1] < reference.loss[0] and case not in CLIMBS:
        raise SystemExit(f"{case}: does not descend")
    if case.kind == "lbfgs" and min(reference.gradient_norm) < 1e-4:
        raise SystemExit(
            f"{case}: so near to the minimum PyTorch's fixed cut-offs (y·s > 1e-10) come into play"
        )
    if case.kind in TORCH:
        both = difference(
            case, reference, record(case, case.start, run=lambda p, s, c: run_torch(p, s, c, foreach=True))
        )
        if both > TOLERATED_DEVIATION:
            raise SystemExit(f"{case}: PyTorch's two implementations differ by {both:.1e}")
    return {**described(case), **sampled(case, reference), "deviation": float(f"{strayed:.1e}")}


def described(case: Case) -> Document:
    """What was run."""
    document: Document = {
        "optimizer": {"kind": case.kind, **case.parameters},
        "learning_rate": case.learning_rate,
        "surface": SURFACES[case.surface].document,
        "start": list(case.start),
        "source": case.source,
    }
    if case.sampled != STEPS:
        document["steps"] = case.sampled
    return document


def sampled(case: Case, reference: Record) -> Document:
    """The recorded numbers."""
    return {
        name: [getattr(reference, name)[s] for s in case.sampled]
        for name in ("x", "y", "loss", "gradient_norm")
    }


def lbfgs_notes() -> list[Document]:
    """L-BFGS with PyTorch's own scaling of the first trial step, for whoever wonders."""
    notes = []
    for case in cases():
        if case.kind == "lbfgs" and case.surface in ("rosenbrock", "himmelblau"):
            raw = record(case, case.start, run=lambda p, s, c: run_lbfgs(p, s, c, scaled=True))
            note = {**described(case), "source": "torch.optim.LBFGS(max_iter=1, strong_wolfe), unchanged"}
            notes.append({**note, **sampled(case, raw)})
    return notes


def write(path: Path, head: Document, lists: dict[str, list[Document]]) -> None:
    """Write JSON with an entry of a list on each line."""
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    for name, entries in lists.items():
        rows = ",\n".join(json.dumps(entry, separators=(",", ":"), allow_nan=False) for entry in entries)
        lines.append(f"{json.dumps(name)}: [\n{rows}\n]")
    path.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


def main() -> None:
    """Compute, check and write."""
    made_with = {name: version(name) for name in PACKAGES} | {"python": platform.python_version()}
    made_with["torch"] = made_with["torch"].partition("+")[0]
    write(
        Path(__file__).with_name("trajectories.json"),
        {"made_with": made_with, "command": COMMAND, "steps": STEPS},
        {"cases": [checked(case) for case in cases()], "lbfgs_notes": lbfgs_notes()},
    )


if __name__ == "__main__":
    main()
