"""Who runs a case."""

from __future__ import annotations

from collections.abc import Callable

from .case import Case
from .optax_optimizers import OPTAX, run_optax, run_sam, run_schedule_free
from .own_optimizers import run_nesterov, run_newton
from .problem import Iterates, Point, Problem
from .torch_optimizers import TORCH, run_lbfgs, run_schedule_free_warmup, run_torch
from .torch_schedulers import SCHEDULERS

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


def run_of(case: Case) -> Run:
    """Which function runs `case`."""
    if case.kind in TORCH:
        return run_torch
    if case.kind in OPTAX:
        return run_optax
    if case.kind == "schedule_free" and isinstance(case.learning_rate, dict):
        return run_schedule_free_warmup
    return OTHERS[case.kind][1]


def source_of(case: Case) -> str:
    """Who computed `case`."""
    if case.kind in TORCH:
        name, _ = TORCH[case.kind]
        if isinstance(case.learning_rate, dict):
            name += f" with {SCHEDULERS[case.learning_rate['kind']]}"
        return name
    if case.kind in OPTAX:
        name, _ = OPTAX[case.kind]
        return name + (" with optax.cosine_decay_schedule" if isinstance(case.learning_rate, dict) else "")
    if case.kind == "schedule_free" and isinstance(case.learning_rate, dict):
        return "schedulefree.SGDScheduleFree with warmup_steps, the averaged point"
    return OTHERS[case.kind][0]
