"""Text to graph: a tokenizer, precedence climbing, and refusals that say what to write instead.

Nothing typed is ever evaluated by Python: names are looked up in the tables below, numbers go through
``float``, and every limit is checked before the work it bounds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection

from fall_line.expression.functions import ARITHMETIC, CONSTANTS, FUNCTIONS, GUARDS, call, constant_value
from fall_line.expression.hints import Token, strange
from fall_line.expression.node import Node, number, symbol
from fall_line.expression.pasted import FormulaError, pasted
from fall_line.expression.slips import MODULE, Places, named

MAX_OPERATIONS = 200
MAX_BRACKETS = 32
MAX_EXPONENT = 64

TYPED_FUNCTIONS = (*(name for name in FUNCTIONS if name not in ("step", *GUARDS)), "ln", "min", "max")
RESERVED = frozenset({*TYPED_FUNCTIONS, *CONSTANTS, "x", "y", "t"})

TOKEN = re.compile(
    r"(?P<space>[ \t]+)|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>(?:{MODULE.pattern})?[A-Za-z_][A-Za-z_0-9]*)|(?P<operator>\*\*|[-+*/^(),])"
)
BINARY = {"+": ("add", 1), "-": ("subtract", 1), "*": ("multiply", 2), "/": ("divide", 2)}
UNARY_PRECEDENCE = 3


def parse(text: str, variables: Collection[str] = ("x", "y"), parameters: Collection[str] = ()) -> Node:
    """Return the graph of a formula in ``variables`` and ``parameters``, as it is typed or pasted.

    Raises FormulaError, with the column in ``text`` where there is one, for everything else than a formula
    within the limits: 500 characters, 200 operations, 32 nested brackets, constant exponents up to 64.
    """
    written = pasted(text)
    try:
        return _Parser(written.text, variables, parameters).formula()
    except FormulaError as error:
        column = error.column and written.columns[error.column - 1]
        raise FormulaError(error.message, column) from None


def _tokens(text: str, known: list[str]) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            shown = f" {text[position]!r}" if text[position].isprintable() else ""
            hint = strange(text, position, known)
            raise FormulaError(f"the character{shown} is not part of a formula: {hint}", position + 1)
        if match.lastgroup != "space":
            tokens.append(Token(str(match.lastgroup), match.group(), position + 1))
        position = match.end()
    tokens.append(Token("end", "", len(text) + 1))
    return tokens


class _Parser:
    def __init__(self, text: str, variables: Collection[str], parameters: Collection[str]) -> None:
        self.text = text
        self.known = [*variables, *parameters]
        self.tokens = _tokens(text, self.known)
        self.position = 0
        self.operations = 0
        self.brackets = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.next
        self.position += 1
        return token

    def formula(self) -> Node:
        if self.next.kind == "end":
            raise FormulaError("the formula is empty: write one such as x**2 + y**2", 1)
        result = self.expression(0)
        if self.next.kind != "end":
            raise self.unexpected(self.next)
        return result

    def count(self, token: Token) -> None:
        self.operations += 1
        if self.operations > MAX_OPERATIONS:
            raise FormulaError(f"the formula has more than {MAX_OPERATIONS} operations", token.column)

    def expression(self, precedence: int) -> Node:
        left = self.unary()
        while self.next.text in BINARY and BINARY[self.next.text][1] > precedence:
            token = self.take()
            self.count(token)
            op, binding = BINARY[token.text]
            left = ARITHMETIC[op](left, self.expression(binding))
        return left

    def unary(self) -> Node:
        """A signed power: -x**2 is -(x**2), and 2**-x is allowed."""
        signs: list[Token] = []
        while self.next.text in ("+", "-"):
            signs.append(self.take())
            self.count(signs[-1])
        result = self.power()
        for sign in signs:
            if sign.text == "-":
                result = -result
        return result

    def power(self) -> Node:
        name = self.next.text
        base = self.atom()
        if self.next.text not in ("**", "^"):
            return base
        self.count(self.take())
        column = self.next.column
        exponent = self.unary()
        value = constant_value(exponent)
        if value is not None and abs(value) > MAX_EXPONENT:
            raise FormulaError(f"the exponent is larger than {MAX_EXPONENT}", column)
        return call("exp", exponent) if name == "e" and base is symbol("e") else base**exponent

    def atom(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name":
            return self.function(token) if self.next.text == "(" else self.variable(token)
        if token.text == "(":
            return self.bracketed(token, "")[0]
        raise self.unexpected(token)

    def number(self, token: Token) -> Node:
        following = self.next
        adjacent = following.column == token.column + len(token.text)
        if adjacent and following.kind == "name":
            if token.text == "0" and following.text[0] in "xXbBoO" and following.text[1:]:
                raise FormulaError("numbers are decimal: no 0x, 0b or 0o", token.column)
            if following.text.startswith("_"):
                raise FormulaError("write the number without underscores", following.column)
        if adjacent and following.kind == "number":
            raise FormulaError("a number has one decimal point", following.column)
        value = float(token.text)
        if math.isinf(value):
            raise FormulaError("the number is too large", token.column)
        if value == 0 and re.match(r"[0.]*[1-9]", token.text):
            raise FormulaError("the number is too small: write 0, or one from 1e-300 on", token.column)
        return number(value)

    def bracketed(self, opening: Token, name: str) -> list[Node]:
        """Read the arguments after an opening bracket; a plain bracket has exactly one."""
        self.brackets += 1
        if self.brackets > MAX_BRACKETS:
            raise FormulaError(f"brackets are nested more than {MAX_BRACKETS} deep", opening.column)
        if self.next.text == ")":
            raise FormulaError("there is nothing between the brackets", self.next.column)
        args = [self.expression(0)]
        while name and self.next.text == ",":
            self.take()
            args.append(self.expression(0))
        if self.next.kind == "end":
            raise FormulaError("this bracket is never closed: write ) at the end", opening.column)
        if self.next.text != ")":
            raise self.unexpected(self.next)
        self.take()
        self.brackets -= 1
        return args

    def function(self, token: Token) -> Node:
        name = token.text
        if name not in TYPED_FUNCTIONS:
            if name in self.known or name in CONSTANTS:
                raise FormulaError(self.places.product(self.position), self.next.column)
            raise self.unknown(token)
        self.count(token)
        index = self.position - 1
        args = self.bracketed(self.take(), name)
        if name in ("min", "max"):
            if len(args) < 2:
                raise FormulaError(f"{name} takes two or more arguments: {name}(x, y)", token.column)
            result = args[0]
            for arg in args[1:]:
                result = ARITHMETIC[name](result, arg)
            return result
        if len(args) != 1:
            hint = self.places.logarithm(index) if name in ("log", "ln") else None
            if hint:
                raise FormulaError(hint, token.column)
            raise FormulaError(f"{name} takes one argument", token.column)
        return call("log" if name == "ln" else name, args[0])

    def variable(self, token: Token) -> Node:
        if token.text in self.known or token.text in CONSTANTS:
            return symbol(token.text)
        raise self.unknown(token)

    @property
    def places(self) -> Places:
        return Places(self.text, self.tokens)

    def unknown(self, token: Token) -> FormulaError:
        name, index = token.text, self.position - 1
        if name in TYPED_FUNCTIONS:
            return FormulaError(self.places.needs_brackets(index, self.known[0]), token.column)
        hint = named(name, index, self.places, self.known, TYPED_FUNCTIONS)
        shown = name if len(name) <= 64 else f"{name[:61]}..."
        return FormulaError(f"the name {shown} is not known: {hint}", token.column)

    def unexpected(self, token: Token) -> FormulaError:
        if token.kind == "end":
            return FormulaError("the formula ends too early: something is missing here", token.column)
        if token.text == ")":
            message = (
                "this bracket was never opened" if self.brackets == 0 else "something is missing before )"
            )
            return FormulaError(message, token.column)
        if token.text == ",":
            hint = self.places.decimal(self.tokens.index(token))
            return FormulaError(
                f"a comma stands only between the arguments of min and max; {hint}", token.column
            )
        if token.kind in ("number", "name") or token.text == "(":
            hint = self.places.product(self.tokens.index(token))
            return FormulaError(f"an operator is missing here: {hint}", token.column)
        return FormulaError(f"something is missing before {token.text}", token.column)
