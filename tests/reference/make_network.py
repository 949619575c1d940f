"""Compute `network.json`: loss, gradient, slice and principal components of a small net, by PyTorch.

The data was made once, with the versions that it records, by

    python3 -m venv reference-env
    reference-env/bin/pip install torch==2.13.0 numpy==2.4.6
    reference-env/bin/python tests/reference/make_network.py

PyTorch is no dependency of the project: its tests only read the data.  See `README.md` beside.
"""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import torch
from making.documents import write
from torch import Tensor, nn

COMMAND = "python tests/reference/make_network.py"
EXAMPLES, BATCH, STEPS, RATE = 40, 8, 60, 0.5
GRID = torch.linspace(-1.0, 1.0, 11, dtype=torch.float64)


def net() -> nn.Sequential:
    """Return a 2-8-1 net; parameters() are W₁, b₁, W₂, b₂."""
    return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))


def flat(tensors: list[Tensor]) -> Tensor:
    """Return all numbers of the tensors, one after the other."""
    return torch.cat([tensor.detach().reshape(-1) for tensor in tensors])


def loss_of(model: nn.Module, x: Tensor, label: Tensor) -> Tensor:
    """Return the mean log loss."""
    return nn.functional.binary_cross_entropy_with_logits(model(x)[:, 0], label)


def loss_and_gradient(model: nn.Module, w: Tensor, x: Tensor, label: Tensor) -> tuple[float, Tensor]:
    """Return both at weights (d,)."""
    nn.utils.vector_to_parameters(w.clone(), model.parameters())
    model.zero_grad()
    loss = loss_of(model, x, label)
    loss.backward()
    return loss.item(), flat([parameter.grad for parameter in model.parameters()])


def normalised(direction: Tensor, model: nn.Module) -> Tensor:
    """Return a direction with the filters of the model's, as loss-landscape's net_plotter.py does it."""
    parts, start = [], 0
    for weight in model.parameters():
        part = direction[start : start + weight.numel()].reshape(weight.shape).clone()
        start += weight.numel()
        if weight.dim() <= 1:
            part.fill_(0.0)
        else:
            part = torch.stack([d * (w.norm() / d.norm()) for d, w in zip(part, weight, strict=True)])
        parts.append(part)
    return flat(parts)


def sgd_path(model: nn.Module, start: Tensor, x: Tensor, label: Tensor) -> Tensor:
    """Return 61 iterates of torch.optim.SGD, its batches in data order."""
    nn.utils.vector_to_parameters(start.clone(), model.parameters())
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    path = [flat(list(model.parameters()))]
    for t in range(STEPS):
        first = BATCH * t % EXAMPLES
        optimizer.zero_grad()
        loss_of(model, x[first : first + BATCH], label[first : first + BATCH]).backward()
        optimizer.step()
        path.append(flat(list(model.parameters())))
    return torch.stack(path)


def main() -> None:
    """Compute and write."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(5)
    model = net()
    x = torch.randn(EXAMPLES, 2)
    label = (x[:, 0] * x[:, 1] + 0.3 * torch.randn(EXAMPLES) > 0).double()
    weights = [scale * torch.randn(33) for scale in (0.3, 1.0, 5.0)]
    looks = [loss_and_gradient(model, w, x, label) for w in weights]

    center = weights[1]
    drawn = torch.randn(2, 33)
    nn.utils.vector_to_parameters(center.clone(), model.parameters())
    first, second = (normalised(each, model) for each in drawn)
    grid = [
        [loss_and_gradient(model, center + a * first + b * second, x, label)[0] for a in GRID] for b in GRID
    ]

    path = sgd_path(model, weights[0], x, label)
    rows = path - path[-1]
    centred = rows - rows.mean(dim=0)
    _, lengths, components = torch.linalg.svd(centred, full_matrices=False)
    vectors = torch.linalg.eigh(centred.T @ centred).eigenvectors
    if (components[:2] @ vectors[:, [-1, -2]]).diagonal().abs().min() < 1 - 1e-12:
        raise SystemExit("two ways to the principal components do not agree")

    made_with = {"torch": version("torch").partition("+")[0], "python": platform.python_version()}
    write(
        Path(__file__).with_name("network.json"),
        {
            "made_with": made_with,
            "command": COMMAND,
            "hidden": [8],
            "activation": "tanh",
            "x": x.tolist(),
            "label": label.tolist(),
            "center": center.tolist(),
            "drawn": drawn.tolist(),
            "directions": [first.tolist(), second.tolist()],
            "grid": {"x": GRID.tolist(), "y": GRID.tolist(), "loss": grid},
            "batch": BATCH,
            "learning_rate": RATE,
            "coordinates": (rows @ components[:2].T).tolist(),
            "explained": (lengths**2 / (lengths**2).sum())[:2].tolist(),
        },
        {
            "looks": [
                {"w": w.tolist(), "loss": loss, "gradient": gradient.tolist()}
                for w, (loss, gradient) in zip(weights, looks, strict=True)
            ],
            "path": path.tolist(),
        },
    )


if __name__ == "__main__":
    main()
