"""The calls of the API, as the contract gives them."""

import base64
import csv
import io
import json

import numpy as np
import pytest

from fall_line import __version__, run


def test_run_answers_the_document_filled_in_and_the_trajectories(client, race):
    answer = client.post("/api/run", json=race)
    assert answer.status_code == 200
    found = answer.json()
    assert set(found) == {"experiment", "key", "trajectories"}
    assert found["experiment"]["descents"][1]["learning_rate"]["steps"] == 40
    assert [trajectory["label"] for trajectory in found["trajectories"]] == ["Adam", "Momentum"]
    for ours, theirs in zip(found["trajectories"], run(race), strict=True):
        columns = {"x", "y", "loss", "learning_rate", "gradient_norm", "evaluations"}
        assert set(ours) == {"label", "status", "reason", "steps"} | columns
        for name in columns:
            assert ours[name] == getattr(theirs, name).tolist()


def test_the_answer_describes_itself(client, race):
    found = client.post("/api/run", json=race).json()
    again = client.post("/api/run", json=found["experiment"]).json()
    assert again == found


def test_the_stream_has_the_same_numbers_and_says_how_it_ended(client, race):
    answer = client.post("/api/run/stream", json=race)
    assert answer.headers["content-type"].startswith("application/jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    whole = client.post("/api/run", json=race).json()
    assert lines[0] == {
        "type": "start",
        "experiment": whole["experiment"],
        "key": whole["key"],
        "labels": ["Adam", "Momentum"],
    }
    assert lines[-1] == {"type": "done"}
    for index, trajectory in enumerate(whole["trajectories"]):
        frames = [line for line in lines if line["type"] == "frames" and line["descent"] == index]
        for name in ("x", "y", "loss", "learning_rate", "gradient_norm", "evaluations"):
            assert [value for frame in frames for value in frame[name]] == trajectory[name]
        (end,) = [line for line in lines if line["type"] == "end" and line["descent"] == index]
        assert end == {"type": "end", "descent": index} | {
            name: trajectory[name] for name in ("status", "reason", "steps")
        }


def test_run_takes_the_document_from_the_address(client, race):
    address = base64.urlsafe_b64encode(json.dumps(race).encode()).decode().rstrip("=")
    assert client.get(f"/api/run?experiment={address}").json() == client.post("/api/run", json=race).json()


def test_csv_has_a_row_per_step(client, race):
    answer = client.post("/api/run/csv", json=race)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == ["descent", "label", "step", "x", "y", "loss", "learning_rate", "gradient_norm"]
    adam = run(race)[0]
    assert [float(row["x"]) for row in rows if row["descent"] == "0"] == adam.x.tolist()


@pytest.mark.parametrize("label", ["=1+1", "@cmd", "-x", "+x"])
def test_a_label_is_no_spreadsheet_formula(client, race, label):
    race["descents"][0]["label"] = label
    rows = list(csv.DictReader(io.StringIO(client.post("/api/run/csv", json=race).text)))
    assert rows[0]["label"] == f"'{label}"


def test_a_landscape_is_a_grid_in_rows_of_y(client):
    formula = {"kind": "formula", "formula": "x + 10*y", "domain": {"x": [0, 1], "y": [0, 2]}}
    found = client.post("/api/landscape", json={"surface": formula, "resolution": 21}).json()
    assert set(found) == {"x", "y", "loss", "lowest", "stationary_points", "stationary", "mathml"}
    assert found["stationary"] == {"complete": True, "found": 0, "words": None}
    assert found["loss"][20][0] == 20.0
    assert found["loss"][0][20] == 1.0
    assert found["mathml"]["loss"].startswith("<math")


def test_a_landscape_comes_in_base64_as_plotly_reads_it(client):
    body = {"surface": {"kind": "himmelblau"}, "resolution": 30, "window": {"x": [0, 1], "y": [0, 2]}}
    lists = client.post("/api/landscape", json=body).json()
    typed = client.post("/api/landscape?arrays=base64", json=body).json()["loss"]
    assert (typed["dtype"], typed["shape"]) == ("f4", "30,30")
    values = np.frombuffer(base64.b64decode(typed["bdata"]), "<f4").reshape(30, 30)
    np.testing.assert_allclose(values, lists["loss"], rtol=1e-6)
    assert lists["x"][-1] == 1.0 and lists["y"][-1] == 2.0


def test_holes_are_null_and_nan(client):
    body = {"surface": {"kind": "formula", "formula": "log(x)"}, "resolution": 20}
    assert client.post("/api/landscape", json=body).json()["loss"][0][0] is None
    typed = client.post("/api/landscape?arrays=base64", json=body).json()["loss"]
    assert np.isnan(np.frombuffer(base64.b64decode(typed["bdata"]), "<f4")[0])


def test_a_landscape_may_be_asked_for_by_experiment(client, race):
    one = client.post("/api/landscape", json={"experiment": race, "resolution": 20}).json()
    assert one == client.post("/api/landscape", json={"surface": race["surface"], "resolution": 20}).json()
    neither = client.post("/api/landscape", json={"resolution": 20})
    assert neither.status_code == 422 and "surface or an experiment" in neither.json()["detail"]


def test_a_schedule_is_a_list_of_rates(client):
    cosine = {"kind": "cosine", "learning_rate": 1.0}
    assert client.post("/api/schedule", json={"learning_rate": cosine, "steps": 2}).json() == {
        "learning_rate": pytest.approx([1.0, 0.5, 0.0])
    }
    assert client.post("/api/schedule", json={"learning_rate": 0.5, "steps": 1}).json() == {
        "learning_rate": [0.5, 0.5]
    }


def test_a_schedule_that_reacts_hears_losses(client):
    plateau = {"kind": "plateau", "learning_rate": 1.0, "patience": 0, "factor": 0.5}
    heard = client.post("/api/schedule", json={"learning_rate": plateau, "steps": 3, "losses": [2, 2, 1]})
    assert heard.json() == {"learning_rate": [1.0, 1.0, 0.5, 0.5]}
    unheard = client.post("/api/schedule", json={"learning_rate": plateau, "steps": 3})
    assert unheard.status_code == 422 and "one for each update" in unheard.json()["detail"]


def test_the_optimizers_memory_is_listed_if_asked_for(client, race):
    found = client.post("/api/run?state=true", json=race).json()["trajectories"]
    assert set(found[0]["state"]) == {"m", "v"}
    assert len(found[0]["state"]["m"]) == len(found[0]["x"])
    assert found[0]["state"]["m"][0] == [0.0, 0.0]


def test_points_are_evaluated_with_their_curvature(client):
    body = {"surface": {"kind": "himmelblau"}, "points": [[3, 2], [0, 0]]}
    found = client.post("/api/evaluate", json=body).json()
    assert found["loss"] == [0.0, 170.0]
    assert found["gradient"] == [[0.0, 0.0], [-14.0, -22.0]]
    assert found["hessian"][0] == [[74.0, 20.0], [20.0, 34.0]]
    assert found["largest_stable_learning_rate"] == [pytest.approx(2 / 82.2842712), None]
    hole = client.post(
        "/api/evaluate", json={"surface": {"kind": "formula", "formula": "log(x)"}, "points": [[-1, 0]]}
    )
    assert hole.json()["loss"] == [None] and hole.json()["hessian"] == [[[None, None], [None, None]]]
    many = client.post("/api/evaluate", json={**body, "points": [[0, 0]] * 10_001})
    assert many.status_code == 422


def test_the_schema_lists_every_component_with_its_facts(client):
    schema = client.get("/api/schema").json()
    surface = schema["$defs"]["Rosenbrock"]
    assert surface["facts"]["minima"] == [{"x": 1.0, "y": 1.0, "loss": 0.0}]
    assert surface["facts"]["rates"]["gradient_descent"] > 0
    assert surface["facts"]["mathml"]["loss"].startswith("<math")
    assert schema["$defs"]["Adam"]["properties"]["beta1"]["title"] == "β₁"
    assert schema["$defs"]["Adam"]["facts"]["learning_rate"] == 0.001


def test_health_answers(client):
    assert client.get("/api/health").json() == {"status": "ok", "version": __version__}


@pytest.mark.parametrize("call", ["run", "landscape", "schema"])
def test_what_the_reader_has_already_is_not_sent_again(client, race, call):
    def ask(**headers):
        match call:
            case "run":
                return client.post("/api/run", json=race, headers=headers)
            case "landscape":
                return client.post("/api/landscape", json={"surface": race["surface"]}, headers=headers)
        return client.get("/api/schema", headers=headers)

    tag = ask().headers["etag"]
    again = ask(**{"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert ask(**{"if-none-match": '"other"'}).status_code == 200


def test_any_site_may_call_the_api(client, race):
    answer = client.post("/api/run", json=race, headers={"origin": "https://lecture.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    preflight = {
        "origin": "https://lecture.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    assert client.options("/api/run", headers=preflight).status_code == 200


def test_every_documented_example_runs(client):
    calls = client.get("/openapi.json").json()["paths"]
    tried = 0
    for address, methods in calls.items():
        for method, described in methods.items():
            body = (
                described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
            )
            given = {
                parameter["name"]: parameter["schema"]["examples"][0]
                for parameter in described.get("parameters", [])
                if "examples" in parameter["schema"]
            }
            query = {name: value for name, value in given.items() if f"{{{name}}}" not in address}
            answer = client.request(method, address.format(**given), json=body, params=query)
            assert answer.status_code == 200, (method, address, answer.text)
            documented = described["responses"]["200"]["content"]
            assert answer.headers["content-type"].partition(";")[0] in documented
            tried += 1
    assert tried >= 8


def test_every_reference_of_the_description_leads_somewhere(client):
    described = client.get("/openapi.json").json()
    text = json.dumps(described)
    names = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(described["components"]["schemas"])


def test_every_answer_holds_a_pasted_formula_as_it_was_read(client):
    surface = {"kind": "formula", "formula": "|x|·y² − √(x²)"}
    written = "abs(x)*y**2 - sqrt(x**2)"
    experiment = {"surface": surface, "descents": [{"learning_rate": 0.01}], "steps": 2}
    run = client.post("/api/run", json=experiment).json()
    scene = client.post("/api/scene", json={"experiment": experiment}).json()
    assert run["experiment"]["surface"]["formula"] == written
    assert scene["experiment"]["surface"]["formula"] == written
    landscapes = [
        client.post("/api/landscape", json={"surface": {**surface, "formula": each}, "resolution": 20}).json()
        for each in (surface["formula"], written)
    ]
    assert landscapes[0] == landscapes[1]
