"""Random formulas against SymPy; ``python -m tests.soak`` does the same for many more."""

from random import Random

from tests.expression.comparing import compare


def test_random_formulas_have_sympys_value_gradient_and_hessian():
    found = compare(Random(2026), formulas=60)
    print(found)
    assert found.compared >= 60
    assert found.wrong == []
