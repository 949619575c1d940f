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


WRONG = {"start": ["a", "b"], "steps": 3}
GRID = [[float(column) for column in range(21)] for _ in range(21)]
PATH = {"kind": "measured", "x": GRID[0], "y": GRID[0], "loss": GRID, "path": [["a", 1]] * 40}


@pytest.mark.parametrize(
    ("call", "change", "more"),
    [
        ("run", {"surface": PATH}, 35),
        ("run", {"surface": {"kind": "sphere", **{f"unknown {i}": i for i in range(30)}}}, 25),
        ("run", {"surface": {"kind": "linear_regression", "x": ["1"] * 2000, "y": [1.0] * 2000}}, 1995),
        ("run/stream", {"descents": [WRONG] * 4}, 7),
        (
            "landscape",
            {"surface": {"kind": "network", "hidden": ["a", "b", "c"]}, **dict.fromkeys("abcdef", 1)},
            4,
        ),
        ("evaluate", {"surface": {"kind": "sphere"}, "points": [[]] * 3000}, 5995),
        ("schedule", {"learning_rate": {"kind": "multi_step", "milestones": [-1] * 6}}, 1),
    ],
)
def test_five_errors_are_told_and_the_rest_is_counted(client, race, call, change, more):
    found = problem(client, changed(race if call.startswith("run") else {}, **change), call)
    assert found["status"] == 422 and len(found["errors"]) == 5
    assert found["detail"].endswith(f"; the first 5 errors are listed, and there are {more:,} more")
    assert len(json.dumps(found)) < 1500


def test_up_to_five_errors_are_told_without_counting(client, race):
    found = problem(client, changed(race, descents=[WRONG, {"start": ["a", "b"]}]))
    assert len(found["errors"]) == 5 and "more" not in found["detail"]


@pytest.mark.parametrize("axes", [("x",), ("y",), ("x", "y")])
def test_a_meshgrid_is_one_error_an_axis_that_says_what_to_give(client, race, axes):
    surface = {"kind": "measured", "x": GRID[0], "y": GRID[0], "loss": GRID, **dict.fromkeys(axes, GRID)}
    found = problem(client, changed(race, surface=surface))
    assert [error["path"] for error in found["errors"]] == [["surface", axis] for axis in axes]
    assert all("first row for x" in error["message"] for error in found["errors"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"descents": [{"learning_rate": 1e301}]}, "or equal to 1e+300"),
        ({"descents": [{"learning_rate": {"kind": "cosine", "learning_rate": 1e301}}]}, "or equal to 1e+300"),
        ({"descents": [{"learning_rate": {"kind": "warmup", "then": 1e301}}]}, "or equal to 1e+300"),
        ({"descents": [{"learning_rate": {"kind": "step", "final": 10**308}}]}, ""),
        ({"descents": [{"optimizer": {"kind": "adam", "epsilon": 10**300}}]}, "or equal to 1"),
        ({"seed": 10**3000}, ""),
        ({"steps": -(10**300)}, "or equal to 1"),
        ({"surface": {"kind": "formula", "formula": f"sin {'3' * 300}"}}, ""),
        ({"surface": {"kind": "formula", "formula": "x" * 400}}, ""),
        ({"surface": {"kind": "formula", "formula": f"2 {'7' * 300}"}}, ""),
        ({"surface": {"kind": "formula", "formula": f"x**{'9' * 300}"}}, ""),
        ({"surface": {"kind": "formula", "formula": "x*" + "q" * 300}}, ""),
        ({"stop": {"gradient_norm": 1e308, "patience": 10**18}}, ""),
    ],
)
def test_no_message_repeats_a_number_or_a_name_at_length(client, race, change, words):
    found = problem(client, changed(race, **change))
    assert words in found["errors"][0]["message"]
    for error in found["errors"]:
        assert max(map(len, error["message"].split())) <= 64
        assert len(error["message"]) < 200
