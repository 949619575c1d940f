"""The command ``fall-line``: serve the page and open it."""

from __future__ import annotations

import argparse
import socket
import sys
import webbrowser
from collections.abc import Sequence

import uvicorn

from fall_line import __version__
from fall_line.service.app import create_app

BACKLOG = 2048


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="fall-line", description="Optimizers race down a loss landscape.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="port to listen on (%(default)s); 0 takes a free one"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the page")
    parser.add_argument("--version", action="version", version=f"fall-line {__version__}")
    options = parser.parse_args(arguments)
    if not 0 <= options.port <= 65_535:
        parser.error("argument --port: a port is a number from 0 to 65535")
    return serve(options.host, options.port, browser=not options.no_browser)


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
