"""At rest the paths are Plotly's traces as well, and a picture of the map holds them."""

import re
import struct
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import Visit, play_slowly, still, until

pytestmark = pytest.mark.thorough

LAID = "document.querySelector('#map .plot').data.some(({uid}) => uid?.startsWith('path-'))"
TRACES = """document.querySelector('#map .plot').data
    .filter(({uid}) => uid?.startsWith('path-line'))
    .map(({name, x, y, type}) => ({name, type, x: [...x], y: [...y]}))"""


@pytest.fixture
def page(visit: Visit) -> Page:
    page = visit(reduced_motion="reduce")
    until(page, LAID)
    return page


def test_at_rest_plotly_has_every_path_up_to_the_step_that_is_shown(page: Page) -> None:
    def expected(steps: int) -> list[dict[str, Any]]:
        return [
            {"name": one["label"], "type": "scatter", "x": one["x"][: steps + 1], "y": one["y"][: steps + 1]}
            for one in page.evaluate("fallLine.trajectories")
        ]

    assert page.evaluate(TRACES) == expected(300)
    page.get_by_role("slider", name="Step").fill("42")
    until(page, f"({TRACES})[0].x.length === 43")
    assert page.evaluate(TRACES) == expected(42)


def test_they_are_not_drawn_twice(page: Page) -> None:
    seen = page.evaluate("""[...document.querySelectorAll('#map .scatterlayer [class*=tracepath-]')]
        .map((trace) => getComputedStyle(trace).visibility)""")
    assert set(seen) == {"hidden"}


def test_plotly_is_left_alone_while_it_plays(page: Page) -> None:
    play_slowly(page)
    page.get_by_role("slider", name="Speed").fill("1.5")
    page.evaluate("""() => {
        window.changes = 0;
        const plot = document.querySelector('#map .plot');
        const watch = new MutationObserver((all) => (changes += all.length));
        watch.observe(plot, {subtree: true, childList: true, attributes: true});
    }""")
    step = page.evaluate("fallLine.step")
    until(page, f"fallLine.step > {step + 30}")
    assert page.evaluate("changes") == 0


def picture(page: Page, kind: str, folder: Path) -> bytes:
    """What the Export dialog saves."""
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Map ({kind})").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"map.{kind.lower()}"
    return file.read_bytes()


def test_a_picture_of_the_map_holds_the_paths_and_their_names(page: Page, tmp_path: Path) -> None:
    page.get_by_role("slider", name="Step").fill("120")
    still(page)
    svg = picture(page, "SVG", tmp_path).decode()
    for name in ("Gradient descent", "Momentum", "RMSProp", "Adam"):
        assert f">{name}<" in svg
    lines = re.findall(r'<path class="js-line" d="([^"]+)"', svg)
    assert sum(len(line) > 100 for line in lines) == 8, (
        "a casing and a line for each; short ones are the legend's"
    )
    colour = page.evaluate(
        "document.querySelector('#map .plot').data.find(({uid}) => uid === 'path-line-0')?.line.color"
    )
    assert colour is None or colour.replace(" ", "") in svg.replace(" ", "")


def test_a_picture_in_pixels_has_twice_those_of_the_screen(page: Page, tmp_path: Path) -> None:
    png = picture(page, "PNG", tmp_path)
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    box = page.locator("#map .stage").bounding_box()
    assert box
    assert width == pytest.approx(2 * box["width"], abs=2)
    assert height > 2 * box["height"], "a strip below for the names"
