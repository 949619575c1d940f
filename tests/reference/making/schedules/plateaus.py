"""Rates that answer to the loss."""

from __future__ import annotations

import math
import random

from torch.optim import lr_scheduler as schedulers

from ..documents import Document
from .stepping import STEPS, case, optimizer_with


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
