"""SymPy as the referee of derivatives; it is a dependency of the tests only."""

from collections.abc import Iterable, Mapping

import mpmath
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
    """Value, gradient and Hessian (x, y, xx, xy, yy) at points, shape (points, 6), from 30 digits.

    The points must not lie on a kink: what SymPy says there (a DiracDelta) counts as 0.
    """
    wanted = [loss, loss.diff(X), loss.diff(Y), loss.diff(X, X), loss.diff(X, Y), loss.diff(Y, Y)]
    smooth = [each.replace(sympy.DiracDelta, lambda *_: sympy.S.Zero) for each in wanted]
    step = {"Heaviside": lambda u, *_: (1 + mpmath.sign(u)) / 2}
    compute = sympy.lambdify((X, Y), smooth, modules=[step, "mpmath"], cse=True)
    with mpmath.workdps(digits):
        return np.array(
            [[float(value) for value in compute(mpmath.mpf(x), mpmath.mpf(y))] for x, y in points]
        )
