"""Somebody's own data: a table of numbers, as a spreadsheet exports it."""

from __future__ import annotations

import csv
import io
from math import isfinite
from typing import NamedTuple

from pydantic import Field

from fall_line.component import Document, refused, within
from fall_line.surfaces.data import MAX_EXAMPLES

MAX_COLUMNS = 64
DELIMITERS = ",;\t|"


class TableRequest(Document):
    """A table as text."""

    csv: str = Field(description="Comma-separated values; the first line names the columns.")

    def compute(self) -> Table:
        """Return the table."""
        return within("csv", lambda: table(self.csv))


class Table(NamedTuple):
    """Columns of numbers by name, all with as many ``rows``."""

    columns: dict[str, list[float]]
    rows: int


def table(text: str) -> Table:
    """Return the table in a text with comma-separated values, the first line of which names the columns.

    Semicolons, tabs and bars are understood as well, and with them the decimal comma.
    Raises ValidationError whose paths are ("rows", number of the row from 1, name of the column).
    """
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
    if not lines:
        raise _refused(
            (), "there is nothing here; paste a line with names and a row of numbers for each example"
        )
    delimiter = max(DELIMITERS, key=lines[0].count)
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _refused((), f"this is not a table of comma-separated values: {error}") from error
    names = [name.strip() for name in rows[0]]
    _check_names(names)
    if len(rows) - 1 > MAX_EXAMPLES:
        raise _refused(
            ("rows",), f"there are {len(rows) - 1:,} rows; up to {MAX_EXAMPLES:,} examples are possible"
        )
    if len(rows) < 3:
        found = "there is one row only" if len(rows) == 2 else "there are no rows of numbers"
        raise _refused(("rows",), f"{found}; give two examples or more")
    columns: dict[str, list[float]] = {name: [] for name in names}
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(names):
            message = f"row {number} has {len(row)} values, and there are {len(names)} columns"
            raise _refused(("rows", number), message)
        for name, cell in zip(names, row, strict=True):
            columns[name].append(_number(cell, delimiter, number, name))
    return Table(columns, len(rows) - 1)


def _check_names(names: list[str]) -> None:
    if len(names) < 2:
        raise _refused(("rows", 0), "there is one column only; separate two or more by commas")
    if len(names) > MAX_COLUMNS:
        raise _refused(("rows", 0), f"there are {len(names)} columns; up to {MAX_COLUMNS} are possible")
    if all(_parsed(name, ",") is not None for name in names):
        raise _refused(("rows", 0), "the first line must name the columns, such as hours,score")
    if not all(names):
        raise _refused(("rows", 0), f"column {names.index('') + 1} has no name in the first line")
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise _refused(("rows", 0, repeated), "two columns have this name")


def _number(cell: str, delimiter: str, row: int, name: str) -> float:
    value = _parsed(cell, delimiter)
    if value is None:
        missing = cell.strip().lower() in ("", "na", "n/a", "nan", "null", "none", "?")
        message = "a value is missing" if missing else "this is not a number"
        raise _refused(("rows", row, name), f"row {row}, column {name[:64]}: {message}")
    return value


def _parsed(cell: str, delimiter: str) -> float | None:
    """Return the number in a cell, None if there is none."""
    text = cell.strip()
    if delimiter != ",":
        text = text.replace(",", ".")
    try:
        value = float(text) if "_" not in text else float("nan")
    except ValueError:
        return None
    return value if isfinite(value) else None


def _refused(path: tuple[str | int, ...], message: str) -> Exception:
    return refused("Table", [(path, message)])
