"""What the README shows works as it stands there."""

import ast
import inspect
import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from fall_line import landscape_of_model, run
from fall_line.cli import main
from fall_line.component import members
from fall_line.lectures import lectures
from fall_line.optimizers import Optimizer
from fall_line.schedules import AnySchedule
from fall_line.surfaces import NamedSurface, Surface

TOP = Path(__file__).parents[1]
TEXT = (TOP / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
CURLS = [
    command
    for language, block in BLOCKS
    if language == "sh"
    for command in re.findall(r"curl .*?'\n", block, re.DOTALL)
]
PYTHON = [block for language, block in BLOCKS if language == "python"]


@pytest.mark.parametrize("command", CURLS, ids=lambda command: command[:60])
def test_every_curl_command_answers(server, command):
    words = shlex.split(command.replace("http://localhost:8000", server.url))
    answer = subprocess.run([*words, "--fail"], capture_output=True, text=True, check=True, timeout=60).stdout
    if "/csv" in command:
        assert answer.startswith("descent,label,step")
    else:
        assert json.loads(answer)


def test_the_python_example_runs():
    result = subprocess.run(
        [sys.executable, "-c", PYTHON[0]], capture_output=True, text=True, timeout=60, check=True
    )
    assert "Adam finished" in result.stdout


def test_the_scene_it_shows_is_one_and_tells_the_truth(tmp_path, capsys):
    (scene,) = (block for language, block in BLOCKS if language == "json" and '"predict"' in block)
    file = tmp_path / "my-scene.json"
    file.write_text(scene)
    assert main(["check", str(file)]) == 0
    slow, fast = run(json.loads(scene)["experiment"])
    assert fast.loss[10] < slow.loss[10]
    assert np.allclose(slow.x[1:] / slow.x[:-1], 0.8) and np.allclose(fast.x[1:] / fast.x[:-1], 0.6)


def test_the_example_for_a_notebook_shows_a_frame():
    (example,) = (block for block in PYTHON if "fall_line.show" in block)
    before, name, rest = example.partition("fall_line.show(")
    told = [sys.executable, "-c", f"{before}print({name}{rest})"]
    assert "/embed?" in subprocess.run(told, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_example_for_a_model_asks_for_what_there_is():
    # PyTorch is no dependency of the tests: the example was run by hand, its calls of ours are checked here.
    calls = [each for each in ast.walk(ast.parse(PYTHON[1])) if isinstance(each, ast.Call)]
    (seen,) = (call for call in calls if getattr(call.func, "id", "") == "landscape_of_model")
    names = [keyword.arg for keyword in seen.keywords]
    inspect.signature(landscape_of_model).bind(*seen.args, **dict.fromkeys(names))
    used = set(re.findall(r"seen\.(\w+)", PYTHON[1]))
    result = landscape_of_model(lambda w: float((w[0] ** 2).sum()), [np.ones((2, 2))], resolution=4)
    assert used == {"scene"} and all(hasattr(result, name) for name in used | {"x", "y", "loss", "path"})


def test_the_recipe_for_an_optimizer_is_one_that_is_kept():
    assert PYTHON[-1] == (TOP / "backend/fall_line/optimizers/quasi_hyperbolic.py").read_text()
    assert "`| QuasiHyperbolic`" in TEXT
    assert "QuasiHyperbolic" in {optimizer.__name__ for optimizer in members(Optimizer)}


def test_the_numbers_it_boasts_of_are_true():
    surfaces = sum(issubclass(surface, NamedSurface) for surface in members(Surface))
    assert sum(len(lecture.scenes) for lecture in lectures().values()) > 60
    assert f"{surfaces} famous surfaces" in TEXT
    assert f"{len(members(Optimizer))} optimizers × {len(members(AnySchedule))} schedules" in TEXT


def test_its_picture_is_there():
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", TEXT):
        assert (TOP / picture).read_bytes().startswith(b"\x89PNG")


def test_the_oldest_python_is_the_one_it_names():
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11 or newer" in TEXT
