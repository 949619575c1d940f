"""Rates that also rise: cycles and warm-ups."""

from __future__ import annotations

from typing import Any

from torch.optim import Optimizer
from torch.optim import lr_scheduler as schedulers

from ..documents import Document
from .stepping import agree, by_stepping, case, closed, flat_after, stepped


def cycles() -> list[Document]:
    """Up and down."""
    entries = []
    for kind in ("triangular", "triangular2", "exp_range"):
        for low, up, down, factor in ((0.01, 23, 31, 0.99), (0.002, 47, 19, 0.983)):
            d = {"kind": kind, "low": low, "learning_rate": 0.1, "up": up, "down": down}
            if kind == "exp_range":
                d["factor"] = factor
            entries.append(
                by_stepping(
                    d,
                    f"CyclicLR({kind})",
                    lambda o, d=d: schedulers.CyclicLR(
                        o,
                        base_lr=d["low"],
                        max_lr=d["learning_rate"],
                        step_size_up=d["up"],
                        step_size_down=d["down"],
                        mode=d["kind"],
                        gamma=d.get("factor", 1.0),
                        cycle_momentum=False,
                    ),
                )
            )
    one_cycles: list[Document] = [
        {"steps": 300},
        {"steps": 247, "warmup_fraction": 0.21, "initial_divisor": 10.0, "final_divisor": 300.0},
        {"steps": 251, "anneal": "linear"},
        {"steps": 113, "anneal": "linear", "warmup_fraction": 0.45, "initial_divisor": 7.0},
        # No way up, no way down, a peak before the start, at an update, just before the end; few steps.
        *({"steps": 10, "warmup_fraction": fraction} for fraction in (0.0, 0.04, 0.5, 0.95, 1.0)),
        *({"steps": 10, "warmup_fraction": fraction, "anneal": "linear"} for fraction in (0.0, 1.0)),
        *({"steps": steps} for steps in (1, 2, 3, 4)),
        *({"steps": 2, "warmup_fraction": fraction} for fraction in (0.0, 0.75, 1.0)),
        *({"steps": steps, "warmup_fraction": 1.0} for steps in (3, 247)),
    ]
    for parameters in one_cycles:
        d = {"kind": "one_cycle", "learning_rate": 0.1, **parameters}

        def make(o: Optimizer, d: Document = d) -> Any:
            return schedulers.OneCycleLR(
                o,
                max_lr=d["learning_rate"],
                total_steps=d["steps"],
                pct_start=d.get("warmup_fraction", 0.3),
                anneal_strategy="linear" if d.get("anneal") == "linear" else "cos",
                cycle_momentum=False,
                div_factor=d.get("initial_divisor", 25.0),
                final_div_factor=d.get("final_divisor", 1e4),
            )

        end = d["steps"] - 1
        rates = flat_after(stepped(make, d["learning_rate"], end), end)
        entries.append(
            case(
                d,
                "torch.optim.lr_scheduler.OneCycleLR, stepped",
                rates,
                note=f"PyTorch's up to total_steps - 1 = {end}, its last; then its value there",
            )
        )
    return entries


def warmups() -> list[Document]:
    """A schedule that begins at its own step 0 after a warm-up."""
    entries = []
    for steps, start_factor, length, final in ((17, 0.1, 230, 0.0), (41, 0.25, 97, 0.004)):
        then = {"kind": "cosine", "learning_rate": 0.1, "steps": length, "final": final}
        d = {"kind": "warmup", "steps": steps, "start_factor": start_factor, "then": then}

        def rising(o: Optimizer, d: Document = d) -> Any:
            return schedulers.LinearLR(o, start_factor=d["start_factor"], total_iters=d["steps"])

        def falling(o: Optimizer, d: Document = then) -> Any:
            return schedulers.CosineAnnealingLR(o, T_max=d["steps"], eta_min=d["final"])

        end = steps + length
        rates = closed(rising, 0.1, steps - 1) + closed(falling, 0.1, length)
        sequence = stepped(
            lambda o, n=steps, a=rising, b=falling: schedulers.SequentialLR(o, [a(o), b(o)], milestones=[n]),
            0.1,
            end,
        )
        agree(d, rates, sequence)
        entries.append(
            case(
                d,
                "torch.optim.lr_scheduler.SequentialLR of LinearLR and CosineAnnealingLR, closed forms",
                flat_after(rates, end),
                note=f"PyTorch's up to {end}, where its cosine would climb again; then its value there",
            )
        )
    # LinearLR cannot begin at 0, our default; LambdaLR can.
    for steps, every, factor in ((29, 50, 0.5), (64, 33, 0.7)):
        then = {"kind": "step", "learning_rate": 0.1, "every": every, "factor": factor}
        d = {"kind": "warmup", "steps": steps, "then": then}
        rates = stepped(
            lambda o, n=steps, e=every, f=factor: schedulers.SequentialLR(
                o,
                [schedulers.LambdaLR(o, lambda t: t / n), schedulers.StepLR(o, e, gamma=f)],
                milestones=[n],
            ),
            0.1,
        )
        entries.append(
            case(d, "torch.optim.lr_scheduler.SequentialLR of LambdaLR(t / n) and StepLR, stepped", rates)
        )
    return entries
