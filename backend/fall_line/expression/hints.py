"""What to write instead of a character that is no part of a formula."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

ONE_LINE = "write the formula on one line"
COMPARISON = "comparisons are not part of a formula; try min, max or step-like sigmoid(50*x)"
LETTERED = "write abs( ) for an absolute value"
DASH = "write the minus sign of the keyboard, -"
ROUND = "use round brackets ( )"
QUOTES = "quotes have no place in it"
ASCII = "a formula is plain ASCII: numbers, names, + - * / ** ( )"
INSTEAD = {
    "=": "write only the right-hand side, the formula of the loss",
    "!": "factorials are not part of a formula",
    "#": "comments are not part of a formula",
    "\\": "LaTeX is not read: write x**2, (a)/(b), sqrt( ), sin( ), pi and * for products",
    "$": "leave out the $ signs of LaTeX",
    "∛": "write cbrt( )",
    "∞": "a formula has finite numbers",
    "’": "derivatives are made for you; write the loss itself",
    "′": "derivatives are made for you; write the loss itself",
    ":": "write / to divide",
    ";": "write one formula",
    ".": "write a number such as 0.5; there are no attributes",
    **dict.fromkeys("<>≤≥≠", COMPARISON),
    **dict.fromkeys("[]{}", ROUND),
    **dict.fromkeys("\n\r", ONE_LINE),
    **dict.fromkeys("∣‖", LETTERED),
    **dict.fromkeys("–—‐‑﹣", DASH),
    **dict.fromkeys("'\"“”", QUOTES),
}
FRACTION = re.compile(r"[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒]")
COMMAND = re.compile(r"\\([A-Za-z]+)")
FRAC = re.compile(r"\\[dt]?frac *\{([^{}]*)\} *\{([^{}]*)\}")
LONGEST = 60


class Token(NamedTuple):
    """A piece of the text; kind is "number", "name", "operator" or "end"."""

    kind: str
    text: str
    column: int


def strange(text: str, position: int, known: Sequence[str]) -> str:
    """Return what to write instead of a character that is no part of a formula."""
    character, before, after = text[position], text[:position].rstrip(), text[position + 1 :].lstrip()
    if character == "%":
        share = re.search(r"(?:^|[^\w.])([0-9]+\.?[0-9]*|\.[0-9]+)$", before)
        if share and not re.match(r"[\w.(]", after):
            return f"write {share[1]}% as {_percent(share[1])}"
        return "a remainder jumps, and a formula has none"
    if character == "." and re.search(r"(?:^|[^\w.])[0-9.]*\.[0-9]*$", before):
        return "a number has one decimal point"
    if character == "[" and {"x", "y"} <= set(known):
        index = re.match(r"([01])\]", after)
        if index and before.endswith(("x", "w")):
            return f"write {'xy'[int(index[1])]} for {before[-1]}[{index[1]}]"
    if character == "\\":
        return _latex(text, position)
    if FRACTION.match(character):
        return _fraction(character, before)
    if character in "ⁿˣʸ" and before:
        return f"write **{unicodedata.normalize('NFKC', character)}"
    if character in "₀₁₂₃₄₅₆₇₈₉":
        return numbered(f"{before[-1:]}{character}", unicodedata.normalize("NFKC", character), known)
    name = unicodedata.name(character, "")
    if name.startswith("GREEK") and name.split()[-1] != "SYMBOL":
        letter = name.split()[-1].lower().replace("lamda", "lambda")
        return f"Greek letters are written out: write {letter}, declared as a parameter"
    return INSTEAD.get(character, ASCII)


def _percent(written: str) -> str:
    return f"{float(written) / 100:.12g}"


def _fraction(character: str, before: str) -> str:
    over, under = unicodedata.normalize("NFKC", character).split("⁄")
    whole = re.search(r"(?:^|[^\w.])([0-9]+)$", before)
    if whole:
        return f"write ({whole[1]} + {over}/{under}) for {whole[1]}{character}"
    return f"write ({over}/{under})"


def _latex(text: str, position: int) -> str:
    frac = FRAC.match(text, position)
    if frac and len(frac.group()) <= LONGEST:
        return f"LaTeX is not read: write (({frac[1]})/({frac[2]}))"
    found = COMMAND.match(text, position)
    command = found[1] if found else ""
    if command in ("left", "right"):
        return f"LaTeX is not read: leave out \\{command}"
    if command in ("cdot", "times", "ast"):
        return "LaTeX is not read: write *"
    if command in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "ln", "log", "sqrt", "min", "max"):
        return f"LaTeX is not read: write {command}( )"
    if command in ("arcsin", "arccos", "arctan"):
        return f"LaTeX is not read: write a{command[3:]}( )"
    return "LaTeX is not read: write pi" if command == "pi" else INSTEAD["\\"]


def numbered(shown: str, digit: str, known: Sequence[str]) -> str:
    """Return what to write for the first or the second variable, counted."""
    if {"x", "y"} <= set(known) and digit in "12":
        return f"write {'xy'[int(digit) - 1]} for {shown}: the variables are x and y"
    return f"known are {', '.join(known)}"
