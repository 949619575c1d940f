"""The page by the keyboard alone: every control in order, with a ring to be seen, and a whole session."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, pause, still, until

pytestmark = pytest.mark.thorough

# What the focus may come to: of radio buttons that belong together only the one that is chosen.
CONTROLS = """() => {
    const all = 'a[href], button, select, textarea, summary, [tabindex="0"], '
        + 'input:not([type=radio]), input:checked';
    const shown = (one) => !one.closest('dialog') && one.checkVisibility({visibilityProperty: true});
    return [...document.querySelectorAll(all)].filter((one) => !one.disabled && shown(one))
        .map((one, at) => {
            one.dataset.order = at;
            return one.id || one.getAttribute('aria-label') || one.textContent.trim();
        });
}"""
WITHIN = "document.activeElement === document.body || document.activeElement.closest('dialog[open]') !== null"
FOCUS = """() => {
    const one = document.activeElement;
    const ringed = one.matches('input[type=radio]') ? one.nextElementSibling : one;
    const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(ringed);
    const box = ringed.getBoundingClientRect();
    const bar = document.querySelector('#timeline').getBoundingClientRect();
    return {
        order: one === document.body ? null : Number(one.dataset.order),
        name: one.id || one.getAttribute('aria-label') || one.textContent.trim(),
        ring: outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2 && !outlineColor.endsWith(', 0)'),
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
            && (one.closest('#timeline') !== null || box.top < bar.top),
    };
}"""
NAME = """() => {
    const one = document.activeElement;
    return one === document.body ? '' : one.getAttribute('aria-label')
        ?? ([...(one.labels ?? [])].map((label) => label.textContent.trim())[0] || one.textContent.trim());
}"""


def focused(page: Page) -> str:
    """The name of what has the focus."""
    return str(page.evaluate(NAME))


def go_to_control(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until something of that name has the focus."""
    passed = []
    for _ in range(120):
        page.keyboard.press(key)
        passed.append(focused(page))
        if re.match(name, passed[-1]):
            return
    raise AssertionError(f"no {name} among {passed}")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (640, 360)])
def test_tab_goes_to_every_control_in_order_with_a_ring(visit: Visit, width: int, height: int) -> None:
    page = visit(viewport={"width": width, "height": height}, reduced_motion="reduce")
    controls = page.evaluate(CONTROLS)
    assert len(controls) > 40
    page.evaluate("scrollTo(0, 0)")
    met: list[dict[str, Any]] = []
    while True:
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUS)
        if now["order"] is None or (met and now["order"] == met[0]["order"]):
            break
        met.append(now)
        assert len(met) <= len(controls), f"round and round: {[one['name'] for one in met[-5:]]}"
    missed = [name for at, name in enumerate(controls) if at not in {one["order"] for one in met}]
    assert missed == []
    assert [one["order"] for one in met] == sorted(one["order"] for one in met)
    assert [one["name"] for one in met if not one["ring"]] == []
    assert [one["name"] for one in met if not one["seen"]] == []


def test_a_session_by_keys_alone(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    keys = page.keyboard
    # Another surface, then a formula.
    go_to_control(page, "Surface$")
    keys.type("Booth")
    until(page, "fallLine.experiment.surface.kind === 'booth' && fallLine.still")
    go_to_control(page, "Formula$")
    keys.press("Control+a")
    keys.type("x**2 + 2*y**2")
    until(page, "fallLine.experiment.surface.formula === 'x**2 + 2*y**2' && fallLine.still")
    # A descent of one's own: the focus goes to what is to be chosen.
    go_to_control(page, "Add descent$")
    keys.press("Enter")
    until(page, "fallLine.trajectories.length === 5 && fallLine.still")
    assert focused(page) == "Optimizer"
    keys.type("Adagrad")
    keys.press("Tab")
    assert focused(page) == "Schedule"
    keys.type("Expo")
    go_to_control(page, "Learning rate$")
    rate = "(({learning_rate: rate}) => rate?.learning_rate ?? rate)(fallLine.experiment.descents[4])"
    until(page, "fallLine.experiment.descents[4].optimizer.kind === 'adagrad' && fallLine.still")
    before = page.evaluate(rate)
    for _ in range(5):
        keys.press("ArrowRight")
    until(page, f"fallLine.still && {rate} > {before}")
    assert page.evaluate("fallLine.experiment.descents[4].learning_rate.kind") == "exponential"
    # Slowly, to be stopped on the way.
    go_to_control(page, "Speed$")
    keys.press("Home")
    go_to_control(page, "Play$", "Shift+Tab")
    keys.press("Home")
    until(page, "fallLine.step === 0")
    keys.press("Space")
    until(page, "fallLine.playing && fallLine.step >= 1")
    keys.press("Space")
    until(page, "!fallLine.playing")
    step = page.evaluate("fallLine.step")
    keys.press("ArrowRight")
    until(page, f"fallLine.step === {step + 1}")
    keys.press("ArrowLeft")
    until(page, f"fallLine.step === {step}")
    go_to_control(page, "Step$")
    keys.press("End")
    until(page, "fallLine.step === 300")
    keys.press("PageDown")
    until(page, "fallLine.step < 300")
    assert focused(page) == "Step"


def test_the_panels_by_keys_alone(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    keys = page.keyboard
    inside = page.get_by_role("region", name="Inside an optimizer")
    go_to_control(page, "Inside$")
    keys.press("Enter")
    expect(inside).to_be_visible()
    assert focused(page) == "Next sub-step"
    keys.press("Enter")
    until(page, "fallLine.update?.part === 0")
    keys.press("Escape")
    expect(inside).to_be_hidden()
    assert focused(page) == "Inside"
    # The surface in 3-D, and turned.
    keys.press("3")
    still(page)
    expect(page.get_by_role("radio", name="3-D")).to_be_checked()
    go_to_control(page, "Loss surface|Surface in 3-D|.*3-D.*arrow|.*turn")
    before = page.evaluate("JSON.stringify(fallLine.surface)")
    keys.press("ArrowRight")
    until(page, f"fallLine.still && JSON.stringify(fallLine.surface) !== {before!r}")
    keys.press("3")
    still(page)
    expect(page.get_by_role("radio", name="2-D", exact=True)).to_be_checked()
    # Presenting, and the theme.
    keys.press("p")
    expect(page.get_by_role("list", name="Descents")).to_be_hidden()
    keys.press("p")
    expect(page.get_by_role("list", name="Descents")).to_be_visible()
    go_to_control(page, "Theme: auto$")
    keys.press("Enter")
    assert focused(page) == "Theme: dark"
    keys.press("Enter")
    keys.press("Enter")
    assert focused(page) == "Theme: auto"


def test_dialogs_open_by_enter_and_escape_returns_to_their_button(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    pause(page)
    openers = page.locator("button[aria-haspopup=dialog]:visible").all()
    assert len(openers) >= 8
    for opener in openers:
        opener.focus()
        name = focused(page)
        page.keyboard.press("Enter")
        dialog = page.locator("dialog[open]")
        dialog.wait_for()
        assert page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)"), name
        # The focus stays within, or goes to the browser's own buttons.
        for _ in range(3):
            page.keyboard.press("Tab")
            assert page.evaluate(WITHIN), name
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        expect(opener).to_be_focused()


def test_help_and_export_by_keys(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.keyboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Fall Line")
    expect(help_dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    go_to_control(page, "Export$")
    page.keyboard.press("Enter")
    go_to_control(page, r"Scene \(JSON\)$")
    with page.expect_download() as scene:
        page.keyboard.press("Enter")
    assert scene.value.suggested_filename == "scene.json"
    assert focused(page) == "Export"
