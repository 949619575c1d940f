"""What holds for every scene of every lecture."""

import importlib
import json
import re

import pytest

from fall_line.lectures import FOLDER, lectures
from fall_line.scenes import Scene
from fall_line.surfaces import Network

from . import scene, told

ADDRESSES = [f"{name}/{each}" for name, lecture in lectures().items() for each in lecture.scenes]
FIELDS = ["title", "text", "predict", "look_for", "try", "experiment", "view"]
MOST_WORDS = 120
LONGEST = 30.0
"""Seconds that a scene plays at most: a minute must suffice for reading, guessing and looking."""

every_scene = pytest.mark.parametrize("address", ADDRESSES)


def test_the_lectures_tell_the_course_in_order():
    assert list(lectures()) == [
        "gradient-descent",
        "noise",
        "learning-rate-schedules",
        "better-steps",
        "networks",
        "exercises",
    ]


@every_scene
def test_a_scene_has_all_its_words(address):
    one = scene(address)
    assert one.title and len(one.title) <= 60
    assert one.text and len(one.text.split()) <= MOST_WORDS
    assert one.predict and one.predict.question.endswith("?")
    assert len(set(one.predict.choices)) == len(one.predict.choices)
    assert one.look_for and one.try_
    words = " ".join([one.title, one.text, one.look_for, one.try_])
    assert not re.search(r"[<>]\w|&\w+;|\*\*|`", words), "plain text, no markup"


@every_scene
def test_no_two_scenes_have_the_same_title(address):
    assert [scene(other).title for other in ADDRESSES].count(scene(address).title) == 1


@every_scene
def test_what_it_claims_is_tested(address):
    lecture, _, name = address.replace("-", "_").partition("/")
    claims = importlib.import_module(f"tests.lectures.test_{lecture}")
    assert callable(getattr(claims, f"test_{name}", None)), f"tests/lectures/test_{lecture}.py: test_{name}"


@every_scene
def test_it_plays_within_half_a_minute(address):
    one = scene(address)
    longest = max(trajectory.steps for trajectory in told(address))
    assert longest / (one.view.speed or 30.0) <= LONGEST


@every_scene
def test_its_starts_are_on_the_map(address):
    one = scene(address)
    window = one.view.window or one.experiment.surface.window()
    # A network's window is laid around its paths.
    laid = isinstance(one.experiment.surface, Network) and not one.view.window
    for trajectory in [] if laid else told(address):
        assert window.x[0] <= trajectory.x[0] <= window.x[1], trajectory.label
        assert window.y[0] <= trajectory.y[0] <= window.y[1], trajectory.label


FILES = {f"{file.parent.name}/{file.name}": file for file in sorted(FOLDER.glob("*/*.json"))}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_written_in_the_order_in_which_it_is_read(name):
    text = FILES[name].read_text()
    document = json.loads(text)
    assert text.endswith("}\n")
    if name.endswith("lecture.json"):
        assert list(document) == ["title", "text"]
    else:
        assert list(document) == [field for field in FIELDS if field in document]
        assert Scene.model_validate_json(text).experiment.filled()
