"""Our values and derivatives of random formulas, held against SymPy's."""

from dataclasses import dataclass, field
from random import Random

import numpy as np

from fall_line import expression
from fall_line.expression.floats import compile_floats
from fall_line.expression.functions import bind
from fall_line.expression.node import Node, symbol
from fall_line.expression.traversal import below
from tests import oracle
from tests.formulas import formula

PLANE = (symbol("x"), symbol("y"))
KINK = 1e-6
TOLERANCE = 1e-9


@dataclass
class Comparison:
    """How many points were compared, and why others were not."""

    formulas: int = 0
    compared: int = 0
    at_kinks: int = 0
    not_real: int = 0
    too_large: int = 0
    ill_conditioned: int = 0
    wrong: list[str] = field(default_factory=list)


def compare(random: Random, formulas: int, points: int = 3) -> Comparison:
    """Compare so many random formulas, at so many random points each."""
    found = Comparison()
    while found.formulas < formulas:
        text = formula(random, 4)
        try:
            graph = expression.parse(text)
        except expression.FormulaError:
            # A constant exponent came out too large.
            continue
        if not {"x", "y"} & {node.value for node in below([graph]) if node.op == "symbol"}:
            continue
        found.formulas += 1
        try:
            theirs = oracle.Derivatives(oracle.expression(text))
        except ValueError:
            found.not_real += points
            continue
        bound = expression.field(graph, {})
        arguments = kinks(graph)
        for _ in range(points):
            point = (round(random.uniform(-3, 3), 3), round(random.uniform(-3, 3), 3))
            loss, gradient, hessian = bound.derivatives([point])
            ours = np.array([loss[0], *gradient[0], hessian[0, 0, 0], hessian[0, 0, 1], hessian[0, 1, 1]])
            if not np.isfinite(loss[0]):
                found.not_real += 1
                continue
            if any(not abs(value) > KINK for value in arguments(*point)):
                found.at_kinks += 1
                continue
            if not abs(ours).max() < 1e60:
                found.too_large += 1
                continue
            found.compared += 1
            expected = theirs.at(*point)
            if np.allclose(ours, expected, rtol=TOLERANCE, atol=TOLERANCE):
                continue
            beside = [theirs.at(*np.nextafter(point, direction)) for direction in (np.inf, -np.inf)]
            if (abs(np.array(beside) - expected) > 1e-12 * (1 + abs(expected))).any():
                # A rounding error of the point itself moves the truth more than that.
                found.ill_conditioned += 1
                continue
            found.wrong.append(f"{text} at {point}: {ours} is not {expected}")
    return found


def kinks(graph: Node):
    """Return a function of x and y: what is 0 at the kinks and singularities of a formula."""
    arguments = []
    for node in below([graph]):
        if node.op in ("abs", "sign", "relu", "sqrt", "cbrt", "log", "log10", "log2"):
            arguments.append(node.args[0])
        elif node.op in ("min", "max"):
            arguments.append(node.args[0] - node.args[1])
        elif node.op == "power":
            arguments.append(node.args[0])
        elif node.op == "divide":
            arguments.append(node.args[1])
        elif node.op in ("asin", "acos"):
            arguments.append(1 - node.args[0] * node.args[0])
    return compile_floats(bind(arguments, {}), PLANE) if arguments else lambda *_: ()
