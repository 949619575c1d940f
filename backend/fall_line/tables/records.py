"""A text with separated values cut into records: which delimiter, which lines are none of the table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from fall_line.tables.numerals import NONE, readings

DELIMITERS = "\t;|,"
"""The comma is the last resort: it stands in numbers and in sentences too."""
SAMPLE = 200
"""So many records tell the delimiter."""
# What a spreadsheet writes where it has no value begins like a comment.
ERROR = r"#(?:N/A|NA\b|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)"
NO_RECORD = re.compile(rf"\s*(?:\Z|(?!{ERROR})#)", re.IGNORECASE)
TORN = {
    "expected after": 'something follows a closing quote; write a quote within quotes twice, ""',
    "larger than": "a value has more than 131,072 characters; a closing quote may be missing",
    "": "a quote is opened and not closed; close it, or take it out",
}
"""What the errors of Python's reader mean."""
SPACE_AFTER_QUOTE = re.compile(rf'" +(?=[{DELIMITERS}\n])')
ANNOUNCED = re.compile(r'\s*"?sep=(.)"?[^\S\n]*(?=\n|\Z)', re.IGNORECASE)


class TornError(ValueError):
    """A text whose quotes do not fit; says the line, from 1, and what to do."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(f"line {line}: {words}")
        self.line = line


class Record(NamedTuple):
    """The cells of a record, and the line at which it begins in the text, from 1."""

    line: int
    cells: list[str]


def records(text: str) -> tuple[str, list[Record]]:
    """Return the delimiter and the records of a text, the one with the names first.

    A first line such as ``sep=;`` names the delimiter.  Empty records and lines that begin with ``#`` are
    left out.  But such a line names the columns right above a first record of numbers with as many fields;
    above one that has words too, if no space follows ``#``.  Raises TornError.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    announced = ANNOUNCED.match(text)
    if announced and announced[1] in DELIMITERS:
        delimiter = announced[1]
        # Lines are counted.
        text = "\n" * announced[0].count("\n") + text[announced.end() :]
    else:
        delimiter = _delimiter(text)
    found = [record for record in _cut(text, delimiter) if any(map(str.strip, record.cells))]
    if found and found[0].line > 1:
        line, cells = found[0]
        above = text.split("\n", line)[line - 2].lstrip()
        numbers = [readings(cell) != NONE for cell in cells]
        names = _names(above, delimiter)
        if len(names) == len(cells) and (all(numbers) or (any(numbers) and not above.startswith("# "))):
            found.insert(0, Record(line - 1, names))
    return delimiter, found


def _names(line: str, delimiter: str) -> list[str]:
    """Return the fields of a line that begins with ``#``, which may itself be the name of a column."""
    if not line.startswith("#"):
        return []
    try:
        ((_, (first, *others)),) = _cut(line.replace("#", " ", 1), delimiter)
    except ValueError:
        return []
    return [first.strip() or "#", *others]


def _delimiter(text: str) -> str:
    """Return what cuts most records into as many fields, more than one.

    Of several it is the one that leaves fewest others in the fields, but for the commas of numbers, then the
    one that leaves most numbers.  Raises TornError.
    """
    chosen, best = "", (0.0, 0, 0)
    torn: list[TornError] = []
    for delimiter in DELIMITERS:
        try:
            sample = [record.cells for record in islice(_cut(text, delimiter), SAMPLE)]
        except TornError as error:
            torn.append(error)
            continue
        if not sample or len(sample[0]) < 2:
            continue
        alike = max(Counter(len(cells) for cells in sample if len(cells) > 1).values())
        cells = [cell for cells in sample[1:] for cell in cells]
        words = [cell for cell in cells if readings(cell) == NONE]
        tangled = sum(not set(DELIMITERS).isdisjoint(cell) for cell in words)
        score = (alike / len(sample), -tangled, len(cells) - len(words))
        if not chosen or score > best:
            chosen, best = delimiter, score
    if not chosen and torn:
        raise max(torn, key=lambda error: error.line)
    return chosen or DELIMITERS[-1]


def _cut(text: str, delimiter: str) -> Iterator[Record]:
    """Yield the records of a text; raises TornError."""
    line = begin = 0
    between = True

    def lines() -> Iterator[str]:
        nonlocal line, begin, between
        for line, each in enumerate(io.StringIO(text), 1):
            # A line within quotes is no comment, and not empty.
            if between and NO_RECORD.match(each):
                continue
            if between:
                begin, between = line, False
            yield SPACE_AFTER_QUOTE.sub('"', each)

    try:
        for cells in csv.reader(lines(), delimiter=delimiter, strict=True, skipinitialspace=True):
            yield Record(begin, cells)
            between = True
    except csv.Error as error:
        words = next(words for said, words in TORN.items() if said in str(error))
        raise TornError(begin, words) from error
