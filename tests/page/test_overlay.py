"""What is drawn by hand lies where Plotly's axes say."""

import pytest
from playwright.sync_api import Page

from .conftest import Visit, until

# Plotly itself is asked to draw a marker at the first head and at its start: what we draw must lie upon them.
MARK = """async () => {
    const [head] = fallLine.heads;
    const [{x, y}] = fallLine.trajectories;
    const plot = document.querySelector('#map .plot');
    const marks = {x: [head.x, x[0]], y: [head.y, y[0]]};
    await Plotly.addTraces(plot, {type: 'scatter', mode: 'markers', marker: {size: 4}, ...marks});
}"""
DISTANCES = """() => {
    const [head] = fallLine.heads;
    const stage = document.querySelector('#map .stage').getBoundingClientRect();
    const middle = (element) => {
        const {x, y, width, height} = element.getBoundingClientRect();
        return [x + width / 2, y + height / 2];
    };
    const marks = [...document.querySelectorAll('#map .scatterlayer .trace:last-child .point')];
    const [atHead, atStart] = marks.map(middle);
    const start = middle(document.querySelector('.start'));
    return [
        Math.hypot(stage.x + head.px - atHead[0], stage.y + head.py - atHead[1]),
        Math.hypot(start[0] - atStart[0], start[1] - atStart[1]),
    ];
}"""
UNMARK = "() => Plotly.deleteTraces(document.querySelector('#map .plot'), -1)"


def assert_on_axes(page: Page) -> None:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(DISTANCES) == pytest.approx([0, 0], abs=0.5)


def settled(page: Page) -> None:
    """Wait for the refined ground, so that Plotly is at rest."""
    page.wait_for_timeout(150)
    until(page, "fallLine.settled")
    page.wait_for_timeout(150)


@pytest.fixture
def page(visit: Visit) -> Page:
    page = visit(reduced_motion="reduce")
    page.get_by_role("slider", name="Step").fill("60")
    settled(page)
    return page


def middle(page: Page) -> tuple[float, float]:
    box = page.get_by_role("region", name="Loss landscape").locator(".stage").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_heads_and_starts_lie_on_the_axes_while_the_wheel_zooms_and_afterwards(page: Page) -> None:
    page.evaluate(MARK)
    assert_on_axes(page)
    before = page.evaluate("fallLine.window")
    page.mouse.move(*middle(page))
    page.mouse.wheel(0, -120)
    assert_on_axes(page)
    page.evaluate(UNMARK)
    settled(page)
    assert page.evaluate("fallLine.window") != before
    page.evaluate(MARK)
    assert_on_axes(page)


def test_they_do_during_a_pan_and_afterwards(page: Page) -> None:
    before = page.evaluate("[fallLine.window, fallLine.trajectories[0].x[0]]")
    page.evaluate(MARK)
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, 9):
        page.mouse.move(x - 5 * i, y + 4 * i)
    assert_on_axes(page)
    page.evaluate(UNMARK)
    page.mouse.up()
    settled(page)
    after = page.evaluate("[fallLine.window, fallLine.trajectories[0].x[0]]")
    assert after[0] != before[0]
    assert after[1] == before[1], "a pan is no click"
    page.evaluate(MARK)
    assert_on_axes(page)


def test_they_do_after_the_window_and_the_view_changed(page: Page) -> None:
    page.set_viewport_size({"width": 1500, "height": 800})
    settled(page)
    before = page.evaluate("fallLine.window")
    page.evaluate(MARK)
    assert_on_axes(page)
    page.evaluate(UNMARK)
    page.get_by_role("button", name="Zoom in").click()
    settled(page)
    closer = page.evaluate("fallLine.window")
    assert closer["x"][1] - closer["x"][0] < before["x"][1] - before["x"][0]
    page.evaluate(MARK)
    assert_on_axes(page)
    page.evaluate(UNMARK)
    page.get_by_role("button", name="Reset the view").click()
    settled(page)
    assert page.evaluate("fallLine.window") == before


def test_pointing_at_the_map_reads_the_true_loss(page: Page, ask) -> None:
    x, y = middle(page)
    page.mouse.move(x + 30, y + 60)
    said = page.locator(".readout")
    said.wait_for()
    words = said.inner_text().replace("−", "-").replace(",", "").split()
    loss, at = float(words[1]), [float(words[3]), float(words[5])]
    [true] = ask(
        "landscape",
        {
            "surface": {"kind": "formula", "formula": "(x**2+y-11)**2+(x+y**2-7)**2"},
            "resolution": 20,
            "window": {"x": [at[0], at[0] + 1e-6], "y": [at[1], at[1] + 1e-6]},
        },
    )["loss"][0][:1]
    assert loss == pytest.approx(true, rel=0.03)
