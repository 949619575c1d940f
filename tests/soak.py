"""The long comparisons: ``python -m tests.soak`` takes minutes; its status is 1 if something is wrong.

2,000 random formulas against SymPy, 100,000 random strings against the parser, and 400 random degenerate
points against what their families say of them.
"""

import sys
import time
from random import Random

from tests.expression.comparing import compare
from tests.expression.degenerate import degenerate
from tests.expression.fuzzing import fuzz
from tests.expression.listing import is_listed_right


def main() -> int:
    """Run all and print what was found."""
    began = time.monotonic()
    print(
        "100,000 random strings:", dict(fuzz(Random(began), 100_000)), f"in {time.monotonic() - began:.0f} s"
    )
    found = compare(Random(began), formulas=2_000)
    print(found, f"in {time.monotonic() - began:.0f} s")
    left_out, disagreed = 0, []
    for point in degenerate(seed=int(began), count=400):
        try:
            left_out += not is_listed_right(point)
        except AssertionError as error:
            disagreed.append(str(error))
    print(
        f"400 degenerate points: {left_out} left out, in {time.monotonic() - began:.0f} s",
        *disagreed,
        sep="\n",
    )
    return 1 if found.wrong or disagreed or left_out > 40 else 0


if __name__ == "__main__":
    sys.exit(main())
