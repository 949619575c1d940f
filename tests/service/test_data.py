"""The calls about data: their lines, their answers, and what they refuse."""

import base64
import json

import numpy as np
import pytest

from fall_line import run

LINE = {"kind": "linear_regression", "test": 0.25}
BATCHES = {"kind": "mini_batch", "size": 5}
ON_A_LINE = {
    "surface": LINE,
    "descents": [
        {"learning_rate": 0.1, "gradient": BATCHES, "average": {"kind": "swa", "start": 10}},
        {"learning_rate": 0.1},
    ],
    "steps": 40,
}
NETWORK = {"kind": "network", "hidden": [4], "plane": "pca", "test": 0.2}
NEWTON = {"optimizer": {"kind": "newton"}}
LARGE = {**NETWORK, "hidden": [32, 32]}
ON_NOTHING = {**ON_A_LINE, "surface": {"kind": "sphere"}}
IN_A_NETWORK = {"surface": NETWORK, "descents": [{"learning_rate": 0.5, "gradient": BATCHES}], "steps": 40}


def lines(client, call, body):
    return [json.loads(line) for line in client.post(f"/api/{call}", json=body).text.splitlines()]


def decoded(array):
    values = np.frombuffer(base64.b64decode(array["bdata"]), f"<{array['dtype']}")
    return values.reshape([int(length) for length in array["shape"].split(",")])


def test_a_trajectory_on_data_has_the_columns_of_data(client):
    batched, exact = client.post("/api/run", json=ON_A_LINE).json()["trajectories"]
    assert {"batch_loss", "test_loss"} <= set(batched) and "batch_loss" not in exact
    assert all(len(batched[name]) == 41 for name in ("loss", "batch_loss", "test_loss"))
    assert (batched["steps_per_epoch"], exact["steps_per_epoch"]) == (4, 1)
    assert batched["average"]["step"] == list(range(10, 41)) and "average" not in exact
    assert {len(batched["average"][name]) for name in ("x", "y", "loss")} == {31}


def test_trajectories_elsewhere_have_none_of_them(client, race):
    for trajectory in client.post("/api/run", json=race).json()["trajectories"]:
        assert not {"batch_loss", "test_loss", "steps_per_epoch", "average", "accuracy"} & set(trajectory)


def test_the_stream_brings_the_same_columns_and_averages_before_each_end(client):
    whole = client.post("/api/run", json=ON_A_LINE).json()["trajectories"]
    streamed = lines(client, "run/stream", ON_A_LINE)
    assert streamed[0]["steps_per_epoch"] == [4, 1] and streamed[-1] == {"type": "done"}
    for index, trajectory in enumerate(whole):
        mine = [line for line in streamed if line.get("descent") == index]
        assert mine[-1]["type"] == "end"
        for name in {"loss", "batch_loss", "test_loss"} & set(trajectory):
            frames = [line[name] for line in mine if line["type"] == "frames"]
            assert [value for frame in frames for value in frame] == trajectory[name]
        averages = [line for line in mine if line["type"] == "average"]
        for name, values in trajectory.get("average", {}).items():
            assert [value for line in averages for value in line[name]] == values


def test_progress_and_the_plane_come_before_the_frames_of_a_network(client):
    streamed = lines(client, "run/stream", {**IN_A_NETWORK, "seed": 11})
    kinds = [line["type"] for line in streamed]
    assert kinds[:2] == ["start", "progress"] and kinds[-1] == "done"
    assert set(kinds[1 : kinds.index("plane")]) == {"progress"}
    done = [line["done"] for line in streamed if line["type"] == "progress"]
    assert done == sorted(done) and done[-1] == 40 and streamed[1]["doing"]
    plane = streamed[kinds.index("plane")]
    assert plane["weights"] == 17 and 0 < plane["explained"][1] <= plane["explained"][0] <= 1
    first = next(line for line in streamed if line["type"] == "frames")
    assert {"accuracy", "test_accuracy", "test_loss", "batch_loss"} <= set(first)
    (trajectory,) = run({**IN_A_NETWORK, "seed": 11})
    assert first["x"] == trajectory.x[: len(first["x"])].tolist()


def test_a_landscape_that_takes_long_says_how_far_it_is(client):
    asked = {"experiment": IN_A_NETWORK, "resolution": 60}
    *progress, found, last = lines(client, "landscape/stream?arrays=base64", asked)
    assert last == {"type": "done"} and found.pop("type") == "landscape"
    assert {line["type"] for line in progress} == {"progress"} and len(progress) >= 2
    assert found == client.post("/api/landscape?arrays=base64", json=asked).json()
    assert decoded(found["loss"]).shape == (60, 60)


def test_a_refusal_in_a_stream_is_its_last_line(client):
    asked = {"surface": {**LINE, "test": 0.0}, "data": "test"}
    assert client.post("/api/landscape", json=asked).status_code == 422
    (last,) = lines(client, "landscape/stream", asked)
    assert last["type"] == "error" and last["problem"]["errors"][0]["path"] == ["data"]


def test_outputs_may_be_encoded(client):
    asked = {"experiment": IN_A_NETWORK, "steps": [0, 40]}
    plain = client.post("/api/model", json=asked).json()
    encoded = client.post("/api/model?arrays=base64", json=asked).json()
    np.testing.assert_allclose(decoded(encoded["outputs"]), plain["outputs"], rtol=1e-6)
    assert plain["task"] == "boundary" and len(plain["batches"][0]) == 5


def test_a_table_is_answered_with_what_is_left_out_of_it(client):
    asked = {"csv": "name;hours;score\nAda;1,5;1.052\nBob;2;55\n"}
    assert client.post("/api/table", json=asked).json() == {
        "columns": {"hours": [1.5, 2], "score": [1052, 55]},
        "rows": 2,
        "left_out": [{"column": "name", "reason": "none of its values is a number"}],
    }


@pytest.mark.parametrize(
    ("call", "body", "path"),
    [
        ("run", ON_NOTHING, ["descents", 0, "gradient"]),
        ("run", {"surface": NETWORK, "descents": [{"start": [0, 0]}]}, ["descents", 0, "start"]),
        ("run", {"surface": LARGE, "descents": [NEWTON]}, ["descents", 0, "optimizer"]),
        ("run", {"surface": {**NETWORK, "hidden": [33]}, "descents": [{}]}, ["surface", "hidden", 0]),
        ("run", {"surface": {**LINE, "x": [1, 1], "y": [1, 2]}, "descents": [{}]}, ["surface"]),
        ("run", {"surface": {"kind": "fit", "model": "a*exp(-b*z)"}, "descents": [{}]}, ["surface", "model"]),
        ("landscape", {"surface": NETWORK}, ["surface", "plane"]),
        ("landscape", {"experiment": ON_A_LINE, "batch": {"descent": 2}}, ["batch", "descent"]),
        ("landscape", {"surface": LINE, "batch": {"descent": 0}}, []),
        ("landscape", {"experiment": ON_NOTHING}, ["experiment", "descents", 0, "gradient"]),
        ("model", {"experiment": {**ON_NOTHING, "descents": [{}]}}, ["experiment", "surface"]),
        ("model", {"experiment": ON_A_LINE, "descent": 7}, ["descent"]),
        ("model", {"experiment": ON_A_LINE, "steps": []}, ["steps"]),
        ("update", {"experiment": ON_A_LINE, "step": 40}, ["step"]),
        ("gradients", {"surface": {"kind": "sphere"}, "point": [0, 0]}, ["surface"]),
        ("gradients", {"surface": LINE, "point": [0, 0], "size": 10_000, "count": 1000}, []),
        ("evaluate", {"surface": NETWORK, "points": [[0, 0]]}, ["surface", "plane"]),
        ("table", {"csv": "a,b\n1,x\n2,3\n"}, ["csv", "rows", 1, "b"]),
        ("table", {"csv": "a;b\n1.234;2\n2.345;3\n"}, ["csv", "rows", 1, "a"]),
        ("table", {"csv": "who,n\nAda,2\nBob,3\n"}, ["csv", "rows", 1, "who"]),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field(client, call, body, path):
    answer = client.post(f"/api/{call}", json=body)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["path"] == path and error["message"]
