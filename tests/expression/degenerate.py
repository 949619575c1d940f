"""Random formulas with a known degenerate stationary point: whether it is a minimum, a maximum or a saddle.

Everything is written as it was composed, in skewed and shifted coordinates u and v: nothing is multiplied
out.  The verdicts are reasoned, family by family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random
from typing import NamedTuple

Interval = tuple[float, float]
Words = frozenset[str | None]


class Form(NamedTuple):
    """A formula in u and v that is 0 at the origin, and what the origin is."""

    written: str
    words: Words
    isolated: bool = True

    @property
    def definite(self) -> bool:
        """Whether it vanishes at the origin alone, and has one sign round it."""
        return self.isolated and "saddle" not in self.words


class Degenerate(NamedTuple):
    """A formula in x and y with a stationary point whose Hessian is singular.

    ``words`` are the types that are right; None among them means that not listing the point is right too.
    ``isolated`` says that no other stationary points come arbitrarily near.
    """

    formula: str
    x: Interval
    y: Interval
    point: tuple[float, float]
    words: Words
    isolated: bool


def degenerate(seed: int = 0, count: int = 200) -> Iterator[Degenerate]:
    """Yield so many formulas, the families in turn; the same ones for the same seed."""
    random = Random(seed)
    for index in range(count):
        form = FAMILIES[index % len(FAMILIES)](random)
        if random.random() < 0.3:
            yield _placed(random, _wrapped(random, form), 1)
        else:
            yield _placed(random, form, random.choice([1, 4]))


MINIMUM, MAXIMUM, SADDLE = Words({"minimum"}), Words({"maximum"}), Words({"saddle"})
ON_A_LINE = Words({"flat", None})


def _sum(random: Random) -> Form:
    """Two powers: an extremum if both are even and of one sign."""
    p, q = random.choice([(p, q) for p in range(2, 7) for q in range(2, 7) if p + q > 4])
    a, b = _coefficient(random), _coefficient(random)
    even = p % 2 == q % 2 == 0
    words = (MINIMUM if a > 0 else MAXIMUM) if even and (a > 0) == (b > 0) else SADDLE
    return Form(f"{a}*u**{p} + {b}*v**{q}", words)


def _parabolas(random: Random) -> Form:
    """Negative between two curves that touch."""
    a, b, p = _coefficient(random), _coefficient(random), random.choice([2, 2, 3])
    if a == b:
        b = -a
    return Form(f"(v - {a}*u**{p})*(v - {b}*u**{p})", SADDLE)


def _bent(random: Random) -> Form:
    """A valley along a parabola on which a higher power decides."""
    a, k, p = _coefficient(random), _coefficient(random), random.choice([5, 6, 6, 7, 8])
    words = MINIMUM if p % 2 == 0 and k > 0 else SADDLE
    return Form(f"(v - {a}*u**2)**2 + {k}*u**{p}", words)


def _valley(random: Random) -> Form:
    """A level valley along a parabola: no point of it is alone."""
    a = _coefficient(random)
    return Form(f"(v - {a}*u**2)*(v - {a}*u**2)", MINIMUM | ON_A_LINE, isolated=False)


def _weighted(random: Random) -> Form:
    """A quadratic form in u² and v, which has both signs if u² can have; its discriminant decides."""
    while True:
        a, b, c = (_coefficient(random) for _ in range(3))
        discriminant = b * b - 4 * a * c
        if abs(discriminant) > Decimal("0.1"):
            break
    words = SADDLE if discriminant > 0 else MINIMUM if a > 0 else MAXIMUM
    return Form(f"{a}*u**4 + {b}*u**2*v + {c}*v**2", words)


def _quartic(random: Random) -> Form:
    """A quadratic form in u² and v², of which both are positive."""
    while True:
        a, b, c = (_coefficient(random) for _ in range(3))
        discriminant = b * b - 4 * a * c
        if abs(discriminant) > Decimal("0.1"):
            break
    if (a > 0) == (c > 0) and (discriminant < 0 or (b > 0) == (a > 0)):
        words = MINIMUM if a > 0 else MAXIMUM
    else:
        words = SADDLE
    return Form(f"{a}*u**4 + {b}*u**2*v**2 + {c}*v**4", words)


def _monkey(random: Random) -> Form:
    """The real part of (u + iv)ⁿ, or as many lines through the point: both signs in turn."""
    return Form(
        f"{_coefficient(random)}*"
        + random.choice(
            [
                "(u**3 - 3*u*v**2)",
                "u*(u**2 - 3*v**2)",
                "(u**4 - 6*u**2*v**2 + v**4)",
                "((u**2 - v**2)**2 - 4*u**2*v**2)",
                "(u**5 - 10*u**3*v**2 + 5*u*v**4)",
                "(u**6 - 15*u**4*v**2 + 15*u**2*v**4 - v**6)",
                "u*v*(u - v)",
                "u*v*(u + v)*(u - 2*v)",
                "(u - v)*(u + v)*(u**2 + v**2)",
            ]
        ),
        SADDLE,
    )


def _cross(random: Random) -> Form:
    """A product of powers, 0 with its gradient on one of the axes or both."""
    p, q = random.choice([(p, q) for p in range(1, 5) for q in range(1, 5) if p + q > 2])
    a = _coefficient(random)
    even = p % 2 == q % 2 == 0
    words = (MINIMUM if a > 0 else MAXIMUM) if even else SADDLE
    return Form(f"{a}*u**{p}*v**{q}", words | ON_A_LINE, isolated=False)


def _circle(random: Random) -> Form:
    """A power of a definite quadratic form."""
    a, k = _coefficient(random), random.choice(["1.5", "2", "2", "2.5", "3", "4"])
    b, c = abs(_coefficient(random)), abs(_coefficient(random))
    return Form(f"{a}*({b}*u**2 + {c}*v**2)**{k}", MINIMUM if a > 0 else MAXIMUM)


def _lines(random: Random) -> Form:
    """A power of an indefinite quadratic form, level on two lines."""
    a, k = _coefficient(random), random.choice([2, 3, 4])
    words = (MINIMUM if a > 0 else MAXIMUM) if k % 2 == 0 else SADDLE
    return Form(f"{a}*(u**2 - {abs(_coefficient(random))}*v**2)**{k}", words | ON_A_LINE, isolated=False)


FAMILIES: list[Callable[[Random], Form]] = [
    _sum, _parabolas, _weighted, _monkey, _circle, _bent, _cross,
    _sum, _parabolas, _weighted, _quartic, _valley, _lines,
]  # fmt: skip


def _wrapped(random: Random, form: Form) -> Form:
    """Put the formula, which is 0 at the point, into a function whose slope there is not 0, or cos."""
    way = random.choice(["exp({})", "2 - exp(-({}))", "sin({})", "tanh({})", "cos({})", "1 - cos({})"])
    written = way.format(form.written)
    if "cos" not in way:
        return form._replace(written=written)
    words = MINIMUM if way.startswith("1") else MAXIMUM
    if form.definite:
        return Form(written, words)
    # It is level wherever the formula within is 0.
    return Form(written, words | ON_A_LINE, isolated=False)


def _placed(random: Random, form: Form, reach: float) -> Degenerate:
    """Write the formula in x and y: as it is, shifted, or in skewed coordinates too.

    The window's borders are about ``reach`` away from the point.
    """
    kind = random.choice(["as it is", "shifted", "skewed", "skewed"])
    p, q = Decimal(0), Decimal(0)
    if kind != "as it is":
        p, q = (Decimal(random.randrange(-200, 201)) / 100 for _ in range(2))
    u, v = "x", "y"
    if kind == "shifted":
        u, v = f"(x{_signed(-p)})", f"(y{_signed(-q)})"
    elif kind == "skewed":
        # The factors' product is never -1, with which u and v would be the same.
        b = random.choice([Decimal(text) for text in ("0.5", "-0.4", "1.2", "0.7")])
        d = random.choice([Decimal(text) for text in ("0.3", "-0.6", "0.9", "-1.1")])
        u, v = f"(x{_signed(b)}*y{_signed(-p - b * q)})", f"({d}*x - y{_signed(q - d * p)})"
    written = "".join({"u": u, "v": v}.get(letter, letter) for letter in form.written)
    if random.random() < 0.3:
        written = f"{written}{_signed(_coefficient(random))}"
    west, east, south, north = (reach * random.uniform(0.6, 1.2) for _ in range(4))
    x, y = float(p), float(q)
    return Degenerate(
        written, (x - west, x + east), (y - south, y + north), (x, y), form.words, form.isolated
    )


def _signed(number: Decimal) -> str:
    return f" - {-number}" if number < 0 else f" + {number}"


def _coefficient(random: Random) -> Decimal:
    """A number of two digits, of either sign, not near 0."""
    return Decimal(random.choice([-1, 1]) * random.randrange(3, 31)) / 10
