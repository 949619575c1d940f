"""Optimizers in own lines over PyTorch's derivatives, where no library has ours."""

from __future__ import annotations

import torch

from .case import Case
from .problem import Iterates, Point, Problem, point_of


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
