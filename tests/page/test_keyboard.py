"""The whole page by keyboard alone: all is reached, the focus is seen, nothing keeps it."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, still, until

pytestmark = pytest.mark.thorough
# What Tab is on: its name, whether a ring is seen around it, where it stands.
FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const {outlineStyle, outlineWidth} = getComputedStyle(one);
    const {left, right, top, bottom} = one.getBoundingClientRect();
    const name = one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.textContent || one.id;
    return {
        name: name.trim().slice(0, 40), place: `${one.tagName}#${one.id}.${one.className}`,
        ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
        inside: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    };
}"""
REACHABLE = """() => [...document.querySelectorAll(
    'button, input, select, textarea, a[href], summary, [tabindex="0"]')]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && !one.closest('dialog'))
    .filter((one) => one.checkVisibility({visibilityProperty: true}))
    .filter((one) => one.type !== 'radio' || one.checked)
    .length"""


def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab from the top of the page to its end."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    page.locator("body").press("Home")
    seen = []
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        seen.append(focused)
    return seen


def tab_to(page: Page, name: str, back: bool = False) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        focused = page.evaluate(FOCUSED)
        if focused and str(focused["name"]).startswith(name):
            return
    raise AssertionError(f"Tab never comes to {name}")


@pytest.mark.parametrize("path", ["/", "/?lecture=gradient-descent/the-bowl"])
def test_tab_comes_to_everything_and_shows_where_it_is(visit: Visit, path: str) -> None:
    page = visit(path, reduced_motion="reduce")
    seen = walk(page)
    assert [one["place"] for one in seen if not one["ring"]] == []
    assert [one["place"] for one in seen if not one["inside"]] == []
    assert len(seen) == page.evaluate(REACHABLE)
    # From the top of the page to the bar at its foot.
    names = [one["name"] for one in seen]
    order = [names.index(name) for name in ("Lectures", "Share", "Help and keys", "Step", "Speed")]
    assert order == sorted(order)


def test_a_whole_session_needs_no_mouse(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.locator("body").press("Home")
    tab_to(page, "Surface")
    page.keyboard.type("Booth")
    until(page, "fallLine.experiment.surface.kind === 'booth'")
    tab_to(page, "Formula")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("x**2 + 4*y**2")
    until(page, "fallLine.still && fallLine.experiment.surface.formula === 'x**2 + 4*y**2'")

    tab_to(page, "Add descent")
    page.keyboard.press("Enter")
    until(page, "fallLine.still && fallLine.trajectories.length === 5")
    tab_to(page, "Optimizer")
    page.keyboard.type("Nesterov")
    tab_to(page, "Schedule")
    for _ in range(20):
        if page.evaluate("document.activeElement.value") == "cosine":
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, "Learning rate")
    before = page.evaluate("fallLine.experiment.descents[0].learning_rate")
    page.keyboard.press("ArrowRight")
    until(page, "fallLine.still")
    first = page.evaluate("fallLine.experiment.descents[0]")
    assert first["optimizer"]["kind"] == "nesterov"
    assert first["learning_rate"]["kind"] == "cosine" and first["learning_rate"] != before

    tab_to(page, "Start of all")
    start = page.evaluate("fallLine.trajectories[0].x[0]")
    page.keyboard.press("ArrowRight")
    until(page, f"fallLine.still && fallLine.trajectories[0].x[0] > {start}")

    tab_to(page, "Play")
    page.keyboard.press("Space")
    until(page, "fallLine.playing")
    page.keyboard.press("Space")
    until(page, "!fallLine.playing")
    tab_to(page, "Step")
    page.keyboard.press("Home")
    until(page, "fallLine.step === 0")
    page.keyboard.press("ArrowRight")
    until(page, "fallLine.step === 1")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Lectures", "Lectures"),
        ("Share", "Share this scene"),
        ("Export", "Export"),
        ("Help and keys", "Fall Line"),
        ("Choose a surface", "Choose a surface"),
        ("Data as a table", None),
        ("Compare", None),
        ("Find good rates", None),
    ],
)
def test_escape_leads_back_to_where_a_dialog_was_opened(visit: Visit, name: str, title: str | None) -> None:
    page = visit(reduced_motion="reduce")
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    if title:
        expect(dialog.get_by_role("heading", level=2).first).to_have_text(title)
    page.keyboard.press("Tab")
    assert page.evaluate(
        "Boolean(document.activeElement.closest('dialog') || document.activeElement === document.body)"
    )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_letters_open_what_they_say_and_can_be_switched_off(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.keyboard.press("p")
    assert page.evaluate("document.documentElement.classList.contains('present')")
    page.keyboard.press("p")
    page.keyboard.press("i")
    expect(page.get_by_role("region", name="Inside an optimizer")).to_be_visible()
    page.keyboard.press("i")
    page.keyboard.press("3")
    expect(page.get_by_role("radio", name="3-D")).to_be_checked()
    page.keyboard.press("3")
    still(page)
    page.keyboard.press("?")
    switch = page.get_by_role("checkbox", name="Letters are keys")
    switch.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    assert not page.evaluate("document.documentElement.classList.contains('present')")


def test_a_lecture_is_answered_by_keyboard(visit: Visit) -> None:
    page = visit("/?lecture=gradient-descent/the-bowl", reduced_motion="reduce")
    tab_to(page, "A")
    page.keyboard.press("Enter")
    until(page, "fallLine.playing || fallLine.step > 0")
    expect(page.get_by_text("Right.")).to_be_visible()
    tab_to(page, "Next scene")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Too small")).to_be_visible()
