"""The long comparisons: ``python -m tests.soak`` takes minutes; its status is 1 if something is wrong.

2,000 random formulas against SymPy, and 100,000 random strings against the parser.
"""

import sys
import time
from random import Random

from tests.expression.comparing import compare
from tests.expression.fuzzing import fuzz


def main() -> int:
    """Run both and print what was found."""
    began = time.monotonic()
    print(
        "100,000 random strings:", dict(fuzz(Random(began), 100_000)), f"in {time.monotonic() - began:.0f} s"
    )
    found = compare(Random(began), formulas=2_000)
    print(found, f"in {time.monotonic() - began:.0f} s")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
