"""Write into nist.json where SciPy's L-BFGS-B, with its defaults, gets from each of NIST's starts.

    python tests/reference/make_nist.py

needs NumPy, SciPy and SymPy.  The data, the models and the certified values are NIST's.
"""

import json
from pathlib import Path

import numpy as np
import scipy.optimize
import sympy

FILE = Path(__file__).with_name("nist.json")
B = sympy.symbols("b1 b2")


def least_squares(model, t, y):
    """Return a function of the parameters: the residual sum of squares and its gradient."""
    error = sympy.sympify(model) - sympy.Symbol("y")
    roots = [error**2, *(sympy.diff(error**2, b) for b in B)]
    each = sympy.lambdify([*B, *sympy.symbols("t y")], roots, "numpy")

    def at(b):
        loss, *gradient = (float(np.sum(value)) for value in each(*b, np.array(t, float), np.array(y, float)))
        return loss, np.array(gradient)

    return at


if __name__ == "__main__":
    document = json.loads(FILE.read_text())
    document["made_with"] = f"SciPy {scipy.__version__}, scipy.optimize.minimize(method='L-BFGS-B')"
    for each in document["sets"].values():
        loss = least_squares(each["model"], each["t"], each["y"])
        with np.errstate(all="ignore"):
            ends = [scipy.optimize.minimize(loss, b, jac=True, method="L-BFGS-B").x for b in each["starts"]]
        each["scipy"] = [end.tolist() for end in ends]
    FILE.write_text(json.dumps(document, indent=1) + "\n")
