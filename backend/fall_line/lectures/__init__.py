"""The lectures: a folder for each, a file for each scene.

``NN-<lecture>/lecture.json`` holds the title and a sentence, ``NN-<lecture>/NN-<scene>.json`` a scene.
The numbers give the order and are no part of an address: ``gradient-descent/the-bowl``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from fall_line.component import Document
from fall_line.scenes import Scene

FOLDER = Path(__file__).parent


class Heading(Document):
    """What a lecture is called and about."""

    title: str = Field(max_length=100, description="A few words.")
    text: str = Field(max_length=400, description="What it is about, in a sentence.")


class Lecture(NamedTuple):
    """A heading, and the scenes by their names, in order."""

    title: str
    text: str
    scenes: dict[str, Scene]


@cache
def lectures() -> dict[str, Lecture]:
    """Return all lectures by their names, in order."""
    return {_name(folder): _lecture(folder) for folder in sorted(FOLDER.iterdir()) if _numbered(folder)}


def _lecture(folder: Path) -> Lecture:
    heading = Heading.model_validate_json((folder / "lecture.json").read_bytes())
    files = filter(_numbered, sorted(folder.glob("*.json")))
    scenes = {_name(file): Scene.model_validate_json(file.read_bytes()) for file in files}
    return Lecture(heading.title, heading.text, scenes)


def _numbered(path: Path) -> bool:
    return path.name[:2].isdigit()


def _name(path: Path) -> str:
    return path.stem.partition("-")[2]
