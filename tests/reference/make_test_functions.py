"""Compute `test_functions.json`: the global minima of SciPy's two-dimensional test functions.

The formulas are `making/test_functions.toml`.  Each is compared with SciPy's own at 200 points, and
its minima are sought anew from many starts and polished with 100 digits, for those that SciPy states are
rounded, and often not all.  SciPy's benchmarks are in its source distribution alone.  The data was made by

    python -m venv reference-env
    reference-env/bin/pip install scipy==1.17.1 numpy==2.4.6 mpmath==1.3.0
    tar xzf scipy-1.17.1.tar.gz
    reference-env/bin/python tests/reference/make_test_functions.py 1.17.1 scipy-1.17.1/benchmarks/benchmarks

SciPy is no dependency of the project: its tests only read the data.  See `README.md` beside.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from making.documents import Document, write
from making.minima import checked, scipys

HERE = Path(__file__).parent
COMMAND = "python tests/reference/make_test_functions.py {} scipy-{}/benchmarks/benchmarks"


def main(version: str, folder: str) -> None:
    """Compute, check and write."""
    written = tomllib.loads((HERE / "making" / "test_functions.toml").read_text(encoding="utf-8"))
    theirs = scipys(Path(folder))
    functions: list[Document] = []
    for name, entry in written.items():
        functions.append(checked(name, entry, theirs[name]))
        print(name, len(functions[-1]["minima"]), functions[-1].get("note", ""), flush=True)
    head = {
        "source": f"SciPy {version}, benchmarks/benchmarks/go_benchmark_functions",
        "command": COMMAND.format(version, version),
    }
    write(HERE / "test_functions.json", head, {"functions": functions})


if __name__ == "__main__":
    main(*sys.argv[1:])
