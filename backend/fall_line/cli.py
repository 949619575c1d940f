"""The command ``fall-line``: serve the page and open it, or run, list and check scenes."""

from __future__ import annotations

import argparse
import json
import socket
import sys
import webbrowser
from collections.abc import Iterator, Sequence
from pathlib import Path

import uvicorn
from pydantic import ValidationError

from fall_line import __version__
from fall_line.experiment import Experiment
from fall_line.lectures import lectures
from fall_line.scenes import Scene
from fall_line.service import answers
from fall_line.service.app import create_app
from fall_line.service.problems import sentences, validation_problem

BACKLOG = 2048


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "run":
        return run(options.file, csv=options.csv)
    if options.command == "lectures":
        return list_lectures()
    if options.command == "check":
        return check(options.files)
    if not 0 <= options.port <= 65_535:
        parser.error("argument --port: a port is a number from 0 to 65535")
    return serve(options.host, options.port, browser=not options.no_browser)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fall-line",
        description="Optimizers race down a loss landscape. Without a command: serve the page.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="port to listen on (%(default)s); 0 takes a free one"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the page")
    parser.add_argument("--version", action="version", version=f"fall-line {__version__}")
    commands = parser.add_subparsers(dest="command", title="commands", metavar="")
    runs = commands.add_parser("run", help="follow the descents of a scene or an experiment")
    runs.add_argument("file", help="a JSON file; - reads the standard input")
    form = runs.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="what POST /api/run answers (default)")
    form.add_argument("--csv", action="store_true", help="a row per step")
    commands.add_parser("lectures", help="list the lectures and their scenes")
    checks = commands.add_parser("check", help="say whether scenes can be shown, and what is wrong where")
    checks.add_argument("files", nargs="+", metavar="file", help="a JSON file of a scene or an experiment")
    return parser


def run(file: str, *, csv: bool) -> int:
    """Write the trajectories of a scene or an experiment to the standard output."""
    data = b""
    try:
        data = _read(file)
        experiment = _scene(data).experiment.filled()
        written = answers.table(experiment) if csv else answers.run(experiment).decode() + "\n"
    except (OSError, ValueError) as error:
        return _complain(file, error, data)
    sys.stdout.write(written)
    return 0


def check(files: Sequence[str]) -> int:
    """Run scenes to their end; say of each that it is fine, or what is wrong."""
    status = 0
    for file in files:
        data = b""
        try:
            data = _read(file)
            answers.run(_scene(data).experiment.filled())
        except (OSError, ValueError) as error:
            status = _complain(file, error, data)
        else:
            print(f"{file}: fine")
    return status


def list_lectures() -> int:
    """Print the address and the title of every scene."""
    for name, lecture in lectures().items():
        print(f"{lecture.title}: {lecture.text}")
        for each, scene in lecture.scenes.items():
            print(f"  /?lecture={name}/{each}  {scene.title}")
    return 0


def _read(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _scene(data: bytes) -> Scene:
    document = json.loads(data)
    if isinstance(document, dict) and "surface" in document:
        return Scene(experiment=Experiment.model_validate_json(data))
    return Scene.model_validate_json(data)


def _complain(file: str, error: Exception, data: bytes) -> int:
    for fault in _faults(error, data):
        print(f"{file}: {fault}", file=sys.stderr)
    return 1


def _faults(error: Exception, data: bytes) -> Iterator[str]:
    if isinstance(error, ValidationError):
        yield from sentences(validation_problem(error, data))
    elif isinstance(error, OSError):
        yield error.strerror or str(error)
    else:
        yield f"not JSON: {error}"


def serve(host: str, port: int, *, browser: bool) -> int:
    """Serve until interrupted; a port in use is said in words."""
    try:
        listening = _listen(host, port)
    except OSError as error:
        print(f"fall-line: cannot listen on {host}, port {port}: {error.strerror or error}.", file=sys.stderr)
        print(
            f"Is it running already? Another port: fall-line --port {port + 1 if port < 65_535 else 0}",
            file=sys.stderr,
        )
        return 1
    address, used = listening.getsockname()[:2]
    shown = "localhost" if address in ("127.0.0.1", "::1", "0.0.0.0", "::") else host
    url = f"http://{shown}:{used}/"
    print(f"Fall Line is at {url} (Ctrl+C ends it)", flush=True)
    config = uvicorn.Config(create_app(), log_level="warning", timeout_graceful_shutdown=20)
    if browser:
        # The socket listens already: the browser waits in its queue until the server answers.
        webbrowser.open(url)
    uvicorn.Server(config).run(sockets=[listening])
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
