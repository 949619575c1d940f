"""Data on the page: the examples, what models make of them, and batches."""

import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, go_to, pause, scene_link, still, until

pytestmark = pytest.mark.thorough

LINE = {"kind": "linear_regression", "test": 0.25}
BATCHES = {"gradient": {"kind": "mini_batch", "size": 4}, "learning_rate": 0.1}
NET = {"kind": "network", "examples": 60, "test": 0.25}


def scene(surface: dict[str, Any], *descents: dict[str, Any], steps: int = 60) -> dict[str, Any]:
    return {"experiment": {"surface": surface, "descents": list(descents) or [{}], "steps": steps}}


def painted(page: Page, canvas: str) -> int:
    """How many pixels of a canvas are not transparent."""
    return page.evaluate(
        """(name) => {
            const canvas = document.querySelector(name);
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return new Uint32Array(data.buffer).filter((pixel) => pixel >>> 24).length;
        }""",
        canvas,
    )


def picture(page: Page, canvas: str) -> str:
    """What is drawn on a canvas."""
    return page.evaluate("(name) => document.querySelector(name).toDataURL()", canvas)


def test_a_surface_without_data_has_no_panel_for_them(visit: Visit) -> None:
    page = visit()
    expect(page.get_by_role("region", name="Data")).to_be_hidden()
    expect(page.get_by_role("button", name="Your data…")).to_be_hidden()
    expect(page.get_by_role("button", name="Contour of this batch")).to_be_hidden()


def test_the_curve_of_each_descent_follows_its_iterate(visit: Visit) -> None:
    page = visit(scene_link(scene(LINE, BATCHES, {"learning_rate": 0.1})))
    region = page.get_by_role("region", name="Data")
    expect(region).to_contain_text("18 examples")
    expect(region).to_contain_text("6 held out")
    drawn = set()
    for step in (0, 7, 41):
        go_to(page, step)
        seen = page.evaluate("fallLine.data")
        assert (seen["examples"], seen["held"]) == (18, 6)
        for one, path in zip(
            sorted(seen["predictions"], key=lambda one: one["descent"]),
            page.evaluate("fallLine.trajectories"),
            strict=True,
        ):
            w, b = path["x"][step], path["y"][step]
            assert one["outputs"] == pytest.approx(w * np.array(one["inputs"]) + b, abs=1e-5)
        drawn.add(picture(page, "#data .moving"))
    assert len(drawn) == 3, "the picture moves"
    assert painted(page, "#data .points") > 1000


def test_curves_and_batches_are_known_ahead_and_follow_a_scrub_at_once(visit: Visit, ask) -> None:
    experiment = scene(LINE, BATCHES, steps=40)
    page = visit(scene_link(experiment))
    go_to(page, 0)
    batches = ask("model", {"experiment": experiment["experiment"], "steps": list(range(40))})["batches"]
    (path,) = page.evaluate("fallLine.trajectories")
    for step in (31, 7, 8):
        # Read in the same breath as the slider moves: no answer can have come in between.
        seen = page.evaluate(
            """(step) => {
                const slider = document.querySelector('#step');
                slider.value = step;
                slider.dispatchEvent(new Event('input'));
                return fallLine.data;
            }""",
            step,
        )
        (one,) = seen["predictions"]
        line = path["x"][step] * np.array(one["inputs"]) + path["y"][step]
        assert one["outputs"] == pytest.approx(line, abs=1e-5)
        assert seen["batch"] == batches[step]


def test_while_it_plays_the_curves_move(visit: Visit) -> None:
    page = visit(scene_link(scene(LINE, {"learning_rate": 0.1}, steps=300)))
    page.get_by_role("button", name="Restart").click()
    until(page, "fallLine.playing && fallLine.data.predictions.length")
    before = picture(page, "#data .moving")
    until(page, "fallLine.step > 20")
    assert picture(page, "#data .moving") != before
    pause(page)


def test_the_batch_is_ringed_and_said(visit: Visit, ask) -> None:
    experiment = scene(LINE, BATCHES)
    page = visit(scene_link(experiment))
    steps = [0, 3, 4, 37]
    wanted = ask("model", {"experiment": experiment["experiment"], "steps": steps})
    for step, batch in zip(steps, wanted["batches"], strict=True):
        go_to(page, step)
        assert page.evaluate("fallLine.data.batch") == batch
        expect(page.get_by_role("region", name="Data")).to_contain_text(f"batch of {len(batch)} of 18")
    before = picture(page, "#data .moving")
    page.get_by_role("button", name="Step forward").click()
    until(page, "fallLine.step === 38 && fallLine.still")
    assert page.evaluate("fallLine.data.batch") != wanted["batches"][-1]
    assert picture(page, "#data .moving") != before


def test_the_shown_descent_is_chosen(visit: Visit) -> None:
    page = visit(scene_link(scene(LINE, BATCHES, {"learning_rate": 0.1})))
    go_to(page, 5)
    region = page.get_by_role("region", name="Data")
    region.get_by_role("combobox", name="Shown descent").select_option(index=1)
    expect(region).to_contain_text("all 18 examples")
    assert page.evaluate("fallLine.data.batch") is None
    expect(page.get_by_role("button", name="Contour of this batch")).to_be_hidden()


def test_the_contour_of_a_batch_is_lowest_where_its_line_fits_best(visit: Visit, ask) -> None:
    experiment = scene(LINE, BATCHES)
    page = visit(scene_link(experiment))
    answer = ask("model", {"experiment": experiment["experiment"], "steps": list(range(12))})
    x, y = (np.array(answer["train"][name]) for name in "xy")
    assert painted(page, "#map .batch") == 0
    page.get_by_role("button", name="Contour of this batch").click()
    window = page.evaluate("fallLine.window")
    pictures, moved = set(), set()
    for step, batch in enumerate(answer["batches"]):
        go_to(page, step)
        until(page, f"fallLine.contour?.step === {step}")
        best = np.polyfit(x[batch], y[batch], 1)
        lowest = page.evaluate("fallLine.contour.lowest")
        inside = all(low < at < high for at, (low, high) in zip(best, window.values(), strict=True))
        if inside:
            assert lowest == pytest.approx(best, abs=1e-6)
            moved.add(tuple(lowest))
        else:
            assert lowest is None
        pictures.add(picture(page, "#map .batch"))
    assert len(moved) > 2, "its minimum moves"
    assert len(pictures) > 2
    page.get_by_role("button", name="Contour of this batch").click()
    until(page, "fallLine.contour === null && fallLine.still")
    assert painted(page, "#map .batch") == 0


def test_the_contour_of_a_batch_moves_with_the_map(visit: Visit) -> None:
    page = visit(scene_link(scene(LINE, BATCHES)))
    go_to(page, 3)
    page.get_by_role("button", name="Contour of this batch").click()
    until(page, "fallLine.contour?.step === 3 && fallLine.still")
    before = picture(page, "#map .batch")
    page.get_by_role("button", name="Zoom in").click()
    until(page, "fallLine.still")
    assert picture(page, "#map .batch") != before


def test_the_ground_is_that_of_the_training_or_of_the_test_loss(visit: Visit, ask) -> None:
    page = visit(scene_link(scene(LINE)))
    ground = "JSON.stringify(Array.from(document.querySelector('#map .plot').data[0].z[9]))"
    training = page.evaluate(ground)
    asked: list[Any] = []
    page.on(
        "request", lambda request: request.url.endswith("base64") and asked.append(request.post_data_json)
    )
    page.get_by_role("button", name="Test loss").click()
    expect(page.get_by_role("button", name="Test loss")).to_have_attribute("aria-pressed", "true")
    until(page, f"fallLine.still && {ground} !== {json.dumps(training)}")
    assert [body["data"] for body in asked if "resolution" in body] == ["test"]
    page.get_by_role("button", name="Training loss").click()
    until(page, f"fallLine.still && {ground} === {json.dumps(training)}")
    page.get_by_role("button", name="Test loss").click()
    still(page)
    page.get_by_role("slider", name="test", exact=True).fill("0")
    expect(page.get_by_role("button", name="Test loss")).to_be_hidden()
    still(page)
    assert page.evaluate("fallLine.experiment.surface.test") == 0


def test_a_surface_that_shifts_has_a_test_loss_too(visit: Visit) -> None:
    page = visit(scene_link(scene({"kind": "flat_and_sharp"})))
    marks = "(({x, y}) => [x[0], y[0]])(document.querySelector('#map .plot').data[1])"
    before = page.evaluate(marks)
    page.get_by_role("button", name="Test loss").click()
    until(page, f"fallLine.still && String({marks}) !== {json.dumps(','.join(map(str, before)))}")
    page.get_by_role("combobox", name="Surface", exact=True).select_option(label="Sphere")
    expect(page.get_by_role("button", name="Test loss")).to_be_hidden()
    still(page)


def test_a_plane_through_the_paths_shows_all_of_them(visit: Visit) -> None:
    descents = [{"learning_rate": 0.5}, {"optimizer": {"kind": "adam"}, "learning_rate": 0.02}]
    page = visit(scene_link(scene({**NET, "plane": "pca"}, *descents)))
    window = page.evaluate("fallLine.window")
    for path in page.evaluate("fallLine.trajectories"):
        for axis in "xy":
            assert window[axis][0] < min(path[axis]) and max(path[axis]) < window[axis][1]
    page.get_by_role("combobox", name="plane", exact=True).select_option("random")
    until(page, f"fallLine.still && JSON.stringify(fallLine.window) !== {json.dumps(json.dumps(window))}")


def test_the_boundary_of_a_network_moves_and_its_accuracy_is_said(visit: Visit, ask) -> None:
    experiment = scene(NET, {"optimizer": {"kind": "adam"}, "learning_rate": 0.05})
    page = visit(scene_link(experiment))
    (trajectory,) = ask("run", experiment["experiment"])["trajectories"]
    pictures = set()
    for step in (0, 20, 60):
        go_to(page, step)
        region = page.get_by_role("region", name="Data")
        for name, words in (("accuracy", "accuracy"), ("test_accuracy", "held out")):
            share = 100 * trajectory[name][step]
            said = re.search(rf"{words} ([\d.]+) %", region.inner_text())
            assert said is not None
            assert float(said[1]) == pytest.approx(share, abs=0.1)
        wanted = ask("model", {"experiment": experiment["experiment"], "steps": [step]})["outputs"]
        assert page.evaluate("fallLine.data.predictions[0].outputs") == pytest.approx(
            np.ravel(wanted), abs=1e-6
        )
        pictures.add(picture(page, "#data .tones"))
    assert len(pictures) == 3
    assert page.evaluate("fallLine.data.task") == "boundary"


def test_the_examples_are_a_table_too(visit: Visit, ask) -> None:
    page = visit(scene_link(scene(LINE, BATCHES)))
    go_to(page, 5)
    page.get_by_role("button", name="Table of the examples").click()
    dialog = page.get_by_role("dialog", name="Examples")
    rows = [row.split("\t") for row in dialog.locator("tbody tr").all_inner_texts()]
    assert len(rows) == 24
    assert sum(row[-1] == "held out" for row in rows) == 6
    assert sum(row[-1] == "this batch" for row in rows) == 4
    w, b = page.evaluate("(([{x, y}]) => [x[5], y[5]])(fallLine.trajectories)")
    for _, x, _, predicted, _ in rows:
        at, said = (float(text.replace("−", "-")) for text in (x, predicted))
        assert said == pytest.approx(w * at + b, abs=2e-3)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_spread_of_batches_falls_as_the_root_of_their_size(visit: Visit, ask) -> None:
    experiment = scene(LINE, BATCHES)
    page = visit(scene_link(experiment))
    go_to(page, 10)
    page.get_by_role("button", name="Batches…").click()
    dialog = page.get_by_role("dialog", name="Gradients of mini-batches")
    figure = dialog.get_by_role("figure", name="Spread").get_by_role("img")
    expect(figure).to_have_attribute("aria-label", re.compile(" for 4$"))
    point = page.evaluate("(([{x, y}]) => [x[10], y[10]])(fallLine.trajectories)")
    dial = dialog.get_by_role("slider", name="Batch size B")
    for size in (2, 8, 18):
        dial.fill(str(np.log(size) / np.log(18)))
        expect(dialog).to_contain_text(f"{size} of 18")
        body = {"experiment": experiment["experiment"], "point": point, "size": size, "count": 200}
        wanted = ask("gradients", body)
        expect(dialog).to_contain_text(f"spread {wanted['spread']:.3g}")
        expect(dialog).to_contain_text(f"σ/√B = {wanted['expected']:.3g}")
        assert painted(page, ".clouds") > 300
    spreads = [float(text) for text in re.findall(r"([\d.]+) for", figure.get_attribute("aria-label"))]
    assert spreads == sorted(spreads, reverse=True)
    assert len(spreads) == 5
    expect(dialog).to_contain_text("10¹⁰")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("surface", [LINE, NET])
def test_everything_is_on_one_screen_and_on_a_phone_below_the_map(visit: Visit, surface: Any) -> None:
    page = visit(scene_link(scene(surface, BATCHES, {})))
    for width, height in [(1280, 720), (1600, 900)]:
        page.set_viewport_size({"width": width, "height": height})
        still(page)
        assert page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        ) == [width, height]
        boxes = [page.locator(name).bounding_box() for name in ("#map .stage", "#data .stage")]
        assert all(box["height"] > 150 and box["width"] > 250 for box in boxes)
        room = page.locator("#data .side").evaluate(
            "(e) => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]"
        )
        assert max(room) <= 1, f"at {width}"
    page.set_viewport_size({"width": 390, "height": 844})
    still(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tops = [page.locator(name).bounding_box()["y"] for name in ("#map", "#data", "#loss", "#descents")]
    assert tops == sorted(tops)


@pytest.mark.parametrize("width,height", [(1280, 720), (390, 844)])
def test_the_dialogs_fit_the_screen(visit: Visit, width: int, height: int) -> None:
    page = visit(scene_link(scene(LINE, BATCHES)), viewport={"width": width, "height": height})
    go_to(page, 10)
    for button, name in [
        ("Batches…", "Gradients of mini-batches"),
        ("Table of the examples", "Examples"),
        ("Your data…", "Your data"),
    ]:
        page.get_by_role("button", name=button).click()
        dialog = page.get_by_role("dialog", name=name)
        box = dialog.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
        assert dialog.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def test_every_surface_of_data_can_be_chosen(visit: Visit) -> None:
    page = visit()
    pause(page)
    schema = page.evaluate("fetch('api/schema').then((answer) => answer.json())")
    kinds = [
        (one["properties"]["kind"]["const"], one["title"])
        for one in schema["$defs"].values()
        if one.get("facts", {}).get("group") == "data"
    ]
    assert len(kinds) >= 5
    for kind, title in kinds:
        page.get_by_role("combobox", name="Surface", exact=True).select_option(label=title)
        until(page, f"fallLine.experiment.surface.kind === {json.dumps(kind)} && fallLine.still")
        assert page.get_by_role("alert").all_inner_texts() == [""] * page.get_by_role("alert").count()
