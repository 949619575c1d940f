"""The page in a lecturer's slides: a reveal.js deck, and a sandbox, both from another origin."""

from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.npm import installed

from .conftest import PATIENCE, Visit, still, until

pytestmark = pytest.mark.thorough
DECK = Path(__file__).parent / "deck"
LISTEN = "addEventListener('message', ({data}) => (window.heard ??= []).push(data));"
SLIDES = """<!doctype html><html lang="en"><title>Slides</title>
<link rel="stylesheet" href="/reveal.js/dist/reveal.css">
<div class="reveal"><div class="slides">
<section><h1>Slides</h1></section>{section}<section>The end</section>
</div></div>
<script>{listen}</script>
<script src="/reveal.js/dist/reveal.js"></script>
<script>Reveal.initialize({{hash: false, transition: "none"}});</script>
{script}"""
SANDBOX = """<!doctype html><html lang="en"><title>Course</title><script>{listen}</script>{frame}"""


class Files(SimpleHTTPRequestHandler):
    """The deck's own server, which is another origin; says nothing."""

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests readable."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with reveal.js."""
    here = tmp_path_factory.mktemp("deck")
    (here / "reveal.js").symlink_to(installed(DECK) / "reveal.js")
    return here


@pytest.fixture(scope="session")
def slides(folder: Path) -> Iterator[Callable[[str], str]]:
    """Put a page on the other server; returns its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()

    def put(text: str) -> str:
        (folder / "index.html").write_text(text)
        return f"http://127.0.0.1:{server.server_port}/index.html"

    yield put
    server.shutdown()
    server.server_close()


@pytest.fixture
def audience(browser: Browser) -> Iterator[Page]:
    """A browser that opens the slides; it complains when it is closed."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def snippet(visit: Visit, place: str) -> str:
    """What the page offers to paste there."""
    page = visit("/?lecture=gradient-descent/the-bowl")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("combobox", name="Where to embed it").select_option(place)
    return page.get_by_role("textbox", name="Embed code").input_value()


def test_the_fragments_of_a_reveal_deck_lead_through_the_steps(
    visit: Visit, slides: Callable[[str], str], audience: Page
) -> None:
    section, _, script = snippet(visit, "reveal.js").partition("<script>")
    audience.goto(slides(SLIDES.format(section=section, script=f"<script>{script}", listen=LISTEN)))
    audience.keyboard.press("ArrowRight")
    until(audience, "window.heard?.some(({fallLine}) => fallLine === 'ready')")
    (frame,) = audience.frames[1:]
    still(frame)
    audience.keyboard.press("ArrowRight")
    until(audience, "heard.some(({fallLine, step}) => fallLine === 'step' && step === 10)")
    assert frame.evaluate("fallLine.step") == 10
    audience.keyboard.press("ArrowLeft")
    until(frame, "fallLine.step === 0")
    audience.keyboard.press("ArrowRight")
    audience.keyboard.press("ArrowRight")
    until(frame, "fallLine.step > 10 && !fallLine.playing")
    audience.keyboard.press("ArrowRight")
    assert audience.evaluate("Reveal.getIndices().h") == 2, "the arrows are the deck's"


def test_the_keys_of_the_deck_stay_its_own_when_the_frame_has_the_focus(
    visit: Visit, slides: Callable[[str], str], audience: Page
) -> None:
    section, _, script = snippet(visit, "reveal.js").partition("<script>")
    audience.goto(slides(SLIDES.format(section=section, script=f"<script>{script}", listen=LISTEN)))
    audience.keyboard.press("ArrowRight")
    until(audience, "window.heard?.some(({fallLine}) => fallLine === 'ready')")
    (frame,) = audience.frames[1:]
    still(frame)
    step = frame.evaluate("fallLine.step")
    frame.locator("#map .stage").click(position={"x": 5, "y": 5})
    for key in ("ArrowRight", "ArrowLeft", "End", "r", "PageDown"):
        frame.locator("body").press(key)
    assert frame.evaluate("[fallLine.step, fallLine.playing]") == [step, False]


def test_it_plays_in_a_sandbox_of_another_origin_without_storage(
    visit: Visit, slides: Callable[[str], str], audience: Page
) -> None:
    code = snippet(visit, "Moodle, Canvas")
    assert 'sandbox="allow-scripts"' in code
    audience.goto(slides(SANDBOX.format(listen=LISTEN, frame=code)))
    until(audience, "window.heard?.some(({fallLine}) => fallLine === 'ready')")
    (frame,) = audience.frames[1:]
    still(frame)
    assert frame.evaluate("origin") == "null"
    expect(frame.get_by_role("button", name="Play")).to_be_visible()
    send = "(message) => document.querySelector('iframe').contentWindow.postMessage(message, '*')"
    audience.evaluate(send, {"fallLine": "seek", "step": 7})
    until(audience, "heard.some(({fallLine, step}) => fallLine === 'step' && step === 7)")
    audience.evaluate(send, {"fallLine": "play"})
    until(audience, "heard.some(({fallLine}) => fallLine === 'end')")
    hostile = {
        "title": "<img src=x onerror=alert(1)>",
        "experiment": {"surface": {"kind": "x"}, "descents": [{}]},
    }
    audience.evaluate(send, {"fallLine": "load", "scene": hostile})
    expect(frame.get_by_role("status")).to_contain_text("cannot be shown")
    assert frame.evaluate("fallLine.experiment.surface.kind") != "x"


@pytest.mark.parametrize("place", ["HTML", "Marp", "Quarto"])
def test_what_is_pasted_is_a_frame_with_a_name(visit: Visit, place: str) -> None:
    code = snippet(visit, place)
    assert escape("/embed?controls=play&autoplay=1&lecture=gradient-descent/the-bowl") in code
    assert 'title="' in code and code.count("<iframe") == 1
