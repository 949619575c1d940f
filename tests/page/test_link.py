"""What stands in a link was typed by anybody."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, Watch, scene_link, still, until


def experiment(**changes: object) -> dict[str, object]:
    return {"surface": {"kind": "sphere"}, "descents": [{"optimizer": {"kind": "adam"}}], **changes}


GARBAGE = {
    "not base64": "/#scene=%%%",
    "not JSON": "/#scene=eyJhIjox",
    "no scene": scene_link({"experiment": {"surface": {"kind": 7}, "descents": []}}),
    "no descent": scene_link({"experiment": experiment(descents=[None])}),
    "unknown kind": scene_link({"experiment": experiment(descents=[{"optimizer": {"kind": "__proto__"}}])}),
    "oversized": "/#scene=" + "A" * 300_000,
}


@pytest.mark.thorough
def test_old_links_open_as_they_did(visit: Visit) -> None:
    kept = json.loads((Path(__file__).parents[1] / "reference" / "links.json").read_text())["links"]
    for name, old in kept.items():
        page = visit(old["link"], reduced_motion="reduce")
        expect(page.get_by_role("status"), name).not_to_contain_text("instead")
        assert page.evaluate("fallLine.trajectories.length") == len(old["experiment"]["descents"])
        page.goto("about:blank")


def test_what_was_seen_is_in_the_link(visit: Visit) -> None:
    page = visit(scene_link({"experiment": experiment(), "view": {"step": 40, "speed": 12.0}}))
    assert page.evaluate("[fallLine.step, fallLine.playing]") == [40, False]
    page.get_by_role("button", name="Zoom in").click()
    still(page)
    window = page.evaluate("fallLine.window")
    page.get_by_role("button", name="Step forward").click()
    page.get_by_role("button", name="Share").click()
    address = page.get_by_role("textbox", name="Link").input_value()
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    still(page)
    assert page.evaluate("[fallLine.step, fallLine.playing]") == [41, False]
    shown = page.evaluate("fallLine.window")
    for axis in "xy":
        assert shown[axis] == pytest.approx(window[axis], rel=1e-6)


def test_garbage_shows_the_first_scene_and_says_so(visit: Visit, watch: Watch) -> None:
    watch.expected = ("status of 422",)
    page = visit(scene_link({"experiment": experiment(steps=10**9)}))
    expect(page.locator(".status")).to_contain_text("first scene instead")
    for what, path in GARBAGE.items():
        go(page, scene_link({"experiment": experiment()}))
        until(page, "fallLine.settled && fallLine.trajectories.length === 1")
        go(page, path)
        until(page, "fallLine.settled && fallLine.trajectories.length === 4")
        expect(page.locator(".status"), what).to_contain_text("first scene instead")
        page.get_by_role("button", name="Restart").click()


def go(page: Page, path: str) -> None:
    """Follow a link in the same tab."""
    page.evaluate("(hash) => { location.hash = hash; }", path.removeprefix("/"))


def test_text_in_a_link_stays_text(visit: Visit) -> None:
    hostile = "<img src=x onerror=alert(1)><b>bold</b>"
    scene = {
        "title": hostile,
        "experiment": experiment(
            descents=[{"label": hostile}, {"label": "<a href='javascript:alert(1)'>x</a>"}]
        ),
    }
    page = visit(scene_link(scene))
    expect(page.get_by_text(hostile).first).to_be_visible()
    assert page.locator("img").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    page.evaluate(
        "Plotly.Fx.hover(document.querySelector('#loss .plot'), [{curveNumber: 1, pointNumber: 50}])"
    )
    expect(page.locator("#loss .hoverlayer")).to_contain_text("<a href='javascript:alert(1)'>x</a>")
    assert page.locator(".hoverlayer a").count() == 0


def test_another_link_in_the_same_tab_opens(visit: Visit) -> None:
    page = visit()
    go(page, scene_link({"experiment": experiment()}))
    until(page, "fallLine.settled && fallLine.trajectories.length === 1")
    assert page.evaluate("fallLine.experiment.surface.kind") == "sphere"


def test_share_gives_a_link_to_the_same_scene(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Share").click()
    address = page.get_by_role("textbox", name="Link").input_value()
    before = page.evaluate("[fallLine.experiment, fallLine.key]")
    assert "/embed?" in page.get_by_role("textbox", name="Embed code").input_value()
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    still(page)
    assert page.evaluate("[fallLine.experiment, fallLine.key]") == before


def test_export_saves_the_scene_and_the_trajectories(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as scene:
        page.get_by_role("button", name="Scene (JSON)").click()
    saved = json.loads(scene.value.path().read_text())
    assert saved["experiment"] == page.evaluate("fallLine.experiment")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as table:
        page.get_by_role("button", name="Trajectories (CSV)").click()
    rows = table.value.path().read_text().splitlines()
    assert rows[0] == "descent,label,step,x,y,loss,learning_rate,gradient_norm"
    assert len(rows) == 1 + 4 * 301
    page.get_by_role("button", name="Export").click()
    page.locator("input[type=file]").set_input_files(
        {
            "name": "s.json",
            "mimeType": "application/json",
            "buffer": json.dumps({"experiment": experiment()}).encode(),
        }
    )
    until(page, "fallLine.experiment.surface.kind === 'sphere'")
