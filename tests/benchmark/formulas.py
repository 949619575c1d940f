"""A typed formula, until its values are there."""

import gc
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import sympy
from sympy.core.cache import clear_cache

from fall_line.expression import FormulaError, field, parse
from fall_line.expression.field import Field
from tests.benchmark.measuring import Row, milliseconds, ratios
from tests.expression import hostile

FORMULAS = {
    "Himmelblau": "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "Rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
    "Rastrigin": "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
    "Ackley": "-20*exp(-0.2*sqrt(0.5*(x**2 + y**2))) - exp(0.5*(cos(2*pi*x) + cos(2*pi*y))) + 22.7",
    "Goldstein–Price": "(1 + (x+y+1)**2*(19-14*x+3*x**2-14*y+6*x*y+3*y**2))"
    " * (30 + (2*x-3*y)**2*(18-32*x+12*x**2+48*y-36*x*y+27*y**2))",
    "Beale": "(1.5-x+x*y)**2 + (2.25-x+x*y**2)**2 + (2.625-x+x*y**3)**2",
    "Six-hump camel": "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2",
    "Styblinski–Tang": "0.5*(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)",
    "Griewank": "1 + (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2))",
    "Bell and wave": "exp(-(x**2 + y**2)/4)*sin(3*x)*cos(2*y) + 0.1*x**2",
}
AXIS = np.linspace(-5, 5, 400)
# With the factor that makes it new, 200 operations that share little: the most a formula may have.
LARGEST = "+".join(f"x**{n}*y" for n in range(2, 32)) + "+x" + "*y*x" * 54 + "*y"


def fresh(text: str) -> Field:
    """The field of a text nobody has typed before: nothing is cached."""
    return Field(parse(text), {})


def rows() -> Iterator[Row]:
    """Yield the rows."""
    x, y = sympy.symbols("x y")
    grid = np.meshgrid(AXIS, AXIS)
    for name, text in FORMULAS.items():
        count = iter(range(1_000_000))

        def ours(text: str = text, count: Iterator[int] = count) -> np.ndarray:
            return fresh(f"{text} + {next(count)}").grid(AXIS, AXIS)

        def theirs(text: str = text, count: Iterator[int] = count) -> np.ndarray:
            expression = sympy.sympify(f"{text} + {next(count)}")
            return sympy.lambdify((x, y), expression, cse=True)(*grid)

        ours()
        # Nobody has typed this formula before: SymPy must not remember its parts either.
        values = ratios(ours, theirs, 7, prepare=clear_cache)
        yield Row(f"formula → 400², {name}, / SymPy+lambdify(cse)", "≥ 5", values, group="formula → 400²")

    for name, text in (*FORMULAS.items(), ("200 operations", LARGEST)):
        count = iter(range(1_000_000))

        def compile_with_hessian(text: str = text, count: Iterator[int] = count) -> None:
            fresh(f"{text}*{next(count) + 2}").derivatives([[0.5, 0.5]])

        def for_descents_too(text: str = text, count: Iterator[int] = count) -> None:
            compiled = fresh(f"{text}*{next(count) + 2}")
            compiled.loss_and_gradient_at(0.5, 0.5)
            compiled.derivatives([[0.5, 0.5]])

        goal = "≤ 20" if name == "200 operations" else "≤ 3"
        alone, both = milliseconds(compile_with_hessian), milliseconds(for_descents_too)
        yield Row(f"formula compiled with gradient and Hessian, {name}", goal, alone, "ms")
        yield Row(f"the same, and a function of floats, {name}", "-", both, "ms")

    def refuse(text: str) -> None:
        with suppress(FormulaError):
            field(parse(text), {}).loss_and_gradient_at(0.7, -1.3)

    gc.collect()
    slowest = max(hostile.ALL, key=lambda text: min(milliseconds(lambda: refuse(text), 2)))
    yield Row("the slowest of the hostile formulas", "≤ 20", milliseconds(lambda: refuse(slowest)), "ms")
