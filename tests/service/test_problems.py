"""Bad input: a clear problem that names the field, at once, and never a 500."""

import json

import pytest


def problem(client, body, call="run"):
    answer = client.post(f"/api/{call}", content=body if isinstance(body, bytes) else json.dumps(body))
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == answer.status_code
    assert set(found) == {"type", "title", "status", "detail", "errors"}
    return found


def changed(race, **change):
    return {**race, **change}


def with_descent(race, **descent):
    return {**race, "descents": [descent]}


def formula(race, text):
    return {**race, "surface": {"kind": "formula", "formula": text}, "descents": [{"start": [1, 1]}]}


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"surface": {"kind": "nowhere"}}, ["surface"], "unknown kind"),
        ({"surface": {"kind": "sphere", "radius": 2}}, ["surface", "radius"], "unknown field"),
        ({"surprise": 1}, ["surprise"], "unknown field"),
        ({"steps": 10**9}, ["steps"], "less than or equal to 10000"),
        (
            {"descents": [{"optimizer": {"kind": "adam", "beta1": 1}}]},
            ["descents", 0, "optimizer", "beta1"],
            "less than 1",
        ),
        (
            {"descents": [{"learning_rate": -1}]},
            ["descents", 0, "learning_rate"],
            "greater than or equal to 0",
        ),
        (
            {"descents": [{"learning_rate": {"kind": "cosine", "final": -1}}]},
            ["descents", 0, "learning_rate", "final"],
            "greater",
        ),
        (
            {"descents": [{"learning_rate": {"kind": "nope"}}]},
            ["descents", 0, "learning_rate"],
            "unknown kind",
        ),
        ({"descents": [{"start": ["a", 1]}]}, ["descents", 0, "start", 0], "number"),
        ({"descents": []}, ["descents"], "at least 1"),
        ({"descents": [{}] * 17}, ["descents"], "at most 16"),
        ({"descents": 3}, ["descents"], "list"),
        ({"surface": 3}, ["surface"], ""),
    ],
)
def test_a_refusal_names_the_field_and_what_to_do(client, race, change, path, words):
    found = problem(client, changed(race, **change))
    assert found["status"] == 422
    assert [error["path"] for error in found["errors"]] == [path]
    assert words in found["errors"][0]["message"]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("__import__('os')", 12),
        ("__import__", 1),
        ("x.__class__", 2),
        ("9**9**9**9", 7),
        ("(" * 10_000, None),
        ("", 1),
        ("\x00", 1),
        ("x" * 1_000_000, None),
        ("ｘ + 1", 1),
        ("(lambda: 1)()", 8),
        ("[x for x in y]", 1),
    ],
)
@pytest.mark.parametrize("call", ["run", "run/stream", "run/csv"])
def test_a_hostile_formula_is_refused_with_its_column(client, race, text, column, call):
    found = problem(client, formula(race, text), call)
    assert found["status"] == 422
    assert [error["path"] for error in found["errors"]] == [["surface", "formula"]]
    assert found["errors"][0]["column"] == column
    assert len(found["detail"]) < 300


def test_a_start_where_the_formula_is_not_real_is_refused_there(client, race):
    body = formula(race, "log(x)") | {"descents": [{"start": [1, 1]}, {"start": [-1, 1]}]}
    assert [error["path"] for error in problem(client, body)["errors"]] == [["descents", 1, "start"]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[" * 20_000,
        b'{"surface": {"kind": "sphere"}, "descents": [{"learning_rate": ' + b"9" * 5_000 + b"}]}",
        b'{"surface": {"kind": "sphere"}, "descents": [{}], "title": "\xff"}',
        b'{"surface": {"kind": "\\ud800"}, "descents": [{}]}',
        b'{"surface": {"kind": "sphere", "\\ud800": 1}, "descents": [{}]}',
    ],
    ids=["empty", "cut", "words", "brackets", "digits", "invalid utf-8", "surrogate", "surrogate key"],
)
@pytest.mark.parametrize("call", ["run", "run/stream", "run/csv", "landscape", "schedule"])
def test_a_body_that_is_not_json_is_refused(client, body, call):
    assert problem(client, body, call)["status"] == 400


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_not_a_finite_number_is_refused(client, number):
    body = f'{{"surface": {{"kind": "sphere"}}, "descents": [{{"learning_rate": {number}}}]}}'
    assert problem(client, body.encode())["errors"][0]["path"] == ["descents", 0, "learning_rate"]


@pytest.mark.parametrize("body", [b"null", b"[]", b"3", b'"x"', b"{}"])
def test_a_body_of_another_shape_is_refused(client, body):
    for call in ("run", "run/stream", "run/csv", "landscape", "schedule"):
        assert problem(client, body, call)["status"] == 422


def test_what_was_sent_is_never_repeated(client, race):
    secret = "hunter2" * 20
    bodies = [
        changed(race, surface={"kind": secret}),
        changed(race, seed=secret),
        with_descent(race, start=secret),
        with_descent(race, label=secret * 10),
    ]
    for body in bodies:
        assert secret not in json.dumps(problem(client, body))
    named = problem(client, changed(race, **{secret: 1}))
    assert secret not in json.dumps(named)
    assert named["errors"][0]["path"] == [secret[:64]]


def test_a_body_that_is_too_large_is_refused(client):
    assert problem(client, b" " * (2 * 1024 * 1024 + 1))["status"] == 413
    endless = (b" " * 65_536 for _ in range(10_000))
    assert client.post("/api/run", content=endless).status_code == 413


def test_an_address_that_is_too_long_is_refused(client):
    answer = client.get("/api/run?experiment=" + "A" * 40_000)
    assert (answer.status_code, answer.json()["status"]) == (414, 414)


@pytest.mark.parametrize(
    ("address", "status"), [("/api/run?experiment=%21", 400), ("/api/run", 422), ("/nowhere", 404)]
)
def test_addresses_that_make_no_sense_are_refused(client, address, status):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_the_wrong_method_is_refused(client):
    assert client.get("/api/landscape").status_code == 405
    assert client.post("/api/landscape?arrays=xml", json={"surface": {"kind": "sphere"}}).status_code == 422


def test_several_mistakes_are_told_at_once(client, race):
    found = problem(client, changed(race, steps=0, seed=-1, surface={"kind": "sphere", "z": 1}))
    assert [error["path"] for error in found["errors"]] == [["surface", "z"], ["steps"], ["seed"]]
