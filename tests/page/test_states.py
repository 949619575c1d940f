"""What the page does in trouble: the server is busy or out of reach, a link is refused, a descent is lost."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .conftest import Visit, Watch, scene_link, still, until

pytestmark = pytest.mark.thorough
BUSY = json.dumps({"title": "Service Unavailable", "status": 503, "detail": "busy", "errors": []})
Answer = Callable[[Route], None]


def busy(seconds: int) -> Answer:
    """What a server answers that has too much to do."""
    headers = {"Retry-After": str(seconds), "Content-Type": "application/problem+json"}
    return lambda route: route.fulfill(status=503, headers=headers, body=BUSY)


def gone(route: Route) -> None:
    """No answer at all."""
    route.abort()


troubles = pytest.mark.parametrize(("trouble", "said"), [(busy(60), "busy"), (gone, "cannot be reached")])


@pytest.fixture(autouse=True)
def expected(watch: Watch) -> None:
    """The browser reports each call that fails."""
    watch.expected = ("Failed to load resource",)


def status(page: Page) -> Locator:
    return page.get_by_role("status").first


def retry(page: Page) -> Locator:
    return page.get_by_role("button", name="Try now")


def choose(page: Page, surface: str) -> None:
    page.get_by_role("combobox", name="Surface", exact=True).select_option(label=surface)


def banner(page: Page) -> str:
    """What is said over the map."""
    stage = page.locator("#map > .views > .stage")
    return str(stage.evaluate("(e) => getComputedStyle(e, '::after').content"))


@troubles
def test_trouble_is_said_and_the_earlier_picture_stays(visit: Visit, trouble: Answer, said: str) -> None:
    page = visit(reduced_motion="reduce")
    expect(retry(page)).to_be_hidden()
    window, heads = page.evaluate("fallLine.window"), page.evaluate("fallLine.heads")
    page.route("**/api/**", trouble)
    choose(page, "Rosenbrock")
    expect(status(page)).to_contain_text(said)
    expect(retry(page)).to_be_visible()
    assert "Earlier picture" in banner(page)
    # Nothing that changes the size or the colours shows the old ground in the new window.
    page.set_viewport_size({"width": 1100, "height": 700})
    page.wait_for_timeout(500)
    axes = page.evaluate("document.querySelector('#map .plot')._fullLayout.xaxis.range.map(Number)")
    assert axes[1] - axes[0] == pytest.approx(window["x"][1] - window["x"][0], rel=0.3)
    assert [head["text"] for head in page.evaluate("fallLine.heads")] == [head["text"] for head in heads]
    page.unroute("**/api/**")
    retry(page).click()
    until(page, "fallLine.still && fallLine.trajectories[0].x[0] === -1.2")
    expect(retry(page)).to_be_hidden()
    expect(status(page)).not_to_contain_text(said)
    assert banner(page) == "none"


def test_a_server_that_is_reached_again_is_asked_by_itself(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.route("**/api/**", gone)
    choose(page, "Booth")
    expect(status(page)).to_contain_text("cannot be reached")
    page.unroute("**/api/**")
    until(page, "fallLine.still && fallLine.experiment.surface.kind === 'booth'")
    expect(retry(page)).to_be_hidden()
    page.route("**/api/**", busy(1))
    choose(page, "Matyas")
    expect(status(page)).to_contain_text("trying again in 1 s")
    page.unroute("**/api/**")
    until(page, "fallLine.still && fallLine.experiment.surface.kind === 'matyas'")
    expect(retry(page)).to_be_hidden()


def test_what_was_asked_since_is_not_undone_by_an_old_question(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.route("**/api/run/stream", busy(2))
    page.get_by_role("button", name="Add descent").click()
    expect(status(page)).to_contain_text("busy")
    page.unroute("**/api/run/stream")
    page.get_by_role("button", name="Add descent").click()
    until(page, "fallLine.still && fallLine.trajectories.length === 6")
    page.wait_for_timeout(2500)
    assert page.evaluate("fallLine.trajectories.length") == 6
    expect(retry(page)).to_be_hidden()


@troubles
def test_a_page_opened_in_trouble_starts_when_it_is_over(visit: Visit, trouble: Answer, said: str) -> None:
    page = visit("/docs", ready=False)
    page.route(re.compile(r"/api/(schema|run|landscape)|plotly-[0-9.]+min\.js"), trouble)
    visit(ready=False)
    expect(status(page)).to_contain_text(said)
    assert "Waiting for the server" in banner(page)
    page.unroute_all()
    retry(page).click()
    still(page)
    expect(page.locator("#map .contourlayer path").first).to_be_attached()
    expect(retry(page)).to_be_hidden()


def test_a_formula_typed_meanwhile_is_taken_up_afterwards(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.route("**/api/**", gone)
    formula = page.get_by_role("textbox", name="Formula")
    formula.fill("x**2 + 3*y**2")
    expect(status(page)).to_contain_text("cannot be reached")
    expect(formula).not_to_have_attribute("aria-invalid", "true")
    page.unroute("**/api/**")
    retry(page).click()
    until(page, "fallLine.still && fallLine.experiment.surface.formula === 'x**2 + 3*y**2'")


def test_the_focus_stays_when_the_button_goes(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.route("**/api/**", busy(60))
    choose(page, "Booth")
    retry(page).focus()
    page.unroute("**/api/**")
    page.keyboard.press("Enter")
    expect(retry(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()


def test_a_refused_link_is_said_and_the_first_scene_is_there(visit: Visit) -> None:
    page = visit("/#scene=%%%", reduced_motion="reduce")
    expect(status(page)).to_contain_text("Here is the first scene instead.")
    assert page.evaluate("fallLine.trajectories.length") == 4
    assert banner(page) == "none"


def test_a_descent_that_is_lost_is_said_everywhere_and_not_clipped(visit: Visit) -> None:
    experiment = {
        "surface": {"kind": "rosenbrock"},
        "descents": [{"learning_rate": 1}, {"optimizer": {"kind": "adam"}, "learning_rate": 0.1}],
    }
    page = visit(scene_link({"experiment": experiment}), reduced_motion="reduce")
    words = "diverged at step 2"
    assert words in " ".join(head["text"] for head in page.evaluate("fallLine.heads"))
    expect(page.get_by_role("list", name="Descents")).to_contain_text(words)
    expect(page.get_by_role("list", name="Ended early")).to_contain_text(words)
    expect(page.get_by_role("table", name="Results")).to_contain_text("diverged")
    expect(status(page)).to_contain_text(words)


def test_the_last_descent_cannot_be_taken_away(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    for count in (3, 2, 1):
        page.get_by_role("button", name="Remove").first.click()
        until(page, f"fallLine.still && fallLine.trajectories.length === {count}")
    expect(page.get_by_role("button", name="Remove")).to_be_disabled()
    expect(page.get_by_role("table", name="Results").get_by_role("row")).to_have_count(2)


def test_a_slow_ground_is_asked_for_once(visit: Visit) -> None:
    """What is said while it is on its way takes room from the map; that is no reason to ask anew."""
    page = visit()
    page.evaluate(
        """() => {
            const ask = window.fetch;
            window.asked = 0;
            window.fetch = async (address, options) => {
                if (!String(address).includes("api/landscape")) return ask(address, options);
                window.asked += 1;
                await new Promise((done) => setTimeout(done, 900));
                return ask(address, options);
            };
        }"""
    )
    page.get_by_role("combobox", name="Surface").select_option(label="Booth")
    until(page, "fallLine.experiment.surface.kind === 'booth' && fallLine.still")
    assert page.evaluate("window.asked") == 1
