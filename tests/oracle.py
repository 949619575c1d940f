"""SymPy as the referee of derivatives; it is a dependency of the tests only."""

from collections.abc import Iterable, Mapping

import mpmath
import numpy as np
import sympy

X, Y = sympy.symbols("x y", real=True)


def _abs(u: sympy.Expr) -> sympy.Expr:
    """|u| of a real u; SymPy's own Abs fears that u might be complex and says so in its derivative."""
    return sympy.sqrt(u**2)


FUNCTIONS = {
    "abs": _abs,
    "cbrt": lambda u: u / (u**2) ** sympy.Rational(1, 3),
    "ln": sympy.log,
    "log10": lambda u: sympy.log(u) / sympy.log(10),
    "log2": lambda u: sympy.log(u) / sympy.log(2),
    "max": lambda u, v: (u + v + _abs(u - v)) / 2,
    "min": lambda u, v: (u + v - _abs(u - v)) / 2,
    "relu": lambda u: (u + _abs(u)) / 2,
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
    "sign": lambda u: u / _abs(u),
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


class Derivatives:
    """Value, gradient and Hessian of an expression (x, y, xx, xy, yy), from so many digits.

    Not for points on a kink: what SymPy says there, a DiracDelta, counts as 0.
    """

    def __init__(self, loss: sympy.Expr, digits: int = 40) -> None:
        wanted = [loss, loss.diff(X), loss.diff(Y), loss.diff(X, X), loss.diff(X, Y), loss.diff(Y, Y)]
        if any(each.has(sympy.zoo, sympy.nan) for each in wanted):
            raise ValueError("not a number anywhere")
        smooth = [each.replace(sympy.DiracDelta, lambda *_: sympy.S.Zero) for each in wanted]
        step = {"Heaviside": lambda u, *_: (1 + mpmath.sign(u)) / 2}
        self.compute = sympy.lambdify((X, Y), smooth, modules=[step, "mpmath"], cse=True)
        self.digits = digits

    def at(self, x: float, y: float) -> np.ndarray:
        """The six numbers at a point."""
        with mpmath.workdps(self.digits):
            return np.array([float(mpmath.re(value)) for value in self.compute(mpmath.mpf(x), mpmath.mpf(y))])


def derivatives(loss: sympy.Expr, points: Iterable[tuple[float, float]]) -> np.ndarray:
    """Value, gradient and Hessian at points, shape (points, 6); see Derivatives."""
    compute = Derivatives(loss)
    return np.array([compute.at(x, y) for x, y in points])
