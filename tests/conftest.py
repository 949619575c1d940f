"""What several tests share."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from fall_line.service.app import create_app
from fall_line.service.examples import RACE

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """The service, called without a network; an exception in it fails the test."""
    with TestClient(create_app()) as started:
        yield started


@pytest.fixture
def race() -> dict[str, Any]:
    """A small experiment: two descents on Himmelblau's function."""
    return {**deepcopy(RACE), "steps": 40}


def reference(name: str) -> dict[str, Any]:
    """Numbers that other libraries computed once; see tests/reference/README.md."""
    loaded: dict[str, Any] = json.loads((REFERENCE / f"{name}.json").read_text())
    return loaded


@dataclass
class Server:
    """A server process of our own on a free port."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def folder(self) -> Path:
        return Path("/proc") / str(self.process.pid)


@contextmanager
def start(**options: Any) -> Iterator[Server]:
    """Start the command on a free port; it ends with the block. ``options`` are those of Popen."""
    command = [sys.executable, "-m", "fall_line", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as process:
        try:
            assert process.stdout is not None
            announced = process.stdout.readline()
            found = re.search(r"http://[^/]*:([0-9]+)/", announced)
            assert found, f"the server did not start: {announced}"
            yield Server(process, int(found.group(1)))
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server for the tests that need a real one."""
    with start() as started:
        yield started
