"""SymPy as the referee of derivatives; it is a dependency of the tests only."""

from collections.abc import Iterable, Mapping

import numpy as np
import sympy

X, Y = sympy.symbols("x y", real=True)
FUNCTIONS = {
    "abs": sympy.Abs,
    "cbrt": lambda u: sympy.sign(u) * sympy.Abs(u) ** sympy.Rational(1, 3),
    "ln": sympy.log,
    "log10": lambda u: sympy.log(u) / sympy.log(10),
    "log2": lambda u: sympy.log(u) / sympy.log(2),
    "max": sympy.Max,
    "min": sympy.Min,
    "relu": lambda u: sympy.Max(u, 0),
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
    "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
    "e": sympy.E,
    "pi": sympy.pi,
    "x": X,
    "y": Y,
}


def expression(formula: str, parameters: Mapping[str, float] | None = None) -> sympy.Expr:
    """A formula of our own tests (never a stranger's: SymPy evaluates text) as SymPy reads it."""
    values = {name: sympy.Float(value, 30) for name, value in (parameters or {}).items()}
    return sympy.sympify(formula.replace("^", "**"), locals={**FUNCTIONS, **values})


def derivatives(loss: sympy.Expr, points: Iterable[tuple[float, float]], digits: int = 30) -> np.ndarray:
    """Value, gradient and Hessian (x, y, xx, xy, yy) at points, shape (points, 6), from 30 digits."""
    wanted = [loss, loss.diff(X), loss.diff(Y), loss.diff(X, X), loss.diff(X, Y), loss.diff(Y, Y)]
    return np.array(
        [
            [
                float(sympy.N(each.subs({X: sympy.Float(x, digits), Y: sympy.Float(y, digits)}), digits))
                for each in wanted
            ]
            for x, y in points
        ]
    )
