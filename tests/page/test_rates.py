"""A learning rate has landmarks, moves by itself under a schedule, and can be changed in mid-run."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from fall_line.component import members
from fall_line.optimizers import Optimizer

from .conftest import Visit, saved, still, until
from .test_schedules import DONE, card, descent, link

pytestmark = pytest.mark.thorough

SCALES = {one.model_fields["kind"].default: one.scale for one in members(Optimizer)}


@pytest.fixture
def scaled(tab: Page) -> None:
    """The catalogue says of each optimizer what its rate multiplies."""

    def tell(route: Route) -> None:
        answer = route.fetch()
        schema = answer.json()
        for definition in schema["$defs"].values():
            kind = definition.get("properties", {}).get("kind", {}).get("const")
            if kind in SCALES and "update" in (definition.get("facts", {}).get("mathml") or {}):
                definition["facts"]["scale"] = SCALES[kind]
        route.fulfill(response=answer, body=json.dumps(schema))

    tab.route("**/api/schema", tell)


def marks(page: Page, index: int = 0) -> dict[str, float]:
    buttons = card(page, index).locator(".tick-words button").all_inner_texts()
    return {name: float(rate) for name, rate in (text.rsplit(" ", 1) for text in buttons)}


def test_a_bowl_has_a_best_rate_and_a_limit_and_a_click_sets_them(visit: Visit, scaled: None) -> None:
    page = visit(
        link(
            descent(0.05),
            descent({"kind": "cosine", "learning_rate": 0.02}, "momentum"),
            descent(0.1, "adam"),
            surface="quadratic",
            steps=40,
        )
    )
    first = card(page).locator(".tick-words button")
    expect(first).to_have_count(2)
    assert marks(page) == {
        "best constant": pytest.approx(2 / 11, rel=0.01),
        "stable below": pytest.approx(2 / 10, rel=0.01),
    }
    assert marks(page, 2) == {}, "curvature is no limit to steps whose length is known"
    expect(card(page).locator(".ticks span")).to_have_count(2)
    first.filter(has_text="best").click()
    until(page, f"fallLine.experiment.descents[0].learning_rate === 0.181818 && {DONE}")
    card(page, 1).locator(".tick-words button").filter(has_text="stable").click()
    until(page, f"fallLine.experiment.descents[1].learning_rate.learning_rate === 0.2 && {DONE}")
    assert page.evaluate("fallLine.experiment.descents[1].learning_rate.kind") == "cosine"
    card(page).locator(".ticks span").last.click()
    until(page, f"fallLine.experiment.descents[0].learning_rate === 0.2 && {DONE}")
    still(page)
    slider = card(page).get_by_role("slider", name="Learning rate").bounding_box()
    tick = card(page).locator(".ticks span").last.bounding_box()
    assert slider and tick
    low, high = -6, 1
    share = (-0.69897 - low) / (high - low)
    middle = slider["x"] + 8 + share * (slider["width"] - 16)
    assert tick["x"] + tick["width"] / 2 == pytest.approx(middle, abs=1.5)


def test_elsewhere_the_limit_is_that_of_the_nearest_minimum(visit: Visit, ask: Any, scaled: None) -> None:
    page = visit(link(descent(0.005), steps=100))
    expect(card(page).locator(".tick-words button")).to_have_count(1)
    x, y = page.evaluate("[fallLine.trajectories[0].x.at(-1), fallLine.trajectories[0].y.at(-1)]")
    [wanted] = ask("evaluate", {"surface": {"kind": "himmelblau"}, "points": [[round(x, 3), round(y, 3)]]})[
        "largest_stable_learning_rate"
    ]
    assert marks(page) == {"stable below": pytest.approx(wanted, rel=0.01)}
    assert "nearest minimum" in (card(page).locator(".tick-words button").get_attribute("title") or "")


def test_a_schedule_moves_its_mark_while_the_clock_runs(visit: Visit) -> None:
    page = visit(link(descent({"kind": "exponential", "learning_rate": 0.01, "factor": 0.95}), steps=60))
    seen = []
    for at in (0, 20, 60):
        page.get_by_role("slider", name="Step").fill(str(at))
        still(page)
        now = float(card(page).locator(".now").evaluate("(e) => e.style.getPropertyValue('--now')"))
        seen.append(10 ** (now * 7 - 6))
    assert seen == pytest.approx([0.01 * 0.95**at for at in (0, 20, 60)], rel=0.02)


def test_from_here_on_another_rate_holds_and_the_link_keeps_it(visit: Visit, ask: Any) -> None:
    schedule = {"kind": "cosine", "learning_rate": 0.004}
    page = visit(link(descent(0.002), descent(schedule, "momentum"), steps=100))
    button = card(page, 1).get_by_role("button", name="From here on")
    page.get_by_role("slider", name="Step").fill("0")
    still(page)
    expect(button).to_be_disabled()
    page.get_by_role("slider", name="Step").fill("40")
    still(page)
    before = page.evaluate("fallLine.trajectories[1].x.slice(0, 41)")
    whole = page.evaluate("fallLine.trajectories[1].x")
    button.click()
    until(page, f"fallLine.experiment.descents[1].learning_rate.kind === 'piecewise' && {DONE}")
    slider = card(page, 1).get_by_role("slider", name="Learning rate")
    expect(slider).to_be_focused()
    slider.fill("-3.5")
    until(page, f"fallLine.experiment.descents[1].learning_rate.parts[1].learning_rate === 0.00032 && {DONE}")
    rate = page.evaluate("fallLine.experiment.descents[1].learning_rate")
    assert rate["parts"] == [
        {"from": 0, "learning_rate": schedule},
        {"from": 40, "learning_rate": 0.00032},
    ]
    assert page.evaluate("fallLine.step") == 40, "the clock stays where it was"
    answer = ask("run", page.evaluate("fallLine.experiment"))["trajectories"][1]
    assert page.evaluate("fallLine.trajectories[1].x") == answer["x"]
    assert answer["x"][:41] == before
    assert answer["x"] != whole
    assert answer["learning_rate"][39] > 0.002
    assert answer["learning_rate"][40] == 0.00032
    expect(card(page, 1).locator(".midrun")).to_contain_text("0.004 Cosine, from step 40 on 3.2·10⁻⁴")

    page.get_by_role("slider", name="Step").fill("70")
    still(page)
    card(page, 1).get_by_role("button", name="From here on").click()
    until(page, f"fallLine.experiment.descents[1].learning_rate.parts.length === 3 && {DONE}")
    saved(page)
    page.reload(wait_until="commit")
    still(page)
    rate = page.evaluate("fallLine.experiment.descents[1].learning_rate")
    assert [part["from"] for part in rate["parts"]] == [0, 40, 70]
    card(page, 1).get_by_role("button", name="back to one rate").click()
    until(page, f"fallLine.experiment.descents[1].learning_rate.kind === 'cosine' && {DONE}")
    assert page.evaluate("fallLine.experiment.descents[1].learning_rate") == schedule
    assert page.evaluate("fallLine.trajectories[1].x") == whole
    expect(card(page, 1).locator(".midrun")).to_be_hidden()
