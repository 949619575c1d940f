"""The ground: which surface, chosen how, drawn on what scale."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, Watch, saved, still, until

REFUSED = "status of 422"
# How many shades a small map has, counted over its pixels.
SHADES = """
    [...document.querySelectorAll('.picker canvas')].map((canvas) => {
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
    })
"""


def ground(page: Page) -> str:
    """What the map draws, by its contour lines."""
    return page.locator("#map .contourlayer").inner_html()


def redrawn(page: Page, before: str) -> str:
    """Wait until the map draws something else."""
    still(page)
    now = ground(page)
    assert now != before, "the map stays as it is"
    return now


def settled(page: Page, kind: str) -> None:
    until(page, f"fallLine.experiment.surface.kind === {json.dumps(kind)} && fallLine.still")


def open_picker(page: Page):
    page.get_by_role("button", name="Choose a surface").click()
    return page.get_by_role("dialog", name="Choose a surface")


def test_the_picker_shows_every_surface_in_its_group_as_a_small_map(visit: Visit) -> None:
    page = visit()
    schema = page.evaluate("fetch('api/schema').then((answer) => answer.json())")
    groups: dict[str, set[str]] = {}
    for definition in schema["$defs"].values():
        if group := definition.get("facts", {}).get("group"):
            groups.setdefault(group, set()).add(definition["title"])
    dialog = open_picker(page)
    for group, titles in groups.items():
        shown = dialog.get_by_role("group", name=group, exact=True).get_by_role("button")
        assert set(shown.all_inner_texts()) == titles
    expect(dialog.locator("[aria-current]")).to_have_text("Himmelblau")
    expect(dialog.locator("[aria-current]")).to_be_focused()
    expect(dialog.get_by_role("button", name="Rosenbrock")).to_have_attribute("title", re.compile(r"\w+ \w+"))
    until(page, f"({SHADES}).every((shades) => shades > 2)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_surface_is_chosen_with_the_mouse_and_with_the_keyboard(visit: Visit) -> None:
    page = visit()
    box = page.get_by_role("combobox", name="Surface")
    before = ground(page)
    open_picker(page).get_by_role("button", name="Booth").click()
    settled(page, "booth")
    before = redrawn(page, before)
    expect(box.locator("option:checked")).to_have_text("Booth")
    assert page.evaluate("fallLine.trajectories.every(({x}) => x[0] === -8)"), "it brings its own start"
    dialog = open_picker(page)
    expect(dialog.get_by_role("button", name="Booth")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    name = page.evaluate("document.activeElement.innerText")
    assert name not in ("Booth", "Sphere")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    redrawn(page, before)
    expect(box.locator("option:checked")).to_have_text(name)


@pytest.mark.parametrize("width,height", [(1280, 720), (390, 844)])
def test_the_picker_fits_the_screen(visit: Visit, width: int, height: int) -> None:
    page = visit(viewport={"width": width, "height": height}, color_scheme="light")
    bounds = open_picker(page).bounding_box()
    assert bounds["x"] >= 0 and bounds["x"] + bounds["width"] <= width
    assert bounds["y"] >= 0 and bounds["y"] + bounds["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".picker .groups").evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0
    page.keyboard.press("Escape")


def test_a_declared_parameter_gets_a_slider_that_redraws_the_map(visit: Visit, watch: Watch) -> None:
    watch.expected = (REFUSED,)
    page = visit()
    before = ground(page)
    formula = page.get_by_role("textbox", name="Formula")
    formula.fill("x**2 + k*y**2")
    page.get_by_role("button", name="Make k a parameter").click()
    settled(page, "formula")
    before = redrawn(page, before)
    for position in ("0.8", "0.9"):
        page.get_by_role("slider", name="k", exact=True).fill(position)
        before = redrawn(page, before)
    formula.fill("x**2 + k*")
    expect(formula).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert").first).to_contain_text("Column")
    assert ground(page) == before


def test_the_floor_of_the_loss_is_the_servers_word_on_the_current_parameters(visit: Visit) -> None:
    page = visit()
    page.get_by_role("combobox", name="Surface").select_option(label="Rosenbrock")
    settled(page, "rosenbrock")
    caption = page.locator("#loss figcaption")
    expect(caption).not_to_contain_text("above the minimum")
    marks = "(({x, y}) => [x[0], y[0]])(document.querySelector('#map .plot').data[1])"
    assert page.evaluate(marks) == pytest.approx([1, 1], abs=1e-6)

    def deeper(route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "lowest": -0.5})

    page.route("**/api/landscape*", deeper)
    page.get_by_role("slider", name="a", exact=True).fill("0.9")
    expect(caption).to_contain_text("above the minimum")
    until(page, "fallLine.still")
    a = page.evaluate("fallLine.experiment.surface.a")
    assert a > 1
    until(page, f"Math.abs({marks}[0] - {a}) < 1e-6")
    assert page.evaluate(marks) == pytest.approx([a, a * a], abs=1e-6)
    curves = page.evaluate("document.querySelector('#loss .plot').data.map(({y}) => Math.min(...y))")
    assert min(curves) >= 0.5


def test_a_formula_has_no_known_floor_and_a_linear_axis(visit: Visit) -> None:
    page = visit()
    page.get_by_role("textbox", name="Formula").fill("x**2 + y**2 + 7")
    settled(page, "formula")
    until(page, "document.querySelector('#loss .plot')._fullLayout.yaxis.type === 'linear'")
    assert page.evaluate(
        "document.querySelector('#map .plot').data[0].z.every((row) => row.every(Number.isFinite))"
    )


def test_a_rugged_surface_is_drawn_fast_and_marked_sparsely(visit: Visit) -> None:
    page = visit()
    for name, kind in (("Schaffer N. 2", "schaffer2"), ("Rastrigin", "rastrigin")):
        page.get_by_role("combobox", name="Surface").select_option(label=name)
        settled(page, kind)
        still(page)
        assert page.evaluate("document.querySelector('#map .plot').data[0].type") == "heatmap"
        assert page.evaluate("document.querySelector('#map .plot').data[1].x.length") <= 40


def test_a_pasted_formula_is_shown_as_it_was_read_once_the_box_is_left(visit: Visit) -> None:
    page = visit()
    formula = page.get_by_role("textbox", name="Formula")
    typed = "|x|·y² − x⁴÷2"
    before = ground(page)
    formula.fill(typed)
    until(page, "fallLine.experiment.surface.formula === 'abs(x)*y**2 - x**4/2'")
    redrawn(page, before)
    expect(formula).to_have_value(typed)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert formula.evaluate("(box) => box.selectionStart") == 1
    formula.blur()
    expect(formula).to_have_value("abs(x)*y**2 - x**4/2")
    saved(page)
    page.reload()
    expect(formula).to_have_value("abs(x)*y**2 - x**4/2")
