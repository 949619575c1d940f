"""The page inside another one."""

import pytest
from playwright.sync_api import Frame, Page, expect

from .conftest import Visit, Watch, play_slowly, still, until

HOST = """<!doctype html><title>Slides</title><body style="margin:0">
<iframe {attributes} src="{address}/embed?{query}" width="900" height="500" style="border:0"></iframe>"""


def embedded(visit: Visit, address: str, query: str, attributes: str = "") -> tuple[Page, Frame]:
    page = visit("/api/health", ready=False)
    page.evaluate(
        "() => { window.heard = []; addEventListener('message', ({data}) => window.heard.push(data)); }"
    )
    page.evaluate(
        "(html) => { document.body.innerHTML = html; }",
        HOST.format(address=address, query=query, attributes=attributes),
    )
    until(page, "heard.some(({fallLine}) => fallLine === 'ready')")
    return page, page.frames[1]


def tell(page: Page, message: object) -> None:
    page.evaluate(
        "(message) => document.querySelector('iframe').contentWindow.postMessage(message, '*')", message
    )


def test_it_is_played_and_sought_by_messages(visit: Visit, address: str) -> None:
    page, frame = embedded(visit, address, "controls=play")
    assert not frame.evaluate("fallLine.playing"), "without autoplay it waits"
    tell(page, {"fallLine": "seek", "step": 120})
    until(page, "heard.some(({fallLine, step}) => fallLine === 'step' && step === 120)")
    tell(page, {"fallLine": "play"})
    until(page, "heard.some(({step}) => step > 125)")
    tell(page, {"fallLine": "pause"})
    until(frame, "!fallLine.playing")
    tell(page, {"fallLine": "seek", "step": 295})
    tell(page, {"fallLine": "play"})
    until(page, "heard.some(({fallLine}) => fallLine === 'end')")
    scene = {"experiment": {"surface": {"kind": "sphere"}, "descents": [{}]}}
    tell(page, {"fallLine": "load", "scene": scene})
    until(frame, "fallLine.trajectories.length === 1 && fallLine.complete")
    assert frame.evaluate("fallLine.experiment") == scene["experiment"]
    for nonsense in (None, 7, "play", {"fallLine": "seek", "step": "x"}, {"fallLine": "load", "scene": {}}):
        tell(page, nonsense)
    tell(page, {"fallLine": "seek", "step": 7})
    until(page, "heard.some(({step}) => step === 7)")
    assert frame.evaluate("fallLine.trajectories.length") == 1


def test_it_works_in_a_sandbox_and_plays_when_asked(visit: Visit, address: str) -> None:
    page, frame = embedded(visit, address, "controls=all&autoplay=1&theme=light", 'sandbox="allow-scripts"')
    until(page, "heard.some(({fallLine, step}) => fallLine === 'step' && step > 20)")
    expect(frame.get_by_role("list", name="Descents")).to_be_visible()
    assert frame.evaluate("document.documentElement.dataset.theme") == "light"
    still(frame)
    assert frame.locator("#map .contourlayer path").count()


@pytest.mark.parametrize(
    ("controls", "play", "form"), [("none", False, False), ("play", True, False), ("all", True, True)]
)
def test_it_shows_the_controls_that_are_asked_for(
    visit: Visit, controls: str, play: bool, form: bool
) -> None:
    page = visit(f"/embed?controls={controls}", viewport={"width": 1200, "height": 600})
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(visible=play)
    expect(page.get_by_role("combobox", name="Surface")).to_be_visible(visible=form)
    # Its heading is there for those who hear the page.
    expect(page.get_by_role("button", name="Share")).to_be_hidden()


def test_arrows_belong_to_the_slides_around_it(visit: Visit) -> None:
    page = visit("/embed?autoplay=1")
    play_slowly(page)
    page.keyboard.press("Space")
    before = page.evaluate("fallLine.step")
    assert not page.evaluate("fallLine.playing")
    for key in ("ArrowLeft", "Home", "r", "p"):
        page.keyboard.press(key)
    assert page.evaluate("[fallLine.step, fallLine.playing]") == [before, False]


def test_unless_keys_are_asked_for(visit: Visit) -> None:
    page = visit("/embed?keys=1")
    page.keyboard.press("End")
    assert page.evaluate("fallLine.step") == 300


def test_it_fits_from_320_pixels_on(visit: Visit, watch: Watch) -> None:
    page = visit("/embed?autoplay=1", viewport={"width": 320, "height": 240})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate("document.documentElement.scrollHeight") == 240
    assert page.locator("#map .stage").bounding_box()["height"] > 80
