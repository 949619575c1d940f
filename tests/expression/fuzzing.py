"""Throws text at the parser: every string ends in values or a clean refusal."""

from collections import Counter
from random import Random

from fall_line.expression import FormulaError, field, parse
from tests.formulas import formula

ALPHABET = [
    *"xyXe0123456789+-*/^()., \t_|=!<>[]{}'\"#π²√ü\n\x00",
    "**", "sin(", "exp(", "log(", "max(", "abs(", "pi", "1e9", "x*", "(x",
]  # fmt: skip


def text(random: Random) -> str:
    """A string that may or may not be a formula: noise, or a formula with a few characters changed."""
    if random.random() < 0.5:
        return "".join(random.choices(ALPHABET, k=random.randrange(1, 40)))
    characters = list(formula(random, random.randrange(1, 5)))
    for _ in range(random.randrange(0, 3)):
        characters[random.randrange(len(characters))] = random.choice(ALPHABET)
    return "".join(characters)


def outcome(written: str, compute: bool = True) -> str:
    """Tell "refused", or "value" if loss and gradient are floats; anything else is an exception."""
    try:
        graph = parse(written)
    except FormulaError as error:
        assert error.message and (error.column is None or 1 <= error.column <= len(written) + 1)
        return "refused"
    if not compute:
        return "value"
    values = field(graph, {}).loss_and_gradient_at(0.7, -1.3)
    assert all(isinstance(value, float) for value in values)
    return "value"


def fuzz(random: Random, count: int, compute_every: int = 1) -> Counter[str]:
    """Count the outcomes of so many strings; of every so many formulas, one is computed as well."""
    return Counter(outcome(text(random), index % compute_every == 0) for index in range(count))
