"""At 200 % zoom, on a phone, on a projector: no text is cut off, nothing overlaps, all can be reached."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from .conftest import PATIENCE, Watch, scene_link, still

pytestmark = pytest.mark.thorough

# In CSS pixels, and how many pixels of the screen make one: 1280 × 720 and 1600 × 900 at 200 % come first.
# A theme changes no boxes: each screen is looked at in one of the two.
SCREENS = [
    (640, 360, 2, "dark"),
    (800, 450, 2, "light"),
    (1280, 720, 1, "dark"),
    (1600, 900, 1, "light"),
    (390, 844, 1, "dark"),
]
DATA: dict[str, Any] = {
    "surface": {"kind": "linear_regression", "test": 0.25},
    "descents": [
        {"gradient": {"kind": "mini_batch", "size": 4}, "average": {"kind": "ema"}},
        {"optimizer": {"kind": "adam"}, "learning_rate": 30},
    ],
    "steps": 60,
}
ROOM = (Path(__file__).parent / "room.js").read_text()


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen[0]}x{screen[1]}")
def page(browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Any:
    """A window of one of the sizes, with as many pixels to one of CSS as zooming makes."""
    width, height, ratio, scheme = request.param
    opened = browser.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=ratio,
        reduced_motion="reduce",
        color_scheme=scheme,
    )
    opened.set_default_timeout(PATIENCE * 1000)
    stop = watch.over(opened)
    yield opened
    stop()
    opened.close()


def look(page: Page, state: str, found: list[str], root: str = "body") -> None:
    """Note what is wrong in a state."""
    found.extend(f"{state}: {each}" for each in page.evaluate(ROOM, root))


def test_the_page_with_its_panels(page: Page, address: str) -> None:
    page.goto(address, wait_until="commit")
    still(page)
    found: list[str] = []
    look(page, "at rest", found)
    page.get_by_role("button", name="Details").first.click()
    for summary in page.locator("summary:visible").all():
        summary.click()
    look(page, "details", found)
    page.get_by_role("button", name="Inside", exact=True).click()
    still(page)
    look(page, "inside", found)
    page.get_by_role("button", name="Close").first.click()
    page.keyboard.press("p")
    still(page)
    look(page, "presenting", found)
    page.keyboard.press("p")
    page.goto("about:blank")
    page.goto(address + scene_link({"experiment": DATA}), wait_until="commit")
    still(page)
    look(page, "data", found)
    assert not found, "\n".join(found)


def test_the_dialogs(page: Page, address: str) -> None:
    page.goto(address + scene_link({"experiment": DATA}), wait_until="commit")
    still(page)
    found: list[str] = []
    openers = page.locator("button[aria-haspopup=dialog]:visible").all()
    assert len(openers) > 8
    for opener in openers:
        opener.click()
        dialog = page.locator("dialog[open]")
        dialog.wait_for()
        page.wait_for_timeout(300)
        still(page)
        words = opener.inner_text()
        box = dialog.bounding_box()
        size = page.viewport_size
        assert box and size
        if (
            box["x"] < 0
            or box["y"] < 0
            or box["x"] + box["width"] > size["width"]
            or box["y"] + box["height"] > size["height"]
        ):
            found.append(f"{words}: the dialog is beyond the window")
        look(page, words, found, "dialog[open]")
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
    assert not found, "\n".join(found)
