"""The rates a scheduler of PyTorch gives, by stepping it and by its own closed form."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch.optim import Optimizer

from ..documents import Document

torch.set_default_dtype(torch.float64)
# An optimizer that never steps is all a scheduler needs here; PyTorch suspects a mistake.
warnings.filterwarnings("ignore", message="Detected call of `lr_scheduler.step")

Rates = list[float]
Make = Callable[[Optimizer], Any]

STEPS = 300


def optimizer_with(rate: float) -> Optimizer:
    """Something that has a learning rate."""
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)


def stepped(make: Make, rate: float, steps: int = STEPS) -> Rates:
    """The rates that leave iterates 0 to `steps`, the scheduler being stepped after each update."""
    optimizer = optimizer_with(rate)
    scheduler = make(optimizer)
    rates = [float(optimizer.param_groups[0]["lr"])]
    for _ in range(steps):
        scheduler.step()
        rates.append(float(optimizer.param_groups[0]["lr"]))
    return rates


def closed(make: Make, rate: float, steps: int = STEPS) -> Rates:
    """The same by the scheduler's own closed form."""
    scheduler = make(optimizer_with(rate))
    rates = []
    for t in range(steps + 1):
        scheduler.last_epoch = t
        (value,) = scheduler._get_closed_form_lr()
        rates.append(float(value))
    return rates


def agree(document: Document, a: Rates, b: Rates, tolerance: float = 1e-11) -> None:
    """Refuse two lists that differ by more than rounding."""
    peak = max(a)
    worst = max(abs(p - q) for p, q in zip(a, b, strict=True)) / peak
    if len(a) != len(b) or not worst <= tolerance:
        raise SystemExit(f"{document}: stepping and closed form differ by {worst:.1e}")


def flat_after(rates: Rates, end: int) -> Rates:
    """The list up to `end`, then its value there."""
    return rates[: end + 1] + [rates[end]] * (STEPS - end)


def case(document: Document, source: str, rates: Rates, **more: Any) -> Document:
    """An entry of the file."""
    return {"learning_rate": document, "steps": STEPS, "source": source, "rates": rates, **more}


def by_closed_form(document: Document, name: str, make: Make) -> Document:
    """A scheduler that has a closed form."""
    rate = document["learning_rate"]
    rates = closed(make, rate)
    agree(document, rates, stepped(make, rate))
    return case(document, f"torch.optim.lr_scheduler.{name}, closed form", rates)


def by_stepping(document: Document, name: str, make: Make) -> Document:
    """A scheduler that computes each rate anew, from t alone."""
    rates = stepped(make, document["learning_rate"])
    return case(document, f"torch.optim.lr_scheduler.{name}, stepped", rates)
