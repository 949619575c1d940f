"""Somebody else's landscape: losses measured on a grid."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field, Strict, field_validator, model_validator

from fall_line.component import Document, Point, case, either, refusal
from fall_line.expression.loss import Floats
from fall_line.losses.spline import Spline
from fall_line.surfaces.base import Domain, Surface

FEWEST, MOST = 4, 500
LARGEST_COORDINATE = 1e9
MOST_ITERATES = 10_001


class TypedArray(Document):
    """An array in the form that Plotly reads: little-endian bytes in base64."""

    dtype: Literal["f4", "f8"] = Field(description="4 or 8 bytes a number.")
    bdata: str = Field(description="The numbers, row by row, in base64.")
    shape: str = Field(
        pattern=r"^\d{1,4}(,\s*\d{1,4})?$", description="The lengths of its axes: 51 or 51,51."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        try:
            length = len(base64.b64decode(self.bdata, validate=True))
        except binascii.Error as error:
            raise refusal("bdata is not base64") from error
        if length != int(self.dtype[1]) * np.prod(self.lengths()):
            raise refusal(
                f"bdata holds {length} bytes, which is not what {self.dtype} of shape {self.shape} takes"
            )
        return self

    def lengths(self) -> tuple[int, ...]:
        """Return the lengths of the axes."""
        return tuple(map(int, self.shape.split(",")))

    def array(self) -> Floats:
        """Return the numbers."""
        read = np.frombuffer(base64.b64decode(self.bdata), f"<{self.dtype}").reshape(self.lengths())
        return read.astype(np.float64)


def _encoded(value: Any) -> bool:
    return isinstance(value, dict | TypedArray)


def _one_axis(values: Any) -> Any:
    if isinstance(values, list | tuple) and values and isinstance(values[0], list | tuple):
        raise refusal(
            "give the numbers of one axis in a list: of a meshgrid the first row for x, first column for y"
        )
    return values


Row = Annotated[tuple[float, ...], Strict(False)]
Axis = Annotated[
    Annotated[TypedArray, case("encoded")] | Annotated[Row, BeforeValidator(_one_axis), case("list")],
    either(encoded=_encoded, list=lambda _: True),
]
Grid = Annotated[
    Annotated[TypedArray, case("encoded")] | Annotated[tuple[Row, ...], Strict(False), case("lists")],
    either(encoded=_encoded, lists=lambda _: True),
]
EXAMPLE = tuple(round(-1 + i / 4, 2) for i in range(9))
DEFAULT = tuple(tuple(round(x * x + 3 * y * y + x * y, 4) for x in EXAMPLE) for y in EXAMPLE)


class Measured(Surface):
    """Your own landscape, measured on a grid: what lies between is a smooth curve through your numbers.

    The slice of a large model, say, as ``landscape_of_model`` computes it.  Gradients are those of the
    interpolation, a bicubic spline that never leaves the range of the 4 × 4 numbers around a point; so a
    minimum between your points is shown at the lowest of them.  Beyond the grid there is nothing.
    """

    kind: Literal["measured"] = "measured"
    x: Axis = Field(EXAMPLE, title="x", description="Where it was measured, 4 to 500 ascending numbers.")
    y: Axis = Field(EXAMPLE, title="y", description="The same along y.")
    loss: Grid = Field(
        DEFAULT, title="loss", description="The losses, a row for each y: loss[row of y][column of x]."
    )
    path: Annotated[tuple[Point, ...], Strict(False)] = Field(
        (),
        max_length=MOST_ITERATES,
        title="path",
        description="The way somebody else's optimizer took, to be drawn on the map.",
    )
    group: ClassVar[str] = "data"
    rate: ClassVar[float] = 0.1
    reference: ClassVar[str] = "yours"

    @field_validator("x", "y")
    @classmethod
    def _ascends(cls, axis: TypedArray | Row) -> TypedArray | Row:
        values = _array(axis)
        if values.ndim != 1 or not FEWEST <= len(values) <= MOST:
            raise refusal(f"give {FEWEST} to {MOST} numbers")
        if not np.isfinite(values).all() or abs(values).max() > LARGEST_COORDINATE:
            raise refusal(f"coordinates are numbers up to {LARGEST_COORDINATE:g}")
        if not (np.diff(values) > 1e-9 * (values.max() - values.min())).all():
            raise refusal("the numbers must ascend")
        return axis

    @model_validator(mode="after")
    def _fits(self) -> Self:
        shape = (len(_array(self.y)), len(_array(self.x)))
        rows = [len(row) for row in self.loss] if isinstance(self.loss, tuple) else []
        if len(set(rows)) > 1:
            raise refusal("the rows of loss have different lengths")
        values = _array(self.loss)
        if values.shape != shape:
            lengths = " × ".join(map(str, values.shape))
            raise refusal(f"loss is {lengths}, but y and x ask for {shape[0]} rows of {shape[1]}")
        if not np.isfinite(values).all():
            raise refusal("every loss must be a finite number; cut the grid, or cap what is too large")
        return self

    def field(self) -> Spline:
        return _spline(self.x, self.y, self.loss)

    def window(self) -> Domain:
        x, y = _array(self.x), _array(self.y)
        return Domain(x=(float(x[0]), float(x[-1])), y=(float(y[0]), float(y[-1])))

    def first_iterate(self) -> Point:
        (left, right), (bottom, top) = self.window().x, self.window().y
        return left + 0.2 * (right - left), bottom + 0.8 * (top - bottom)

    def mathml(self) -> dict[str, str | None]:
        return {"loss": None, "gradient": None}

    @classmethod
    def facts(cls) -> dict[str, Any]:
        surface = cls()
        return {
            **super().facts(),
            "formula": None,
            "mathml": surface.mathml(),
            "domain": surface.window().model_dump(mode="json"),
            "start": list(surface.first_iterate()),
            "minima": [],
            "group": cls.group,
            "bounded": True,
        }


def _array(values: TypedArray | tuple[Any, ...]) -> Floats:
    return values.array() if isinstance(values, TypedArray) else np.array(values, np.float64)


@lru_cache(maxsize=16)
def _spline(x: Any, y: Any, loss: Any) -> Spline:
    return Spline(_array(x), _array(y), _array(loss))
