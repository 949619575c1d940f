"""Write kinks.json: PyTorch's derivatives of min and max where their arguments are equal.

    python tests/reference/make_kinks.py

needs PyTorch alone.
"""

import json
from pathlib import Path

import torch

FUNCTIONS = {
    "min": lambda u, v: torch.minimum(torch.as_tensor(u), torch.as_tensor(v)),
    "max": lambda u, v: torch.maximum(
        torch.as_tensor(u, dtype=torch.float64), torch.as_tensor(v, dtype=torch.float64)
    ),
    "exp": torch.exp,
    "sin": torch.sin,
}
CASES = [
    ("max(x, y)", (1, 1)),
    ("min(x, y)", (-2, -2)),
    ("max(x, 0)*(y + 3)", (0, 2)),
    ("max(x**2, y**2)", (1.5, -1.5)),
    ("min(x**2*y, y**2)", (2, 4)),
    ("max(max(x, y), 2*x - y)", (3, 3)),
    ("max(x, max(y, 2*y - x))", (3, 3)),
    ("min(exp(x), exp(y)) + max(sin(x), sin(y))", (0.3, 0.3)),
    ("max(x, y)**2 - min(x, y)*x", (0.7, 0.7)),
    ("max(x, -x) + min(y, -y)", (0, 0)),
    ("max(x*y, x + y)**3", (2, 2)),
]


def seen(formula, point):
    """Return loss, gradient and Hessian at a point."""
    w = torch.tensor(point, dtype=torch.float64, requires_grad=True)
    loss = eval(formula, {**FUNCTIONS, "x": w[0], "y": w[1]})  # noqa: S307 - our own formulas
    (gradient,) = torch.autograd.grad(loss, w, create_graph=True)
    rows = [
        torch.autograd.grad(each, w, retain_graph=True, allow_unused=True)[0]
        if each.requires_grad
        else torch.zeros(2)
        for each in gradient
    ]
    return {
        "formula": formula,
        "point": list(point),
        "loss": loss.item(),
        "gradient": gradient.tolist(),
        "hessian": [(torch.zeros(2) if row is None else row).tolist() for row in rows],
    }


if __name__ == "__main__":
    document = {"source": f"PyTorch {torch.__version__}", "cases": [seen(*case) for case in CASES]}
    Path(__file__).with_name("kinks.json").write_text(json.dumps(document, indent=1) + "\n")
