"""The picture moves by itself, and can be held, stepped through and gone back in."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import LINKED, Visit, pause, play_slowly, scene_link, still, until


def step(page: Page) -> int:
    return page.evaluate("fallLine.step")


def test_the_first_screen_plays_by_itself(visit: Visit) -> None:
    page = visit(ready=False)
    until(page, "window.fallLine?.playing && fallLine.step > 20")
    before = page.evaluate("fallLine.heads")
    until(page, "fallLine.step > 40")
    assert page.evaluate("fallLine.heads") != before
    assert len(before) == 4
    expect(page.get_by_role("button", name=re.compile("Pause|Play"))).to_be_visible()


def test_paths_end_where_the_api_says(visit: Visit, ask) -> None:
    page = visit()
    page.get_by_role("slider", name="Speed").fill("3")
    until(page, "!fallLine.playing && fallLine.step === 300")
    expected = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    assert page.evaluate("fallLine.trajectories.map(({x, y}) => [x, y])") == [
        [one["x"], one["y"]] for one in expected
    ]
    heads = page.evaluate("fallLine.heads.map(({x, y}) => [x, y])")
    assert heads == [[one["x"][-1], one["y"][-1]] for one in expected]


def test_scrubbing_back_shows_the_earlier_state(visit: Visit) -> None:
    page = visit()
    pause(page)
    early, picture = drawn_at(page, 40)
    later, other = drawn_at(page, 200)
    assert later != early
    assert other != picture
    assert drawn_at(page, 40) == (early, picture)
    assert [head["x"] for head in early] == page.evaluate("fallLine.trajectories.map(({x}) => x[40])")


def test_the_picture_of_a_step_is_the_same_however_one_came_there(visit: Visit) -> None:
    page = visit()
    play_slowly(page)
    page.get_by_role("slider", name="Speed").fill("1.5")
    until(page, "fallLine.step > 30")
    pause(page)
    still(page)
    step_played = step(page)
    played = trails(page)
    for way in (range(step_played - 20, step_played + 1), (0, step_played), (300, step_played)):
        for at in way:
            _, picture = drawn_at(page, at)
        assert picture == played


def drawn_at(page: Page, at: int) -> tuple[Any, str]:
    """Go to a step: the heads there, and the picture of the trails."""
    page.get_by_role("slider", name="Step").fill(str(at))
    still(page)
    assert step(page) == at
    return page.evaluate("fallLine.heads"), trails(page)


def trails(page: Page) -> str:
    return page.evaluate("document.querySelector('#map canvas.trails').toDataURL()")


def test_buttons_step_and_restart(visit: Visit) -> None:
    page = visit()
    play_slowly(page)
    page.get_by_role("button", name="Pause").click()
    assert not page.evaluate("fallLine.playing")
    page.get_by_role("slider", name="Step").fill("100")
    page.get_by_role("button", name="Step forward").click()
    assert step(page) == 101
    page.get_by_role("button", name="Step back").click()
    page.get_by_role("button", name="Step back").click()
    assert step(page) == 99
    expect(page.get_by_text("step 99 / 300", exact=True)).to_be_visible()
    page.get_by_role("button", name="Restart").click()
    until(page, "fallLine.playing && fallLine.step < 90")


def test_keys_do_what_the_help_says(visit: Visit) -> None:
    page = visit()
    play_slowly(page)
    page.keyboard.press("Space")
    assert not page.evaluate("fallLine.playing")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert step(page) == 1
    page.keyboard.press("End")
    assert step(page) == 300
    page.keyboard.press("r")
    until(page, "fallLine.playing && fallLine.step < 290")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Add descent")).to_be_hidden()
    page.keyboard.press("p")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("play or pause")
    page.get_by_label("Letters are keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Add descent")).to_be_visible()


def test_keys_are_left_alone_inside_fields(visit: Visit) -> None:
    page = visit()
    pause(page)
    page.get_by_role("button", name="Step back").click()
    before = step(page)
    # Not the formula: what is typed there becomes the landscape, and plays.
    page.get_by_role("button", name="Details").first.click()
    box = page.get_by_role("textbox", name="name")
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("r")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowRight")
    page.get_by_role("textbox", name="Formula").focus()
    page.keyboard.press("Home")
    page.get_by_role("slider", name="Speed").focus()
    page.keyboard.press("ArrowRight")
    assert step(page) == before
    assert not page.evaluate("fallLine.playing")


def test_with_reduced_motion_the_finished_picture_stands_still(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    until(page, "fallLine.step === 300")
    assert not page.evaluate("fallLine.playing")
    page.get_by_role("button", name="Play").click()
    until(page, "fallLine.playing && fallLine.step < 290")


def test_playing_leaves_the_contour_alone(visit: Visit) -> None:
    page = visit()
    pause(page)
    page.get_by_role("slider", name="Speed").fill("2.5")
    still(page)
    page.evaluate("""() => {
        window.mutations = 0;
        const observer = new MutationObserver((records) => window.mutations += records.length);
        const options = {subtree: true, childList: true, attributes: true, characterData: true};
        for (const plot of document.querySelectorAll('.plot')) observer.observe(plot, options);
    }""")
    page.get_by_role("button", name="Restart").click()
    until(page, "!fallLine.playing && fallLine.step === 300")
    assert page.evaluate("mutations") == 0


def test_a_click_on_a_chart_goes_to_that_step(visit: Visit) -> None:
    page = visit()
    box = page.get_by_role("figure", name="Loss", exact=True).locator(".stage").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    assert not page.evaluate("fallLine.playing")
    assert step(page) == pytest.approx(165, abs=25)


def test_a_summary_is_said_when_the_picture_comes_to_rest(visit: Visit) -> None:
    page = visit()
    pause(page)
    page.keyboard.press("End")
    expect(page.get_by_role("status")).to_contain_text("Step 300 of 300; loss: ")


def test_a_loop_begins_again_at_the_end_and_is_kept_in_the_link(visit: Visit) -> None:
    page = visit()
    loop = page.get_by_role("button", name="Loop")
    expect(loop).to_have_attribute("aria-pressed", "false")
    page.get_by_role("slider", name="Speed").fill("3")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("l")
    expect(loop).to_have_attribute("aria-pressed", "true")
    page.get_by_role("slider", name="Step").fill("280")
    page.get_by_role("button", name="Play").click()
    until(page, "fallLine.step === 300")
    until(page, "fallLine.playing && fallLine.step === 300")
    until(page, "fallLine.playing && fallLine.step < 280")
    until(page, f"({LINKED})?.view?.loop === true")
    page.reload(wait_until="commit")
    still(page)
    expect(loop).to_have_attribute("aria-pressed", "true")
    loop.click()
    until(page, "!fallLine.playing && fallLine.step === 300")
    expect(loop).to_have_attribute("aria-pressed", "false")


def test_a_loop_does_not_begin_by_itself_with_reduced_motion(visit: Visit) -> None:
    scene = {
        "experiment": {"surface": {"kind": "booth"}, "descents": [{}], "steps": 60},
        "view": {"loop": True},
    }
    page = visit(scene_link(scene), reduced_motion="reduce")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(1500)
    assert not page.evaluate("fallLine.playing")
    assert step(page) == 60


def test_keys_work_after_a_view_was_chosen(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("radio", name="2-D").click(force=True)
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Present")).to_have_attribute("aria-pressed", "true")
