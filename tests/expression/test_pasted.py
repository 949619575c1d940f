"""What is pasted: rewritten where it has one meaning, and where not, refused with a hint that is right."""

import re
from collections.abc import Callable

import mpmath
import pytest

from fall_line.expression import FormulaError, field, normalised, parse

POINTS = [(0.3, 0.7), (0.62, 0.41), (0.85, 0.13)]
Meaning = Callable[..., float]


def values(formula: str, variables: tuple[str, ...] = ("x", "y")) -> list[float]:
    graph = parse(formula, variables=variables, parameters=("theta", "lambda"))
    return [field(graph, {"theta": 0.5, "lambda": 0.25}).loss_at(*point) for point in POINTS]


def meant(meaning: Meaning) -> list[float]:
    return [float(meaning(*map(mpmath.mpf, point))) for point in POINTS]


ONE_MEANING: list[tuple[str, str, Meaning]] = [
    ("x²", "x**2", lambda x, y: x * x),
    ("-x²", "-x**2", lambda x, y: -(x * x)),
    ("x³ − y⁴", "x**3 - y**4", lambda x, y: x * x * x - y**4),
    ("x¹⁰", "x**10", lambda x, y: mpmath.power(x, 10)),
    ("x⁻¹", "x**-1", lambda x, y: 1 / x),
    ("x⁻¹²·y⁺²", "x**-12*y**2", lambda x, y: y * y / x**12),
    ("2**x²", "2**x**2", lambda x, y: mpmath.power(2, x * x)),
    ("2**-x²", "2**-x**2", lambda x, y: 1 / mpmath.power(2, x * x)),
    ("sin(x)²", "sin(x)**2", lambda x, y: mpmath.sin(x) ** 2),
    ("(x+y)³/2", "(x+y)**3/2", lambda x, y: (x + y) ** 3 / 2),
    ("10⁻³×x", "10**-3*x", lambda x, y: x / 1000),
    ("x² + y²", "x**2 + y**2", lambda x, y: x * x + y * y),
    ("x÷y÷2", "x/y/2", lambda x, y: x / (2 * y)),
    ("x ∗ y ⋅ 2", "x * y * 2", lambda x, y: 2 * x * y),
    ("2·π·x", "2*pi*x", lambda x, y: 2 * mpmath.pi * x),
    ("cos(π)", "cos(pi)", lambda x, y: -1),
    ("√x", "sqrt(x)", lambda x, y: mpmath.sqrt(x)),
    ("√(x² + y²)", "sqrt(x**2 + y**2)", mpmath.hypot),
    ("√2·x", "sqrt(2)*x", lambda x, y: mpmath.sqrt(2) * x),
    ("√π + √ .5", "sqrt(pi) + sqrt(.5)", lambda x, y: mpmath.sqrt(mpmath.pi) + mpmath.sqrt(0.5)),
    ("-√x/√y", "-sqrt(x)/sqrt(y)", lambda x, y: -mpmath.sqrt(x / y)),
    ("√(√(x))", "sqrt(sqrt(x))", lambda x, y: mpmath.root(x, 4)),
    ("2**√x", "2**sqrt(x)", lambda x, y: 2 ** mpmath.sqrt(x)),
    ("|x|", "abs(x)", lambda x, y: x),
    ("|x - y|**2", "abs(x - y)**2", lambda x, y: (x - y) ** 2),
    ("|x - 1|²", "abs(x - 1)**2", lambda x, y: (x - 1) ** 2),
    ("|-x| + |y-2|*|x|", "abs(-x) + abs(y-2)*abs(x)", lambda x, y: x + (2 - y) * x),
    ("(|x-y|)", "(abs(x-y))", lambda x, y: abs(x - y)),
    ("| min(x, (y)) |", "abs( min(x, (y)) )", min),
    ("x\u00a0+\u2009y\u202f-\t1", "x + y - 1", lambda x, y: x + y - 1),
    ("e^x", "e^x", lambda x, y: mpmath.exp(x)),
]


@pytest.mark.parametrize(("typed", "written", "meaning"), ONE_MEANING, ids=[case[0] for case in ONE_MEANING])
def test_what_has_one_meaning_is_rewritten(typed, written, meaning):
    assert normalised(typed) == written and normalised(written) == written
    assert parse(typed) is parse(written)
    assert values(typed) == pytest.approx(meant(meaning), rel=1e-13)


# What is typed, what of it the hint replaces, and what is meant.
SLIPS: list[tuple[str, str, Meaning]] = [
    ("sin^2(x)", "sin^2(x)", lambda x, y: mpmath.sin(x) ** 2),
    ("1 + cos**3(x*y)", "cos**3(x*y)", lambda x, y: 1 + mpmath.cos(x * y) ** 3),
    ("sin²(x)", "sin²(x)", lambda x, y: mpmath.sin(x) ** 2),
    ("tanh^2 x", "tanh^2 x", lambda x, y: mpmath.tanh(x) ** 2),
    ("sin^-1(x)", "sin^-1(x)", lambda x, y: mpmath.asin(x)),
    ("tan⁻¹(x)", "tan⁻¹(x)", lambda x, y: mpmath.atan(x)),
    ("exp^x", "exp^x", lambda x, y: mpmath.exp(x)),
    ("exp^(x+y)", "exp^(x+y)", lambda x, y: mpmath.exp(x + y)),
    ("sin x", "sin x", lambda x, y: mpmath.sin(x)),
    ("sin 2x", "sin 2x", lambda x, y: mpmath.sin(2 * x)),
    ("ln y²", "ln y²", lambda x, y: mpmath.log(y * y)),
    ("5 000*x", "5 000", lambda x, y: 5000 * x),
    ("1 234 567.5 + x", "1 234 567.5", lambda x, y: mpmath.mpf("1234567.5") + x),
    ("5\u202f000*x", "5\u202f000", lambda x, y: 5000 * x),
    ("0,5*x", "0,5", lambda x, y: x / 2),
    ("(x)(y)", "(x)(y)", lambda x, y: x * y),
    ("(x+1)(y-1)", "(x+1)(y-1)", lambda x, y: (x + 1) * (y - 1)),
    ("x(y+1)", "x(y+1)", lambda x, y: x * (y + 1)),
    ("3sin(x)", "3sin(x)", lambda x, y: 3 * mpmath.sin(x)),
    ("sin(x)cos(y)", "sin(x)cos(y)", lambda x, y: mpmath.sin(x) * mpmath.cos(y)),
    ("2x²", "2x", lambda x, y: 2 * x * x),
    ("x²y", "x²y", lambda x, y: x * x * y),
    ("x⁻²y", "x⁻²y", lambda x, y: y / (x * x)),
    ("x²3", "x²3", lambda x, y: 3 * x * x),
    ("2π", "2π", lambda x, y: 2 * mpmath.pi),
    ("2√x", "2√x", lambda x, y: 2 * mpmath.sqrt(x)),
    ("2|x|", "2|x|", lambda x, y: 2 * x),
    ("|x||y|", "|x||y|", lambda x, y: x * y),
    ("1/2x", "1/2x", lambda x, y: 1 / (2 * x)),
    ("y/3x", "y/3x", lambda x, y: y / (3 * x)),
    ("pow(x, 3)", "pow(x, 3)", lambda x, y: x**3),
    ("-pow(x-1, 2)", "pow(x-1, 2)", lambda x, y: -((x - 1) ** 2)),
    ("pow(x, 2)**3", "pow(x, 2)", lambda x, y: x**6),
    ("Math.pow(x, 2)", "Math.pow(x, 2)", lambda x, y: x * x),
    ("np.power(y, x)", "np.power(y, x)", lambda x, y: mpmath.power(y, x)),
    ("atan2(y, x)", "atan2(y, x)", lambda x, y: mpmath.atan2(y, x)),
    ("1/atan2(y-1, x-1)", "atan2(y-1, x-1)", lambda x, y: 1 / mpmath.atan2(y - 1, x - 1)),
    ("np.arctan2(x, y-2)", "np.arctan2(x, y-2)", lambda x, y: mpmath.atan2(x, y - 2)),
    ("hypot(x, y)", "hypot(x, y)", mpmath.hypot),
    ("log(x, 2)", "log(x, 2)", lambda x, y: mpmath.log(x, 2)),
    ("1/log(x, 10)", "log(x, 10)", lambda x, y: 1 / mpmath.log10(x)),
    ("1/log(x, 3)", "log(x, 3)", lambda x, y: 1 / mpmath.log(x, 3)),
    ("sgn(x - 0.5)", "sgn", lambda x, y: mpmath.sign(x - 0.5)),
    ("arctan(x)", "arctan", lambda x, y: mpmath.atan(x)),
    ("fabs(x - 1)", "fabs", lambda x, y: abs(x - 1)),
    ("tg(x)", "tg", lambda x, y: mpmath.tan(x)),
    ("lg(x)", "lg", lambda x, y: mpmath.log10(x)),
    ("asinh(x-1)", "asinh(x-1)", lambda x, y: mpmath.asinh(x - 1)),
    ("2*arcsinh(x)", "arcsinh(x)", lambda x, y: 2 * mpmath.asinh(x)),
    ("acosh(x+1)", "acosh(x+1)", lambda x, y: mpmath.acosh(x + 1)),
    ("1/atanh(x)", "atanh(x)", lambda x, y: 1 / mpmath.atanh(x)),
    ("1/sec(x)", "sec(x)", lambda x, y: mpmath.cos(x)),
    ("y/cot(x)", "cot(x)", lambda x, y: y * mpmath.tan(x)),
    ("log1p(x)", "log1p(x)", lambda x, y: mpmath.log(1 + x)),
    ("x*expm1(y)", "expm1(y)", lambda x, y: x * mpmath.expm1(y)),
    ("exp2(x-y)", "exp2(x-y)", lambda x, y: 2 ** (x - y)),
    ("square(x-y)**2", "square(x-y)", lambda x, y: (x - y) ** 4),
    ("np.sin(x)", "np.sin", lambda x, y: mpmath.sin(x)),
    ("math.exp(x)", "math.exp", lambda x, y: mpmath.exp(x)),
    ("x*Math.PI", "Math.PI", lambda x, y: mpmath.pi * x),
    ("numpy.maximum(x, y)", "numpy.maximum", max),
    ("tau*x", "tau", lambda x, y: 2 * mpmath.pi * x),
    ("SIN(x)", "SIN", lambda x, y: mpmath.sin(x)),
    ("X + 1", "X", lambda x, y: x + 1),
    ("xy", "xy", lambda x, y: x * y),
    ("x1 - x", "x1", lambda x, y: 0),
    ("x_2 - y", "x_2", lambda x, y: 0),
    ("x₁ - x", "x₁", lambda x, y: 0),
    ("x[1] - y", "x[1]", lambda x, y: 0),
    ("½*x", "½", lambda x, y: x / 2),
    ("1/2¾", "2¾", lambda x, y: mpmath.mpf(4) / 11),
    ("x*⅔", "⅔", lambda x, y: x * 2 / 3),
    ("5%*x", "5%", lambda x, y: x / 20),
    ("x + 12.5%", "12.5%", lambda x, y: x + 0.125),
    ("θ*x", "θ", lambda x, y: x / 2),
    ("x + λ", "λ", lambda x, y: x + 0.25),
    (r"1/\frac{x}{y+1}", r"\frac{x}{y+1}", lambda x, y: (y + 1) / x),
    (r"x\cdot y", r"\cdot", lambda x, y: x * y),
    (r"\pi*x", r"\pi", lambda x, y: mpmath.pi * x),
    ("x²**3", "x²**3", lambda x, y: x**6),
]
SUGGESTED = re.compile(
    r"write (?:[0-9.]+% as )?(.+?)"
    r"(?: to multiply| without spaces| or .+| for .+|, (?:not|declared|or) .+|: the variables .+)?$"
)


def refusal(typed: str) -> FormulaError:
    with pytest.raises(FormulaError) as refused:
        parse(typed, parameters=("theta", "lambda"))
    return refused.value


@pytest.mark.parametrize(("typed", "slip", "meaning"), SLIPS, ids=[ascii(case[0]) for case in SLIPS])
def test_the_hint_of_a_slip_says_what_was_meant(typed, slip, meaning):
    suggested = SUGGESTED.search(refusal(typed).message)
    assert suggested, refusal(typed).message
    corrected = typed.replace(slip, suggested[1])
    assert values(corrected) == pytest.approx(meant(meaning), rel=1e-12, abs=1e-15), corrected


@pytest.mark.parametrize(
    ("typed", "column", "hint"),
    [
        ("1.5.2", 4, "one decimal point"),
        ("1..2", 3, "one decimal point"),
        ("1.000.000*x", 6, "one decimal point"),
        ("1.5.*x", 4, "one decimal point"),
        ("x%2", 2, "remainder"),
        ("5 % y", 3, "remainder"),
        ("(x+y)%(2)", 6, "remainder"),
        ("floor(x)", 1, "jumps"),
        ("np.round(x)", 1, "jumps"),
        ("1,234*x", 2, "1.234, not 1,234, or 1234"),
        ("x_3", 1, "known are x, y"),
        ("$x$", 1, "leave out the $"),
        (r"\left(x\right)", 1, r"leave out \left"),
        (r"\sin(x)", 1, "write sin( )"),
        (r"x_\text{a}", 3, "LaTeX is not read"),
        ("x^{2}", 3, "round brackets"),
        ("x ≤ y", 3, "comparisons"),
        ("√x²", 1, "how far does the root reach"),
        ("1 + √(x)²", 5, "how far does the root reach"),
        ("√2x", 1, "how far does the root reach"),
        ("√√x", 1, "how far does the root reach"),
        ("√sin(x)", 1, "how far does the root reach"),
        ("|x-|y||", 4, "which bars belong together"),
        ("||x||", 2, "which bars belong together"),
        ("(|x)|", 5, "which bars belong together"),
        ("|x|y|", 5, "never closed"),
        ("x | y", 3, "never closed"),
        ("x²^3", 3, "(x**2)**3"),
        ("xⁿ", 2, "**n"),
        ("x — y", 3, "minus sign"),
    ],
)
def test_what_may_be_read_in_two_ways_or_not_at_all_is_refused_with_a_hint(typed, column, hint):
    refused = refusal(typed)
    assert hint in refused.message and refused.column == column


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("x² + q", "q"),
        ("√(x) + |y|*q", "q"),
        ("π·2 + q", "q"),
        ("x¹⁰\u00a0− q", "q"),
        ("√x + |y|³ + x y", "y"),
    ],
)
def test_columns_count_in_what_was_typed(typed, wrong):
    assert refusal(typed).column == typed.rindex(wrong) + 1


def test_the_limit_holds_for_what_is_typed_and_for_what_is_written_out():
    assert len(normalised("x²+" * 99 + "x + y")) == 500
    with pytest.raises(FormulaError, match="written out, the formula has 501 characters; 500"):
        normalised("x²+" * 100 + "x")
    with pytest.raises(FormulaError, match="the formula has 501 characters; 500"):
        normalised("x" * 501)
