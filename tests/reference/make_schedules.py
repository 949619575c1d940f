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

import platform
from importlib.metadata import version
from pathlib import Path

from making.documents import write
from making.schedules.falling import cosines, decays
from making.schedules.plateaus import plateaus
from making.schedules.rising import cycles, warmups
from making.schedules.stepping import STEPS

COMMAND = "python tests/reference/make_schedules.py"


def main() -> None:
    """Compute, check and write."""
    made_with = {"torch": version("torch").partition("+")[0], "python": platform.python_version()}
    cases = [*decays(), *cosines(), *cycles(), *warmups(), *plateaus()]
    for entry in cases:
        if len(entry["rates"]) != STEPS + 1 or min(entry["rates"]) < 0.0:
            raise SystemExit(f"{entry['learning_rate']}: not {STEPS + 1} rates, or a negative one")
    head = {"made_with": made_with, "command": COMMAND}
    write(Path(__file__).with_name("schedules.json"), head, {"cases": cases})


if __name__ == "__main__":
    main()
