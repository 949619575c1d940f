"""Write data.json: descents on the loss of small models, by PyTorch's autograd and own lines of NumPy.

python3 -m venv reference-env
reference-env/bin/pip install torch==2.13.0 numpy==2.4.6
reference-env/bin/python tests/reference/make_data.py
"""

import json
from pathlib import Path

import numpy as np
import torch

torch.set_default_dtype(torch.float64)

NEURON = {"x": [0.5, 2.5], "y": [0.2, 0.9]}
LINE = {
    "x": [
        0.1,
        0.4,
        0.5,
        0.9,
        1.2,
        1.3,
        1.7,
        1.8,
        2.0,
        2.2,
        2.3,
        2.6,
        2.9,
        3.1,
        3.2,
        3.5,
        3.7,
        3.8,
        4.0,
        4.4,
        4.5,
    ],
    "y": [
        0.3,
        0.1,
        0.6,
        0.5,
        0.9,
        0.8,
        1.4,
        0.9,
        1.5,
        1.2,
        1.9,
        1.6,
        2.1,
        1.7,
        2.4,
        2.2,
        2.1,
        2.9,
        2.6,
        2.8,
        3.3,
    ],
}


def neuron(w, x, y):
    return (0.5 * (torch.sigmoid(w[0] * x + w[1]) - y) ** 2).sum()


def line(w, x, y):
    return ((w[0] * x + w[1] - y) ** 2).mean()


def logistic(w, x, y):
    return torch.nn.functional.binary_cross_entropy_with_logits(w[0] * x + w[1], y)


def descend(loss, data, start, rate, steps, size, momentum=0.0, look_ahead=False):
    """Every iterate of a descent in cyclic batches, and the loss of all data at each."""
    x, y = torch.tensor(data["x"]), torch.tensor(data["y"])
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=rate, momentum=0.0 if look_ahead else momentum)
    velocity = torch.zeros(2)
    per_epoch = -(-len(x) // size)
    iterates, losses = [w.tolist()], [loss(w, x, y).item()]
    for t in range(steps):
        batch = slice(t % per_epoch * size, (t % per_epoch + 1) * size)
        if look_ahead:
            ahead = (w - rate * momentum * velocity).detach().requires_grad_()
            (gradient,) = torch.autograd.grad(loss(ahead, x[batch], y[batch]), ahead)
            velocity = momentum * velocity + gradient
            with torch.no_grad():
                w -= rate * velocity
        else:
            optimizer.zero_grad()
            loss(w, x[batch], y[batch]).backward()
            optimizer.step()
        iterates.append(w.tolist())
        losses.append(loss(w, x, y).item())
    return iterates, losses


def case(kind, loss, data, optimizer, start, rate, steps, size, every):
    momentum = optimizer.get("momentum", 0.0)
    iterates, losses = descend(
        loss, data, start, rate, steps, size, momentum, look_ahead=optimizer["kind"] == "nesterov"
    )
    return {
        "surface": {"kind": kind, **data},
        "optimizer": optimizer,
        "learning_rate": rate,
        "start": start,
        "size": size,
        "steps": list(range(0, steps + 1, every)),
        "iterates": iterates[::every],
        "loss": losses[::every],
    }


DESCENT, MOMENTUM = {"kind": "gradient_descent"}, {"kind": "momentum", "momentum": 0.9}
NESTEROV = {"kind": "nesterov", "momentum": 0.9}
CLASSES = {"x": LINE["x"], "y": [0.0] * 7 + [1.0, 0.0, 0.0, 1.0, 0.0] + [1.0] * 9}

cases = [
    *(
        case("neuron", neuron, NEURON, each, [-2.0, -2.0], 1.0, 1000, 2, 10)
        for each in (DESCENT, MOMENTUM, NESTEROV)
    ),
    *(
        case("neuron", neuron, NEURON, each, [-2.0, -2.0], 1.0, 2000, 1, 10)
        for each in (DESCENT, MOMENTUM, NESTEROV)
    ),
    case("linear_regression", line, LINE, DESCENT, [-1.0, 2.0], 0.05, 200, 8, 1),
    case("linear_regression", line, LINE, MOMENTUM, [-1.0, 2.0], 0.01, 200, 8, 1),
    case("linear_regression", line, LINE, DESCENT, [-1.0, 2.0], 0.05, 200, 10, 1),
    case("linear_regression", line, LINE, NESTEROV, [-1.0, 2.0], 0.01, 200, 7, 1),
    case("logistic_regression", logistic, CLASSES, DESCENT, [0.0, 0.0], 0.2, 200, 8, 1),
    case("logistic_regression", logistic, CLASSES, MOMENTUM, [0.0, 0.0], 0.05, 200, 20, 1),
]
written = {"made_with": {"torch": torch.__version__, "numpy": np.__version__}, "cases": cases}
Path(__file__).with_name("data.json").write_text(json.dumps(written))
