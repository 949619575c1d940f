"""Descents start from one place, from several, at random, or from everywhere."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, saved, still, until
from .test_schedules import DONE, descent, link

pytestmark = pytest.mark.thorough

PLACES = "fallLine.trajectories.map(({x, y}) => [x[0], y[0]])"


def form(page: Page) -> None:
    page.locator("summary").filter(has_text="Starts").click()


def starts(page: Page) -> list[list[float]]:
    until(page, DONE)
    return page.evaluate(PLACES)


def inside(page: Page, places: list[list[float]]) -> bool:
    window = page.evaluate("fallLine.window")
    return all(window["x"][0] < x < window["x"][1] and window["y"][0] < y < window["y"][1] for x, y in places)


def three(**more: Any) -> str:
    return link(descent(0.002), descent(0.02, "rmsprop"), descent(0.1, "adam"), steps=60, **more)


def test_a_random_start_is_drawn_anew_the_same_for_all(visit: Visit) -> None:
    page = visit(three())
    form(page)
    drawn = [starts(page)[0]]
    for _ in range(3):
        page.get_by_role("button", name="Random start", exact=True).click()
        until(page, f"JSON.stringify(({PLACES})[0]) !== '[{drawn[-1][0]},{drawn[-1][1]}]' && {DONE}")
        places = starts(page)
        assert places == [places[0]] * 3
        assert inside(page, places)
        drawn.append(places[0])
    assert len({tuple(place) for place in drawn}) == 4
    assert page.evaluate("fallLine.experiment.descents.map(({start}) => start)") == [drawn[-1]] * 3
    saved(page)
    page.reload(wait_until="commit")
    still(page)
    assert starts(page) == [drawn[-1]] * 3


def test_each_from_its_own_and_dragging_moves_only_the_one(visit: Visit) -> None:
    page = visit(three())
    form(page)
    box = page.get_by_role("combobox", name="Starts", exact=True)
    expect(page.locator("#map .start:not([hidden])")).to_have_count(1)
    box.select_option(label="each from its own")
    until(page, f"new Set(({PLACES}).map(String)).size === 3 && fallLine.still")
    before = starts(page)
    assert inside(page, before)
    expect(page.locator("#map .start:not([hidden])")).to_have_count(3)
    move(page, 1)
    until(page, f"String(({PLACES})[1]) !== '{before[1][0]},{before[1][1]}' && {DONE}")
    after = starts(page)
    assert [after[0], after[2]] == [before[0], before[2]]
    box.select_option(label="all from one start")
    until(page, f"new Set(({PLACES}).map(String)).size === 1 && fallLine.still")
    assert starts(page) == [after[0]] * 3
    move(page, 0)
    until(page, f"String(({PLACES})[2]) !== '{after[0][0]},{after[0][1]}' && {DONE}")
    assert starts(page) == [starts(page)[0]] * 3, "a common start moves all"


def move(page: Page, index: int) -> None:
    """Drag a handle by some pixels towards the middle of the map."""
    still(page)
    handle = page.locator("#map .start").nth(index).bounding_box()
    stage = page.locator("#map .stage").bounding_box()
    assert handle and stage
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    side = 24 if x < stage["x"] + stage["width"] / 2 else -24
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + side, y + 3, steps=4)
    page.mouse.up()


def test_the_chosen_descent_is_repeated_from_many_random_places(visit: Visit) -> None:
    page = visit(three())
    form(page)
    before = page.evaluate("fallLine.experiment.descents")
    page.get_by_role("combobox", name="Descent to repeat").select_option(index=2)
    page.get_by_role("combobox", name="How many random starts").select_option("16")
    page.get_by_role("button", name="Many random starts").click()
    until(page, f"fallLine.trajectories.length === 16 && {DONE}")
    descents = page.evaluate("fallLine.experiment.descents")
    assert {one["optimizer"]["kind"] for one in descents} == {"adam"}
    assert {one["learning_rate"] for one in descents} == {0.1}
    places = starts(page)
    assert len({tuple(place) for place in places}) == 16
    assert inside(page, places)
    page.get_by_role("button", name="Many random starts").click()
    until(page, f"JSON.stringify(fallLine.experiment.descents) !== {page_json(page, descents)} && {DONE}")
    back = page.get_by_role("button", name="Back to the descents before")
    back.click()
    until(page, f"fallLine.trajectories.length === 3 && {DONE}")
    assert page.evaluate("fallLine.experiment.descents") == before
    expect(back).to_be_hidden()


def page_json(page: Page, value: Any) -> str:
    """A value as JSON in a string, as JavaScript writes it."""
    return page.evaluate("(value) => JSON.stringify(JSON.stringify(value))", value)


def test_from_everywhere_draws_a_field_that_goes_when_the_experiment_changes(visit: Visit) -> None:
    page = visit(three())
    form(page)
    page.get_by_role("combobox", name="Descent to repeat").select_option(index=1)
    asked: list[Any] = []
    page.on("request", lambda request: request.url.endswith("/api/run") and asked.append(request))
    page.get_by_role("button", name="From everywhere").click()
    canvas = page.locator("#map canvas.field")
    expect(canvas).to_have_attribute("data-paths", "96")
    status = page.locator(".starts-form").get_by_role("status")
    expect(status).to_contain_text("from 96 starts")
    bodies = [request.post_data_json for request in asked]
    assert [len(body["descents"]) for body in bodies] == [16] * 6
    assert {one["optimizer"]["kind"] for body in bodies for one in body["descents"]} == {"rmsprop"}
    assert inside(page, [one["start"] for body in bodies for one in body["descents"]])
    assert inked(page) > 2000
    assert len(page.evaluate("fallLine.trajectories")) == 3, "the experiment stays"
    still(page)
    before = page.evaluate("document.querySelector('canvas.field').toDataURL()")
    page.get_by_role("button", name="Zoom in").click()
    until(
        page,
        f"fallLine.still && document.querySelector('canvas.field').toDataURL() !== {json.dumps(before)}",
    )
    page.get_by_role("button", name="Random start", exact=True).click()
    expect(canvas).to_have_attribute("data-paths", "0")
    expect(status).to_be_empty()
    assert inked(page) == 0


def test_a_field_can_be_cancelled(visit: Visit) -> None:
    page = visit(three())
    form(page)
    held: list[Any] = []
    page.route("**/api/run", lambda route: held.append(route.request.url))
    page.get_by_role("button", name="From everywhere").click()
    expect(page.get_by_role("progressbar", name="Starts done")).to_be_visible()
    page.locator(".starts-form").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="From everywhere")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Starts done")).to_be_hidden()
    assert len(held) == 1
    page.unroute("**/api/run")


def inked(page: Page) -> int:
    """How many pixels of the field are drawn on."""
    return page.evaluate(
        """() => {
            const canvas = document.querySelector('canvas.field');
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((value, i) => i % 4 === 3 && value > 0).length;
        }"""
    )


def test_a_click_moves_the_nearest_of_several_starts_and_a_common_one_for_all(visit: Visit) -> None:
    page = visit(three())
    form(page)
    page.get_by_role("combobox", name="Starts", exact=True).select_option(label="each from its own")
    until(page, f"new Set(({PLACES}).map(String)).size === 3 && fallLine.still")
    before = starts(page)
    click_near(page, before[2])
    until(page, f"String(({PLACES})[2]) !== '{before[2][0]},{before[2][1]}' && {DONE}")
    after = starts(page)
    assert after[:2] == before[:2]
    page.get_by_role("combobox", name="Starts", exact=True).select_option(label="all from one start")
    until(page, f"new Set(({PLACES}).map(String)).size === 1 && fallLine.still")
    [one, *_] = starts(page)
    click_near(page, one)
    until(page, f"String(({PLACES})[0]) !== '{one[0]},{one[1]}' && {DONE}")
    assert starts(page) == [starts(page)[0]] * 3


def click_near(page: Page, place: list[float]) -> None:
    """Click the map beside a start, where no path is pointed at."""
    still(page)
    x, y = page.evaluate(
        """([x, y]) => {
            const {xaxis, yaxis} = document.querySelector('#map .plot')._fullLayout;
            const {left, top} = document.querySelector('#map .stage').getBoundingClientRect();
            return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
        }""",
        place,
    )
    for dx, dy in [(26, 0), (-26, 0), (0, 26), (0, -26), (19, 19), (-19, -19), (19, -19), (-19, 19)]:
        page.mouse.move(x + dx, y + dy)
        page.evaluate("new Promise(requestAnimationFrame)")
        if page.locator("#map .stage > .readout").is_visible():
            page.mouse.click(x + dx, y + dy)
            return
    raise AssertionError("paths all around")
