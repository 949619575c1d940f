"""What a formula is, what is refused, and what the refusal says."""

import math

import pytest

from fall_line.expression import FormulaError, field, parse


def value(formula: str, x: float = 0.0, y: float = 0.0) -> float:
    return field(parse(formula), {}).loss_at(x, y)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("2**3**2", 512.0),
        ("-x**2", -9.0),
        ("(-x)**2", 9.0),
        ("2^-1", 0.5),
        ("x - y - 1", -2.0),
        ("x / y / 2", 0.375),
        ("2*-x", -6.0),
        ("--x", 3.0),
        ("+x", 3.0),
        (".5 + 1. + 1e-3", 1.501),
        ("e**x", math.exp(3)),
        ("ln(e) + log(e)", 2.0),
        ("min(x, y, 1)", 1.0),
        ("max(x, y, 1)", 4.0),
        ("cbrt(-8)", -2.0),
        ("sin(pi/2)\t*\t2", 2.0),
        ("relu(-x) + relu(y)", 4.0),
        ("log10(1000) + log2(8)", 6.0),
    ],
)
def test_formulas_mean_what_mathematics_says(formula, expected):
    assert value(formula, 3.0, 4.0) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("formula", "column", "hint"),
    [
        ("", 1, "x**2 + y**2"),
        ("   ", 1, "empty"),
        ("2x", 2, "2*x"),
        ("x y", 3, "x*y"),
        ("X + 1", 1, "write x"),
        ("xy", 1, "x*y"),
        ("ln x", 1, "ln(x)"),
        ("sin x", 1, "sin(x)"),
        ("x = 3", 3, "right-hand side"),
        ("x +", 4, "ends too early"),
        ("x)", 2, "never opened"),
        ("(x", 1, "never closed"),
        ("sin()", 5, "nothing between"),
        ("min(x)", 1, "two or more"),
        ("sin(x, y)", 1, "one argument"),
        ("x,y", 2, "comma"),
        ("x(y)", 2, "to multiply"),
        ("foo(x)", 1, "not known"),
        ("arctan(x)", 1, "atan"),
        ("__import__", 1, "not known"),
        ("__import__('os')", 12, "quotes"),
        ("x.__class__", 2, "no attributes"),
        ("9**9**9**9", 7, "exponent"),
        ("x**65", 4, "exponent"),
        ("x**(2*pi*20)", 4, "exponent"),
        ("0x10", 1, "decimal"),
        ("1_000", 2, "underscores"),
        ("1e400", 1, "too large"),
        ("1e-400*x", 1, "too small"),
        ("x + 0.001e-330", 5, "too small"),
        ("-.5e-999", 2, "too small"),
        ("x\ny", 2, "one line"),
        ("x < y", 3, "comparisons"),
        ("x # y", 3, "comments"),
        ("-" * 201 + "x", 201, "operations"),
        ("(" * 33 + "x" + ")" * 33, 33, "32"),
        ("x" * 501, None, "500"),
    ],
)
def test_a_refusal_names_the_column_and_what_to_write(formula, column, hint):
    with pytest.raises(FormulaError) as refused:
        parse(formula)
    assert refused.value.column == column
    assert hint in refused.value.message


def test_a_zero_and_the_smallest_number_are_numbers():
    assert [value(zero) for zero in ("0e-400", "0.00", "0e400")] == [0.0, 0.0, 0.0]
    assert value("5e-324*x", 1.0) == 5e-324


def test_limits_are_inclusive():
    assert value("+".join(["x"] * 201), 1.0) == 201.0
    assert value("(" * 32 + "x" + ")" * 32, 7.0) == 7.0
    assert value("x**64", 1.0) == 1.0
    assert value("x" + " " * 499, 2.0) == 2.0


def test_parameters_are_known_only_when_declared():
    assert field(parse("a*x", parameters=["a"]), {"a": 3.0}).loss_at(2.0, 0.0) == 6.0
    with pytest.raises(FormulaError, match="not known"):
        parse("a*x")


def test_long_names_are_not_repeated_in_full():
    with pytest.raises(FormulaError) as refused:
        parse("q" * 400)
    assert len(refused.value.message) < 200
