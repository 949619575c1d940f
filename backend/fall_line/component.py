"""What every declared thing is: frozen, documented, parametrised; one declaration for API, form and help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, GetJsonSchemaHandler, Strict, Tag, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError

Result = TypeVar("Result")
LONG_WORD = re.compile(r"\S{65,}")
"""What may repeat a number or a name that somebody typed: longer ones are cut."""
Point = Annotated[tuple[float, float], Strict(False)]


class Document(BaseModel):
    """Part of a document: frozen, without unknown fields, without NaN, no string taken for a number."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )

    def changed(self, **fields: Any) -> Self:
        """Return a copy with other values in some fields; they are not validated again."""
        return self.model_copy(update=fields)


def words(class_name: str) -> str:
    """Return a class name as words: GradientDescent is "Gradient descent"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", class_name).capitalize()


class Component(Document):
    """A document with a ``kind``: a surface, an optimizer, a schedule, ...

    Fields are its parameters; class variables are facts.  The docstring is the help people read.
    """

    name: ClassVar[str] = ""
    reference: ClassVar[str] = ""

    @classmethod
    def title(cls) -> str:
        """Return the name people know it by."""
        return cls.__dict__.get("name") or words(cls.__name__)

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """Return what the schema says beside the parameters."""
        return {"reference": cls.reference}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        body = handler.resolve_ref_schema(schema)
        body["title"] = cls.title()
        body["description"] = inspect.cleandoc(cls.__doc__ or "")
        body["facts"] = cls.facts()
        return schema


def members(union: Any) -> tuple[type[Any], ...]:
    """Return the classes of a union in menu order: the union is the registry."""
    listed = get_args(get_args(union)[0])
    return tuple(get_args(member)[0] if not inspect.isclass(member) else member for member in listed)


def either(**choices: Callable[[Any], bool]) -> Discriminator:
    """Return a discriminator that takes the first choice whose test holds for the input, else the last.

    The tag of choice ``number`` is ``case("number")``.
    """

    def choose(value: Any) -> str:
        return _tag(next((name for name, test in choices.items() if test(value)), name_of_last))

    name_of_last = list(choices)[-1]
    return Discriminator(choose)


def case(name: str) -> Tag:
    """Return the tag of one choice of :func:`either`; its bar keeps it out of the paths of errors."""
    return Tag(_tag(name))


def _tag(name: str) -> str:
    return f"|{name}"


def refusal(message: str, column: int | None = None) -> PydanticCustomError:
    """Return an error that a validator may raise; its message is shown, endless words cut."""
    message = LONG_WORD.sub(lambda word: f"{word[0][:61]}...", message)
    return PydanticCustomError("refused", "{message}", {"message": message, "column": column})


def within(name: str, function: Callable[[], Result]) -> Result:
    """Return what a function returns; the paths of its ValidationError begin with the name of a field."""
    try:
        return function()
    except ValidationError as error:
        details = [((name, *each["loc"]), each["msg"]) for each in error.errors()]
        raise refused(error.title, details) from error


def refused(title: str, errors: Sequence[tuple[tuple[str | int, ...], str]]) -> ValidationError:
    """Return the error for a document whose parts do not fit each other, as pairs of path and message."""
    details: list[InitErrorDetails] = [
        {"type": refusal(message), "loc": path, "input": None} for path, message in errors
    ]
    return ValidationError.from_exception_data(title, details)
