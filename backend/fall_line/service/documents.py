"""Documents in and out: bodies read and checked, answers encoded, the OpenAPI description of both."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
from fastapi import Request
from fastapi.responses import Response
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from fall_line import __version__
from fall_line.service.problems import ProblemError, problem, validation_problem

MAX_BODY = 2 * 1024 * 1024
Model = TypeVar("Model", bound=BaseModel)


async def body(request: Request) -> bytes:
    """Return the body of a request; one over 2 MiB is refused while it arrives."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > MAX_BODY:
        raise _too_large()
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MAX_BODY:
            raise _too_large()
    return bytes(received)


def _too_large() -> ProblemError:
    return ProblemError(problem(413, "the body is larger than 2 MiB"), {"connection": "close"})


def parsed(model: type[Model], data: bytes) -> Model:
    """Return the document that a body holds; raises ProblemError with the path of what is wrong."""
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        raise ProblemError(validation_problem(error, data)) from error


def from_address(text: str) -> bytes:
    """Return the bytes of a base64url text, with or without its padding."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise ProblemError(problem(400, "experiment: not base64url")) from error


def encoded(document: Mapping[str, Any]) -> bytes:
    """Return a document as JSON; arrays become lists and what is not finite becomes null."""
    return to_json(document, inf_nan_mode="null", fallback=_listed)


def _listed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not part of a document")


def typed_array(values: NDArray[np.float64], dtype: str) -> dict[str, str]:
    """Return an array in the form Plotly reads: little-endian bytes in base64, with type and shape."""
    data = np.ascontiguousarray(values, dtype=f"<{dtype}")
    shape = ",".join(map(str, values.shape))
    return {"dtype": dtype, "bdata": base64.b64encode(data.tobytes()).decode(), "shape": shape}


def entity_tag(*parts: str) -> str:
    """Return the ETag of an answer that is a pure function of ``parts`` and of this version."""
    return f'"{sha256(" ".join((__version__, *parts)).encode()).hexdigest()[:32]}"'


def unchanged(request: Request, tag: str) -> Response | None:
    """Return 304 if the reader has this answer already."""
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return Response(status_code=304, headers=tagged(tag)) if tag in known or "*" in known else None


def tagged(tag: str) -> dict[str, str]:
    """Return the headers of an answer that may be kept as long as its tag holds."""
    return {"etag": tag, "cache-control": "no-cache"}
