"""Everything is on one screen, on every screen, under the names it is known by."""

import re
from pathlib import Path

from playwright.sync_api import expect

from .conftest import Visit, Watch, play_slowly, still, until


def test_everything_is_on_one_screen(visit: Visit) -> None:
    page = visit()
    for width, height in [(1280, 720), (1600, 900)]:
        page.set_viewport_size({"width": width, "height": height})
        still(page)
        expect(page.get_by_role("table", name="Results").get_by_role("row")).to_have_count(5)
        assert page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        ) == [width, height]
        for scrolled in (".descents", "#surface", "#results", "#typeset"):
            room = page.locator(scrolled).evaluate(
                "(e) => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]"
            )
            assert max(room) <= 1, f"{scrolled} at {width}"


def test_on_a_phone_the_map_comes_first_and_nothing_is_wider_than_the_screen(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 844}, color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    map_box = page.get_by_role("region", name="Loss landscape").bounding_box()
    loss_box = page.get_by_role("figure", name="Loss", exact=True).bounding_box()
    form_box = page.get_by_role("list", name="Descents").bounding_box()
    assert map_box["y"] < loss_box["y"] < form_box["y"]
    play = page.get_by_role("button", name=re.compile("^(Play|Pause)$"))
    expect(play).to_be_in_viewport()
    page.mouse.wheel(0, 2000)
    expect(play).to_be_in_viewport()


def test_on_a_phone_the_controls_come_up_as_a_sheet_under_the_map(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 844}, color_scheme="light")
    page.mouse.wheel(0, 600)
    opens = page.get_by_role("button", name="Controls")
    opens.click()
    still(page)
    stage, slider = page.locator("#map .stage"), page.get_by_role("slider", name="Learning rate").first
    sheet = page.locator("#form").bounding_box()
    box = stage.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= sheet["y"] + 1, "both are seen"
    before = page.evaluate("fallLine.key")
    slider.scroll_into_view_if_needed()
    slider.press("ArrowRight")
    still(page)
    assert page.evaluate("fallLine.key") != before
    page.keyboard.press("Escape")
    expect(opens).to_be_focused()
    assert (
        page.get_by_role("figure", name="Loss", exact=True).bounding_box()["y"]
        < page.locator("#form").bounding_box()["y"]
    )


def test_names_are_those_of_the_contract(visit: Visit) -> None:
    page = visit()
    play_slowly(page)
    named = [
        ("region", "Loss landscape"), ("button", "Pause"), ("button", "Step forward"),
        ("button", "Step back"), ("button", "Restart"), ("slider", "Step"), ("slider", "Speed"),
        ("combobox", "Surface"), ("textbox", "Formula"),
        ("list", "Descents"), ("button", "Add descent"), ("figure", "Loss"), ("figure", "Learning rate"),
        ("table", "Results"), ("button", "Share"), ("button", "Export"), ("button", "Present"),
    ]  # fmt: skip
    for role, name in named:
        expect(page.get_by_role(role, name=name, exact=True)).to_have_count(1)
    for descent in page.get_by_role("list", name="Descents").get_by_role("listitem").all():
        for role, name in [
            ("combobox", "Optimizer"),
            ("combobox", "Schedule"),
            ("slider", "Learning rate"),
            ("button", "Remove"),
        ]:
            expect(descent.get_by_role(role, name=name, exact=True)).to_have_count(1)
    expect(page.get_by_role("status")).to_have_count(1)


def test_the_theme_button_goes_round_and_is_remembered(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Theme: auto").click()
    page.get_by_role("button", name="Theme: dark").click()
    page.get_by_role("button", name="Theme: light").wait_for()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.reload(wait_until="commit")
    page.get_by_role("button", name="Theme: light").click()
    page.get_by_role("button", name="Theme: auto").wait_for()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_presenting_keeps_what_matters_and_enlarges_it(visit: Visit) -> None:
    page = visit()
    before = page.locator("#map").bounding_box()["width"]
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('#counter')).fontSize)")
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("list", name="Descents")).to_be_hidden()
    assert page.locator("#map").bounding_box()["width"] > before
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('#counter')).fontSize)") > size
    assert page.evaluate("document.documentElement.scrollHeight") == 720
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("list", name="Descents")).to_be_visible()


def test_a_busy_server_is_said_and_asked_again(visit: Visit, watch: Watch) -> None:
    watch.expected = ("status of 503",)
    page = visit()

    def busy(route) -> None:
        route.fulfill(
            status=503,
            headers={"Retry-After": "1"},
            content_type="application/problem+json",
            body='{"title": "Service Unavailable", "status": 503, "detail": "busy", "errors": []}',
        )

    page.route("**/api/run/stream", busy)
    page.get_by_role("button", name="Add descent").click()
    expect(page.locator(".status")).to_contain_text("busy")
    page.unroute("**/api/run/stream")
    until(page, "fallLine.trajectories.length === 5")
    expect(page.locator(".status")).not_to_contain_text("busy")


def test_a_lost_connection_is_said_and_tried_again(visit: Visit, watch: Watch) -> None:
    watch.expected = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    page = visit()
    page.route("**/api/run/stream", lambda route: route.abort())
    page.get_by_role("button", name="Add descent").click()
    expect(page.locator(".status")).to_contain_text("cannot be reached")
    page.unroute("**/api/run/stream")
    until(page, "fallLine.trajectories.length === 5")


def test_modules_are_preloaded_and_name_no_component(visit: Visit, ask, address: str) -> None:
    page = visit()
    loaded, preloaded = page.evaluate("""() => [
        performance.getEntriesByType('resource').map(({name}) => name)
            .filter((name) => /assets\\/[^/]+\\/.*\\.js$/.test(name)).sort(),
        [...document.querySelectorAll('[rel=modulepreload], script[type=module]')]
            .map(({href, src}) => href || src).sort(),
    ]""")
    assert loaded == preloaded
    schema = page.evaluate("fetch('api/schema').then((answer) => answer.json())")
    kinds = {
        definition["properties"]["kind"]["const"]
        for definition in schema["$defs"].values()
        if "const" in definition.get("properties", {}).get("kind", {})
    } - {
        "formula",
        "step",
        "linear",
    }  # also the names of a parameter, of a message of the embed, of an axis of Plotly
    # Of the page also what it loads only when it is wanted.
    code = [path.read_text() for path in (Path(__file__).parents[2] / "frontend").rglob("*.js")]
    assert [kind for kind in kinds for text in code if f'"{kind}"' in text] == []


def test_names_in_the_results_are_whole(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    cut = """() => [...document.querySelectorAll('#results tbody th span')]
        .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.textContent)"""
    for width, height in [(1600, 900), (1280, 720)]:
        page.set_viewport_size({"width": width, "height": height})
        still(page)
        assert page.evaluate(cut) == []
    page.get_by_role("button", name="Present").click()
    assert page.evaluate(cut) == []
    assert page.locator("#results").evaluate("(one) => one.scrollWidth - one.clientWidth") <= 1
