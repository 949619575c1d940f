"""No state of the page breaks a rule of axe-core, in dark and light."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Visit, Watch, scene_link, still

DATA: dict[str, Any] = {
    "surface": {"kind": "logistic_regression", "test": 0.3},
    "descents": [
        {"gradient": {"kind": "mini_batch", "size": 4}, "learning_rate": 0.5, "average": {"kind": "ema"}},
        {"optimizer": {"kind": "momentum"}, "learning_rate": 0.5},
    ],
    "steps": 60,
}
DIVERGED: dict[str, Any] = {
    "surface": {"kind": "rosenbrock"},
    "descents": [{"learning_rate": 1.0}, {"optimizer": {"kind": "adam"}}],
    "steps": 40,
}
PHONE = {"width": 390, "height": 844}
# What differs between the themes are colours.
RULES = {
    "dark": {"resultTypes": ["violations"]},
    "light": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
pytestmark = pytest.mark.thorough
schemes = pytest.mark.parametrize("scheme", RULES)


def assert_clean(page: Page, scheme: str, state: str, part: str | None = None) -> None:
    """What is violated, where; a dialog is looked at without the page behind it."""
    report = Axe().run(page, context=part, options=RULES[scheme])
    assert report.violations_count == 0, f"{scheme}, {state}: {report.generate_report()}"


@schemes
def test_the_first_screen_and_its_dialogs(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme, reduced_motion="reduce")
    assert_clean(page, scheme, "first screen")
    for button in (
        "Share",
        "Export",
        "Help and keys",
        "Compare",
        "Find good rates",
        "Data as a table",
        "Choose a surface",
    ):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator("dialog[open]")).to_be_visible()
        assert_clean(page, scheme, button, "dialog[open]")
        page.keyboard.press("Escape")


@schemes
def test_an_open_descent_the_inside_and_a_refused_formula(visit: Visit, scheme: str, watch) -> None:
    watch.expected = ("status of 422",)
    page = visit(color_scheme=scheme, reduced_motion="reduce")
    page.locator(".descent button[aria-expanded]").first.click()
    page.get_by_role("button", name="Inside", exact=True).click()
    still(page)
    page.get_by_role("textbox", name="Formula").fill("2x + y")
    expect(page.locator(".refusal").filter(has_text="2*x")).to_be_visible()
    assert_clean(page, scheme, "a refusal")


@schemes
def test_data_with_its_dialogs(visit: Visit, scheme: str) -> None:
    page = visit(scene_link({"experiment": DATA}), color_scheme=scheme, reduced_motion="reduce")
    assert_clean(page, scheme, "data", "main")
    for button in page.locator("#data button[aria-haspopup]:visible").all():
        button.click()
        expect(page.locator("dialog[open]")).to_be_visible()
        assert_clean(page, scheme, button.inner_text(), "dialog[open]")
        page.keyboard.press("Escape")


@schemes
def test_a_lecture_before_and_after_the_answer(visit: Visit, scheme: str) -> None:
    page = visit("/?lecture=exercises/a-bowl", color_scheme=scheme, reduced_motion="reduce")
    assert_clean(page, scheme, "a question")
    page.locator(".predict button").last.click()
    still(page)
    assert_clean(page, scheme, "an answer", "main")
    page.get_by_role("button", name="Lectures").click()
    assert_clean(page, scheme, "the contents", "dialog[open]")


@schemes
def test_trouble(visit: Visit, watch: Watch, scheme: str) -> None:
    watch.expected = ("Failed to load resource",)
    page = visit(color_scheme=scheme, reduced_motion="reduce")
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_role("combobox", name="Surface", exact=True).select_option(label="Booth")
    page.get_by_role("button", name="Try now").wait_for()
    assert_clean(page, scheme, "out of reach")


@schemes
def test_presenting_a_phone_and_embeds(visit: Visit, scheme: str) -> None:
    page = visit(scene_link({"experiment": DIVERGED}), color_scheme=scheme, reduced_motion="reduce")
    page.get_by_role("button", name="Present").click()
    still(page)
    assert_clean(page, scheme, "presenting")
    page.goto("about:blank")
    assert_clean(
        visit(scene_link({"experiment": DIVERGED}), viewport=PHONE, color_scheme=scheme), scheme, "a phone"
    )
    for controls in ("play", "all"):
        assert_clean(visit(f"/embed?controls={controls}", color_scheme=scheme), scheme, f"embed, {controls}")


def test_the_documentation(visit: Visit) -> None:
    page = visit("/docs", ready=False)
    expect(page.locator(".cards .card").last).to_be_attached()
    # So much of it that the contrast of every word would take minutes: it is the same in every card.
    report = Axe().run(page, options={"rules": {"color-contrast": {"enabled": False}}})
    assert report.violations_count == 0, report.generate_report()
    for scheme in RULES:
        page.emulate_media(color_scheme=scheme)
        assert_clean(page, scheme, "the documentation", ".cards .card")
