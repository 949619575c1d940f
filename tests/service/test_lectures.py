"""The calls about scenes: the lectures, and whether a scene is one."""

import pytest

SCENE = {"experiment": {"surface": {"kind": "sphere"}, "descents": [{}]}}


def test_every_scene_that_is_listed_is_answered(client):
    listed = client.get("/api/lectures").json()
    assert listed[0]["lecture"] == "gradient-descent"
    for lecture in listed:
        for scene in lecture["scenes"]:
            answer = client.get(f"/api/lectures/{lecture['lecture']}/{scene['scene']}")
            assert answer.status_code == 200
            assert answer.json()["title"] == scene["title"]


def test_an_answer_that_is_known_is_not_sent_again(client):
    for address in ("/api/lectures", "/api/lectures/gradient-descent/the-bowl"):
        tag = client.get(address).headers["etag"]
        again = client.get(address, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nowhere/the-bowl", "there is no such lecture; there are gradient-descent, noise"),
        ("gradient-descent/nowhere", "there is no such scene; there are the-bowl"),
        ("gradient-descent/__init__", "there is no such scene"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(client, address, says):
    answer = client.get(f"/api/lectures/{address}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]


def test_a_scene_is_answered_as_short_as_it_was_sent(client):
    assert client.post("/api/scene", json=SCENE).json() == SCENE
    whole = {
        "title": "A",
        "text": "B",
        "predict": {"question": "C?", "choices": ["D", "E"], "answer": 1},
        "look_for": "F",
        "try": "G",
        **SCENE,
        "view": {"speed": 12.0, "hide": ["formula", "contours", "charts"]},
    }
    assert client.post("/api/scene", json=whole).json() == whole


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"predict": {"question": "C?", "choices": ["D", "E"], "answer": 2}}, ["predict", "answer"]),
        ({"predict": {"question": "C?", "choices": ["D", "E"], "answer": -1}}, ["predict", "answer"]),
        ({"predict": {"question": "C?", "choices": ["D"], "answer": 0}}, ["predict", "choices"]),
        ({"predict": {"question": "", "choices": ["D", "E"], "answer": 0}}, ["predict", "question"]),
        ({"look_for": 7}, ["look_for"]),
        ({"try_": "with an underscore"}, ["try_"]),
        ({"view": {"hide": ["answers"]}}, ["view", "hide", 0]),
        ({"view": {"speed": 0}}, ["view", "speed"]),
        ({"experiment": {"surface": {"kind": "sphere"}, "descents": []}}, ["experiment", "descents"]),
        ({"experiment": {**SCENE["experiment"], "version": 2}}, ["experiment", "version"]),
        ({"title": "x" * 201}, ["title"]),
    ],
)
def test_what_is_wrong_with_a_scene_is_said_by_its_path(client, change, path):
    answer = client.post("/api/scene", json={**SCENE, **change})
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]
