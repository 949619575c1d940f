"""The server as a process: started, called over a socket, left by its viewers, ended."""

import json
import socket
import subprocess
import sys
import time

import httpx2
import pytest

from tests.conftest import Server, start

ENDLESS = {
    "surface": {"kind": "ackley"},
    "descents": [{"optimizer": {"kind": "adam"}, "gradient": {"kind": "noisy"}}] * 16,
    "steps": 10_000,
}


def processor_seconds(server: Server) -> float:
    fields = (server.folder / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_a_busy_port_is_said_in_words(server):
    second = subprocess.run(
        [sys.executable, "-m", "fall_line", "--no-browser", "--port", str(server.port)],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"port {server.port}" in second.stderr and "Traceback" not in second.stderr
    assert f"--port {server.port + 1}" in second.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the processor time from /proc")
def test_work_stops_when_the_viewer_leaves():
    with start() as server:
        with socket.create_connection(("127.0.0.1", server.port)) as viewer:
            body = json.dumps(ENDLESS).encode()
            head = f"POST /api/run/stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
            viewer.sendall(head.encode() + body)
            assert b"200 OK" in viewer.recv(4096)
        time.sleep(0.5)
        before = processor_seconds(server)
        time.sleep(1.0)
        assert processor_seconds(server) - before < 0.3


def test_health_answers_while_the_server_computes(server):
    with httpx2.stream("POST", f"{server.url}/api/run/stream", json=ENDLESS) as stream:
        assert next(stream.iter_lines())
        assert httpx2.get(f"{server.url}/api/health").status_code == 200


def test_a_stream_that_is_running_is_completed_when_the_server_ends():
    race = {"surface": {"kind": "himmelblau"}, "descents": [{}] * 4, "steps": 2000}
    with start() as server, httpx2.stream("POST", f"{server.url}/api/run/stream", json=race) as stream:
        lines = stream.iter_lines()
        first = next(lines)
        server.process.terminate()
        last = list(lines)[-1]
    assert json.loads(first)["type"] == "start"
    assert json.loads(last) == {"type": "done"}
