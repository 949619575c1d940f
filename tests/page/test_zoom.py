"""At 200 % zoom, on a phone and on a projector: no text is cut off, nothing overlaps, everything can be reached."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from .conftest import PATIENCE, Watch, scene_link, still

pytestmark = pytest.mark.thorough

# In CSS pixels, and how many pixels of the screen make one: 1280 × 720 and 1600 × 900 at 200 % come first.
SCREENS = [(640, 360, 2), (800, 450, 2), (1280, 720, 1), (1600, 900, 1), (390, 844, 1)]
DATA: dict[str, Any] = {
    "surface": {"kind": "linear_regression", "test": 0.25},
    "descents": [
        {"gradient": {"kind": "mini_batch", "size": 4}, "average": {"kind": "ema"}},
        {"optimizer": {"kind": "adam"}, "learning_rate": 30},
    ],
    "steps": 60,
}
LOOK = """(root) => {
    const page = document.querySelector(root);
    const seen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && one.getBoundingClientRect().width > 2 && !one.closest('.visually-hidden, noscript, [aria-hidden=true]');
    const name = (one) => `${one.tagName.toLowerCase()}${one.id && '#' + one.id}.${one.getAttribute('class') ?? ''}`
        + ` «${(one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 40)}»`;
    const hides = (style, side) => ['hidden', 'clip'].includes(style[side]);
    /** What is left of a box where its ancestors end; those that scroll are counted if asked. */
    const within = (one, box, scrolled) => {
        let {left, right, top, bottom} = box;
        for (let up = one; up && up !== document.documentElement; up = up.parentElement) {
            const style = getComputedStyle(up);
            if (style.position === 'fixed') break;
            const edge = up.getBoundingClientRect();
            if (style.overflowX !== 'visible' && (scrolled || hides(style, 'overflowX')) && up !== document.body) {
                left = Math.max(left, edge.left);
                right = Math.min(right, edge.right);
            }
            if (style.overflowY !== 'visible' && (scrolled || hides(style, 'overflowY')) && up !== document.body) {
                top = Math.max(top, edge.top);
                bottom = Math.min(bottom, edge.bottom);
            }
        }
        return {left, right, top, bottom};
    };
    const wrong = [];
    // Labels in a drawing may lie beside its frame: they follow what is drawn.
    const texts = [...page.querySelectorAll('*')].filter((one) => !one.closest('svg, select, option, .starts, math, .plot')
        && seen(one) && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    for (const one of texts) {
        const range = document.createRange();
        range.selectNodeContents(one);
        for (const box of range.getClientRects()) {
            const left = within(one, box, false);
            const cut = Math.max(left.left - box.left, box.right - left.right, left.top - box.top - 2, box.bottom - left.bottom - 2);
            if (box.width > 1 && cut > 1.5) wrong.push(`cut off by ${Math.round(cut)}: ${name(one)}`);
        }
    }
    for (const one of page.querySelectorAll('button, input:not([type=range]), select')) {
        if (seen(one) && one.tagName === 'BUTTON' && one.scrollWidth > one.clientWidth + 1) wrong.push(`too wide: ${name(one)}`);
    }
    const controls = [...page.querySelectorAll('button:not(.start), select, input, textarea, summary, a[href]')].filter(seen);
    const boxes = controls.map((one) => within(one, one.getBoundingClientRect(), true));
    // What always stays in sight covers what scrolls behind it.
    const stays = (one) => one.closest('.timeline') && getComputedStyle(one.closest('.timeline')).position === 'sticky';
    const scrolls = (one) => stays(one) ? one.closest('.timeline') : null;
    boxes.forEach((a, i) => boxes.slice(0, i).forEach((b, j) => {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        const [one, other] = [controls[i], controls[j]];
        if (across <= 1 || down <= 1 || one.contains(other) || other.contains(one) || scrolls(one) !== scrolls(other)) return;
        wrong.push(`overlap by ${Math.round(across)} × ${Math.round(down)}: ${name(one)} and ${name(other)}`);
    }));
    for (const one of controls) {
        one.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
        const {left, right, top, bottom} = one.getBoundingClientRect();
        const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        const labels = [...(one.labels ?? [])];
        if (!hit || !(one.contains(hit) || hit.contains(one) && hit.closest('label, .start, .track') || labels.some((label) => label.contains(hit)))) {
            wrong.push(`out of reach: ${name(one)} behind ${hit ? name(hit) : 'nothing'}`);
        }
    }
    scrollTo(0, 0);
    if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
    return [...new Set(wrong)];
}"""


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen[0]}x{screen[1]}")
def page(browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Any:
    """A window of one of the sizes, with as many pixels to one of CSS as zooming makes."""
    width, height, ratio = request.param
    opened = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=ratio, reduced_motion="reduce"
    )
    opened.set_default_timeout(PATIENCE * 1000)
    stop = watch.over(opened)
    yield opened
    stop()
    opened.close()


def look(page: Page, state: str, found: list[str], root: str = "body") -> None:
    """Note what is wrong in a state."""
    found.extend(f"{state}: {each}" for each in page.evaluate(LOOK, root))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_with_its_panels(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(address, wait_until="commit")
    still(page)
    found: list[str] = []
    look(page, "at rest", found)
    page.get_by_role("button", name="Details").first.click()
    for summary in page.locator("summary:visible").all():
        summary.click()
    look(page, "details", found)
    page.get_by_role("button", name="Inside", exact=True).click()
    still(page)
    look(page, "inside", found)
    page.get_by_role("button", name="Close").first.click()
    page.keyboard.press("p")
    still(page)
    look(page, "presenting", found)
    page.keyboard.press("p")
    page.goto("about:blank")
    page.goto(address + scene_link({"experiment": DATA}), wait_until="commit")
    still(page)
    look(page, "data", found)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_dialogs(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(address + scene_link({"experiment": DATA}), wait_until="commit")
    still(page)
    found: list[str] = []
    openers = page.locator("button[aria-haspopup=dialog]:visible").all()
    assert len(openers) > 8
    for opener in openers:
        opener.click()
        dialog = page.locator("dialog[open]")
        dialog.wait_for()
        page.wait_for_timeout(300)
        still(page)
        words = opener.inner_text()
        box = dialog.bounding_box()
        size = page.viewport_size
        assert box and size
        if (
            box["x"] < 0
            or box["y"] < 0
            or box["x"] + box["width"] > size["width"]
            or box["y"] + box["height"] > size["height"]
        ):
            found.append(f"{words}: the dialog is beyond the window")
        look(page, words, found, "dialog[open]")
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
    assert not found, "\n".join(found)
