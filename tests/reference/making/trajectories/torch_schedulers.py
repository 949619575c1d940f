"""PyTorch's schedulers for our schedule documents."""

from __future__ import annotations

from typing import Any

from torch.optim import Optimizer
from torch.optim import lr_scheduler as schedulers

from ..documents import Document

SCHEDULERS = {
    "cosine": "CosineAnnealingLR",
    "step": "StepLR",
    "exponential": "ExponentialLR",
    "cosine_restarts": "CosineAnnealingWarmRestarts",
    "triangular": "CyclicLR(cycle_momentum=False)",
    "one_cycle": "OneCycleLR(cycle_momentum=False)",
    "plateau": "ReduceLROnPlateau(eps=0)",
}


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
