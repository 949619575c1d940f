"""Formulas as a person would write them."""

import re
from xml.etree import ElementTree

import pytest

from fall_line.expression import parse, symbol, typeset, typeset_gradient
from fall_line.expression.differentiate import gradient

PLANE = [symbol("x"), symbol("y")]


def plain(markup: str | None) -> str:
    """The markup's text; powers and fractions written with ^ and /."""
    assert markup is not None
    root = ElementTree.fromstring(re.sub(r' xmlns="[^"]*"', "", markup))

    def text(element: ElementTree.Element) -> str:
        children = [text(child) for child in element]
        match element.tag:
            case "msup":
                return f"{children[0]}^{children[1]}"
            case "mfrac":
                return f"{children[0]}/{children[1]}"
            case "msqrt":
                return f"√{''.join(children)}"
            case "mtable":
                return "; ".join(children)
        return (element.text or "") + "".join(children)

    return text(root).replace("\u2062", "").replace("\u2061", "")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("(x**2 + y - 11)**2", "(x^2+y−11)^2"),
        ("x*2", "2x"),
        ("3*(x+y)*x", "3x(x+y)"),
        ("-x**2", "−x^2"),
        ("x - (y - 1)", "x−(y−1)"),
        ("x + -2*y", "x−2y"),
        ("cos(2*pi*x)", "cos(2πx)"),
        ("exp(-x)", "e^−x"),
        ("x/(3*y)", "x/3y"),
        ("abs(x)", "|x|"),
        ("sqrt(x*y)", "√xy"),
        ("1e-9*x", "10^−9x"),
        ("log(x)", "ln(x)"),
        ("2*3**x", "2·3^x"),
        ("max(x, y)", "max(x,y)"),
    ],
)
def test_formulas_read_as_they_are_written_by_hand(formula, expected):
    assert plain(typeset(parse(formula))) == expected


def test_gradients_are_simplified():
    partials = gradient(parse("(x**2 + y - 11)**2 + (x + y**2 - 7)**2"), PLANE)
    assert plain(typeset_gradient(partials)) == "(2(x+y^2−7)+4x(x^2+y−11); 4y(x+y^2−7)+2(x^2+y−11))"


def test_parameters_have_their_letters():
    assert plain(typeset(parse("condition*x", parameters=["condition"]), {"condition": "κ"})) == "κx"


def test_what_is_too_long_to_read_is_left_out():
    nested = "x"
    for _ in range(30):
        nested = f"sin({nested}*x)"
    assert typeset(parse(nested)) is not None
    assert typeset_gradient(gradient(parse("*".join(["(x+sin(y))"] * 45)), PLANE)) is None
