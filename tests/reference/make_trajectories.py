"""Compute `trajectories.json`: where PyTorch and optax go, for our optimizers to be compared with.

The data was made once, with the versions that it records, by

    python3 -m venv reference-env
    reference-env/bin/pip install torch==2.13.0 numpy==2.4.6 optax==0.2.8 jax==0.10.2 jaxlib==0.10.2 \\
        schedulefree==1.4.1
    reference-env/bin/python tests/reference/make_trajectories.py

None of these is a dependency of the project: its tests only read the data. Everything is float64. Each case
is also run from a start that differs in the thirteenth digit, and with every gradient taken an ulp off the
iterate; a case in which one of these is felt beyond 1e-11 is refused, since nobody can be expected to
reproduce it. See `README.md` beside.
"""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

from making.documents import write
from making.trajectories.case import STEPS
from making.trajectories.cases import cases
from making.trajectories.checking import checked, lbfgs_notes

COMMAND = "python tests/reference/make_trajectories.py"
PACKAGES = ("torch", "optax", "jax", "jaxlib", "schedulefree", "numpy")


def main() -> None:
    """Compute, check and write."""
    made_with = {name: version(name) for name in PACKAGES} | {"python": platform.python_version()}
    made_with["torch"] = made_with["torch"].partition("+")[0]
    write(
        Path(__file__).with_name("trajectories.json"),
        {"made_with": made_with, "command": COMMAND, "steps": STEPS},
        {"cases": [checked(case) for case in cases()], "lbfgs_notes": lbfgs_notes()},
    )


if __name__ == "__main__":
    main()
