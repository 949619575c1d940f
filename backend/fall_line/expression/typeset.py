"""Graph to MathML Core, in the order a person would write it: 4x(x² + y − 11), not (x² + y − 11)·4·x."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from fall_line.expression.functions import CONSTANTS, GUARDS
from fall_line.expression.node import Node
from fall_line.expression.traversal import postorder

MAX_MARKUP = 20_000
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
SYMBOLS = {"pi": "π", "e": "e"}
FUNCTION_NAMES = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "log": "ln",
    "sign": "sgn",
    "sigmoid": "σ",
    "gradient": "∇f",
}

# How tightly an operation holds its parts together; a part that is looser gets brackets.
SUM, PRODUCT, SIGNED, POWER, ATOM = range(5)
# The order of the factors of a product.
NUMBER, LETTER, BRACKET, FUNCTION = range(4)


@dataclass(frozen=True)
class Piece:
    """Markup with what its surroundings must know of it."""

    markup: str
    binding: int = ATOM
    rank: int = LETTER
    terms: tuple[tuple[bool, str], ...] = ()
    factors: tuple[Piece, ...] = ()


def typeset(root: Node, symbols: Mapping[str, str] = SYMBOLS) -> str | None:
    """Return the expression as ``<math>`` without a left-hand side, or None if it is too long to read.

    ``symbols`` says how a name is written, ``{"angle": "θ"}``; a name not in it is written as it is.
    """
    markup = _markup(root, symbols)
    return None if markup is None else f'<math xmlns="{NAMESPACE}">{markup}</math>'


def typeset_gradient(partials: list[Node], symbols: Mapping[str, str] = SYMBOLS) -> str | None:
    """Return the partial derivatives as a column vector in ``<math>``, or None if too long to read."""
    rows = [_markup(partial, symbols) for partial in partials]
    if any(row is None for row in rows):
        return None
    table = "".join(f"<mtr><mtd>{row}</mtd></mtr>" for row in rows)
    inner = f"{_operator('(')}<mtable>{table}</mtable>{_operator(')')}"
    return f'<math xmlns="{NAMESPACE}"><mrow>{inner}</mrow></math>'


def typeset_sum(
    term: Node, partials: list[Node], symbols: Mapping[str, str], mean: bool
) -> dict[str, str | None]:
    """Return a sum over examples, or a mean, and its gradient, as ``<math>``; None if too long to read."""
    sign = f"<munder><mo>∑</mo>{_letter('i')}</munder>"
    before = f"<mfrac><mn>1</mn>{_letter('N')}</mfrac>{sign}" if mean else sign
    loss, *rows = (_markup(each, symbols) for each in (term, *partials))
    if loss is None or None in rows:
        return {"loss": None, "gradient": None}
    # A sum holds as loosely as an addition: what it runs over stands in brackets unless it is a product.
    summed = [f"{before}{_row(_operator('('), markup, _operator(')'))}" for markup in (loss, *map(str, rows))]
    table = "".join(f"<mtr><mtd>{row}</mtd></mtr>" for row in summed[1:])
    vector = f"{_operator('(')}<mtable>{table}</mtable>{_operator(')')}"
    return {
        "loss": f'<math xmlns="{NAMESPACE}">{_row(summed[0])}</math>',
        "gradient": f'<math xmlns="{NAMESPACE}">{_row(vector)}</math>',
    }


def typeset_system(equations: list[tuple[Node, Node]], symbols: Mapping[str, str] = SYMBOLS) -> str | None:
    """Return equations, one below the other, as ``<math>``, or None if one is too long to read.

    A letter with an underscore has a subscript: ``m_t+1``.
    """
    rows = [(_markup(left, symbols), _markup(right, symbols)) for left, right in equations]
    if any(left is None or right is None for left, right in rows):
        return None
    table = "".join(
        f"<mtr><mtd>{left}</mtd><mtd>{_operator('=')}</mtd><mtd>{right}</mtd></mtr>" for left, right in rows
    )
    return f'<math xmlns="{NAMESPACE}"><mtable displaystyle="true">{table}</mtable></math>'


def _letter(letter: str) -> str:
    name, _, index = letter.partition("_")
    if not index:
        return f"<mi>{escape(name)}</mi>"
    parts = re.split(r"([+−])", index)
    written = "".join(_operator(part) if part in "+−" else f"<mi>{escape(part)}</mi>" for part in parts)
    return f"<msub><mi>{escape(name)}</mi>{_row(written)}</msub>"


def _is_guard(node: Node) -> bool:
    """Whether a number is there only to keep a divisor away from 0."""
    value = node.number
    return value is not None and 0 < value < 1e-200


def _cases(args: list[Piece]) -> Piece:
    condition, then, otherwise = (arg.markup for arg in args)
    rows = ((then, f"<mtext>if\u00a0</mtext>{condition}"), (otherwise, "<mtext>otherwise</mtext>"))
    table = "".join(f"<mtr><mtd>{value}</mtd><mtd>{_row(when)}</mtd></mtr>" for value, when in rows)
    return Piece(_row(_operator("{"), f"<mtable>{table}</mtable>"), POWER, FUNCTION)


def _markup(root: Node, symbols: Mapping[str, str]) -> str | None:
    pieces: dict[Node, Piece] = {}
    for node in postorder(root):
        piece = _piece(node, [pieces[arg] for arg in node.args], {**SYMBOLS, **symbols})
        if len(piece.markup) > MAX_MARKUP:
            return None
        pieces[node] = piece
    return pieces[root].markup


def _operator(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>"


def _row(*markup: str) -> str:
    return f"<mrow>{''.join(markup)}</mrow>"


def _bracketed(piece: Piece) -> str:
    return _row(_operator("("), piece.markup, _operator(")"))


def _at_least(piece: Piece, binding: int) -> str:
    return piece.markup if piece.binding >= binding else _bracketed(piece)


def _piece(node: Node, args: list[Piece], symbols: Mapping[str, str]) -> Piece:
    value = node.number
    if value is not None:
        return _number(value)
    match node.op:
        case "max" if _is_guard(node.args[1]):
            return args[0]
        case name if name in GUARDS:
            return args[0]
        case "symbol":
            letter = symbols.get(str(node.value), str(node.value))
            rank = NUMBER if node.value in CONSTANTS else LETTER
            return Piece(_letter(letter), rank=rank)
        case "add" | "subtract":
            return _sum(args[0], args[1], node.op == "subtract")
        case "negate":
            return _signed(True, _at_least(args[0], PRODUCT), SIGNED)
        case "multiply":
            return _product(args)
        case "divide":
            return _fraction(args[0], args[1])
        case "power":
            base = args[0].markup if args[0].binding == ATOM else _bracketed(args[0])
            rank = args[0].rank if args[0].binding == ATOM else BRACKET
            return Piece(f"<msup>{base}{args[1].markup}</msup>", POWER, rank)
        case "less":
            return Piece(_row(args[0].markup, _operator("<"), args[1].markup), SUM, BRACKET)
        case "where":
            return _cases(args)
    return _function(node.op, args)


def _number(value: float) -> Piece:
    digits, _, exponent = f"{abs(value):.6g}".partition("e")
    markup = f"<mn>{digits}</mn>"
    binding = ATOM
    if exponent:
        power = (
            f"<mn>{int(exponent)}</mn>"
            if int(exponent) > 0
            else _row(_operator("−"), f"<mn>{-int(exponent)}</mn>")
        )
        ten = f"<msup><mn>10</mn>{power}</msup>"
        markup = ten if digits == "1" else _row(markup, _operator("·"), ten)
        binding = PRODUCT
    if value < 0:
        return Piece(_row(_operator("−"), markup), SIGNED, NUMBER, ((True, markup),))
    return Piece(markup, binding, NUMBER)


def _signed(negative: bool, markup: str, binding: int, factors: tuple[Piece, ...] = ()) -> Piece:
    """Return one term with its sign, which a sum around it makes its own: a − 2b, not a + −2b."""
    if not negative:
        return Piece(markup, binding, BRACKET, (), factors)
    return Piece(_row(_operator("−"), markup), SIGNED, BRACKET, ((True, markup),))


def _terms(piece: Piece) -> tuple[tuple[bool, str], ...]:
    return piece.terms or ((False, piece.markup),)


def _sum(left: Piece, right: Piece, subtracted: bool) -> Piece:
    following = _terms(right)
    if subtracted:
        following = tuple((not minus, term) for minus, term in following[:1]) if len(following) == 1 else ()
        following = following or ((True, _bracketed(right)),)
    terms = (*_terms(left), *following)
    markup = [(_operator("−") if terms[0][0] else "") + terms[0][1]]
    markup += [_operator("−" if minus else "+") + term for minus, term in terms[1:]]
    return Piece(_row(*markup), SUM, BRACKET, terms)


def _product(args: list[Piece]) -> Piece:
    factors = sorted(
        (factor for arg in args for factor in (arg.factors or (arg,))), key=lambda factor: factor.rank
    )
    first, *others = factors
    negative = first.rank == NUMBER and first.binding == SIGNED
    markup = first.terms[0][1] if negative else _at_least(first, PRODUCT)
    for factor in others:
        written = _at_least(factor, POWER)
        between = "·" if written.startswith(("<mn>", "<msup><mn>", "<mfrac><mn>")) else "\u2062"
        markup += _operator(between) + written
    return _signed(negative, _row(markup), PRODUCT, tuple(factors))


def _fraction(over: Piece, under: Piece) -> Piece:
    negative = len(over.terms) == 1
    numerator = over.terms[0][1] if negative else over.markup
    return _signed(negative, f"<mfrac>{numerator}{under.markup}</mfrac>", POWER)


def _function(name: str, args: list[Piece]) -> Piece:
    inner = args[0].markup
    match name:
        case "sqrt":
            return Piece(f"<msqrt>{inner}</msqrt>", ATOM, FUNCTION)
        case "cbrt":
            return Piece(f"<mroot>{_row(inner)}<mn>3</mn></mroot>", POWER, FUNCTION)
        case "exp":
            return Piece(f"<msup><mi>e</mi>{inner}</msup>", POWER, FUNCTION)
        case "abs":
            return Piece(_row(_operator("|"), inner, _operator("|")), ATOM, FUNCTION)
        case "step":
            return Piece(
                _row(_operator("["), inner, _operator(">"), "<mn>0</mn>", _operator("]")), ATOM, FUNCTION
            )
    separated = _operator(",").join(arg.markup for arg in args)
    word = f"<mi>{FUNCTION_NAMES.get(name, name)}</mi>"
    return Piece(
        _row(word, _operator("\u2061"), _row(_operator("("), separated, _operator(")"))), POWER, FUNCTION
    )
