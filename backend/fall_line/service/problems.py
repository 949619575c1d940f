"""Errors as RFC 9457 problem documents that name the field and never repeat what was sent.

A problem lists the first five errors; its ``detail`` counts the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json, to_json
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
MAX_NAME = 64
MAX_ERRORS = 5
BOUNDS = ("gt", "ge", "lt", "le")
MESSAGES = {
    "union_tag_invalid": "unknown kind; GET /api/schema lists the kinds there are",
    "union_tag_not_found": "a kind is missing; GET /api/schema lists the kinds there are",
    "extra_forbidden": "unknown field; remove it or correct its name",
    "missing": "this field is required",
    "tuple_type": "should be a list",
    "literal_error": "not one of the values allowed here; GET /api/schema lists them",
}


class ProblemError(Exception):
    """A request that is answered with a problem document."""

    def __init__(self, document: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(document["detail"])
        self.document, self.headers = document, headers


def problem(status: int, detail: str, errors: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return a problem document."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": list(errors)}


def response(document: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """Return a problem document as an answer."""
    return Response(to_json(document), document["status"], headers, MEDIA_TYPE)


def validation_problem(error: ValidationError, body: bytes = b"") -> dict[str, Any]:
    """Return the problem of a refused document, one error per place; ``body`` is the JSON that was read."""
    details = error.errors(include_url=False, include_input=False)
    if any(detail["type"] == "json_invalid" for detail in details):
        reason = str(details[0].get("ctx", {}).get("error", "")).partition(" at line")[0]
        message = f"the body is not JSON: {reason}"
        return problem(400, message, [{"path": [], "message": message, "column": None}])
    return _refusal(_told(details), from_json(body) if body else None)


def _told(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Return the details without those that a list is too short for its refused entries only."""
    if all(detail["type"] != "too_short" for detail in details):
        return list(details)
    outer = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in outer]


def _refusal(details: Sequence[ErrorDetails], data: Any) -> dict[str, Any]:
    errors = [
        {
            "path": path(detail["loc"], data),
            "message": message_of(detail),
            "column": detail.get("ctx", {}).get("column"),
        }
        for detail in details[:MAX_ERRORS]
    ]
    more = len(details) - MAX_ERRORS
    counted = f"; the first {MAX_ERRORS} errors are listed, and there are {more:,} more" if more > 0 else ""
    return problem(422, summary(errors) + counted, errors)


def summary(errors: Sequence[dict[str, Any]]) -> str:
    """Return the first error as a sentence: where, and what to do."""
    where = ".".join(map(str, errors[0]["path"]))
    message = str(errors[0]["message"])
    return f"{where}: {message}" if where else message


def sentences(document: dict[str, Any]) -> Iterator[str]:
    """Yield the errors of a problem as sentences, and how many more there are."""
    errors = document["errors"]
    yield from (summary([error]) for error in errors)
    if counted := document["detail"].removeprefix(summary(errors)):
        yield counted.removeprefix("; ")


def message_of(detail: ErrorDetails) -> str:
    """Return an error's message, without what was sent."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "too_short":
            return f"needs at least {context['min_length']} entries"
        case "too_long":
            return f"takes at most {context['max_length']} entries"
        case kind if kind in MESSAGES:
            return MESSAGES[kind]
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input ").strip()
    bound = next((context[name] for name in BOUNDS if name in context), None)
    # pydantic writes 1e300 with all its digits.
    return f"{message.rpartition(' ')[0]} {bound:g}" if isinstance(bound, float) else message


def path(location: Sequence[str | int], data: Any) -> list[str | int]:
    """Return a location as the path in the document: pydantic's names of union members are left out."""
    parts: list[str | int] = []
    entered = False
    for part in location:
        if isinstance(part, str) and part.startswith("|"):
            continue
        if not entered and isinstance(data, dict) and data.get("kind") == part:
            entered = True
            continue
        parts.append(part[:MAX_NAME] if isinstance(part, str) else part)
        entered = False
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
    return parts


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document."""

    @app.exception_handler(ProblemError)
    async def _refused(_: Request, error: ProblemError) -> Response:
        return response(error.document, error.headers)

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        details = {
            404: "there is nothing here; GET /docs lists the calls",
            405: "this call takes another method",
        }
        headers = dict(error.headers) if error.headers else None
        return response(
            problem(error.status_code, details.get(error.status_code, str(error.detail))), headers
        )

    @app.exception_handler(RequestValidationError)
    async def _query(_: Request, error: RequestValidationError) -> Response:
        return response(_refusal(error.errors(), None))

    @app.exception_handler(Exception)
    async def _unforeseen(_: Request, __: Exception) -> Response:
        return response(problem(500, "something went wrong on the server; it has been logged"))
