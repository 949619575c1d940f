"""Reading a path on the map: with the pointer, with a finger; and zooming it with two."""

import json
import math
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, play_slowly, still, until

pytestmark = pytest.mark.thorough

PIXEL = """([descent, step]) => {
    const {xaxis, yaxis} = document.querySelector('#map .plot')._fullLayout;
    const {x, y} = fallLine.trajectories[descent];
    const stage = document.querySelector('#map .stage').getBoundingClientRect();
    return [stage.x + xaxis._offset + xaxis.d2p(x[step]), stage.y + yaxis._offset + yaxis.d2p(y[step])];
}"""
RING = """() => {
    const {x, y, width, height} = document.querySelector('.ring').getBoundingClientRect();
    return [x + width / 2, y + height / 2];
}"""
# Steps that are long enough to be told apart, of a descent whose path no other one crosses there.
MOMENTUM, STEP = 1, 20


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(reduced_motion="reduce")


@pytest.fixture
def touch(page: Page) -> Callable[..., None]:
    """Put fingers somewhere, move them, or lift them."""
    session = page.context.new_cdp_session(page)

    def dispatch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    return dispatch


def pixel(page: Page, step: int = STEP) -> tuple[float, float]:
    """Where an iterate of the momentum descent is drawn."""
    x, y = page.evaluate(PIXEL, [MOMENTUM, step])
    return x, y


def said(page: Page) -> dict[str, str]:
    """What the card says, by name."""
    card = page.locator(".iterate")
    expect(card).to_be_visible()
    names, values = card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts()
    return {"title": card.locator("p").inner_text(), **dict(zip(names, values, strict=True))}


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_pointing_at_a_path_reads_the_nearest_iterate(page: Page, ask) -> None:
    truth = ask("run", page.evaluate("fallLine.experiment"))["trajectories"][MOMENTUM]
    x, y = pixel(page)
    page.mouse.move(x + 4, y + 3)
    card = said(page)
    assert card["title"].split() == ["Momentum", "step", str(STEP)]
    assert number(card["loss"]) == pytest.approx(truth["loss"][STEP], rel=1e-3)
    assert number(card["learning rate α"]) == pytest.approx(truth["learning_rate"][STEP], rel=1e-2)
    assert number(card["gradient norm"]) == pytest.approx(truth["gradient_norm"][STEP], rel=1e-2)
    point = [number(part) for part in card["point"].split(", ")]
    assert point == pytest.approx([truth["x"][STEP], truth["y"][STEP]], rel=1e-2)
    assert math.dist(page.evaluate(RING), (x, y)) < 0.5
    expect(page.locator(".readout")).to_be_hidden()


def test_away_from_the_paths_the_ground_is_read(page: Page) -> None:
    x, y = pixel(page)
    page.mouse.move(x, y)
    expect(page.locator(".iterate")).to_be_visible()
    page.mouse.move(x, y + 150)
    expect(page.locator(".iterate")).to_be_hidden()
    expect(page.locator(".ring")).to_be_hidden()
    expect(page.locator(".readout")).to_contain_text("loss")


def test_a_click_on_the_ring_goes_to_that_step_and_starts_nothing_anew(page: Page) -> None:
    before = page.evaluate("JSON.stringify(fallLine.experiment)")
    x, y = pixel(page)
    page.mouse.click(x + 3, y)
    until(page, f"fallLine.step === {STEP}")
    assert page.evaluate("JSON.stringify(fallLine.experiment)") == before


def test_steps_that_are_still_to_come_are_not_read(page: Page) -> None:
    page.get_by_role("slider", name="Step").fill(str(STEP - 10))
    still(page)
    x, y = pixel(page)
    page.mouse.move(x, y)
    expect(page.locator(".readout")).to_be_visible()
    expect(page.locator(".iterate")).to_be_hidden()


def test_nothing_around_the_canvases_changes_while_it_plays_without_a_pointer(page: Page) -> None:
    page.mouse.move(5, 5)
    play_slowly(page)
    page.get_by_role("slider", name="Speed").fill("1.5")
    page.evaluate("""() => {
        window.changes = [];
        const watch = new MutationObserver((all) => changes.push(...all.map(({target}) => target.className)));
        for (const name of ['.plot', '.starts', '.ring', '.iterate', '.readout']) {
            const part = document.querySelector(`#map ${name}`);
            watch.observe(part, {subtree: true, childList: true, attributes: true});
        }
    }""")
    step = page.evaluate("fallLine.step")
    until(page, f"fallLine.step > {step + 10}")
    assert page.evaluate("changes") == []


def test_an_average_is_read_as_one(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.evaluate("""() => {
        const box = document.querySelectorAll('.descent button[aria-expanded]')[1];
        box.click();
    }""")
    page.locator(".descent").nth(MOMENTUM).get_by_role("combobox", name="Average").select_option("ema")
    still(page)
    at = page.evaluate("""() => {
        const {xaxis, yaxis} = document.querySelector('#map .plot')._fullLayout;
        const {x, y, step} = fallLine.trajectories[1].average;
        const stage = document.querySelector('#map .stage').getBoundingClientRect();
        const [px, py] = [xaxis._offset + xaxis.d2p(x[14]), yaxis._offset + yaxis.d2p(y[14])];
        return [stage.x + px, stage.y + py, step[14]];
    }""")
    page.get_by_role("slider", name="Step").fill("300")
    still(page)
    page.mouse.move(at[0], at[1])
    assert said(page)["title"].split() == ["Momentum", "average", "step", str(at[2])]


def test_a_tap_reads_and_a_second_one_goes_there(page: Page, touch) -> None:
    before = page.evaluate("JSON.stringify([fallLine.experiment, fallLine.step])")
    at = pixel(page)
    near = (at[0] + 6, at[1] + 6)
    touch("touchStart", near)
    touch("touchEnd")
    assert said(page)["title"].split() == ["Momentum", "step", str(STEP)]
    assert page.evaluate("JSON.stringify([fallLine.experiment, fallLine.step])") == before
    touch("touchStart", near)
    touch("touchEnd")
    until(page, f"fallLine.step === {STEP}")
    page.locator("#headline").dispatch_event("pointerdown", {"bubbles": True})
    expect(page.locator(".iterate")).to_be_hidden()


def test_two_fingers_zoom_the_map_and_not_the_page(visit: Visit, page: Page, touch) -> None:
    page = visit(reduced_motion="reduce", viewport={"width": 390, "height": 844})
    box = page.locator("#map .nsewdrag").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before, starts = page.evaluate("[fallLine.window, JSON.stringify(fallLine.experiment)]")
    touch("touchStart", (x - 30, y))
    touch("touchStart", (x - 30, y), (x + 30, y))
    for i in range(1, 11):
        touch("touchMove", (x - 30 - 3 * i, y), (x + 30 + 3 * i, y))
    touch("touchEnd")
    until(page, f"JSON.stringify(fallLine.window) !== JSON.stringify({json.dumps(before)})")
    still(page)
    after = page.evaluate("fallLine.window")
    for axis in "xy":
        (low, high), (a, b) = before[axis], after[axis]
        assert (b - a) == pytest.approx((high - low) / 2, rel=0.02), (
            "fingers twice as far apart: half the window"
        )
        assert (a + b) / 2 == pytest.approx((low + high) / 2, abs=0.02 * (high - low))
    assert page.evaluate("[scrollY, visualViewport.scale]") == [0, 1]
    assert page.evaluate("JSON.stringify(fallLine.experiment)") == starts, "a pinch is no tap"
    page.get_by_role("button", name="Reset the view").click()
    until(page, f"JSON.stringify(fallLine.window) === JSON.stringify({json.dumps(before)})")


def test_the_whole_domain_is_shown_again_after_the_wheel(page: Page) -> None:
    home = page.evaluate("fallLine.window")
    box = page.locator("#map .nsewdrag").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 60)
    page.mouse.wheel(0, -100)
    until(page, f"JSON.stringify(fallLine.window) !== JSON.stringify({json.dumps(home)})")
    still(page)
    page.get_by_role("button", name="Reset the view").click()
    until(page, f"JSON.stringify(fallLine.window) === JSON.stringify({json.dumps(home)})")


def test_a_double_click_shows_the_whole_domain_again_and_leaves_the_starts(page: Page) -> None:
    home, starts = page.evaluate("[fallLine.window, JSON.stringify(fallLine.experiment)]")
    page.get_by_role("button", name="Zoom in").click()
    until(page, f"JSON.stringify(fallLine.window) !== JSON.stringify({json.dumps(home)})")
    still(page)
    box = page.locator("#map .nsewdrag").bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + 40, box["y"] + box["height"] - 40)
    until(page, f"JSON.stringify(fallLine.window) === JSON.stringify({json.dumps(home)})")
    still(page)
    assert page.evaluate("JSON.stringify(fallLine.experiment)") == starts
