"""Numbers as people and spreadsheets write them: a decimal point or comma, and marks between thousands."""

from __future__ import annotations

import re
from math import isfinite

Readings = tuple[float | None, float | None]
NONE: Readings = (None, None)
POINT, COMMA = 0, 1
"""The two decimal marks, as places in Readings."""
SPACES = " \u00a0\u2007\u2009\u202f"
ALWAYS_THOUSANDS = f"'’{SPACES}"
"""What is no decimal mark anywhere."""
SIGNS = str.maketrans("−–", "--")
LONGEST = 400
"""Characters of a number: those of the smallest float and its sign, written out."""


def _written(decimal: str, thousands: str) -> re.Pattern[str]:
    """Return what a number looks like: groups of three, or those of India, and no groups with an exponent."""
    groups = rf"[1-9]\d{{0,2}}(?P<mark>[{thousands}{ALWAYS_THOUSANDS}])\d{{3}}(?:(?P=mark)\d{{3}})*"
    lakhs = rf"[1-9]\d?(?:{thousands}\d\d)+{thousands}\d{{3}}"
    plain = rf"(?:\d+(?:{decimal}\d*)?|{decimal}\d+)(?:[eE][-+]?\d+)?"
    return re.compile(rf"[-+]?[{SPACES}]?(?:(?:{groups}|{lakhs})(?:{decimal}\d*)?|{plain})")


WRITTEN = (_written(r"\.", ","), _written(",", r"\."))
TO_POINT = tuple(
    str.maketrans(decimal, ".", thousands + ALWAYS_THOUSANDS) for decimal, thousands in (".,", ",.")
)
"""Takes the marks between thousands out, and makes the decimal mark a point."""
GROUPED = re.compile(rf"\d[{ALWAYS_THOUSANDS}]\d")
UNMARKED = re.compile(r"[-+]?[0-9]{1,15}")


def readings(text: str) -> Readings:
    """Return the number that a text is with a decimal point, and with a decimal comma; None where it is none.

    ``12.5`` is a number with a point only, ``1.234,5`` with a comma only, ``12`` the same with both, and
    ``1.234`` is 1.234 with a point, 1234 with a comma.  What no float can hold is no number.
    """
    text = text.strip().translate(SIGNS)
    if UNMARKED.fullmatch(text):
        return (value := float(text)), value
    if len(text) > LONGEST:
        return NONE
    return _value(text, POINT), _value(text, COMMA)


def _value(text: str, mark: int) -> float | None:
    if not WRITTEN[mark].fullmatch(text):
        return None
    value = float(text.translate(TO_POINT[mark]))
    return value if isfinite(value) else None


def shown(read: Readings) -> int | None:
    """Return the decimal mark without which a text were no number, None if there is none such."""
    point, comma = read
    return None if (point is None) == (comma is None) else POINT if comma is None else COMMA


def doubtful(read: Readings) -> bool:
    """Whether a text is one number with a decimal point, another with a decimal comma."""
    return None not in read and read[POINT] != read[COMMA]


def apart(text: str) -> bool:
    """Whether a text is a number with spaces or apostrophes between its thousands."""
    return GROUPED.search(text) is not None and readings(text) != NONE
