"""Fall Line in a notebook: the page in a frame under the cell."""

from __future__ import annotations

import base64
import socket
from functools import cache
from html import escape
from threading import Thread
from typing import Any, Literal

from fall_line.experiment import Experiment
from fall_line.scenes import Scene


class Frame:
    """A scene as a notebook shows it; elsewhere, open its ``address`` in a browser."""

    def __init__(self, address: str, height: int) -> None:
        self.address = address
        self.height = height

    def _repr_html_(self) -> str:
        return (
            f'<iframe src="{escape(self.address)}" width="100%" height="{self.height}" '
            'style="border:0" title="Fall Line"></iframe>'
        )

    def __repr__(self) -> str:
        return f"Frame({self.address!r}, height={self.height})"


def show(
    document: Experiment | Scene | dict[str, Any],
    *,
    height: int = 600,
    controls: Literal["none", "play", "all"] = "all",
) -> Frame:
    """Return a frame that plays an experiment or a scene; a notebook shows it under the cell.

    This process serves the page, to this machine alone, from the first call until it ends.  Where a notebook
    runs on another machine than its reader's browser, embed an address of a server that the reader can reach.

    ``height`` is in pixels.  Raises ValidationError for what cannot be run, as ``run`` does.
    """
    scene = _scene(document)
    scene.experiment.filled()
    shown = scene.model_dump_json(by_alias=True, exclude_unset=True)
    encoded = base64.urlsafe_b64encode(shown.encode()).decode().rstrip("=")
    return Frame(f"{_address()}/embed?controls={controls}&autoplay=1#scene={encoded}", height)


def _scene(document: Experiment | Scene | dict[str, Any]) -> Scene:
    if isinstance(document, Scene):
        return document
    if isinstance(document, dict) and "experiment" in document:
        return Scene.model_validate(document)
    return Scene(experiment=Experiment.model_validate(document))


@cache
def _address() -> str:
    """Serve the page from a thread that ends with this process; return where."""
    # Imported here: a script that only computes needs no web server.
    import uvicorn  # noqa: PLC0415

    from fall_line.service.app import create_app  # noqa: PLC0415

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
    Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}"
