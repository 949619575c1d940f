"""Touching the experiment changes what is computed, and only that."""

import json

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, Watch, pause, saved, still, until

REFUSED = "status of 422"


def first_start(page: Page) -> list[float]:
    return page.evaluate("fallLine.trajectories.map(({x, y}) => [x[0], y[0]])[0]")


def at(page: Page, right: float, down: float) -> tuple[float, float]:
    """The pixel of the window at a share of the map's width and height."""
    box = page.get_by_role("region", name="Loss landscape").locator(".stage").bounding_box()
    return box["x"] + box["width"] * right, box["y"] + box["height"] * down


def point(page: Page, x: float, y: float) -> list[float]:
    """The data under a pixel of the window, by the axes that Plotly draws."""
    return page.evaluate(
        """([px, py]) => {
            const plot = document.querySelector('#map .plot');
            const {x, y} = plot.getBoundingClientRect();
            const {xaxis, yaxis} = plot._fullLayout;
            return [xaxis.p2d(px - x - xaxis._offset), yaxis.p2d(py - y - yaxis._offset)];
        }""",
        [x, y],
    )


def descents(page: Page):
    return page.get_by_role("list", name="Descents").get_by_role("listitem")


def choose(page: Page, surface: str) -> None:
    page.get_by_role("combobox", name="Surface").select_option(label=surface)
    still(page)


def test_a_click_moves_the_start_of_every_descent(visit: Visit) -> None:
    page = visit()
    pixel = at(page, 0.3, 0.7)
    wanted = point(page, *pixel)
    key = page.evaluate("fallLine.key")
    page.mouse.click(*pixel)
    until(page, f"fallLine.key !== {json.dumps(key)} && fallLine.complete && fallLine.playing")
    starts = page.evaluate("fallLine.trajectories.map(({x, y}) => [x[0], y[0]])")
    assert starts == [pytest.approx(wanted, abs=0.02)] * 4


def test_dragging_the_start_recomputes_during_the_drag(visit: Visit) -> None:
    page = visit()
    pause(page)
    still(page)
    box = page.get_by_role("button", name="Start of all").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    keys = [page.evaluate("fallLine.key")]
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, 8):
        page.mouse.move(x - 12 * i, y + 9 * i)
        until(page, f"fallLine.settled && !{json.dumps(keys)}.includes(fallLine.key)")
        keys.append(page.evaluate("fallLine.key"))
    assert page.evaluate("fallLine.step") == 300, "during a drag whole paths are shown"
    page.mouse.up()
    until(page, "fallLine.settled && fallLine.playing")
    assert first_start(page) == pytest.approx(point(page, x - 84, y + 63), abs=0.02)


def test_a_changed_rate_changes_the_path(visit: Visit, ask) -> None:
    page = visit()
    pause(page)
    before = page.evaluate("fallLine.trajectories")
    descents(page).nth(0).get_by_role("slider", name="Learning rate").fill("-2")
    until(page, "fallLine.settled && fallLine.experiment.descents[0].learning_rate === 0.01")
    until(page, "fallLine.complete")
    after = page.evaluate("fallLine.trajectories")
    assert after[0]["x"] != before[0]["x"]
    assert after[1]["x"] == before[1]["x"]
    assert after[0]["x"] == ask("run", page.evaluate("fallLine.experiment"))["trajectories"][0]["x"]


def test_descents_are_added_tuned_and_removed(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Add descent").click()
    expect(descents(page)).to_have_count(5)
    added = descents(page).nth(4)
    expect(added.get_by_role("combobox", name="Optimizer")).to_be_focused()
    added.get_by_role("combobox", name="Optimizer").select_option(label="Adagrad")
    added.get_by_role("combobox", name="Schedule").select_option(label="Step")
    until(page, "fallLine.settled && fallLine.trajectories.length === 5 && fallLine.complete")
    until(page, "fallLine.trajectories[4].label.startsWith('Adagrad')")
    added.get_by_role("button", name="Details").click()
    every = added.get_by_role("spinbutton", name="every")
    expect(every).to_have_attribute("placeholder", "75")
    every.fill("50")
    until(page, "fallLine.settled && fallLine.experiment.descents[4].learning_rate.every === 50")
    descents(page).nth(0).get_by_role("button", name="Remove").click()
    expect(descents(page)).to_have_count(4)
    until(page, "fallLine.settled && fallLine.trajectories.length === 4")
    expect(page.get_by_role("table", name="Results").get_by_role("row")).to_have_count(5)


def test_another_surface_brings_its_own_start_and_rates(visit: Visit) -> None:
    page = visit()
    before = page.locator("#map .contourlayer").inner_html()
    choose(page, "Rosenbrock")
    assert first_start(page) == [-1.2, 1.0]
    statuses = page.evaluate("fallLine.trajectories.map(({status}) => status)")
    assert "diverged" not in statuses
    assert page.locator("#map .contourlayer").inner_html() != before
    expect(page.locator("#typeset math").first).to_contain_text("b")


def test_a_surface_parameter_redraws_the_map_while_it_slides(visit: Visit) -> None:
    page = visit()
    choose(page, "Rosenbrock")
    before = page.locator("#map .contourlayer").inner_html()
    page.get_by_role("slider", name="b", exact=True).fill("0.1")
    until(page, "fallLine.still && fallLine.experiment.surface.b < 100")
    assert page.locator("#map .contourlayer").inner_html() != before


def test_a_typed_formula_becomes_the_landscape(visit: Visit) -> None:
    page = visit()
    page.get_by_role("textbox", name="Formula").fill("x**2 + 3*y**2")
    until(page, "fallLine.settled && fallLine.experiment.surface.formula === 'x**2 + 3*y**2'")
    expect(page.get_by_role("combobox", name="Surface").locator("option:checked")).to_have_text("Formula")
    expect(page.locator("#typeset")).to_contain_text("∇f")
    expect(page.locator("#typeset math")).to_have_count(2)


def test_a_mistake_is_marked_at_its_column_and_the_last_landscape_stays(visit: Visit, watch: Watch) -> None:
    watch.expected = (REFUSED,)
    page = visit()
    key, ground = page.evaluate("fallLine.key"), page.locator("#map .contourlayer").inner_html()
    box = page.get_by_role("textbox", name="Formula")
    box.fill("x**2 + 2x")
    expect(page.get_by_role("alert").first).to_contain_text("Column 9")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".formula-box .mark i")).to_have_text("x")
    assert page.evaluate("fallLine.key") == key
    assert page.locator("#map .contourlayer").inner_html() == ground
    box.fill("x**2 + 2*x + y**2")
    until(page, "fallLine.settled && fallLine.experiment.surface.formula === 'x**2 + 2*x + y**2'")
    expect(box).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_role("alert").first).to_be_empty()


def test_an_unknown_letter_can_be_made_a_parameter(visit: Visit, watch: Watch) -> None:
    watch.expected = (REFUSED,)
    page = visit()
    page.get_by_role("textbox", name="Formula").fill("x**2 + k*y**2")
    page.get_by_role("button", name="Make k a parameter").click()
    until(page, "fallLine.settled && fallLine.experiment.surface.parameters?.k === 1")
    page.get_by_role("slider", name="k", exact=True).fill("1")
    until(page, "fallLine.settled && fallLine.experiment.surface.parameters.k === 2")


def test_a_divergence_is_said_at_its_head_and_in_its_card(visit: Visit, ask) -> None:
    page = visit()
    choose(page, "Rosenbrock")
    box = descents(page).nth(0).get_by_role("spinbutton", name="Learning rate")
    box.fill("0.01")
    until(page, "fallLine.settled && fallLine.trajectories[0].status === 'diverged'")
    step = page.evaluate("fallLine.trajectories[0].steps") + 1
    page.keyboard.press("Tab")
    page.get_by_role("slider", name="Step").fill("300")
    still(page)
    assert page.evaluate("fallLine.heads[0].text") == f"Gradient descent · diverged at step {step}"
    reason = ask("run", page.evaluate("fallLine.experiment"))["trajectories"][0]["reason"]
    expect(descents(page).nth(0)).to_contain_text(reason)
    assert f"step {step}" in reason
    expect(page.get_by_role("table", name="Results")).to_contain_text("diverged")


def test_what_the_server_refuses_is_said_in_its_card_in_words(visit: Visit, watch: Watch) -> None:
    watch.expected = (REFUSED,)
    page = visit()
    descents(page).nth(1).get_by_role("spinbutton", name="Learning rate").fill("-1")
    expect(descents(page).nth(1)).to_contain_text("greater than or equal to 0")
    expect(descents(page).nth(0)).not_to_contain_text("greater")
    descents(page).nth(1).get_by_role("spinbutton", name="Learning rate").fill("0.005")
    expect(descents(page).nth(1)).not_to_contain_text("greater")


def test_a_reloaded_link_shows_the_same_experiment(visit: Visit) -> None:
    page = visit()
    choose(page, "Styblinski–Tang")
    descents(page).nth(2).get_by_role("spinbutton", name="Learning rate").fill("0.033")
    page.mouse.click(*at(page, 0.6, 0.3))
    saved(page)
    before = page.evaluate("[fallLine.experiment, fallLine.key, fallLine.trajectories]")
    page.reload(wait_until="commit")
    still(page)
    assert page.evaluate("[fallLine.experiment, fallLine.key, fallLine.trajectories]") == before
    expect(page.get_by_role("combobox", name="Surface").locator("option:checked")).to_have_text(
        "Styblinski–Tang"
    )
    expect(descents(page).nth(2).get_by_role("spinbutton", name="Learning rate")).to_have_value("0.033")
