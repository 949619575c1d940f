"""What people paste, written in our grammar: − as -, x² as x**2, √x as sqrt(x), |x| as abs(x).

Only what has one meaning is rewritten; what may be read in two ways is refused, here or by the parser.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_CHARACTERS = 500

SPACES = "\t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
ALIKE = {"−": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/"} | dict.fromkeys(SPACES, " ")
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
DIGITS = str.maketrans(f"{RAISED}⁺⁻", "0123456789+-")
EXPONENT = re.compile(f"[⁺⁻]?[{RAISED}]+")
RADICAND = re.compile(
    rf"[ {SPACES}]*(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[A-Za-z_]\w*|π)", re.ASCII
)
POWER = re.compile(rf"[ {SPACES}]*(?:\*\*|\^|[{RAISED}⁺⁻])")
MORE = re.compile(r"[\wπ.√|(]")
BRACKET = re.compile(rf"[ {SPACES}]*\(")


class FormulaError(ValueError):
    """A formula that is refused; ``column`` counts characters from 1, None where no place is to blame."""

    def __init__(self, message: str, column: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


class Pasted(NamedTuple):
    """A formula in our grammar; ``columns`` are those of its characters, and its end, in what was typed."""

    text: str
    columns: list[int]


def normalised(typed: str) -> str:
    """Return a formula as the parser reads it; the same again for what is written so already.

    Raises FormulaError where bars or a root can be read in more than one way, and beyond 500 characters.
    """
    return pasted(typed).text


def pasted(typed: str) -> Pasted:
    """Return a formula as the parser reads it, with the columns of what was typed; see :func:`normalised`."""
    if len(typed) > MAX_CHARACTERS:
        raise FormulaError(f"the formula has {len(typed)} characters; {MAX_CHARACTERS} are the limit")
    writer = _Writer(typed)
    writer.write_all()
    text = "".join(writer.written)
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            f"written out, the formula has {len(text)} characters; {MAX_CHARACTERS} are the limit"
        )
    return Pasted(text, [*writer.columns, len(typed) + 1])


class _Writer:
    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.written: list[str] = []
        self.columns: list[int] = []
        self.roots: list[int | None] = []
        """Of each open bracket, where the root before it stands."""
        self.bar: tuple[int, int] | None = None
        """Where the open bar stands, and how many brackets are open around it."""
        self.fresh = False
        """Whether the last character was put in place of another: a letter or a digit must not join it."""

    def write(self, piece: str, position: int, *, instead: bool = True) -> None:
        """Append a piece; a space keeps letters and digits apart that were not typed as one word."""
        joins = self.written and re.match(r"\w", self.written[-1]) and re.match(r"[\w.]", piece)
        for character in f" {piece}" if joins and (instead or self.fresh) else piece:
            self.written.append(character)
            self.columns.append(position + 1)
        self.fresh = instead

    def write_all(self) -> None:
        position = 0
        while position < len(self.typed):
            position = self.step(position)
        if self.bar is not None:
            raise FormulaError(
                "this bar is never closed: write abs( ) for the absolute value", self.bar[0] + 1
            )

    def step(self, position: int) -> int:
        """Write what stands at a position, and return the next one."""
        character = self.typed[position]
        exponent = EXPONENT.match(self.typed, position)
        if exponent:
            return self.exponent(exponent, position)
        if character == "√":
            return self.root(position)
        if character == "|":
            self.either_bar(position)
        elif character == "π":
            self.write("pi", position)
        else:
            if character == "(":
                self.roots.append(None)
            elif character == ")" and self.roots:
                root = self.roots.pop()
                if root is not None and POWER.match(self.typed, position + 1):
                    raise self.unclear(root)
            self.write(ALIKE.get(character, character), position, instead=False)
        return position + 1

    def exponent(self, found: re.Match[str], position: int) -> int:
        again = POWER.match(self.typed, found.end())
        if again:
            raise FormulaError("a power of a power needs brackets: write (x**2)**3 or x**(2**3)", again.end())
        self.write("**", position)
        self.write(found.group().translate(DIGITS).removeprefix("+"), position)
        return found.end()

    def root(self, position: int) -> int:
        bracket = BRACKET.match(self.typed, position + 1)
        if bracket:
            self.roots.append(position)
            self.write("sqrt(", position)
            return bracket.end()
        found = RADICAND.match(self.typed, position + 1)
        if found is None or POWER.match(self.typed, found.end()) or MORE.match(self.typed, found.end()):
            raise self.unclear(position)
        radicand = found.group().strip().replace("π", "pi")
        self.write(f"sqrt({radicand})", position)
        return found.end()

    def unclear(self, position: int) -> FormulaError:
        message = "how far does the root reach? write sqrt( ) with all of it between the brackets"
        return FormulaError(message, position + 1)

    def either_bar(self, position: int) -> None:
        before = next((each for each in reversed(self.written) if each != " "), "")
        after_operand = bool(before) and bool(re.match(r"[\w.)]", before))
        if self.bar is None:
            self.bar = position, len(self.roots)
            self.write("abs(", position)
        elif after_operand and self.bar[1] == len(self.roots):
            self.bar = None
            self.write(")", position)
        else:
            message = "which bars belong together? write abs( ) for each absolute value"
            raise FormulaError(message, position + 1)
