"""PyTorch's optimizers, and one made for PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import schedulefree
import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim import lr_scheduler as schedulers

from ..documents import Document
from .case import Case, betas
from .problem import Iterates, Point, Problem, point_of
from .torch_schedulers import torch_scheduler

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
