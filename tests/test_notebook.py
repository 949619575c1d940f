"""A scene under a notebook's cell."""

import base64
import json
import re
from html import unescape

import httpx2
import pytest
from pydantic import ValidationError

import fall_line
from fall_line import Experiment, show
from fall_line.scenes import Scene

RACE = {"surface": {"kind": "sphere"}, "descents": [{"label": 'A "quoted" <b>label</b>'}], "steps": 5}
SCENE = {"title": "A race", "experiment": RACE}


@pytest.mark.parametrize(
    "document",
    [RACE, SCENE, Experiment.model_validate(RACE), Scene.model_validate(SCENE)],
    ids=["experiment as a dict", "scene as a dict", "experiment", "scene"],
)
def test_the_frame_shows_the_page_with_the_scene(document):
    frame = show(document, height=480, controls="play")
    (address,) = re.findall(r'<iframe src="([^"]*)"', frame._repr_html_())
    assert 'height="480"' in frame._repr_html_() and "<b>" not in frame._repr_html_()
    page, _, scene = unescape(address).partition("#scene=")
    answer = httpx2.get(page)
    assert answer.status_code == 200 and "frame-ancestors *" in answer.headers["content-security-policy"]
    held = json.loads(base64.urlsafe_b64decode(scene + "=" * (-len(scene) % 4)))
    assert Scene.model_validate(held).experiment == Experiment.model_validate(RACE)


def test_one_server_serves_all_frames():
    assert len({show(RACE).address.partition("/embed")[0] for _ in range(3)}) == 1


def test_what_cannot_run_is_refused_in_the_cell():
    with pytest.raises(ValidationError, match="steps"):
        show({**RACE, "steps": 0})


def test_it_is_a_public_name():
    assert "show" in fall_line.__all__
