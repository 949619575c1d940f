"""Print what the page costs a browser: ``python -m tests.page.benchmark``.

Measured in an installed Chromium at 1600 × 900 with a server of our own; the goal stands beside each figure.
"""

import math
import shutil
import statistics
import sys
import time
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.conftest import start as serving

from .conftest import BROWSERS, SWITCHES, scene_link, until
from .unwatched import Unwatched

WINDOW: ViewportSize = {"width": 1600, "height": 900}
OPTIMIZERS = ["gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adabelief", "lion"]
MEASURING = """
    window.measured = {frames: [], contours: [], changes: 0, asked: 0, most: 0, open: 0, steps: []};
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (draw) => frame((time) => {
        const from = performance.now();
        draw(time);
        if (window.fallLine?.playing) measured.frames.push(performance.now() - from);
    });
    const ask = window.fetch.bind(window);
    window.fetch = async (url, options) => {
        if (!String(url).includes('run/stream')) return ask(url, options);
        measured.asked += 1;
        measured.most = Math.max(measured.most, ++measured.open);
        const answer = await ask(url, options).catch((error) => { measured.open -= 1; throw error; });
        let open = true;
        const close = () => {
            if (open) measured.open -= 1;
            open = false;
        };
        const whole = answer.body.pipeThrough(new TransformStream({flush: close}));
        options?.signal?.addEventListener('abort', close);
        return new Response(whole, answer);
    };
    addEventListener('input', () => {
        measured.typed = performance.now();
        measured.contours.length = 0;
    }, true);
    addEventListener('DOMContentLoaded', () => new MutationObserver((changes) => {
        const first = changes.some(({target}) => target.matches?.('canvas.ground'));
        if (first) measured.ground ??= performance.now();
        const inside = (one) => one.target.closest?.('#map .plot');
        const drawn = changes.filter(inside).length;
        if (!drawn) return;
        if (document.querySelector('#map .contourlayer path')) measured.contours.push(performance.now());
        if (window.fallLine?.playing) measured.changes += drawn;
    }).observe(document.documentElement, {subtree: true, childList: true, attributes: true}));
"""


def main() -> int:
    """Print the figures."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        print(f"no browser: install one of {', '.join(BROWSERS)}")
        return 1
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        opening(browser, server.url)
        context = browser.new_context(viewport=WINDOW)
        context.add_init_script(MEASURING)
        page = context.new_page()
        playing(page, server.url)
        typing(page)
        clicking(page)
        for count, steps in ((4, 300), (8, 500)):
            dragging(page, server.url, count, steps)
        browser.close()
    return 0


def row(name: str, value: float, unit: str, goal: str) -> None:
    """Print one figure with its goal."""
    print(f"{name:<62}{value:>9.4g} {unit:<4} goal {goal}", flush=True)


def opening(browser: Browser, address: str) -> None:
    """How long the page takes to show its first contour, and to answer its first button."""
    times: dict[str, list[float]] = {}
    for script, ready, figures in (
        (MEASURING, "window.measured?.contours.length && window.fallLine?.settled", CONTOUR),
        (MEASURING + PRESSING, "window.measured?.usable && window.fallLine?.settled", USABLE),
    ):
        for _ in range(OPENINGS):
            tab = Unwatched(browser, WINDOW, script)
            # A browser keeps compiled what it has read twice.
            for how in ("cold", "", "warm"):
                tab.open(address, ready)
                for name, expression in figures.items() if how else ():
                    times.setdefault(f"{name}, {how}", []).append(tab.evaluate(expression))
                time.sleep(1)
                tab.open("about:blank", "true")
            tab.close()
    for name, measured in times.items():
        row(f"{name}, median of {len(measured)}", statistics.median(measured), "ms", GOALS.get(name, "-"))


OPENINGS = 5
CONTOUR = {"first picture of the ground": "measured.ground", "first contour": "measured.contours[0]"}
USABLE = {"controls usable": "measured.usable"}
GOALS = {
    "first contour, cold": "2500",
    "first contour, warm": "600",
    "controls usable, cold": "300",
    "controls usable, warm": "300",
}
PRESSING = """
    const pressing = setInterval(() => {
        const play = document.querySelector('#play');
        const before = play?.textContent;
        play?.click();
        if (play?.textContent === before) return;
        measured.usable = performance.now();
        clearInterval(pressing);
    }, 4);
"""


def scene(count: int, steps: int) -> str:
    """The address of a scene with so many descents."""
    descents: list[dict[str, Any]] = [
        {"optimizer": {"kind": kind}, "learning_rate": 0.001, "start": [-1.2, 1.0]}
        for kind in OPTIMIZERS[:count]
    ]
    document = {
        "experiment": {"surface": {"kind": "rosenbrock"}, "descents": descents, "steps": steps},
        "view": {"speed": 100},
    }
    return scene_link(document)


def visit(page: Page, address: str, count: int, steps: int) -> None:
    """Open a scene anew and wait until it is there."""
    page.goto("about:blank")
    page.goto(address + scene(count, steps), wait_until="commit")
    until(page, "window.fallLine?.complete && fallLine.settled && measured.contours.length")
    page.wait_for_timeout(1200)


def playing(page: Page, address: str) -> None:
    """What a frame costs while 8 descents of 500 steps play."""
    visit(page, address, 8, 500)
    page.get_by_role("slider", name="Speed").fill("2")
    page.get_by_role("button", name="Restart").click()
    page.evaluate("measured.frames.length = 0, measured.changes = 0")
    page.wait_for_timeout(4000)
    frames = sorted(page.evaluate("measured.frames"))
    row("script per frame, 8 × 500, median", statistics.median(frames), "ms", "2")
    row("script per frame, 8 × 500, 95th percentile", frames[int(0.95 * len(frames))], "ms", "-")
    row("frames in 4 s", len(frames), "", "-")
    row("changes in the map's DOM while playing", page.evaluate("measured.changes"), "", "0")


def typing(page: Page) -> None:
    """How long after the last keystroke a new contour stands."""
    box = page.get_by_role("textbox", name="Formula")
    box.fill("x**2 + y**2")
    until(page, "fallLine.settled && fallLine.experiment.surface.formula === 'x**2 + y**2'")
    page.wait_for_timeout(1200)
    times = []
    for i in range(1, 6):
        box.press("End")
        box.press_sequentially(f" + {i}*x*y", delay=20)
        until(page, "measured.contours.length")
        times.append(page.evaluate("measured.contours[0] - measured.typed"))
        page.wait_for_timeout(700)
    row("last keystroke to the new contour, median", statistics.median(times), "ms", "300")


def clicking(page: Page) -> None:
    """How long after a click the first steps are drawn."""
    page.get_by_role("textbox", name="Formula").fill("x**2 + y**2")
    until(page, "fallLine.still && fallLine.experiment.surface.formula === 'x**2 + y**2'")
    times = []
    box = page.locator("#map > .views > .stage").bounding_box()
    assert box
    for i in range(9):
        page.evaluate(CLICK)
        # Round the bowl, more than a quarter each time: where no path is, on which a click means its step.
        across, up = (0.3 * turn(2 * math.pi * 0.29 * i) for turn in (math.cos, math.sin))
        page.mouse.click(box["x"] + box["width"] * (0.48 + across), box["y"] + box["height"] * (0.48 + up))
        until(page, "measured.steps.length")
        times.append(page.evaluate("measured.steps[0]"))
        page.wait_for_timeout(300)
    row("click on the map to the first steps, median", statistics.median(times), "ms", "100")


CLICK = """
    measured.steps.length = 0;
    const key = fallLine.key;
    addEventListener('pointerup', () => {
        const from = performance.now();
        const look = () => (fallLine.key !== key && fallLine.step > 0
            ? measured.steps.push(performance.now() - from) : setTimeout(look, 1));
        look();
    }, {once: true, capture: true});
"""


def dragging(page: Page, address: str, count: int, steps: int) -> None:
    """How often everything is computed anew while the start is dragged."""
    visit(page, address, count, steps)
    box = page.get_by_role("button", name="Start of all").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    rate, most = page.evaluate(DRAG, [x, y])
    page.mouse.up()
    row(f"recomputations while dragging, {count} × {steps}", rate, "/s", "20")
    row("requests in flight at most", most, "", "1")


# In the page: a browser without a graphics card delivers the moves of a mouse slower than a hand makes them.
DRAG = """
    ([x, y]) => new Promise((done) => {
        const handle = document.querySelector('.start');
        const keys = new Set();
        const from = performance.now();
        measured.most = 0;
        let i = 0;
        const timer = setInterval(() => {
            i += 1;
            keys.add(fallLine.key);
            const at = {clientX: x + i % 120, clientY: y + i % 77, bubbles: true};
            handle.dispatchEvent(new PointerEvent('pointermove', at));
            const time = performance.now() - from;
            if (time < 3000) return;
            clearInterval(timer);
            done([(keys.size - 1) / time * 1000, measured.most]);
        }, 8);
    })
"""


if __name__ == "__main__":
    sys.exit(main())
