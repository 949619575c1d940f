"""The landscape in three dimensions: all lies where Plotly draws it, and without WebGL the map stays."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import LINKED, PATIENCE, Visit, Watch, play_slowly, scene_link, still, until

pytestmark = pytest.mark.thorough
EXPERIMENT = {
    "surface": {"kind": "rosenbrock"},
    "descents": [
        {"optimizer": {"kind": "momentum"}, "learning_rate": 0.0005, "start": [-1.2, 1.6]},
        {"optimizer": {"kind": "adam"}, "learning_rate": 0.05, "start": [-1.2, 1.6]},
    ],
    "steps": 120,
}


def link(**view: object) -> str:
    scene = {"experiment": EXPERIMENT, "view": view}
    return scene_link(scene)


def at_step(page: Page, step: int) -> None:
    page.get_by_role("slider", name="Step").fill(str(step))
    still(page)


def region(page: Page) -> Locator:
    return page.get_by_role("region", name="Loss surface in 3-D")


def loaded(page: Page) -> list[str]:
    """The modules of the surface that have been asked for."""
    names: list[str] = page.evaluate("""performance.getEntriesByType('resource')
        .map(({name}) => name.split('/').pop()).filter((name) => name.endsWith('3d.js'))""")
    return names


# Plotly's own way to put something at a place of a scene, as an oracle: an annotation.
PLACED = """async (places) => {
    const plot = document.querySelector('.surface3d .plot');
    const [surface, plane] = plot.data;
    const at = (values, value) => {
        const i = Math.min(values.findLastIndex((one) => one <= value), values.length - 2);
        return [i, (value - values[i]) / (values[i + 1] - values[i])];
    };
    const between = (a, b, part) => a + part * (b - a);
    const height = (z, x, y) => {
        const [[i, s], [j, t]] = [at(surface.x, x), at(surface.y, y)];
        return between(between(z[j][i], z[j][i + 1], s), between(z[j + 1][i], z[j + 1][i + 1], s), t);
    };
    const spots = places.flatMap(([x, y]) => [surface, plane].map(({z}) => ({x, y, z: height(z, x, y)})));
    const annotations = spots.map((spot) => ({...spot, text: 'o', ax: 0, ay: 0}));
    await Plotly.relayout(plot, {'scene.annotations': annotations});
    const boxes = (all) => [...all].map((one) => one.getBoundingClientRect());
    const texts = () => boxes(plot.querySelectorAll('.annotation-scene text'));
    const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
    for (let i = 0; i < 100 && texts().length < spots.length; i++) await pause(50);
    await pause(600);
    const {left, top} = plot.getBoundingClientRect();
    const found = texts().map((box) => [(box.left + box.right) / 2 - left, (box.top + box.bottom) / 2 - top]);
    await Plotly.relayout(plot, {'scene.annotations': []});
    return found;
}"""


def assert_on_the_surface(page: Page, step: int) -> None:
    """Heads are where Plotly puts their places on its surface, and their shadows below."""
    places = page.evaluate("(step) => fallLine.trajectories.map(({x, y}) => [x[step], y[step]])", step)
    found = page.evaluate(PLACED, places)
    heads = page.evaluate("fallLine.surface.heads")
    assert len(heads) == len(places) == len(found) / 2
    for head, on, below in zip(heads, found[::2], found[1::2], strict=True):
        assert [head["px"], head["py"]] == pytest.approx(on, abs=3), head
        if head["shadow"]:
            assert head["shadow"] == pytest.approx(below, abs=3), head


def test_the_map_becomes_a_surface_and_back(visit: Visit) -> None:
    page = visit()
    assert loaded(page) == []
    choice = page.get_by_role("group", name="Map")
    expect(choice.get_by_role("radio", name="2-D")).to_be_checked()
    choice.get_by_role("radio", name="3-D").check()
    expect(region(page)).to_be_visible()
    still(page)
    assert "surface3d.js" in loaded(page)
    assert page.evaluate("document.querySelectorAll('.surface3d canvas').length") > 2
    expect(page.locator("#map > .views > .stage")).to_be_hidden()
    page.get_by_role("radio", name="both").check()
    still(page)
    map_box = page.locator("#map > .views > .stage").bounding_box()
    surface_box = region(page).bounding_box()
    assert map_box and surface_box
    assert map_box["y"] + map_box["height"] <= surface_box["y"] + 1
    assert min(map_box["height"], surface_box["height"]) > 150
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("3")
    expect(region(page)).to_be_hidden()
    expect(choice.get_by_role("radio", name="2-D")).to_be_checked()
    page.keyboard.press("3")
    expect(choice.get_by_role("radio", name="3-D")).to_be_checked()
    until(page, f"({LINKED})?.view.map === '3d'")


# What the switch and the zoom must leave free: what is drawn, other controls, the formula.
COVERED = """() => {
    const seen = (selector) => [...document.querySelectorAll(`#map ${selector}`)]
        .filter((one) => one.checkVisibility({visibilityProperty: true}))
        .map((one) => one.getBoundingClientRect());
    const tools = seen('.tools > *');
    const {l, t, w, h} = document.querySelector('#map > .views > .stage > .plot')._fullLayout._size;
    const plots = seen('> .views > .stage > .plot').map(({x, y}) => new DOMRect(x + l, y + t, w, h));
    const others = seen(':is(.cbfills, .colorbar text, .typeset, .slice, .surface3d button)');
    const beside = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 1;
    const meets = (one) => (other) => !beside(one, other) && !beside(other, one);
    return tools.map((one, i) => [...plots, ...others, ...tools.slice(0, i)].filter(meets(one)).length);
}"""


@pytest.mark.parametrize(
    ("width", "height", "present"),
    [(1280, 720, False), (1280, 720, True), (1600, 900, False), (390, 844, False)],
)
def test_the_switch_and_the_zoom_cover_nothing(visit: Visit, width: int, height: int, present: bool) -> None:
    page = visit(viewport={"width": width, "height": height}, reduced_motion="reduce")
    if present:
        page.get_by_role("button", name="Present").click()
    for name, shown in (("2-D", 2), ("3-D", 1), ("both", 2)):
        page.get_by_role("radio", name=name).check()
        still(page)
        assert page.evaluate(COVERED) == [0] * (shown - present if name != "3-D" else 1), name


def test_what_moves_lies_on_plotlys_surface_from_wherever_one_looks(visit: Visit, ask: Any) -> None:
    page = visit(link(map="3d"))
    at_step(page, 40)
    assert_on_the_surface(page, 40)
    before = page.evaluate("fallLine.surface")
    box = page.get_by_role("group", name="Surface; arrow keys turn it")
    box.focus()
    for key in ["ArrowRight", "ArrowUp"]:
        page.keyboard.press(key)
        still(page)
    page.wait_for_timeout(800)
    still(page)
    after = page.evaluate("fallLine.surface")
    assert abs(after["heads"][0]["px"] - before["heads"][0]["px"]) > 4
    assert page.evaluate("fallLine.step") == 40, "the arrows are the surface's here"
    assert_on_the_surface(page, 40)
    until(page, f"({LINKED})?.view.camera")
    until(page, "fallLine.surface.tangent?.step === 40")
    tangent = page.evaluate("fallLine.surface.tangent")
    point = page.evaluate("(([one]) => [one.x[40], one.y[40]])(fallLine.trajectories)")
    answer = ask("evaluate", {"surface": EXPERIMENT["surface"], "points": [point]})
    assert tangent == {"descent": 0, "step": 40, "gradient": answer["gradient"][0]}
    page.get_by_role("button", name="Tangent plane").click()
    assert page.evaluate("fallLine.surface.tangent") is None
    said = page.get_by_role("group", name="Surface; arrow keys turn it")
    expect(said).to_have_accessible_description(
        re.compile("Seen from the .* Momentum at step 40: x .*, loss .* Below it the plane")
    )


def test_the_camera_is_kept_in_the_link_until_it_is_reset(visit: Visit) -> None:
    page = visit(link(map="3d"))
    at_step(page, 40)
    before = page.evaluate("fallLine.surface")
    box = region(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 90, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    until(page, f"({LINKED})?.view.camera")
    still(page)
    kept = page.evaluate(LINKED)["view"]["camera"]
    after = page.evaluate("fallLine.surface")
    assert kept == pytest.approx(after["camera"], abs=1e-3)
    assert kept != pytest.approx(before["camera"], abs=2e-3)
    page.get_by_role("button", name="Reset the camera").click()
    until(page, f"({LINKED})?.view.camera === null")
    still(page)
    reset = page.evaluate("fallLine.surface")
    assert reset["camera"] == before["camera"]
    for was, now in zip(before["heads"], reset["heads"], strict=True):
        assert [now["px"], now["py"]] == pytest.approx([was["px"], was["py"]], abs=1)


def test_playing_leaves_plotlys_picture_alone(visit: Visit) -> None:
    eye = {"x": 1.2, "y": -1.1, "z": 0.9}
    page = visit(link(map="3d", camera=eye))
    assert page.evaluate("fallLine.surface.camera") == eye
    page.evaluate("""() => {
        window.drawn = 0;
        document.querySelector('.surface3d .plot').on('plotly_afterplot', () => { window.drawn += 1; });
    }""")
    before = page.evaluate("fallLine.surface.heads")
    play_slowly(page)
    page.get_by_role("slider", name="Speed").fill("1.5")
    until(page, "fallLine.step >= 20")
    assert page.evaluate("window.drawn") == 0
    assert page.evaluate("fallLine.surface.heads") != before


def test_a_view_that_anybody_typed_is_checked(visit: Visit, watch: Watch) -> None:
    watch.expected = ("status of 422",)
    page = visit(link(map="4d", camera={"x": "<img>"}))
    expect(page.get_by_role("status")).to_contain_text("view.map")
    expect(region(page)).to_be_hidden()
    page.get_by_role("radio", name="3-D").check()
    still(page)
    assert all(isinstance(value, float) for value in page.evaluate("fallLine.surface.camera").values())


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_it_fits_the_screen(visit: Visit, size: tuple[int, int]) -> None:
    width, height = size
    page = visit(link(map="both"), viewport={"width": width, "height": height}, color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    box = region(page).bounding_box()
    assert box
    for head in page.evaluate("fallLine.surface.heads"):
        assert 0 <= head["px"] <= box["width"] and 0 <= head["py"] <= box["height"]


def test_without_webgl_the_map_stays_and_says_why(browser: Browser, address: str, watch: Watch) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(PATIENCE * 1000)
    page.add_init_script("""
        const context = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return kind.includes('webgl') ? null : context.call(this, kind, ...rest);
        };
    """)
    watch.over(page)
    page.goto(address + link(map="3d"))
    still(page)
    expect(page.get_by_text("This browser cannot draw in 3-D")).to_be_visible()
    expect(page.locator("#map > .views > .stage")).to_be_visible()
    expect(page.get_by_role("radio", name="3-D")).to_be_disabled()
    expect(page.get_by_role("radio", name="2-D")).to_be_checked()
    page.keyboard.press("3")
    expect(page.locator("#map > .views > .stage")).to_be_visible()
    assert loaded(page) == []
    page.close()


def test_if_the_graphics_are_lost_the_map_comes_back(visit: Visit) -> None:
    page = visit(link(map="3d"))
    page.evaluate("""document.querySelector('.surface3d .plot canvas').getContext('webgl')
        .getExtension('WEBGL_lose_context').loseContext()""")
    expect(page.get_by_text("This browser cannot draw in 3-D")).to_be_visible()
    expect(page.locator("#map > .views > .stage")).to_be_visible()
