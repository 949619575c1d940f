"""A lecture in the page: read, guess, see, try, go on."""

import re

import pytest
from playwright.sync_api import Page, expect

from fall_line.lectures import lectures
from fall_line.scenes import Scene

from .conftest import Visit, Watch, saved, still, until

BOWL = "gradient-descent/the-bowl"
NEXT = "gradient-descent/too-small-right-too-large"
ROOMY = {"width": 1600, "height": 900}
WINDOWS = [(1600, 900), (1280, 720), (390, 844)]

CUT = """() => [...document.querySelectorAll('.lecture *, .tabs *, .top *')]
    .filter((one) => one.checkVisibility() && one.clientWidth && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.outerHTML.slice(0, 80))"""


def words(page: Page) -> str:
    return page.get_by_role("region", name="Lecture").inner_text()


def choice(page: Page, letter: str) -> None:
    page.get_by_role("group").get_by_role("button", name=re.compile(f"^{letter} ?")).click()


def hidden(page: Page, selector: str) -> bool:
    return bool(
        page.locator(selector).first.evaluate("(one) => !one.checkVisibility({visibilityProperty: true})")
    )


@pytest.fixture
def asked(visit: Visit) -> Page:
    """The first scene of the first lecture, waiting for an answer, nothing remembered."""
    page = visit(f"/?lecture={BOWL}")
    page.evaluate("localStorage.clear()")
    page.reload(wait_until="commit")
    still(page)
    return page


def test_nothing_moves_and_nothing_is_given_away_before_the_answer(asked: Page) -> None:
    assert asked.evaluate("[fallLine.step, fallLine.playing]") == [0, False]
    assert hidden(asked, "#loss .plot") and hidden(asked, "#results table")
    assert "What to look for" not in words(asked)
    choice(asked, "A")
    until(asked, "fallLine.playing && fallLine.step > 2")
    assert not hidden(asked, "#loss .plot") and not hidden(asked, "#results table")
    assert "Right." in words(asked) and "What to look for" in words(asked) and "Try" in words(asked)


def test_a_wrong_answer_is_told_the_right_one_and_the_score_is_kept_here(asked: Page) -> None:
    choice(asked, "B")
    expect(asked.get_by_text("Not this time: it is A.")).to_be_visible()
    expect(asked.get_by_text("0 of 1 right")).to_be_visible()
    asked.get_by_role("button", name="Next scene").click()
    until(asked, f"location.search === '?lecture={NEXT}'")
    expect(asked.get_by_text("0 of 1 right")).to_be_visible()
    asked.get_by_role("button", name="Lectures").click()
    dialog = asked.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("0 right of 1 answered"))).to_be_visible()
    expect(dialog.get_by_role("button", name=re.compile("The bowl"))).to_contain_text("✗")


def test_who_does_not_want_to_guess_plays(asked: Page) -> None:
    asked.get_by_role("button", name="Play", exact=True).click()
    until(asked, "fallLine.step > 0")
    assert "What to look for" in words(asked) and "right" not in asked.locator(".score").inner_text()


def test_the_way_leads_on_and_back_and_the_browsers_own_does_too(asked: Page) -> None:
    expect(asked.get_by_role("button", name="Previous scene")).to_be_disabled()
    asked.get_by_role("button", name="Next scene").click()
    expect(asked.get_by_role("heading", level=2).first).not_to_have_text("The bowl")
    assert asked.evaluate("location.search") == f"?lecture={NEXT}"
    asked.go_back()
    expect(asked.get_by_role("heading", name="The bowl")).to_be_visible()
    asked.keyboard.press("PageDown")
    until(asked, f"location.search === '?lecture={NEXT}'")
    asked.keyboard.press("PageUp")
    expect(asked.get_by_role("heading", name="The bowl")).to_be_visible()


def test_every_scene_is_in_the_contents(asked: Page) -> None:
    asked.keyboard.press("c")
    dialog = asked.get_by_role("dialog", name="Lectures")
    assert dialog.locator("details").count() == 6
    dialog.get_by_text("Exercises", exact=True).click()
    scene = dialog.locator("details[open] li button").first
    title = scene.inner_text().partition(". ")[2].strip()
    scene.click()
    expect(asked.get_by_role("heading", name=title)).to_be_visible()


def test_what_is_changed_in_a_scene_stays_in_its_lecture_and_in_its_link(asked: Page) -> None:
    choice(asked, "A")
    asked.get_by_role("button", name="Controls").click()
    asked.get_by_role("combobox", name="Optimizer").first.select_option("Adam")
    saved(asked)
    assert asked.evaluate("location.search") == f"?lecture={BOWL}"
    asked.reload(wait_until="commit")
    still(asked)
    assert asked.evaluate("fallLine.experiment.descents[0].optimizer.kind") == "adam"
    expect(asked.get_by_role("button", name="Next scene")).to_be_enabled()


def test_a_scene_of_a_lecture_has_a_short_link_until_it_is_changed(asked: Page) -> None:
    asked.get_by_role("button", name="Share").click()
    assert asked.get_by_role("textbox", name="Link").input_value().endswith(f"/?lecture={BOWL}")
    asked.keyboard.press("Escape")
    choice(asked, "A")
    asked.get_by_role("button", name="Controls").click()
    asked.get_by_role("combobox", name="Optimizer").first.select_option("Adam")
    still(asked)
    asked.get_by_role("button", name="Share").click()
    assert "#scene=" in asked.get_by_role("textbox", name="Link").input_value()


def test_a_scene_that_is_not_there_is_said(visit: Visit, watch: Watch) -> None:
    watch.expected = ("status of 404",)
    for place in ("gradient-descent/nowhere", "nowhere/at-all", "../health", "%00/x"):
        page = visit(f"/?lecture={place}")
        expect(page.get_by_role("status")).to_contain_text("first scene instead")
        assert page.evaluate("fallLine.trajectories.length") == 4


def test_presenting_keeps_the_words_and_drops_the_rest(visit: Visit) -> None:
    page = visit(f"/?lecture={BOWL}", viewport=ROOMY)
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="The bowl")).to_be_visible()
    expect(page.get_by_role("button", name="Controls")).to_be_hidden()
    size = "parseFloat(getComputedStyle(document.querySelector('.lecture .words')).fontSize)"
    assert page.evaluate(size) >= 20
    page.keyboard.press("p")
    assert page.evaluate(size) < 20


def test_a_question_of_a_link_is_asked_and_a_bare_frame_asks_nothing(visit: Visit) -> None:
    page = visit(f"/embed?lecture={BOWL}&controls=all")
    expect(page.get_by_role("region", name="Lecture")).to_be_visible()
    page = visit(f"/embed?lecture={BOWL}&controls=play&autoplay=1")
    expect(page.get_by_role("region", name="Lecture")).to_be_hidden()
    until(page, "fallLine.step > 0")


@pytest.mark.thorough
@pytest.mark.parametrize("size", WINDOWS, ids=str)
def test_nothing_of_a_lecture_is_cut_off(visit: Visit, size: tuple[int, int]) -> None:
    page = visit(f"/?lecture={BOWL}", viewport={"width": size[0], "height": size[1]})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size[0]
    assert page.evaluate(CUT) == []


@pytest.mark.thorough
def test_the_longest_questions_are_read_without_scrolling(visit: Visit) -> None:
    scenes = {
        f"{name}/{each}": scene for name, one in lectures().items() for each, scene in one.scenes.items()
    }
    page = visit(f"/?lecture={BOWL}")
    for place in sorted(scenes, key=lambda place: -letters(scenes[place]))[:8]:
        page.evaluate(GO, place)
        expect(page.get_by_role("heading", level=2, name=scenes[place].title, exact=True)).to_be_visible()
        below = page.locator(".lecture .words").evaluate("(e) => e.scrollHeight - e.clientHeight")
        assert below <= 1, place


def letters(scene: Scene) -> int:
    """How much there is to read before the answer."""
    assert scene.predict
    return sum(map(len, [scene.text or "", scene.predict.question, *scene.predict.choices]))


GO = """(place) => {
    history.replaceState(null, '', `?lecture=${place}`);
    dispatchEvent(new PopStateEvent('popstate'));
}"""
