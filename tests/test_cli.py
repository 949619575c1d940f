"""The command, as an author of scenes uses it."""

import io
import json
import sys

import pytest

from fall_line import run
from fall_line.cli import main
from fall_line.lectures import FOLDER

RACE = {
    "surface": {"kind": "sphere"},
    "descents": [{"learning_rate": 0.1}, {"label": "Fast", "learning_rate": 0.4}],
    "steps": 5,
}
SCENE = {"title": "A race", "experiment": RACE}
UNKNOWN = {"optimizer": {"kind": "adam", "beta3": 1}}
NOT_REAL = {"surface": {"kind": "formula", "formula": "log(x)"}, "descents": [{"start": [-1, 0]}]}


@pytest.fixture
def file(tmp_path):
    def write(document):
        path = tmp_path / "scene.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(path)

    return write


@pytest.mark.parametrize("document", [RACE, SCENE], ids=["experiment", "scene"])
def test_run_writes_what_the_api_answers(file, capsys, document):
    assert main(["run", file(document)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [one["x"] for one in answer["trajectories"]] == [one.x.tolist() for one in run(RACE)]


def test_run_writes_a_table(file, capsys):
    assert main(["run", "--csv", file(RACE)]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "descent,label,step,x,y,loss,learning_rate,gradient_norm"
    assert len(rows) == 1 + 2 * 6 and rows[-1].startswith("1,Fast,5,")


def test_run_reads_the_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(RACE).encode())))
    assert main(["run", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["experiment"]["steps"] == 5


def test_all_lectures_are_listed_with_their_addresses(capsys):
    assert main(["lectures"]) == 0
    listed = capsys.readouterr().out
    assert "/?lecture=gradient-descent/the-bowl" in listed
    assert listed.count("/?lecture=") == len(list(FOLDER.glob("*/[0-9]*.json")))


def test_the_scenes_of_the_lectures_are_fine(capsys):
    files = [str(path) for path in sorted(FOLDER.glob("01-*/[0-9]*.json"))]
    assert main(["check", *files]) == 0
    assert capsys.readouterr().out.count(": fine") == len(files)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("{", "not JSON"),
        ("7", "should be"),
        ({"experiment": {**RACE, "steps": 0}}, "experiment.steps: should be greater than or equal to 1"),
        ({**RACE, "descents": [UNKNOWN]}, "descents.0.optimizer.beta3: unknown field"),
        (NOT_REAL, "descents.0.start: "),
        ({"experiment": RACE, "view": {"speed": -1}}, "view.speed"),
    ],
)
def test_check_says_what_is_wrong_where(file, capsys, document, says):
    path = file(document)
    assert main(["check", path]) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"{path}: ") and says in complaint and "Traceback" not in complaint


def test_check_counts_what_it_does_not_list(file, capsys):
    path = file({"experiment": {**RACE, "descents": [UNKNOWN] * 9}})
    assert main(["check", path]) == 1
    *listed, last = capsys.readouterr().err.splitlines()
    assert len(listed) == 5 and all("unknown field" in line for line in listed)
    assert last == f"{path}: the first 5 errors are listed, and there are 4 more"


def test_a_file_that_is_not_there_is_said(capsys, tmp_path):
    assert main(["run", str(tmp_path / "none.json")]) == 1
    assert "No such file" in capsys.readouterr().err
