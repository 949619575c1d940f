"""Random formulas of our grammar, for comparing with SymPy and for fuzzing."""

from random import Random

UNARY = [
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "exp",
    "log",
    "ln",
    "log10",
    "log2",
    "sqrt",
    "cbrt",
    "abs",
    "sign",
    "sigmoid",
    "softplus",
    "relu",
]


def formula(random: Random, depth: int) -> str:
    """A random formula in x and y."""
    if depth == 0 or random.random() < 0.1:
        number = f"{random.uniform(0.1, 5):.2f}"
        return random.choice(["x", "y", "x", "y", "x", "y", number, random.choice(["pi", "e", "2", "3"])])
    kind = random.random()
    if kind < 0.5:
        operator = random.choice(["+", "-", "*", "*", "/"])
        return f"({formula(random, depth - 1)} {operator} {formula(random, depth - 1)})"
    if kind < 0.6:
        exponent = random.choice(["2", "3", "0.5", "1.5", "-1", "-2", "4", "7", "(1/3)"])
        return f"({formula(random, depth - 1)})**{exponent}"
    if kind < 0.63:
        return f"abs({formula(random, depth - 1)})**({formula(random, depth - 1)})"
    if kind < 0.68:
        return f"-({formula(random, depth - 1)})"
    if kind < 0.75:
        return f"{random.choice(['min', 'max'])}({formula(random, depth - 1)}, {formula(random, depth - 1)})"
    return f"{random.choice(UNARY)}({formula(random, depth - 1)})"
