"""What data add to the charts, the timeline, the cards and the map: batches, epochs, averages, slices."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import LINKED, Visit, pause, scene_link, still, until

BATCHES = {"kind": "mini_batch", "size": 4, "order": "cyclic"}
NETWORK = {"kind": "network", "examples": 60, "test": 0.25}
REGRESSION = {"kind": "linear_regression"}


def open_scene(visit: Visit, surface: Any, *descents: Any, steps: int = 30) -> Page:
    experiment = {"surface": surface, "descents": list(descents), "steps": steps}
    return visit(scene_link({"experiment": experiment}), reduced_motion="reduce")


def card(page: Page, index: int) -> Locator:
    return page.get_by_role("list", name="Descents").locator(":scope > li").nth(index)


def details(page: Page, index: int) -> Locator:
    card(page, index).get_by_role("button", name="Details").click()
    return card(page, index)


def trace(page: Page, chart: str, name: str) -> Any:
    """The x and y of a curve by its name; None if there is none."""
    still(page)
    return page.evaluate(
        """([chart, name]) => {
            const found = document.querySelector(`#${chart} .plot`).data.find((one) => one.name === name);
            return found ? [found.x, found.y] : null;
        }""",
        [chart, name],
    )


def over(page: Page, unit: str) -> None:
    page.get_by_role("combobox", name="Horizontal axis").select_option(label=unit)
    still(page)


def cursors(page: Page, chart: str) -> list[float]:
    """Where the chart's cursors stand, in units of its axis, read from its pixels."""
    return page.evaluate(
        """(chart) => {
            const canvas = document.querySelector(`#${chart} .heads`);
            const {xaxis, yaxis} = document.querySelector(`#${chart} .plot`)._fullLayout;
            const ratio = canvas.width / canvas.clientWidth;
            const [top, height] = [yaxis._offset, yaxis._length].map((length) => Math.round(length * ratio));
            const {data, width} = canvas.getContext('2d').getImageData(0, top, canvas.width, height);
            const full = (column) => {
                const rows = Array.from({length: height - 2}, (_, row) => row + 1);
                return rows.every((row) => data[4 * (row * width + column) + 3]);
            };
            const columns = Array.from({length: width}, (_, column) => column).filter(full);
            return columns.map((column) => xaxis.p2d((column + 0.5) / ratio - xaxis._offset));
        }""",
        chart,
    )


def test_the_loss_chart_shows_batch_test_and_average_as_the_api_does(visit: Visit, ask: Any) -> None:
    average = {"kind": "swa", "start": 10, "every": 5}
    page = open_scene(visit, NETWORK, {"gradient": BATCHES, "average": average, "label": "SGD"})
    [answer] = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    steps = list(range(31))
    assert trace(page, "loss", "SGD") == [steps, answer["loss"]]
    assert trace(page, "loss", "SGD, mini-batch") == [steps, answer["batch_loss"]]
    assert trace(page, "loss", "SGD, test") == [steps, answer["test_loss"]]
    assert trace(page, "loss", "SGD, average") == [[10, 15, 20, 25, 30], answer["average"]["loss"]]
    expect(page.locator("#loss .legend")).to_have_text("mini-batchtestaverage")
    assert trace(page, "rate", "SGD, test") is None


def test_without_data_there_is_nothing_beside_the_loss(visit: Visit) -> None:
    page = open_scene(visit, {"kind": "himmelblau"}, {})
    assert page.evaluate("document.querySelector('#loss .plot').data.length") == 1
    expect(page.locator("#loss .legend")).to_be_hidden()
    expect(page.locator("#epoch")).to_be_hidden()
    expect(page.locator("#slice")).to_be_hidden()
    expect(page.get_by_role("combobox", name="Vertical axis")).to_be_hidden()
    epochs = page.get_by_role("combobox", name="Horizontal axis").locator("option", has_text="epochs")
    expect(epochs).to_be_disabled()


def test_a_test_loss_without_examples_is_shown_too(visit: Visit, ask: Any) -> None:
    page = open_scene(visit, {"kind": "flat_and_sharp"}, {"label": "GD"})
    [answer] = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    floor = answer["loss"][0] - trace(page, "loss", "GD")[1][0]
    assert trace(page, "loss", "GD, test")[1] == pytest.approx([loss - floor for loss in answer["test_loss"]])


def test_all_charts_count_steps_epochs_or_evaluations(visit: Visit, ask: Any) -> None:
    page = open_scene(
        visit,
        REGRESSION,
        {"label": "all"},
        {"label": "batches", "gradient": BATCHES},
        {"label": "twice", "gradient": BATCHES, "optimizer": {"kind": "sam"}},
    )
    answers = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    assert [one["steps_per_epoch"] for one in answers] == [1, 6, 6]
    page.get_by_role("slider", name="Step").fill("12")
    wanted = {
        "steps": (lambda one: list(range(31)), [12]),
        "epochs": (lambda one: [step / one["steps_per_epoch"] for step in range(31)], [2, 12]),
        "gradient evaluations": (
            lambda one: [count / one["steps_per_epoch"] for count in one["evaluations"]],
            sorted({one["evaluations"][12] / one["steps_per_epoch"] for one in answers}),
        ),
    }
    for unit, (column, places) in wanted.items():
        over(page, unit)
        for chart in ("loss", "rate"):
            for one in answers:
                assert trace(page, chart, one["label"])[0] == pytest.approx(column(one)), (unit, chart)
            assert cursors(page, chart) == pytest.approx(places, abs=0.15), (unit, chart)
    expect(page.locator("#rate figcaption")).to_contain_text("over gradient evaluations")


def test_a_click_goes_to_the_step_of_the_nearest_curve(visit: Visit) -> None:
    page = open_scene(visit, REGRESSION, {"label": "all"}, {"label": "batches", "gradient": BATCHES})
    over(page, "epochs")
    for label, step in (("all", 24), ("batches", 18)):
        x, y = (column[step] for column in trace(page, "loss", label))
        pixel = page.evaluate(
            """([x, y]) => {
                const plot = document.querySelector('#loss .plot');
                const {left, top} = plot.getBoundingClientRect();
                const {xaxis, yaxis} = plot._fullLayout;
                return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
            }""",
            [x, y],
        )
        page.mouse.click(*pixel)
        assert page.evaluate("fallLine.step") == step


def test_the_axis_falls_back_to_steps_where_there_are_no_epochs(visit: Visit) -> None:
    page = open_scene(visit, REGRESSION, {"label": "GD", "gradient": BATCHES})
    over(page, "epochs")
    assert trace(page, "loss", "GD")[0][-1] == 5
    page.get_by_role("combobox", name="Surface").select_option(label="Booth")
    assert trace(page, "loss", "GD")[0][-1] == 30
    axis = page.get_by_role("combobox", name="Horizontal axis").locator("option:checked")
    expect(axis).to_have_text("steps")
    page.get_by_role("combobox", name="Surface").select_option(label="Linear regression")
    assert trace(page, "loss", "GD")[0][-1] == 30, "it has no batches any more"
    expect(axis).to_have_text("epochs")


def test_what_the_charts_count_is_kept_in_the_link(visit: Visit) -> None:
    page = open_scene(visit, REGRESSION, {"label": "GD", "gradient": BATCHES})
    over(page, "epochs")
    until(page, f"({LINKED})?.view?.axis === 'epochs'")
    page.reload(wait_until="commit")
    assert trace(page, "loss", "GD")[0][-1] == 5
    axis = page.get_by_role("combobox", name="Horizontal axis")
    expect(axis.locator("option:checked")).to_have_text("epochs")
    over(page, "gradient evaluations")
    until(page, f"({LINKED}).view.axis === 'evaluations'")
    scene = page.evaluate(LINKED)
    del scene["view"]["axis"]
    page.evaluate("(hash) => (location.hash = hash)", scene_link(scene).removeprefix("/"))
    expect(axis.locator("option:checked")).to_have_text("steps")
    still(page)
    assert trace(page, "rate", "GD")[0][-1] == 30


def test_the_epoch_is_told_beside_the_step_and_its_updates_at_the_descent(visit: Visit) -> None:
    descents = [{"gradient": {**BATCHES, "size": size}} for size in (24, 4, 1)]
    page = open_scene(visit, REGRESSION, *descents)
    for index, updates in enumerate(["1 update", "6 updates", "24 updates"]):
        expect(card(page, index).locator(".pace")).to_have_text(f"{updates} per epoch")
    page.get_by_role("slider", name="Step").fill("21")
    expect(page.locator("#epoch")).to_have_text("epochs 0.9 to 21")
    for index in (2, 0):
        card(page, index).get_by_role("button", name="Remove").click()
        still(page)
    expect(page.locator("#epoch")).to_have_text("epoch 3.5")
    page.get_by_role("button", name="Step forward").click()
    expect(page.get_by_role("slider", name="Step")).to_have_attribute("aria-valuetext", "step 22, epoch 3.7")


def test_batches_are_offered_only_where_there_are_examples(visit: Visit) -> None:
    page = open_scene(visit, {"kind": "sphere"}, {})
    gradient = details(page, 0).get_by_role("combobox", name="Gradient")
    expect(gradient.locator("option", has_text="batch")).to_have_count(0)
    page.get_by_role("combobox", name="Surface").select_option(label="Linear regression")
    gradient = card(page, 0).get_by_role("combobox", name="Gradient")
    gradient.select_option(label="Mini batch")
    card(page, 0).get_by_role("combobox", name="order").select_option("cyclic")
    card(page, 0).get_by_role("spinbutton", name="size B").fill("5")
    still(page)
    assert page.evaluate("fallLine.experiment.descents[0].gradient") == {**BATCHES, "size": 5}
    expect(card(page, 0).locator(".pace")).to_have_text("5 updates per epoch")
    page.get_by_role("combobox", name="Surface").select_option(label="Sphere")
    still(page)
    assert page.evaluate("fallLine.experiment.descents[0].gradient ?? null") is None
    expect(card(page, 0).locator(".verdict")).to_be_empty()
    expect(card(page, 0).locator(".pace")).to_be_hidden()


def test_an_average_is_chosen_by_keyboard_and_drawn_as_a_second_path(visit: Visit, ask: Any) -> None:
    page = open_scene(visit, {"kind": "himmelblau"}, {"label": "GD", "learning_rate": 0.002})
    box = details(page, 0).get_by_role("combobox", name="Average")
    expect(box.locator("option:checked")).to_have_text("None")
    box.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(box).to_be_focused()
    expect(box.locator("option:checked")).to_have_text("Exponential moving average")
    decay = card(page, 0).get_by_role("spinbutton", name="decay d")
    decay.fill("0.95")
    until(page, "fallLine.still && fallLine.experiment.descents[0].average.decay === 0.95")
    [answer] = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    assert page.evaluate("fallLine.trajectories[0].average") == answer["average"]
    page.get_by_role("slider", name="Step").fill("20")
    still(page)
    heads = page.evaluate("fallLine.heads")
    assert [head["text"] for head in heads] == ["GD", "GD average"]
    assert [heads[1]["x"], heads[1]["y"]] == [answer["average"]["x"][20], answer["average"]["y"][20]]
    path, hollow = (pixel(page, head) for head in heads)
    assert hollow == colour(page, "--card")
    assert path == colour(page, "--path-0")
    final = page.get_by_role("table", name="Results").get_by_role("row", name="GD average")
    expect(final).to_contain_text("of 31")
    pause(page)
    page.keyboard.press("Escape")
    box.select_option(label="None")
    until(page, "fallLine.still && fallLine.heads.length === 1")
    assert page.evaluate("'average' in fallLine.experiment.descents[0]") is False


def pixel(page: Page, head: Any) -> list[int]:
    """The colour in the middle of a head on the map."""
    return page.evaluate(
        """({px, py}) => {
            const canvas = document.querySelector('#map .heads');
            const ratio = canvas.width / canvas.clientWidth;
            return [...canvas.getContext('2d').getImageData(px * ratio, py * ratio, 1, 1).data];
        }""",
        head,
    )


def colour(page: Page, name: str) -> list[int]:
    """A colour of the theme as a canvas shows it."""
    return page.evaluate(
        """(name) => {
            const probe = document.createElement('i');
            probe.style.color = `var(${name})`;
            document.body.append(probe);
            const context = document.createElement('canvas').getContext('2d');
            context.fillStyle = getComputedStyle(probe).color;
            probe.remove();
            context.fillRect(0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data];
        }""",
        name,
    )


def test_an_average_appears_with_its_first_entry(visit: Visit) -> None:
    average = {"kind": "swa", "start": 12, "every": 6}
    page = open_scene(visit, {"kind": "sphere"}, {"label": "GD", "average": average})
    assert page.evaluate("fallLine.trajectories[0].average.step") == [12, 18, 24, 30]
    seen = {}
    for step in (11, 12, 17, 18):
        page.get_by_role("slider", name="Step").fill(str(step))
        still(page)
        seen[step] = page.evaluate("fallLine.heads[1]?.x ?? null")
    assert seen[11] is None
    assert seen[12] == seen[17] != seen[18]


def test_accuracy_takes_the_place_of_the_loss(visit: Visit, ask: Any) -> None:
    page = open_scene(visit, {"kind": "logistic_regression", "test": 0.25}, {"label": "GD"})
    [answer] = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    page.get_by_role("combobox", name="Vertical axis").select_option(label="Accuracy")
    expect(page.get_by_role("figure", name="Accuracy", exact=True)).to_be_visible()
    assert trace(page, "loss", "GD")[1] == answer["accuracy"]
    assert trace(page, "loss", "GD, test")[1] == answer["test_accuracy"]
    page.get_by_role("combobox", name="Surface").select_option(label="Sphere")
    expect(page.get_by_role("figure", name="Loss", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Vertical axis")).to_be_hidden()


@pytest.mark.parametrize("plane", ["random", "pca"])
def test_a_slice_says_how_little_it_is(visit: Visit, ask: Any, plane: str) -> None:
    page = open_scene(visit, {**NETWORK, "plane": plane}, {})
    note = page.locator("#slice")
    expect(note).to_contain_text("A slice through 33 weights")
    expect(note).to_contain_text("A slice can mislead.")
    words = "random filter-normalised directions" if plane == "random" else " % of the path’s variance"
    expect(note).to_contain_text(words)
    page.get_by_role("combobox", name="Surface").select_option(label="Sphere")
    expect(note).to_be_hidden()


# A stream that goes as far as the first lines that `until` accepts, and then hangs.
HANGING = """([path, extra]) => {
    const ask = window.fetch.bind(window);
    window.fetch = async (url, options) => {
        if (!String(url).includes(path)) return ask(url, options);
        const text = extra ? `${JSON.stringify(extra)}\\n` : await (await ask(url, options)).text();
        const lines = text.split('\\n').slice(0, 3).join('\\n');
        return new Response(new ReadableStream({start(controller) {
            controller.enqueue(new TextEncoder().encode(`${lines}\\n`));
            options.signal.addEventListener('abort', () => controller.error(options.signal.reason));
        }}));
    };
    window.unhang = () => { window.fetch = ask; };
}"""


@pytest.mark.parametrize("path", ["run/stream", "landscape/stream"])
def test_what_takes_long_is_shown_and_can_be_cancelled(visit: Visit, path: str) -> None:
    page = open_scene(visit, NETWORK, {})
    key = page.evaluate("fallLine.key")
    line = {"type": "progress", "done": 3, "total": 12, "doing": "counting slowly"}
    page.evaluate(HANGING, [path, line])
    page.get_by_role("spinbutton", name="examples N").fill("50")
    bar = page.get_by_role("progressbar", name="Counting slowly…")
    expect(bar).to_have_js_property("value", 0.25)
    expect(page.get_by_role("status")).to_have_text("Counting slowly…")
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    expect(bar).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("Cancelled.")
    until(page, "fallLine.settled")
    assert (page.evaluate("fallLine.key") == key) == (path == "run/stream")
    page.evaluate("unhang()")
    page.get_by_role("spinbutton", name="examples N").fill("40")
    until(page, f"fallLine.still && fallLine.key !== {json.dumps(key)}")


def test_a_descent_that_is_cancelled_on_its_way_says_where(visit: Visit) -> None:
    page = open_scene(visit, {"kind": "sphere"}, {"label": "GD"}, steps=300)
    page.evaluate(HANGING, ["run/stream", None])
    page.get_by_role("slider", name="Step").fill("10")
    page.get_by_role("slider", name="Learning rate").fill("-3")
    page.get_by_role("button", name="Cancel").click()
    until(page, "fallLine.still")
    [one] = page.evaluate("fallLine.trajectories")
    assert one["status"] == "cancelled"
    assert one["steps"] == len(one["x"]) - 1 == 23
    expect(page.get_by_role("list", name="Ended early")).to_contain_text("GD was cancelled after step 23.")
