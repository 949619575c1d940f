"""A real server and a real browser; every page must stay silent and talk to nobody else."""

import json
import os
import shutil
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Frame, Page, ViewportSize, expect, sync_playwright

from tests.conftest import Server

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WINDOW: ViewportSize = {"width": 1280, "height": 720}
Visit = Callable[..., Page]
# A machine may be as slow as it likes; what never comes about shows after this many seconds.
PATIENCE = 60
expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a browser that two tests fight for another chance: what is wrong with the page stays wrong."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="session")
def address(server: Server) -> str:
    """The address of the server that this session started."""
    return server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """An installed Chromium or Chrome; without one the tests are skipped, but not on CI."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser: install one of {', '.join(BROWSERS)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Page]:
    """The one tab for everything: Plotly is large, and a tab that knows it reads it faster."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    page.close()


class Watch:
    """What a page must not do: complain, or ask anybody else for anything."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()

    def over(self, page: Page) -> Callable[[], None]:
        """Watch a page; call what is returned to stop."""
        listeners: list[tuple[Any, Callable[[Any], Any]]] = [
            ("console", lambda message: message.type == "error" and self.complain(message.text)),
            ("pageerror", lambda error: self.complain(str(error))),
            ("request", lambda request: self.ask(request.url)),
        ]
        for event, listener in listeners:
            page.on(event, listener)
        return lambda: [page.remove_listener(event, listener) for event, listener in listeners] and None

    def complain(self, text: str) -> None:
        """Note a complaint, unless it is the browser's report of an answer that the test asked for."""
        if not any(word in text for word in self.expected):
            self.complaints.append(text)

    def ask(self, url: str) -> None:
        """Note a request that leaves the house."""
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.complaints.append(f"asked another host: {url}")


@pytest.fixture
def watch(address: str) -> Iterator[Watch]:
    """The judge of a test's pages."""
    judge = Watch(address)
    yield judge
    assert judge.complaints == []


@pytest.fixture
def visit(tab: Page, address: str, watch: Watch) -> Iterator[Visit]:
    """Open a page; ``viewport`` and ``media`` are the window's, ``ready`` waits until everything is drawn."""
    tab.goto("about:blank")
    stop = watch.over(tab)
    # Asked for by the browser itself where a page names no icon, as around an embed.
    tab.route("**/favicon.ico", lambda route: route.fulfill(status=204))

    def open_page(
        path: str = "/", *, viewport: ViewportSize = WINDOW, ready: bool = True, **media: Any
    ) -> Page:
        tab.set_viewport_size(viewport)
        tab.emulate_media(**{"color_scheme": "dark", "reduced_motion": "no-preference", **media})
        tab.goto(address + path, wait_until="commit")
        if ready:
            still(tab)
        return tab

    yield open_page
    stop()
    tab.unroute_all(behavior="ignoreErrors")


def until(page: Page | Frame, expression: str) -> None:
    """Wait until something holds in the page; Playwright's own way needs an eval that our policy forbids."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never: {expression}"
        page.wait_for_timeout(20)


def still(page: Page | Frame) -> None:
    """Wait until the page shows all that has been asked for, but for what moves while it plays."""
    until(page, "window.fallLine?.still")


def pause(page: Page) -> None:
    """Pause if it plays, which on a slow machine it may no longer do."""
    page.evaluate("() => fallLine.playing && document.querySelector('#play').click()")


def play_slowly(page: Page) -> None:
    """Play from the start at a step a second, so that it plays for as long as a test may take."""
    page.get_by_role("slider", name="Speed").fill("0")
    page.get_by_role("button", name="Restart").click()
    page.evaluate("document.activeElement.blur()")


def go_to(page: Page, step: int) -> None:
    """Rest at a step."""
    pause(page)
    page.get_by_role("slider", name="Step", exact=True).fill(str(step))
    until(page, f"fallLine.step === {step} && fallLine.still")


def saved(page: Page) -> None:
    """Wait until the address holds the experiment whose answer is shown."""
    still(page)
    until(page, f"JSON.stringify({LINKED}?.experiment) === JSON.stringify(fallLine.experiment)")


def scene_link(scene: object) -> str:
    """The page's address that opens a scene."""
    return "/#scene=" + urlsafe_b64encode(json.dumps(scene).encode()).decode().rstrip("=")


LINKED = """(([, scene]) => scene && JSON.parse(new TextDecoder().decode(
    Uint8Array.from(atob(scene.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0)))
))(location.hash.split('#scene='))"""


@pytest.fixture
def ask(address: str) -> Callable[[str, Any], Any]:
    """Ask the API what a script would."""

    def call(path: str, body: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{address}/api/{path}", json.dumps(body).encode(), headers)) as answer:
            return json.load(answer)

    return call
