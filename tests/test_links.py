"""A link that was made once opens in every later version, and shows the same."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest

from fall_line.lectures import lectures
from fall_line.scenes import Scene

KEPT = json.loads((Path(__file__).parent / "reference" / "links.json").read_text())
LINKS = KEPT["links"]


def scene(link: str) -> Scene:
    text = link.partition("#scene=")[2]
    return Scene.model_validate_json(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def missing(old, new, path="experiment"):
    """Where a document no longer says what it said; it may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [gap for key in old for gap in missing(old[key], new.get(key, "nothing"), f"{path}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [gap for i, one in enumerate(old) for gap in missing(one, new[i], f"{path}.{i}")]
    return [] if old == new else [f"{path}: was {old}, is {new}"]


@pytest.mark.parametrize("name", LINKS)
def test_an_old_link_means_what_it_meant(name):
    filled = scene(LINKS[name]["link"]).experiment.filled()
    assert missing(LINKS[name]["experiment"], filled.model_dump(mode="json", by_alias=True)) == []


def test_a_change_of_meaning_would_be_noticed():
    old = {"steps": 300, "descents": [{"learning_rate": 0.1}]}
    assert missing(old, {**old, "seed": 0}) == []
    assert missing(old, {"steps": 300, "descents": [{"learning_rate": 0.2}]}) == [
        "experiment.descents.0.learning_rate: was 0.1, is 0.2"
    ]
    assert missing(old, {"descents": []}) == [
        "experiment.steps: was 300, is nothing",
        "experiment.descents: was [{'learning_rate': 0.1}], is []",
    ]


@pytest.mark.parametrize("place", KEPT["places"])
def test_a_scene_that_was_linked_to_keeps_its_name(place):
    lecture, _, each = place.partition("/")
    assert each in lectures()[lecture].scenes
