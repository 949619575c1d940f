"""Tables as people's programs write them, made by a script that knows the numbers.

A text is written by one program: one decimal mark, one mark between thousands.  Whether it can be read is
asked of an oracle that knows nothing of how tables are read here: it tries every pair of marks with which the
program may have written all the numbers, and sees whether the numbers are the same with all of them.
"""

import random
from dataclasses import dataclass, field
from itertools import product

MARKS = [pair for pair in product(".,", ".,'’ \u00a0\u2009\u202f") if pair[0] != pair[1]]
WORDS = ["Ada", "Bob, 12", "x", "très bien", "3 cats", "no; yes", "12.05.2020", "A|B", 'say "5"', "1-2", "#4"]
NAMES = ["x", "the mass, kg ", "a;b", "y|z", "  t", "Größe\n(cm)", "2020: "]
NOTHING = ["", "NA", "-", "#N/A", "n/a", "abc", "12 kg", "1.2.3"]


@dataclass
class Text:
    """A table as text, its numbers, and what is to be left out."""

    text: str = ""
    delimiter: str = ","
    numbers: dict[str, list[float]] = field(default_factory=dict)
    cells: dict[str, list[str]] = field(default_factory=dict)
    """The numbers as they are written, also those of columns that are left out."""
    left_out: list[tuple[str, str]] = field(default_factory=list)
    """Names of columns, and what the reason says."""


def value(cell: str, decimal: str, thousands: str) -> float | None:
    """Return the number that a program with these marks writes so, None if it writes none so."""
    body = cell.strip().replace("\u2212", "-").lstrip("+-")
    sign = -1 if cell.strip()[:1] in ("-", "\u2212") else 1
    mantissa, e, exponent = body.lower().partition("e")
    whole, _, fraction = mantissa.partition(decimal)
    first, *groups = whole.split(thousands)
    if groups and (e or first[:1] in ("", "0") or len(first) > 3 or any(len(group) != 3 for group in groups)):
        return None
    digits = "".join([first, *groups, fraction])
    if not digits or not (digits.isascii() and digits.isdigit()):
        return None
    return sign * float(f"{first}{''.join(groups)}.{fraction}{e}{exponent}")


def known(made: Text) -> dict[str, list[float]] | None:
    """Return the numbers that a text shows, None if it may be read in two ways."""
    readings: list[tuple[str, dict[str, list[float]]]] = []
    for decimal, thousands in MARKS:
        read = {
            name: [value(cell, decimal, thousands) for cell in cells] for name, cells in made.cells.items()
        }
        if all(None not in values for values in read.values()):
            kept = {name: read[name] for name in made.numbers}
            if all(kept != other for _, other in readings):
                readings.append((decimal, kept))
    if len(readings) == 1:
        return readings[0][1]
    # Between commas a point is the decimal mark, where that is all there is to know.
    unlike = [
        cell
        for name in made.numbers
        for place, cell in enumerate(made.cells[name])
        if len({read[name][place] for _, read in readings}) > 1
    ]
    if made.delimiter == "," and not any("," in cell for cell in unlike):
        return next(read for decimal, read in readings if decimal == ".")
    return None


def number(
    rng: random.Random, decimals: int, largest: int, decimal: str, thousands: str
) -> tuple[float, str]:
    """Return a number and how it is written."""
    sign = rng.choice(["", "", "", "-", "+", "\u2212"])
    whole = str(rng.randrange(0 if largest > 1000 else 1, largest))
    fraction = "".join(rng.choices("0123456789", k=decimals))
    exact = float(f"{'-' * (sign in ('-', chr(0x2212)))}{whole}.{fraction}")
    groups = [whole[max(end - 3, 0) : end] for end in range(len(whole), 0, -3)][::-1]
    return exact, sign + thousands.join(groups) + (decimal + fraction if decimals else "")


def quoted(cell: str) -> str:
    """Return a cell in quotes."""
    return '"' + cell.replace('"', '""') + '"'


def made(seed: int) -> Text:
    """Return one of the texts."""
    rng = random.Random(seed)
    text = Text(delimiter=rng.choice(",;\t|"))
    decimal = rng.choice(".,")
    thousands = rng.choice(["", "", ".,".replace(decimal, ""), *"'’ \u00a0\u2009\u202f"])
    if text.delimiter == "," and thousands == ".":
        # A program that writes so is read by the rule of the point between commas.
        thousands = ""
    count = rng.randrange(2, 12)
    # Three decimals everywhere look like thousands.
    alike = rng.random() < 0.3
    names: list[str] = []
    columns: list[list[str]] = []
    for place in range(rng.randrange(2, 5)):
        names.append(rng.choice(NAMES) + str(place))
        decimals, largest = rng.choice([0, 0, 1, 2, 3, 3, 4]), 10 ** rng.randrange(1, 8)
        if alike:
            decimals, largest = rng.choice([0, 3]), 1000
        values = [number(rng, decimals, largest, decimal, thousands) for _ in range(count)]
        name = " ".join(names[-1].split())
        text.numbers[name], text.cells[name] = [each for each, _ in values], [cell for _, cell in values]
        columns.append(text.cells[name][:])
    faults: list[tuple[str, int]] = []
    if len(columns) > 2 and rng.random() < 0.4:
        place, row = rng.randrange(len(columns)), rng.randrange(count)
        columns[place][row] = rng.choice(NOTHING)
        name = " ".join(names[place].split())
        del text.numbers[name], text.cells[name][row]
        faults.append((name, row))
    if rng.random() < 0.5:
        place = rng.randrange(len(columns) + 1)
        names.insert(place, "who")
        columns.insert(place, rng.choices(WORDS, k=count))
        text.left_out.append(("who", "none of its values is a number"))
    if rng.random() < 0.3:
        names.insert(0, "")
        columns.insert(0, [str(row) for row in range(count)])
        text.left_out.append(("", "column 1 has no name"))
    _write(rng, text, names, columns, faults)
    return text


def _write(
    rng: random.Random, text: Text, names: list[str], columns: list[list[str]], faults: list[tuple[str, int]]
) -> None:
    every, space, end = rng.random() < 0.3, " " * rng.choice([0, 0, 1, 2]), rng.choice([0, 0, 1])
    lines = [f"sep={text.delimiter}"] if rng.random() < 0.2 else []

    def clutter() -> None:
        while rng.random() < 0.2:
            lines.append(rng.choice(["", '# a comment, with; "marks', "   ", text.delimiter * 3, "#"]))

    def line(cells: list[str]) -> str:
        needed = (text.delimiter, '"', "\n", "#")
        written = [quoted(cell) if every or any(mark in cell for mark in needed) else cell for cell in cells]
        return (text.delimiter + space).join(written) + text.delimiter * end

    clutter()
    lines.extend(line(names).split("\n"))
    for row in range(len(columns[0])):
        clutter()
        for name, place in faults:
            if place == row:
                text.left_out.append((name, f"(line {len(lines) + 1})"))
        lines.append(line([column[row] for column in columns]))
    clutter()
    text.text = rng.choice(["\n", "\r\n", "\r"]).join([*lines, ""][: len(lines) + rng.randrange(2)])
    text.text = rng.choice(["", "\ufeff"]) + text.text
