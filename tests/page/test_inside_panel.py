"""The panel inside an optimizer: how it opens, what it asks for, its letters, its place on a screen."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import LINKED, Visit, Watch, go_to, pause, play_slowly, still, until
from .inside import ADAM, descent, following, link, look, panel, seen

__all__ = ["look"]
pytestmark = pytest.mark.thorough


def test_it_opens_beside_the_map_and_closes_by_its_button_and_by_escape(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    opener = page.get_by_role("button", name="Inside", exact=True)
    expect(panel(page)).to_be_hidden()
    opener.click()
    expect(panel(page)).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(panel(page).get_by_role("button", name="Next sub-step")).to_be_focused()
    expect(page.get_by_role("region", name="Loss landscape")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("i")
    panel(page).get_by_role("button", name="Close").click()
    expect(panel(page)).to_be_hidden()
    expect(page.get_by_role("figure", name="Loss", exact=True)).to_be_visible()


def test_the_panel_and_its_descent_are_kept_in_the_link(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name="Inside", exact=True).click()
    panel(page).get_by_role("combobox", name="Descent looked into").select_option("Adam")
    until(page, f"({LINKED})?.view.panel === 'inside' && ({LINKED}).view.descent === 3")
    page.reload(wait_until="commit")
    still(page)
    expect(panel(page).get_by_role("combobox", name="Descent looked into")).to_have_value("3")
    assert seen(page)["descent"] == 3


def test_everything_works_by_keyboard(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    go_to(page, 5)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("i")
    still(page)
    page.keyboard.press("Enter")
    still(page)
    assert seen(page)["part"] == 0
    page.keyboard.press(".")
    still(page)
    assert seen(page)["part"] == 1
    page.keyboard.press(",")
    still(page)
    assert seen(page)["part"] == 0
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert {"Whole update", "Equations of the update", "Letter of the rate"} <= reached


def test_everything_typeset_is_in_the_chosen_letters(visit: Visit) -> None:
    both = [descent("adamw", 0.1), descent("signum", 0.05)]
    page = visit(link(*both), reduced_motion="reduce")
    for i in (0, 1):
        page.get_by_role("button", name="Details").nth(i).click()
    chosen = {"rate": "λ", "iterate": "θ", "momentum": "β"}
    for role, letter in chosen.items():
        panel(page).get_by_role("combobox", name=f"Letter of the {role}").select_option(letter)
    still(page)
    equations = panel(page).get_by_role("group", name="Equations of the update")
    decayed = page.get_by_role("group", name="Update of AdamW")
    for shown in (equations, decayed):
        letters = shown.evaluate("(e) => [...e.querySelectorAll('mi')].map((one) => one.textContent)")
        # The other betas keep their letter, and weight decay gives up its own to the rate.
        assert {"λ", "θ", "β₁", "β₂", "ζ"} <= set(letters)
        assert not {"α", "w", "β"} & set(letters)
    signs = page.get_by_role("group", name="Update of Signum")
    expect(signs).to_contain_text("β")
    expect(signs).not_to_contain_text("μ")
    expect(page.get_by_text("weight decay ζ")).to_have_count(1)
    expect(page.get_by_text("momentum β", exact=True)).to_have_count(1)
    expect(page.locator(".descent .rate label").first).to_have_text("λ")
    following(page)
    expect(panel(page).locator(".sentence")).to_contain_text("gradient at θ")
    until(page, f"({LINKED})?.view.notation.momentum === 'β'")
    assert page.evaluate(f"({LINKED}).view.notation") == chosen
    page.reload(wait_until="commit")
    still(page)
    expect(page.locator(".descent .rate label").first).to_have_text("λ")


def test_letters_of_a_link_that_nobody_offers_are_refused(visit: Visit, watch: Watch) -> None:
    watch.expected = ("status of 422",)
    page = visit(link(ADAM, notation={"rate": "<b>", "iterate": 3}), reduced_motion="reduce")
    expect(page.get_by_role("status")).to_contain_text("view.notation.rate")
    expect(page.locator(".descent .rate label").first).to_have_text("α")


def test_the_parameters_of_a_model_keep_their_letters(visit: Visit) -> None:
    page = visit(link(ADAM, notation={"iterate": "θ"}), reduced_motion="reduce")
    page.get_by_role("combobox", name="Surface").select_option("linear_regression")
    still(page)
    expect(page.get_by_role("group", name="Formula of the loss and its gradient")).to_contain_text("w")
    expect(panel(page)).to_contain_text("θ")


def count_updates(page: Page) -> None:
    """Note from now on when updates are asked for, and how many at the same time."""
    page.evaluate(
        """() => {
            const {fetch} = window;
            const noted = window.noted = {starts: [], pending: 0, most: 0};
            window.fetch = async (...call) => {
                if (!String(call[0]).endsWith('api/update')) return fetch(...call);
                noted.starts.push(performance.now());
                noted.most = Math.max(noted.most, ++noted.pending);
                try {
                    return await fetch(...call);
                } finally {
                    noted.pending -= 1;
                }
            };
        }"""
    )


def asked(page: Page) -> list[float]:
    """When updates were asked for, in milliseconds; never two at the same time."""
    noted = page.evaluate("noted")
    assert noted["most"] <= 1
    return noted["starts"]


def test_it_asks_only_while_it_is_open_and_one_at_a_time(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    count_updates(page)
    go_to(page, 5)
    assert asked(page) == []
    page.get_by_role("button", name="Inside", exact=True).click()
    for step in range(10, 20):
        page.get_by_role("slider", name="Step", exact=True).fill(str(step))
    assert seen(page)["update"]["step"] == 19
    page.keyboard.press("Escape")
    before = asked(page)
    assert before
    go_to(page, 3)
    assert asked(page) == before


def test_while_it_plays_it_asks_five_times_a_second_at_most(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name="Inside", exact=True).click()
    still(page)
    count_updates(page)
    page.get_by_role("button", name="Restart").click()
    until(page, "fallLine.step > 100")
    during = asked(page)
    pause(page)
    assert seen(page)["update"]["step"] == page.evaluate("fallLine.step")
    assert len(during) > 5
    assert min(after - start for start, after in pairwise(during[1:])) > 150


def test_what_goes_wrong_is_said(look: Callable[..., Page], watch: Watch) -> None:
    page = look(ADAM)
    watch.expected = ("Failed to load",)

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/api/update", refuse)
    go_to(page, 8)
    expect(panel(page)).to_contain_text("cannot be reached")
    assert page.evaluate("fallLine.update") is None
    page.unroute("**/api/update", refuse)
    go_to(page, 9)
    assert seen(page)["update"]["step"] == 9


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1600, 900)])
def test_it_fits_on_one_screen(look: Callable[..., Page], width: int, height: int, scheme: str) -> None:
    page = look(ADAM, viewport={"width": width, "height": height}, color_scheme=scheme)
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(size) == [width, height]
    for _ in range(5):
        following(page)
        assert page.evaluate(size) == [width, height]
        expect(panel(page).locator("[aria-current=step]")).to_be_in_viewport()


def test_on_a_phone_it_is_a_sheet_below_the_map(look: Callable[..., Page]) -> None:
    page = look(ADAM, viewport={"width": 390, "height": 844}, color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box = panel(page).bounding_box()
    (head,) = page.evaluate("fallLine.heads")
    stage = page.locator(".map .stage").bounding_box()
    assert stage["y"] + head["py"] < box["y"]
    following(page)
    expect(panel(page).locator(".sentence")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Play")).to_be_in_viewport()


def test_it_plays_along(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name="Inside", exact=True).click()
    play_slowly(page)
    until(page, "fallLine.step > 1 && fallLine.update?.step === fallLine.step")
    pause(page)
    assert seen(page)["part"] is None


def test_no_equation_is_wider_than_the_panel(visit: Visit) -> None:
    page = visit(link(ADAM), reduced_motion="reduce")
    box = page.locator(".descent").get_by_role("combobox", name="Optimizer")
    kinds = box.locator("option").evaluate_all("(options) => options.map(({value}) => value)")
    for kind in kinds:
        box.select_option(kind)
        still(page)
        lines = panel(page).get_by_role("group", name="Equations of the update")
        wider, numbers = lines.evaluate(
            "(one) => [one.scrollWidth - one.clientWidth, one.querySelectorAll('b').length]"
        )
        assert wider <= 12, kind
        assert numbers


def test_closed_it_writes_nothing_while_it_plays(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.evaluate("""() => {
        window.written = 0;
        const observer = new MutationObserver((records) => window.written += records.length);
        const options = {attributes: true, childList: true, subtree: true};
        for (const one of document.querySelectorAll('.inside-key, #inside')) observer.observe(one, options);
    }""")
    page.get_by_role("button", name="Restart").click()
    until(page, "fallLine.step > 20")
    assert page.evaluate("written") == 0


@pytest.mark.parametrize("dampening", [0, 0.5])
def test_what_is_0_is_not_in_the_equations(look: Callable[..., Page], dampening: float) -> None:
    page = look(descent("momentum", 0.005, dampening=dampening))
    page.get_by_role("button", name="Details").first.click()
    equations = panel(page).get_by_role("group", name="Equations of the update")
    for shown in (page.get_by_role("group", name="Update of Momentum"), equations):
        expect(shown).to_contain_text("μ")
        if dampening:
            expect(shown).to_contain_text("otherwise")
        else:
            expect(shown).not_to_contain_text("otherwise")
