"""Print every row of the goals: ``python -m tests.benchmark``.

Ratios are measured in one run, ours and the peer's in turn, and printed as minimum, median and maximum.
A peer that is not installed is named; SymPy comes with the tests, PyTorch and optax are installed by hand:
``pip install torch optax``.
"""

import math
import sys

from tests.benchmark import data, descents, formulas, streams
from tests.benchmark.measuring import Row


def main() -> int:
    """Print the table."""
    rows: list[Row] = []
    for section in (formulas.rows, descents.rows, data.rows, streams.rows):
        for row in section():
            print(row, flush=True)
            rows.append(row)
    for name in dict.fromkeys(row.group for row in rows if row.group):
        medians = [row.median for row in rows if row.group == name and row.median]
        if medians:
            mean = math.exp(sum(map(math.log, medians)) / len(medians))
            print(f"{name}, geometric mean of {len(medians)}: {mean:.3g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
