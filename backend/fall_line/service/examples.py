"""The OpenAPI description: every call with an example that runs."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from fall_line.service.problems import MAX_ERRORS

RACE: dict[str, Any] = {
    "surface": {"kind": "himmelblau"},
    "descents": [
        {"optimizer": {"kind": "adam"}, "learning_rate": 0.1, "start": [-1.0, 0.5]},
        {
            "optimizer": {"kind": "momentum"},
            "learning_rate": {"kind": "cosine", "learning_rate": 0.01},
            "start": [-1.0, 0.5],
        },
    ],
    "steps": 100,
}
MAP: dict[str, Any] = {"surface": {"kind": "formula", "formula": "x**2 + 3*y**2"}, "resolution": 20}
POINTS: dict[str, Any] = {"surface": {"kind": "himmelblau"}, "points": [[3, 2], [0, 0]]}
COSINE: dict[str, Any] = {"learning_rate": {"kind": "cosine", "learning_rate": 0.1, "steps": 50}, "steps": 60}
UPDATE: dict[str, Any] = {"experiment": RACE, "descent": 0, "step": 10}
LINE: dict[str, Any] = {
    "experiment": {
        "surface": {"kind": "linear_regression"},
        "descents": [{"learning_rate": 0.1, "gradient": {"kind": "mini_batch", "size": 8}}],
        "steps": 50,
    },
    "steps": [0, 10, 50],
}
CLOUD: dict[str, Any] = {"surface": {"kind": "linear_regression"}, "point": [0, 0], "size": 4, "count": 50}
SCENE: dict[str, Any] = {
    "title": "Two on a slope",
    "text": "The same start, two optimizers.",
    "predict": {"question": "Which is lower after 100 steps?", "choices": ["Adam", "Momentum"], "answer": 1},
    "look_for": "Momentum gathers speed along the valley.",
    "try": "Halve the learning rate.",
    "experiment": RACE,
    "view": {"speed": 20},
}
TABLE = {"csv": "name;hours;score\nAda;1,5;52\nBob;2;55\nEve;4;68\n"}
ADDRESS = base64.urlsafe_b64encode(
    json.dumps({"surface": {"kind": "sphere"}, "descents": [{}], "steps": 10}).encode()
).decode()

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "The first error, and how many are not listed."},
        "errors": {
            "type": "array",
            "maxItems": MAX_ERRORS,
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "message": {"type": "string"},
                    "column": {"type": ["integer", "null"], "description": "Character of a formula, from 1."},
                },
            },
        },
    },
}


def answers(media_type: str = "application/json", *, refuses: bool = False) -> dict[str, Any]:
    """Return what a route says of its answers."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[int | str, Any] = {200: {"description": "The answer", "content": {media_type: {}}}}
    if refuses:
        responses[400] = {"description": "The body is not JSON", "content": problem}
        responses[413] = {"description": "The body is larger than 2 MiB", "content": problem}
    responses["4XX"] = {"description": "The request is refused; errors name the fields", "content": problem}
    return {"responses": responses, "response_model": None}


def call(
    model: type[BaseModel], example: dict[str, Any], media_type: str = "application/json"
) -> dict[str, Any]:
    """Return what a route says of the document it takes and of its answers."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {"application/json": {"schema": schema, "example": example}}
    described = answers(media_type, refuses=True)
    return {**described, "openapi_extra": {"requestBody": {"required": True, "content": content}}}


def openapi(app: FastAPI, *models: type[BaseModel]) -> Callable[[], dict[str, Any]]:
    """Return the function that describes the app, with the schemas of the documents it reads."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(
                title=app.title, version=app.version, summary=app.summary, routes=app.routes
            )
            _, schemas = models_json_schema(
                [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
            )
            components = described.setdefault("components", {}).setdefault("schemas", {})
            components.update({"Problem": PROBLEM, **schemas["$defs"]})
            app.openapi_schema = described
        return app.openapi_schema

    return describe
