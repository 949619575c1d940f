"""What is drawn by hand lies where Plotly's axes say."""

import json

import pytest
from playwright.sync_api import Page

from .conftest import Visit, scene_link, still, until

# Plotly itself is asked to draw a marker at the first head and at its start: what we draw must lie upon them.
# A new ground takes the marks away with it.
MARKED = "document.querySelector('#map .plot').data.at(-1).name === 'marks'"
MARK = """async () => {
    const [head] = fallLine.heads;
    const [{x, y}] = fallLine.trajectories;
    const plot = document.querySelector('#map .plot');
    const marks = {name: 'marks', x: [head.x, x[0]], y: [head.y, y[0]]};
    await Plotly.addTraces(plot, {type: 'scatter', mode: 'markers', marker: {size: 4}, ...marks});
}"""
DISTANCES = """() => {
    if (!fallLine.still || document.querySelector('#map .plot').data.at(-1).name !== 'marks') return null;
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
RANGE = "String(document.querySelector('#map .plot')._fullLayout.xaxis.range)"


def assert_on_axes(page: Page) -> None:
    """Measure as soon as nothing is left to be drawn, which is still in the middle of a pan."""
    while (distances := page.evaluate(DISTANCES)) is None:
        still(page)
        if not page.evaluate(MARKED):
            page.evaluate(MARK)
    assert distances == pytest.approx([0, 0], abs=0.5)


@pytest.fixture
def page(visit: Visit) -> Page:
    page = visit(reduced_motion="reduce")
    page.get_by_role("slider", name="Step").fill("60")
    still(page)
    return page


def middle(page: Page) -> tuple[float, float]:
    box = page.get_by_role("region", name="Loss landscape").locator(".stage").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_heads_and_starts_lie_on_the_axes_while_the_wheel_zooms_and_afterwards(page: Page) -> None:
    assert_on_axes(page)
    before, seen = page.evaluate(f"[fallLine.window, {RANGE}]")
    page.mouse.move(*middle(page))
    page.mouse.wheel(0, -120)
    until(page, f"{RANGE} !== {json.dumps(seen)}")
    assert_on_axes(page)
    until(page, f"JSON.stringify(fallLine.window) !== JSON.stringify({json.dumps(before)})")
    assert_on_axes(page)


def test_they_do_during_a_pan_and_afterwards(page: Page) -> None:
    before = page.evaluate("[fallLine.window, fallLine.trajectories[0].x[0]]")
    assert_on_axes(page)
    seen = page.evaluate(RANGE)
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, 9):
        page.mouse.move(x - 5 * i, y + 4 * i)
    until(page, f"{RANGE} !== {json.dumps(seen)}")
    assert_on_axes(page)
    page.mouse.up()
    until(page, f"JSON.stringify(fallLine.window) !== JSON.stringify({json.dumps(before[0])})")
    still(page)
    assert page.evaluate("fallLine.trajectories[0].x[0]") == before[1], "a pan is no click"
    assert_on_axes(page)


def test_they_do_after_the_window_and_the_view_changed(page: Page) -> None:
    page.set_viewport_size({"width": 1500, "height": 800})
    still(page)
    before = page.evaluate("fallLine.window")
    assert_on_axes(page)
    page.get_by_role("button", name="Zoom in").click()
    until(page, f"JSON.stringify(fallLine.window) !== JSON.stringify({json.dumps(before)})")
    assert_on_axes(page)
    closer = page.evaluate("fallLine.window")
    assert closer["x"][1] - closer["x"][0] < before["x"][1] - before["x"][0]
    page.get_by_role("button", name="Reset the view").click()
    until(page, f"JSON.stringify(fallLine.window) === JSON.stringify({json.dumps(before)})")
    assert_on_axes(page)


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


# What is written and how often something is filled on the canvas of the heads, in its next picture.
DRAWN = """async () => {
    const {canvas} = document.querySelector('#map canvas.heads').getContext('2d');
    const proto = CanvasRenderingContext2D.prototype;
    const {fillText, fill} = proto;
    const names = [];
    let fills = 0;
    proto.fillText = function (text, ...at) {
        if (this.canvas === canvas) names.push(text);
        return fillText.call(this, text, ...at);
    };
    proto.fill = function (...what) {
        if (this.canvas === canvas) fills += 1;
        return fill.apply(this, what);
    };
    document.querySelector('#back').click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    Object.assign(proto, {fillText, fill});
    return {names, heads: fills - names.length};
}"""


def bowl(count: int, **view: int) -> str:
    """Descents from places around a bowl that all end at its bottom."""
    around = [{"label": f"d{i}", "learning_rate": 0.2, "start": [1 + i / 9, 2 - i / 9]} for i in range(count)]
    return scene_link(
        {"experiment": {"surface": {"kind": "sphere"}, "descents": around, "steps": 90}, "view": view}
    )


def test_of_many_heads_in_one_place_some_are_drawn_and_named(visit: Visit) -> None:
    drawn = visit(bowl(16, descent=9), reduced_motion="reduce").evaluate(DRAWN)
    assert drawn == {"names": ["d0", "d1", "d2", "d9 + 12 more"], "heads": 4}


def test_a_few_heads_in_one_place_are_all_named_beside_four_rings(visit: Visit) -> None:
    drawn = visit(bowl(6), reduced_motion="reduce").evaluate(DRAWN)
    assert drawn == {"names": [f"d{i}" for i in range(6)], "heads": 4}
