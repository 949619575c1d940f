"""Somebody's own data: a table of numbers, as a spreadsheet exports it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import Field

from fall_line.component import Document, refused, within
from fall_line.surfaces.data import MAX_EXAMPLES
from fall_line.tables.numerals import COMMA, NONE, POINT, Readings, apart, doubtful, readings, shown
from fall_line.tables.records import ERROR, Record, TornError, records

MAX_COLUMNS = 64
MISSING = re.compile(rf"|[-–—−.?]|na|n/a|n\.a\.|nan|null|none|{ERROR}", re.IGNORECASE)
MARKS = {POINT: "decimal point", COMMA: "decimal comma"}


class TableRequest(Document):
    """A table as text."""

    csv: str = Field(
        description="Values separated by commas, semicolons, tabs or bars; the first line names the columns."
    )

    def compute(self) -> Table:
        """Return the table."""
        return within("csv", lambda: table(self.csv))


class Table(NamedTuple):
    """Columns of numbers by name, all with as many ``rows``.

    ``left_out`` lists the other columns, each as {"column": its name, "reason": why, and what to do}.
    """

    columns: dict[str, list[float]]
    rows: int
    left_out: list[dict[str, str]]


class Column(NamedTuple):
    """A column as it was written: its cells, what each may be read as, and the lines at which they stand."""

    name: str
    cells: list[str]
    read: list[Readings]
    lines: list[int]

    def marks(self) -> set[int]:
        """Return the decimal marks that its cells show: POINT, COMMA."""
        return {mark for mark in map(shown, self.read) if mark is not None}


class Fault(NamedTuple):
    """Why a column is left out: the path and the row where that shows, and what to do."""

    path: tuple[str | int, ...]
    row: str
    words: str


def table(text: str) -> Table:
    """Return the table in a text with separated values, the first line of which names the columns.

    The delimiter is the comma, semicolon, tab or bar that cuts the records into as many fields each, quotes
    respected, unless a first line such as ``sep=;`` names it.  Empty lines, lines that begin with ``#`` and
    delimiters at the end of lines are no part of the table.

    Numbers have a decimal point or a decimal comma, and may have marks between thousands.  Which is which is
    what their column shows, else what all columns show: ``12.5``, ``0.123`` and ``1,234.5`` have a decimal
    point, ``1.234,5`` and ``1.234.567`` a decimal comma, and beside ``1 234`` a point or comma is decimal.
    Where nothing shows it and commas separate the values, a point is the decimal mark: ``1.234`` is a little
    more than 1.  Otherwise such a number is refused, as it may be 1234; and so is ``"1,234"`` between commas.

    Columns without a name of their own, or with a cell that is no number, are left out if two others remain.
    Raises ValidationError whose paths are ("rows", number of the row from 1, name of the column).
    """
    try:
        delimiter, found = records(text)
    except TornError as error:
        raise _refused((), f"this is not a table of comma-separated values: {error}") from error
    names, rows = _shaped(delimiter, found)
    columns = _columns(names, rows)
    # What is mostly words shows nothing about numbers.
    numbers = [column for column in columns if 2 * column.read.count(NONE) <= len(rows)]
    everywhere = {mark for column in numbers for mark in column.marks()}
    grouped = any(apart(cell) for column in numbers for cell in column.cells)
    kept: dict[str, list[float]] = {}
    faults: list[tuple[str, Fault]] = []
    for place, column in enumerate(columns):
        if not column.name and not any(column.cells):
            continue
        fault = _misnamed(place, names) or _unread(column)
        if fault is None:
            mark = _mark(column, everywhere, grouped, delimiter)
            kept[column.name] = [value for each in column.read if (value := each[mark]) is not None]
        elif (column.name, fault) not in faults:
            faults.append((column.name, fault))
    if len(kept) < 2:
        faults = faults or [("", Fault(("rows", 0), "", "there is one column only"))]
        (path, first), *others = [(fault.path, _message(name, fault)) for name, fault in faults]
        raise refused("Table", [(path, f"{first}; two columns of numbers are needed"), *others])
    left_out = [{"column": name, "reason": ": ".join(filter(None, fault[1:]))} for name, fault in faults]
    return Table(kept, len(rows), left_out)


def _shaped(delimiter: str, found: list[Record]) -> tuple[list[str], list[Record]]:
    """Return the names of the columns, and the rows, which have a cell for each."""
    if not found:
        raise _refused(
            (), "there is nothing here; paste a line with names and a row of numbers for each example"
        )
    first, *rows = found
    # Delimiters at the end of lines make no columns.
    most = max((_used(row.cells) for row in rows), default=0)
    width = max(_used(first.cells), min(len(first.cells), most))
    names = [" ".join(name.split()) for name in first.cells[:width]]
    _check_names(names)
    if len(rows) > MAX_EXAMPLES:
        raise _refused(
            ("rows",), f"there are {len(rows):,} rows; up to {MAX_EXAMPLES:,} examples are possible"
        )
    if len(rows) < 2:
        few = "there is one row only" if rows else "there are no rows of numbers"
        raise _refused(("rows",), f"{few}; give two examples or more")
    for number, row in enumerate(rows, 1):
        many, line = len(row.cells), row.line
        if many < len(names):
            few = f"row {number} has {many} of {len(names)} values (line {line})"
            raise _refused(("rows", number), f"{few}; give each column its own")
        if _used(row.cells) > len(names):
            there = f"row {number} has {many} values (line {line}), and there are {len(names)} columns"
            raise _refused(
                ("rows", number), f"{there}; name them all, and quote a value that holds a delimiter"
            )
    return names, rows


def _used(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last that is not empty."""
    return next((place + 1 for place in reversed(range(len(cells))) if cells[place].strip()), 0)


def _check_names(names: list[str]) -> None:
    if len(names) < 2:
        raise _refused(("rows", 0), "there is one column only; separate two or more by commas")
    if len(names) > MAX_COLUMNS:
        raise _refused(("rows", 0), f"there are {len(names):,} columns; up to {MAX_COLUMNS} are possible")
    if all(readings(name) != NONE for name in names):
        raise _refused(("rows", 0), "the first line must name the columns, such as hours,score")


def _columns(names: list[str], rows: list[Record]) -> list[Column]:
    known = {cell: readings(cell) for cell in {cell for row in rows for cell in row.cells[: len(names)]}}
    lines = [row.line for row in rows]
    columns = []
    for place, name in enumerate(names):
        cells = [row.cells[place] for row in rows]
        columns.append(Column(name, [cell.strip() for cell in cells], [known[cell] for cell in cells], lines))
    return columns


def _misnamed(place: int, names: list[str]) -> Fault | None:
    name = names[place]
    if not name:
        return Fault(("rows", 0), "", f"column {place + 1} has no name in the first line; give it one there")
    if names.count(name) > 1:
        return Fault(("rows", 0, name), "", "two columns have this name; rename one")
    return None


def _unread(column: Column) -> Fault | None:
    """Return why a column is none of numbers, if it is not."""
    bad = [row for row, each in enumerate(column.read) if each == NONE]
    words = [row for row in bad if not MISSING.fullmatch(column.cells[row])]
    if bad and len(bad) == len(column.read):
        said = "none of its values is a number" if words else "all its values are missing"
        return Fault(("rows", (words or bad)[0] + 1, column.name), "", said)
    if bad and bad[0] in words:
        return _at(column, bad[0], "this is not a number", "write it without units and words")
    if bad:
        return _at(column, bad[0], "a value is missing", "fill it in, or take the row out")
    if len(column.marks()) > 1:
        marks = [shown(each) for each in column.read]
        before, after = sorted(MARKS, key=marks.index)
        what = f"this has a {MARKS[after]}, and row {marks.index(before) + 1} a {MARKS[before]}"
        return _at(column, marks.index(after), what, "write the same in both")
    return None


def _mark(column: Column, everywhere: set[int], grouped: bool, delimiter: str) -> int:
    """Return the decimal mark of a column of numbers.

    ``everywhere`` is what all columns show; ``grouped``: somewhere thousands have spaces or apostrophes, and
    neither of the two marks stands between them.
    """
    unclear = [row for row, each in enumerate(column.read) if doubtful(each)]
    for marks in (column.marks(), everywhere):
        if len(marks) == 1:
            return min(marks)
    written = {mark for row in unclear for mark in column.cells[row]} & set(".,")
    if not written or (written == {"."} and (grouped or (delimiter == "," and not everywhere))):
        return POINT
    if written == {","} and grouped:
        return COMMA
    cell, (point, comma) = column.cells[unclear[0]], column.read[unclear[0]]
    high, low = sorted((point or 0.0, comma or 0.0), key=abs, reverse=True)
    why = "the other columns show both marks" if everywhere else "nothing shows which"
    what = f"{cell} could be {high:g} or {low:g}, and {why}"
    fault = _at(
        column, unclear[0], what, f"write {high:g} without the mark, or {cell}0 with one more decimal"
    )
    raise _refused(fault.path, _message(column.name, fault))


def _at(column: Column, row: int, what: str, remedy: str) -> Fault:
    words = f"{what} (line {column.lines[row]}); {remedy}"
    return Fault(("rows", row + 1, column.name), f"row {row + 1}", words)


def _message(name: str, fault: Fault) -> str:
    """Return the words of a refusal, with the name of the column."""
    place = ", ".join(filter(None, [fault.row, name and f"column {name[:64]}"]))
    return f"{place}: {fault.words}" if place else fault.words


def _refused(path: tuple[str | int, ...], message: str) -> Exception:
    return refused("Table", [(path, message)])
