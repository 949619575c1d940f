"""Rates that fall: decays, and cosines with and without restarts."""

from __future__ import annotations

from typing import Any

from torch.optim import Optimizer
from torch.optim import lr_scheduler as schedulers

from ..documents import Document
from .stepping import agree, by_closed_form, by_stepping, case, closed, flat_after, stepped


def decays() -> list[Document]:
    """Rates that only fall."""
    entries = []
    for every, factor in ((37, 0.5), (64, 0.3)):
        d = {"kind": "step", "learning_rate": 0.1, "every": every, "factor": factor}
        entries.append(
            by_closed_form(d, "StepLR", lambda o, d=d: schedulers.StepLR(o, d["every"], gamma=d["factor"]))
        )
    for milestones, factor in (([30, 80, 211], 0.5), ([1, 7, 150, 299], 0.2)):
        d = {
            "kind": "multi_step",
            "learning_rate": 0.2,
            "milestones": milestones,
            "factor": factor,
        }
        entries.append(
            by_closed_form(
                d,
                "MultiStepLR",
                lambda o, d=d: schedulers.MultiStepLR(o, d["milestones"], gamma=d["factor"]),
            )
        )
    for rate, factor in ((0.1, 0.99), (0.7, 0.9371)):
        d = {"kind": "exponential", "learning_rate": rate, "factor": factor}
        entries.append(
            by_closed_form(d, "ExponentialLR", lambda o, d=d: schedulers.ExponentialLR(o, gamma=d["factor"]))
        )
    for rate, slowing in ((0.1, 0.01), (0.35, 0.37)):
        d = {"kind": "inverse_time", "learning_rate": rate, "rate": slowing}
        entries.append(
            by_stepping(
                d,
                "LambdaLR(1 / (1 + rate t))",
                lambda o, d=d: schedulers.LambdaLR(o, lambda t: 1.0 / (1.0 + d["rate"] * t)),
            )
        )
    for steps, power in ((247, 2.0), (113, 0.7)):
        d = {"kind": "polynomial", "learning_rate": 0.1, "steps": steps, "power": power, "final": 0.0}
        entries.append(
            by_closed_form(
                d, "PolynomialLR", lambda o, d=d: schedulers.PolynomialLR(o, d["steps"], power=d["power"])
            )
        )
    for steps, final in ((247, 0.0), (113, 0.03)):
        d = {"kind": "linear", "learning_rate": 0.1, "steps": steps, "final": final}
        entries.append(
            by_closed_form(
                d,
                "LinearLR(1, final / learning_rate)",
                lambda o, d=d: schedulers.LinearLR(o, 1.0, d["final"] / d["learning_rate"], d["steps"]),
            )
        )
    return entries


def cosines() -> list[Document]:
    """Cosine annealing, once and with restarts."""
    entries = []
    for steps, final in ((247, 0.0), (113, 0.003)):
        d = {"kind": "cosine", "learning_rate": 0.1, "steps": steps, "final": final}

        def make(o: Optimizer, d: Document = d) -> Any:
            return schedulers.CosineAnnealingLR(o, T_max=d["steps"], eta_min=d["final"])

        rates = closed(make, d["learning_rate"], steps)
        agree(d, rates, stepped(make, d["learning_rate"], steps))
        entries.append(
            case(
                d,
                "torch.optim.lr_scheduler.CosineAnnealingLR, closed form",
                flat_after(rates, steps),
                note=f"PyTorch's up to T_max = {steps}, where it would climb again; then its value there",
            )
        )
    for period, multiplier, final in ((37, 1, 0.002), (23, 2, 0.0), (11, 3, 0.01)):
        d = {
            "kind": "cosine_restarts",
            "learning_rate": 0.1,
            "period": period,
            "multiplier": multiplier,
            "final": final,
        }
        entries.append(
            by_stepping(
                d,
                "CosineAnnealingWarmRestarts",
                lambda o, d=d: schedulers.CosineAnnealingWarmRestarts(
                    o, d["period"], T_mult=d["multiplier"], eta_min=d["final"]
                ),
            )
        )
    for period, multiplier, final in ((23, 1.5, 0.0), (17, 1.2371, 0.01), (5, 1.013, 0.002)):
        d = {
            "kind": "cosine_restarts",
            "learning_rate": 0.1,
            "period": period,
            "multiplier": multiplier,
            "final": final,
        }

        def stretched(o: Optimizer, d: Document = d) -> Any:
            # The constructor takes whole factors only; the arithmetic of its steps takes any.
            scheduler = schedulers.CosineAnnealingWarmRestarts(o, d["period"], eta_min=d["final"])
            scheduler.T_mult = d["multiplier"]
            return scheduler

        entries.append(by_stepping(d, "CosineAnnealingWarmRestarts, T_mult set afterwards", stretched))
    return entries
