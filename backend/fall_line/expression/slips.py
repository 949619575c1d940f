"""Slips of the pen: what to write for a missing operator, a power before its brackets, another name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fall_line.expression.hints import LONGEST, Token, numbered

SAME = {
    **{f"{arc}{name}": f"a{name}" for arc in ("arc", "arc_") for name in ("sin", "cos", "tan")},
    **{"sgn": "sign", "signum": "sign", "fabs": "abs", "tg": "tan", "arctg": "atan", "lg": "log10"},
    **{"lb": "log2", "ld": "log2", "maximum": "max", "minimum": "min", "logistic": "sigmoid"},
}  # fmt: skip
REWRITTEN = {
    **dict.fromkeys(("pow", "power"), "{a}**{b}"),
    "square": "{a}**2",
    "exp2": "2**{a}",
    **dict.fromkeys(("atan2", "arctan2"), "(2*atan({a}/(sqrt({a}**2 + {b}**2) + {b})))"),
    "hypot": "sqrt({a}**2 + {b}**2)",
    **dict.fromkeys(("asinh", "arcsinh", "arsinh"), "log({a} + sqrt({a}**2 + 1))"),
    **dict.fromkeys(("acosh", "arccosh", "arcosh"), "log({a} + sqrt({a}**2 - 1))"),
    **dict.fromkeys(("atanh", "arctanh", "artanh"), "(log((1 + {a})/(1 - {a}))/2)"),
    "sec": "(1/cos({a}))",
    "csc": "(1/sin({a}))",
    **dict.fromkeys(("cot", "ctg"), "(1/tan({a}))"),
    "log1p": "log(1 + {a})",
    "expm1": "(exp({a}) - 1)",
}
STEPS = frozenset({"floor", "ceil", "round", "trunc", "int", "mod", "fmod", "heaviside"})
MODULE = re.compile(r"(?:numpy|np|jnp|torch|tf|math|Math|sympy|sp)\.")


class Places:
    """The tokens of a formula with their text: what stands around a slip, to be quoted in a hint."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.partner: dict[int, int] = {}
        opened: list[int] = []
        for index, token in enumerate(tokens):
            if token.text == "(":
                opened.append(index)
            elif token.text == ")" and opened:
                self.partner[index] = opened.pop()
                self.partner[self.partner[index]] = index

    def quoted(self, first: int, last: int) -> str:
        """Return the text from one token to another, both included."""
        token = self.tokens[last]
        return self.text[self.tokens[first].column - 1 : token.column - 1 + len(token.text)]

    def ends(self, first: int) -> int:
        """Return the last token of the factor that begins at a token: a number, a name, a call, brackets."""
        if self.tokens[first].kind == "name" and self.tokens[first + 1].text == "(":
            first += 1
        return self.partner.get(first, first)

    def begins(self, last: int) -> int:
        """Return the first token of the factor that ends at a token, powers included."""
        first = self.partner.get(last, last)
        if first and self.tokens[first].text == "(" and self.tokens[first - 1].kind == "name":
            first -= 1
        signed = first - 1 if first and self.tokens[first - 1].text == "-" else first
        if signed > 1 and self.tokens[signed - 1].text in ("**", "^"):
            return self.begins(signed - 2)
        return first

    def arguments(self, opening: int) -> list[str]:
        """Return what stands between the commas of a call, none if its bracket is never closed."""
        closing = self.partner.get(opening)
        if closing is None or closing == opening + 1:
            return []
        found, first, index = [], opening + 1, opening + 1
        while index < closing:
            if self.tokens[index].text == "(":
                index = self.partner[index]
            elif self.tokens[index].text == ",":
                found.append(self.quoted(first, index - 1) if index > first else "")
                first = index + 1
            index += 1
        return [*found, self.quoted(first, closing - 1) if closing > first else ""]

    def product(self, second: int) -> str:
        """Return what to write where an operator is missing before a token."""
        before, after = self.tokens[second - 1], self.tokens[second]
        if before.kind == after.kind == "number":
            grouped = self.grouped(second - 1)
            if grouped:
                return f"write {grouped} without spaces"
        begin, end = self.begins(second - 1), self.ends(second)
        left, right = self.quoted(begin, second - 1), self.quoted(second, end)
        if len(left) + len(right) > LONGEST or right.endswith("("):
            return "write * between the two to multiply"
        if begin > 1 and self.tokens[begin - 1].text == "/":
            over = self.quoted(self.begins(begin - 2), begin - 2)
            if len(over) <= LONGEST:
                return f"write {over}/({left}*{right}) or {over}/{left}*{right} to multiply"
        return f"write {left}*{right} to multiply"

    def grouped(self, index: int) -> str | None:
        """Return a number of which the thousands are set apart, without the spaces."""
        parts = [self.tokens[index].text]
        if not re.fullmatch("[0-9]{1,3}", parts[0]):
            return None
        for token in self.tokens[index + 1 :]:
            if token.kind != "number" or not re.fullmatch(r"[0-9]{3}", parts[-1] if parts[1:] else "000"):
                break
            if not re.fullmatch(r"[0-9]{3}(?:\.[0-9]*)?", token.text):
                break
            parts.append(token.text)
        return "".join(parts) if len(parts) > 1 else None

    def decimal(self, comma: int) -> str:
        """Return what to write for a number with a comma in it."""
        before, after = self.tokens[max(comma - 1, 0)], self.tokens[comma + 1]
        if not (before.kind == after.kind == "number" and (before.text + after.text).isdigit()):
            return "write 0.5, not 0,5"
        shown = f"{before.text},{after.text}"
        if len(shown) > LONGEST:
            return "write a point"
        thousands = len(before.text) < 4 and len(after.text) == 3 and before.text != "0"
        either = f", or {before.text}{after.text} if the comma marks the thousands" if thousands else ""
        return f"write {before.text}.{after.text}, not {shown}{either}"

    def needs_brackets(self, index: int, variable: str) -> str:
        """Return what to write for a function without brackets: sin x, sin 2x, sin^2(x)."""
        name, following = self.tokens[index].text, self.tokens[index + 1]
        if following.text in ("**", "^"):
            return self.power_of(index, variable)
        argument = variable
        if following.kind in ("name", "number"):
            end = self.ends(index + 1)
            argument = self.quoted(index + 1, end)
            after = self.tokens[end + 1]
            if following.kind == "number" and after.kind == "name":
                argument = f"{argument}*{self.quoted(end + 1, self.ends(end + 1))}"
            elif after.text in ("**", "^") and self.tokens[end + 2].kind in ("name", "number"):
                exponent = self.tokens[end + 2].text
                shown = f"{name}({argument}**{exponent}) or {name}({argument})**{exponent}"
                return f"{name} needs brackets: write {shown}"
        return f"{name} needs brackets: write {name}({argument})"

    def power_of(self, index: int, variable: str) -> str:
        """Return what to write for sin^2(x), a power between a function and its brackets."""
        name, place = self.tokens[index].text, index + 2
        if self.tokens[place].text == "-":
            place += 1
        # In sin^2(x) the bracket belongs to sin, in exp^x(…) nothing does.
        exponent = self.quoted(index + 2, place) if self.tokens[place].kind != "end" else "2"
        after = self.tokens[min(place + 1, len(self.tokens) - 1)]
        argument = variable
        if self.tokens[place].text == "(" and place in self.partner:
            exponent = self.quoted(place, self.partner[place])
            after = self.tokens[self.partner[place] + 1]
            place = self.partner[place]
        if after.text == "(" and place + 1 in self.partner:
            argument = self.quoted(place + 2, self.partner[place + 1] - 1)
        elif after.kind in ("name", "number"):
            argument = self.quoted(place + 1, self.ends(place + 1))
        elif name == "exp":
            return f"exp needs brackets: write exp({exponent.removeprefix('(').removesuffix(')')})"
        if not re.fullmatch(r"-?(?:[0-9.]+|[A-Za-z])|\(.+\)", exponent):
            exponent = "2"
        written = f"{name}({argument})**{exponent}"
        inverse = {"sin": "asin", "cos": "acos", "tan": "atan"}.get(name)
        if exponent in ("-1", "(-1)") and inverse:
            written = f"{inverse}({argument}) for the inverse function, {name}({argument})**-1 for 1/{name}"
        return f"the power stands behind the brackets: write {written}"

    def call(self, index: int, name: str) -> str | None:
        """Return what to write for the call of a function that we have under another name or not at all."""
        if name in STEPS:
            return f"{name} is not part of a formula: it jumps, and has no slope between the jumps"
        if name in SAME:
            return f"write {SAME[name]}"
        template = REWRITTEN.get(name)
        if template is None:
            return None
        wanted = 2 if "{b}" in template else 1
        arguments = self.arguments(index + 1) if self.tokens[index + 1].text == "(" else []
        if len(arguments) != wanted or sum(map(len, arguments)) > LONGEST:
            return f"write {template.format(a='u', b='v')} for {name}({'u, v' if wanted == 2 else 'u'})"
        a, b = [each if re.fullmatch(r"[\w.]+", each) else f"({each})" for each in (*arguments, "")[:2]]
        written = template.format(a=a, b=b)
        closing = self.partner[index + 1]
        raised = self.tokens[closing + 1].text in ("**", "^")
        # A power of a power would be read from the right.
        return f"write ({written})" if raised and "**" in template[:8] else f"write {written}"

    def logarithm(self, index: int) -> str | None:
        """Return what to write for log(u, base)."""
        arguments = self.arguments(index + 1)
        if len(arguments) != 2 or not all(arguments) or sum(map(len, arguments)) > LONGEST:
            return None
        value, base = arguments
        if base in ("2", "10"):
            return f"log takes one argument: write log{base}({value})"
        return f"log takes one argument: write (log({value})/log({base}))"


def named(name: str, index: int, places: Places, known: Sequence[str], functions: Sequence[str]) -> str:
    """Return what to write for a name that is not known."""
    bare = MODULE.sub("", name, count=1)
    lower = bare.lower()
    called = places.call(index, bare) or places.call(index, lower)
    index_of = re.fullmatch(r"[xwXW]_?([12])", bare)
    if bare != name and (lower in functions or lower in ("pi", "e")):
        return f"write {lower}"
    if called:
        return called
    if lower != bare and (lower in known or lower in functions or lower in ("pi", "e")):
        return f"names are lower case: write {lower}"
    if lower in ("inf", "infinity", "nan"):
        return "a formula has finite numbers"
    if lower == "tau":
        return "write (2*pi)"
    if index_of and {"x", "y"} <= set(known):
        return numbered(bare, index_of[1], known)
    if len(bare) > 1 and all(letter in known for letter in bare):
        return f"write {'*'.join(bare)} to multiply"
    return f"known are {', '.join(known)}, pi, e and functions such as sin, exp, sqrt"
