"""Descents on data and the slice of a network, against a PyTorch loop that records the same."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from fall_line.experiment import Experiment, read
from fall_line.landscape import LandscapeRequest
from fall_line.runner import trajectories
from fall_line.surfaces import Network
from tests.benchmark.measuring import Row, milliseconds, ratios

EXAMPLES, BATCH = 10_000, 32
HIDDEN = (16, 16)
NETWORK = {"kind": "network", "hidden": HIDDEN}


def experiment(surface: dict[str, Any], steps: int, rate: float, size: int | None, order: str) -> Experiment:
    """One descent on data, filled in: reading 10,000 numbers from JSON is not what is measured."""
    gradient = {"kind": "exact"} if size is None else {"kind": "mini_batch", "size": size, "order": order}
    return read(
        {"surface": surface, "descents": [{"learning_rate": rate, "gradient": gradient}], "steps": steps}
    )


def rows() -> Iterator[Row]:
    """Yield the rows."""
    random = np.random.default_rng(0)
    x = random.standard_normal(EXAMPLES)
    y = 1.5 * x + 0.5 + 0.1 * random.standard_normal(EXAMPLES)
    many = {"kind": "linear_regression", "x": x.tolist(), "y": y.tolist()}
    cases = (
        ("neuron, 1000 epochs stochastic", "≤ 20", experiment({"kind": "neuron"}, 2000, 1.0, 1, "cyclic")),
        (
            "regression, N = 10,000, B = 32, 1000 steps",
            "≤ 100",
            experiment(many, 1000, 0.05, BATCH, "shuffled"),
        ),
        ("network 2-16-16-1 on 200 points, 500 steps", "≤ 300", experiment(NETWORK, 500, 0.5, None, "")),
    )
    for name, goal, wanted in cases:
        yield Row(name, goal, milliseconds(partial(trajectories, wanted), 5), "ms")
    whole = LandscapeRequest.model_validate({"surface": NETWORK, "resolution": 101})
    yield Row("its slice, 101 × 101", "≤ 1500", milliseconds(whole.compute, 5), "ms")
    yield from against_torch(cases, whole)


def against_torch(cases: tuple[tuple[str, str, Experiment], ...], whole: LandscapeRequest) -> Iterator[Row]:
    """The same / a loop in PyTorch, loss of all data and iterate recorded at each step on both sides."""
    try:
        import torch
    except ImportError:
        yield Row("data / PyTorch", "", [], note="PyTorch is not installed")
        return
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)

    def line(w: Any, x: Any, y: Any) -> Any:
        return ((w[0] * x + w[1] - y) ** 2).mean()

    def neuron(w: Any, x: Any, y: Any) -> Any:
        return (0.5 * (torch.sigmoid(w[0] * x + w[1]) - y) ** 2).sum()

    def descend(loss: Callable[..., Any], wanted: Experiment) -> None:
        (descent,) = wanted.descents
        x, y = (torch.tensor(column) for column in wanted.surface.columns())
        batches = descent.gradient.batches(len(x), wanted.seed)
        w = torch.tensor(descent.start, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=descent.learning_rate)
        recorded = []
        for t in range(wanted.steps):
            rows = torch.from_numpy(batches.rows(t))
            optimizer.zero_grad()
            whole = loss(w, x, y)
            (slope,) = torch.autograd.grad(whole, w)
            batch = loss(w, x[rows], y[rows])
            batch.backward()
            recorded.append((w[0].item(), w[1].item(), whole.item(), slope.norm().item(), batch.item()))
            optimizer.step()

    train, draw = network_in(torch)
    (_, _, one), (_, _, many), (_, _, network) = cases
    pairs: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        (cases[0][0], partial(trajectories, one), partial(descend, neuron, one)),
        (cases[1][0], partial(trajectories, many), partial(descend, line, many)),
        (cases[2][0], partial(trajectories, network), train),
        ("slice, 101 × 101", whole.compute, draw),
    ]
    for name, ours, theirs in pairs:
        ours()
        yield Row(f"{name} / PyTorch", "≥ 3", ratios(ours, theirs, 3), group="data / PyTorch")


def network_in(torch: Any) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return PyTorch's way to train the network and to draw its slice."""
    net = Network(hidden=HIDDEN).net()
    x, label = torch.from_numpy(net.features.copy()), torch.from_numpy(net.labels)
    sizes = list(pairwise((2, *HIDDEN, 1)))

    def model() -> Any:
        layers = [each for i, o in sizes for each in (torch.nn.Linear(i, o), torch.nn.Tanh())]
        return torch.nn.Sequential(*layers[:-1])

    loss_of = torch.nn.functional.binary_cross_entropy_with_logits

    def train() -> None:
        trained = model()
        optimizer = torch.optim.SGD(trained.parameters(), lr=0.5)
        recorded = []
        for _ in range(500):
            optimizer.zero_grad()
            z = trained(x)[:, 0]
            value = loss_of(z, label)
            value.backward()
            right = ((z > 0) == (label > 0.5)).double().mean().item()
            iterate = torch.cat([each.detach().ravel() for each in trained.parameters()])
            recorded.append((iterate, value.item(), right))
            optimizer.step()

    def draw() -> None:
        seen = model()
        weights = list(seen.parameters())
        first, second = ([torch.randn_like(each) for each in weights] for _ in range(2))
        center = [each.detach().clone() for each in weights]
        with torch.no_grad():
            for a in np.linspace(-1, 1, 101):
                for b in np.linspace(-1, 1, 101):
                    for each, c, p, q in zip(weights, center, first, second, strict=True):
                        each.copy_(c + a * p + b * q)
                    loss_of(seen(x)[:, 0], label).item()

    return train, draw
