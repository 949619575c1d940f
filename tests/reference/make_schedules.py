"""Compute `schedules.json`: the learning rates that PyTorch's schedulers give, for ours to be compared with.

The data was made once, with the versions that it records, by

    python3 -m venv reference-env
    reference-env/bin/pip install torch==2.13.0 numpy==2.4.6
    reference-env/bin/python tests/reference/make_schedules.py

PyTorch is no dependency of the project: its tests only read the data. Where a scheduler multiplies the last
rate to get the next one, rounding piles up, so its own closed form is recorded, after checking that stepping
it agrees to 1e-11 of the peak. See `README.md` beside.
"""

from __future__ import annotations

import json
import math
import platform
import random
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from torch.optim import Optimizer
from torch.optim import lr_scheduler as schedulers

torch.set_default_dtype(torch.float64)
# An optimizer that never steps is all a scheduler needs here; PyTorch suspects a mistake.
warnings.filterwarnings("ignore", message="Detected call of `lr_scheduler.step")

Document = dict[str, Any]
Rates = list[float]
Make = Callable[[Optimizer], Any]

COMMAND = "python tests/reference/make_schedules.py"
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
    return entries


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


def noisy_losses(seed: int, floor: float, noise: float) -> list[float]:
    """A positive loss that falls, rests, and trembles all the while."""
    luck = random.Random(seed)
    return [
        (floor + 4.0 * math.exp(-t / 25.0) + math.exp(-t / 90.0)) * (1.0 + noise * luck.uniform(-1.0, 1.0))
        for t in range(STEPS + 1)
    ]


def plateaus() -> list[Document]:
    """Rates that answer to the loss."""
    variants: list[Document] = [
        {"factor": 0.5, "patience": 5},
        {"factor": 0.3, "patience": 3, "threshold": 0.01, "cooldown": 7},
        {"factor": 0.2, "patience": 2, "threshold": 0.003, "cooldown": 4, "minimum": 0.0007},
        {},
    ]
    entries = []
    for seed, parameters in enumerate(variants):
        d = {"kind": "plateau", "learning_rate": 0.1, **parameters}
        losses = noisy_losses(seed, 0.5, 0.02 * (1 + seed))
        optimizer = optimizer_with(d["learning_rate"])
        scheduler = schedulers.ReduceLROnPlateau(
            optimizer,
            factor=d.get("factor", 0.1),
            patience=d.get("patience", 10),
            threshold=d.get("threshold", 1e-4),
            threshold_mode="rel",
            cooldown=d.get("cooldown", 0),
            min_lr=d.get("minimum", 0.0),
            eps=0.0,
        )
        rates = [d["learning_rate"]]
        for loss in losses[:STEPS]:
            scheduler.step(loss)
            rates.append(float(optimizer.param_groups[0]["lr"]))
        best = math.inf
        for loss in losses[:STEPS]:  # no decision may hang on how best - threshold * best is rounded
            bar = best * (1.0 - d.get("threshold", 1e-4))
            if abs(loss - bar) < 1e-9:
                raise SystemExit(f"{d}: a loss is too near to the threshold")
            best = loss if loss < bar else best
        entries.append(
            case(
                d,
                "torch.optim.lr_scheduler.ReduceLROnPlateau(eps=0), stepped",
                rates,
                losses=losses,
                note="losses[t] is heard after update t; rates[t + 1] is the first to answer",
            )
        )
    return entries


def write(path: Path, head: Document, cases: list[Document]) -> None:
    """Write JSON with a case on each line."""
    rows = ",\n".join(json.dumps(entry, separators=(",", ":"), allow_nan=False) for entry in cases)
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    path.write_text("{" + ",\n".join([*lines, f'"cases": [\n{rows}\n]']) + "}\n", encoding="utf-8")


def main() -> None:
    """Compute, check and write."""
    made_with = {"torch": version("torch").partition("+")[0], "python": platform.python_version()}
    cases = [*decays(), *cosines(), *cycles(), *warmups(), *plateaus()]
    for entry in cases:
        if len(entry["rates"]) != STEPS + 1 or min(entry["rates"]) < 0.0:
            raise SystemExit(f"{entry['learning_rate']}: not {STEPS + 1} rates, or a negative one")
    write(Path(__file__).with_name("schedules.json"), {"made_with": made_with, "command": COMMAND}, cases)


if __name__ == "__main__":
    main()
