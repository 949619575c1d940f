"""Inside an optimizer: one update in arrows, pictures, equations and words."""

import base64
import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .conftest import LINKED, Visit, Watch, pause, play_slowly, still, until

pytestmark = pytest.mark.thorough

START = [-0.15, 1.05]


def descent(kind: str, rate: float, **parameters: Any) -> dict[str, Any]:
    return {"optimizer": {"kind": kind, **parameters}, "learning_rate": rate, "start": START}


def link(*descents: dict[str, Any], steps: int = 60, step: int = 7, **view: Any) -> str:
    scene = {
        "experiment": {"surface": {"kind": "himmelblau"}, "descents": list(descents), "steps": steps},
        "view": {"panel": "inside", "step": step, **view},
    }
    return "/#scene=" + base64.urlsafe_b64encode(json.dumps(scene).encode()).decode().rstrip("=")


MOMENTUM = descent("momentum", 0.005)
LOOK_AHEAD = descent("nesterov", 0.005)
ADAM = descent("adam", 0.1)


@pytest.fixture
def look(visit: Visit) -> Callable[..., Page]:
    """Open the panel on descents, at rest at a step."""

    def opened(*descents: dict[str, Any], step: int = 7, **options: Any) -> Page:
        view = options.pop("view", {})
        steps = options.pop("steps", 60)
        page = visit(link(*descents, steps=steps, **view), reduced_motion="reduce", **options)
        go_to(page, step)
        return page

    return opened


def go_to(page: Page, step: int) -> None:
    pause(page)
    page.get_by_role("slider", name="Step", exact=True).fill(str(step))
    until(page, f"fallLine.step === {step} && fallLine.still")


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Inside an optimizer")


def seen(page: Page) -> dict[str, Any]:
    still(page)
    return page.evaluate("fallLine.update")


def following(page: Page) -> None:
    """Go on to the next sub-step."""
    panel(page).get_by_role("button", name="Next sub-step").click()
    still(page)


def arrows(page: Page) -> dict[str, tuple[float, float]]:
    """The arrows on the map by their look, each from its tail to its tip in pixels."""
    return {
        one["look"]: (one["to"][0] - one["from"][0], one["to"][1] - one["from"][1])
        for one in seen(page)["arrows"]
    }


def test_it_opens_beside_the_map_and_closes_by_its_button_and_by_escape(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    opener = page.get_by_role("button", name="Inside", exact=True)
    expect(panel(page)).to_be_hidden()
    opener.click()
    expect(panel(page)).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(panel(page).get_by_role("button", name="Next sub-step")).to_be_focused()
    expect(page.get_by_role("region", name="Loss landscape")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("i")
    panel(page).get_by_role("button", name="Close").click()
    expect(panel(page)).to_be_hidden()
    expect(page.get_by_role("figure", name="Loss", exact=True)).to_be_visible()


def test_the_panel_and_its_descent_are_kept_in_the_link(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name="Inside", exact=True).click()
    panel(page).get_by_role("combobox", name="Descent looked into").select_option("Adam")
    until(page, f"({LINKED})?.view.panel === 'inside' && ({LINKED}).view.descent === 3")
    page.reload(wait_until="commit")
    still(page)
    expect(panel(page).get_by_role("combobox", name="Descent looked into")).to_have_value("3")
    assert seen(page)["descent"] == 3


@pytest.mark.parametrize("step", [0, 7, 59])
def test_it_shows_the_update_that_leaves_the_step(look: Callable[..., Page], step: int) -> None:
    page = look(MOMENTUM, step=step)
    update = seen(page)["update"]
    (path,) = page.evaluate("fallLine.trajectories")
    assert update["step"] == step
    assert update["w"] == [path["x"][step], path["y"][step]]
    assert update["next"] == [path["x"][step + 1], path["y"][step + 1]]
    equations = panel(page).get_by_role("group", name="Equations of the update")
    expect(equations).to_contain_text(f"= {update['next'][0]:.4g}".replace("-", "−"))


def test_at_the_end_the_last_update_is_shown(look: Callable[..., Page]) -> None:
    page = look(MOMENTUM, step=60)
    assert seen(page)["update"]["step"] == 59
    for _ in range(4):
        following(page)
    assert page.evaluate("fallLine.step") == 59
    expect(panel(page)).to_contain_text("makes no further update")


def test_the_step_is_drawn_from_head_to_head(look: Callable[..., Page]) -> None:
    page = look(ADAM, step=8)
    (there,) = page.evaluate("fallLine.heads")
    go_to(page, 7)
    (here,) = page.evaluate("fallLine.heads")
    scale = seen(page)["scales"]["step"]
    wanted = [(there[axis] - here[axis]) * scale for axis in ("px", "py")]
    assert arrows(page)["step"] == pytest.approx(wanted, abs=0.01 * scale)
    assert seen(page)["arrows"][0]["from"] == pytest.approx([here["px"], here["py"]], abs=0.01)


def test_gradient_and_velocity_point_downhill_and_make_up_the_step(look: Callable[..., Page]) -> None:
    page = look(descent("momentum", 0.005, momentum=0.5), step=3)
    drawn, scales = arrows(page), seen(page)["scales"]
    assert scales["gradient"] == 0.005
    # Times the rate, the velocity is the step.
    assert drawn["velocity"] == pytest.approx(drawn["step"], abs=1e-6)
    update = seen(page)["update"]
    (gx, gy), (vx, vy) = update["questions"][0]["gradient"], update["next_state"]["v"]
    assert drawn["gradient"][0] / drawn["velocity"][0] == pytest.approx(gx / vx)
    assert drawn["gradient"][1] / drawn["velocity"][1] == pytest.approx(gy / vy)


def test_a_gradient_asked_elsewhere_is_drawn_there(look: Callable[..., Page]) -> None:
    page = look(LOOK_AHEAD, step=3)
    ahead, update = arrows(page)["asked"], seen(page)["update"]
    (question,) = update["questions"]
    moved = [at - w for at, w in zip(question["at"], update["w"], strict=True)]
    assert ahead[0] / -ahead[1] == pytest.approx(moved[0] / moved[1], rel=0.02)
    gradient = next(one for one in seen(page)["arrows"] if one["look"] == "gradient")
    dot = next(one for one in seen(page)["arrows"] if one["look"] == "asked")
    assert gradient["from"] == dot["to"]
    expect(page.get_by_role("list", name="Arrows on the map")).to_contain_text("∇f asked there")
    go_to(page, 0)
    assert "asked" not in arrows(page)


def test_arrows_follow_the_map(look: Callable[..., Page]) -> None:
    page = look(ADAM)
    before = seen(page)["arrows"][0]["from"]
    page.get_by_role("button", name="Zoom in").click()
    until(page, f"fallLine.still && fallLine.update.arrows[0].from[0] !== {before[0]}")
    (head,) = page.evaluate("fallLine.heads")
    assert seen(page)["arrows"][0]["from"] == pytest.approx([head["px"], head["py"]], abs=0.01)


def test_one_update_is_told_part_by_part_and_then_the_next(look: Callable[..., Page]) -> None:
    page = look(ADAM)
    sentence = panel(page).locator(".sentence")
    expect(sentence).to_have_attribute("aria-live", "polite")
    told, drawn, current = [], [], []
    for _ in range(5):
        following(page)
        told.append(sentence.inner_text())
        drawn.append(set(arrows(page)))
        current.append(panel(page).locator("[aria-current=step]").text_content())
    update = seen(page)["update"]
    assert [words.split()[0] for words in told] == ["Ask", "Update", "Update", "Divide", "Step:"]
    assert f"{update['divisor'][1]:.3g}" in told[3]
    assert drawn == [
        {"gradient"}, {"gradient", "velocity"}, {"gradient", "velocity"}, {"gradient", "velocity"},
        {"gradient", "velocity", "step"},
    ]  # fmt: skip
    assert current[1][0] == "m"
    assert current[2][0] == "v"
    assert current[3][0] == current[4][0] == "w"
    expect(panel(page)).to_contain_text("5 of 5")
    following(page)
    until(page, "fallLine.step === 8 && fallLine.still && fallLine.update.step === 8")
    expect(panel(page)).to_contain_text("1 of 5")
    panel(page).get_by_role("button", name="Previous sub-step").click()
    until(page, "fallLine.step === 7 && fallLine.still && fallLine.update.step === 7")
    expect(panel(page)).to_contain_text("5 of 5")
    panel(page).get_by_role("button", name="Whole update").click()
    assert set(arrows(page)) == {"gradient", "velocity", "step"}
    expect(sentence).to_be_empty()


@pytest.mark.parametrize(
    ("kind", "rate", "sentences"),
    [
        ("gradient_descent", 0.002, ["Ask", "Step:"]),
        ("nesterov", 0.005, ["Ask", "Update", "Step:"]),
        ("sam", 0.002, ["Ask", "Ask", "Step:"]),
        ("line_search", 1, ["Ask", "Try", "Step:"]),
        ("newton", 1, ["Ask", "Step:"]),
        ("rmsprop", 0.02, ["Ask", "Update", "Update", "Divide", "Update", "Step:"]),
        ("schedule_free", 0.002, ["Ask", "Update", "Update", "Step:"]),
    ],
)
def test_every_kind_of_update_has_its_parts(
    look: Callable[..., Page], kind: str, rate: float, sentences: list[str]
) -> None:
    page = look(descent(kind, rate), step=2)
    told = []
    for _ in range(seen(page)["parts"]):
        following(page)
        told.append(panel(page).locator(".sentence").inner_text())
    assert [words.split()[0] for words in told] == sentences
    assert not any(re.search(r"undefined|NaN|null", words) for words in told)


def test_stepping_by_the_clock_shows_the_whole_update_again(look: Callable[..., Page]) -> None:
    page = look(ADAM)
    following(page)
    page.keyboard.press("ArrowRight")
    until(page, "fallLine.step === 8 && fallLine.still && fallLine.update.step === 8")
    assert seen(page)["part"] is None
    assert "step" in arrows(page)


def test_everything_works_by_keyboard(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    go_to(page, 5)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("i")
    still(page)
    page.keyboard.press("Enter")
    still(page)
    assert seen(page)["part"] == 0
    page.keyboard.press(".")
    still(page)
    assert seen(page)["part"] == 1
    page.keyboard.press(",")
    still(page)
    assert seen(page)["part"] == 0
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert {"Whole update", "Equations of the update", "Letter of the rate"} <= reached


def test_the_sides_of_the_squares_are_the_divisors(look: Callable[..., Page]) -> None:
    page = look(ADAM)
    figure = panel(page).get_by_role("figure", name="side = divisor")
    sides = [
        (float(one.get_attribute("width")), float(one.get_attribute("height")))
        for one in figure.locator(".accumulator").all()
    ]
    (x, x_high), (y, y_high) = sides
    dx, dy = seen(page)["update"]["divisor"]
    assert (x, y) == (x_high, y_high)
    assert x / y == pytest.approx(dx / dy)
    expect(figure).to_contain_text(f"{dx:.3g} area {dx * dx:.3g}")
    assert f"side {dy:.3g}" in figure.get_by_role("img").get_attribute("aria-label")


def test_a_velocity_is_the_chain_of_its_gradients(look: Callable[..., Page]) -> None:
    page = look(MOMENTUM)
    figure = panel(page).locator("figure.chain")
    expect(figure.locator("path.share:not(.tip)")).to_have_count(8)
    update = seen(page)["update"]
    for i, axis in enumerate(figure.locator(".shares svg").all()):
        lefts = [float(one.get_attribute("height")) for one in axis.locator(".left").all()]
        wholes = [float(one.get_attribute("height")) for one in axis.locator(".was").all()]
        told = list(reversed(update["history"]))
        assert [left / whole for left, whole in zip(lefts, wholes, strict=True)] == pytest.approx(
            [one["weight"] for one in told]
        )
        unit = wholes[0] / abs(told[0]["gradient"][i])
        assert wholes == pytest.approx([unit * abs(one["gradient"][i]) for one in told])
    # The last joint of the chain is the velocity's tip.
    last = figure.locator("path.share.newest:not(.tip)").get_attribute("d").split("L")[1]
    assert figure.locator("path.total:not(.tip)").get_attribute("d").split("L")[1] == last


def test_an_optimizer_without_memory_has_no_pictures(look: Callable[..., Page]) -> None:
    page = look(descent("gradient_descent", 0.002))
    expect(panel(page).get_by_role("figure")).to_have_count(0)
    expect(panel(page)).to_contain_text("Nothing is remembered")


def test_everything_typeset_is_in_the_chosen_letters(visit: Visit) -> None:
    both = [descent("adamw", 0.1), descent("signum", 0.05)]
    page = visit(link(*both), reduced_motion="reduce")
    for i in (0, 1):
        page.get_by_role("button", name="Details").nth(i).click()
    chosen = {"rate": "λ", "iterate": "θ", "momentum": "β"}
    for role, letter in chosen.items():
        panel(page).get_by_role("combobox", name=f"Letter of the {role}").select_option(letter)
    still(page)
    equations = panel(page).get_by_role("group", name="Equations of the update")
    decayed = page.get_by_role("group", name="Update of AdamW")
    for shown in (equations, decayed):
        letters = shown.evaluate("(e) => [...e.querySelectorAll('mi')].map((one) => one.textContent)")
        # The other betas keep their letter, and weight decay gives up its own to the rate.
        assert {"λ", "θ", "β₁", "β₂", "ζ"} <= set(letters)
        assert not {"α", "w", "β"} & set(letters)
    signs = page.get_by_role("group", name="Update of Signum")
    expect(signs).to_contain_text("β")
    expect(signs).not_to_contain_text("μ")
    expect(page.get_by_text("weight decay ζ")).to_have_count(1)
    expect(page.get_by_text("momentum β", exact=True)).to_have_count(1)
    expect(page.locator(".descent .rate label").first).to_have_text("λ")
    following(page)
    expect(panel(page).locator(".sentence")).to_contain_text("gradient at θ")
    until(page, f"({LINKED})?.view.notation.momentum === 'β'")
    assert page.evaluate(f"({LINKED}).view.notation") == chosen
    page.reload(wait_until="commit")
    still(page)
    expect(page.locator(".descent .rate label").first).to_have_text("λ")


def test_letters_of_a_link_that_nobody_offers_are_left_aside(visit: Visit) -> None:
    page = visit(link(ADAM, notation={"rate": "<b>", "iterate": 3}), reduced_motion="reduce")
    expect(page.locator(".descent .rate label")).to_have_text("α")
    expect(panel(page).get_by_role("combobox", name="Letter of the iterate")).to_have_value("w")


def test_the_parameters_of_a_model_keep_their_letters(visit: Visit) -> None:
    page = visit(link(ADAM, notation={"iterate": "θ"}), reduced_motion="reduce")
    page.get_by_role("combobox", name="Surface").select_option("linear_regression")
    still(page)
    expect(page.get_by_role("group", name="Formula of the loss and its gradient")).to_contain_text("w")
    expect(panel(page)).to_contain_text("θ")


def count_updates(page: Page) -> None:
    """Note from now on when updates are asked for, and how many at the same time."""
    page.evaluate(
        """() => {
            const {fetch} = window;
            const noted = window.noted = {starts: [], pending: 0, most: 0};
            window.fetch = async (...call) => {
                if (!String(call[0]).endsWith('api/update')) return fetch(...call);
                noted.starts.push(performance.now());
                noted.most = Math.max(noted.most, ++noted.pending);
                try {
                    return await fetch(...call);
                } finally {
                    noted.pending -= 1;
                }
            };
        }"""
    )


def asked(page: Page) -> list[float]:
    """When updates were asked for, in milliseconds; never two at the same time."""
    noted = page.evaluate("noted")
    assert noted["most"] <= 1
    return noted["starts"]


def test_it_asks_only_while_it_is_open_and_one_at_a_time(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    count_updates(page)
    go_to(page, 5)
    assert asked(page) == []
    page.get_by_role("button", name="Inside", exact=True).click()
    for step in range(10, 20):
        page.get_by_role("slider", name="Step", exact=True).fill(str(step))
    assert seen(page)["update"]["step"] == 19
    page.keyboard.press("Escape")
    before = asked(page)
    assert before
    go_to(page, 3)
    assert asked(page) == before


def test_while_it_plays_it_asks_five_times_a_second_at_most(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name="Inside", exact=True).click()
    still(page)
    count_updates(page)
    page.get_by_role("button", name="Restart").click()
    until(page, "fallLine.step > 100")
    during = asked(page)
    pause(page)
    assert seen(page)["update"]["step"] == page.evaluate("fallLine.step")
    assert len(during) > 5
    assert min(after - start for start, after in pairwise(during[1:])) > 150


def test_what_goes_wrong_is_said(look: Callable[..., Page], watch: Watch) -> None:
    page = look(ADAM)
    watch.expected = ("Failed to load",)

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/api/update", refuse)
    go_to(page, 8)
    expect(panel(page)).to_contain_text("cannot be reached")
    assert page.evaluate("fallLine.update") is None
    page.unroute("**/api/update", refuse)
    go_to(page, 9)
    assert seen(page)["update"]["step"] == 9


def test_a_dragged_start_takes_the_panel_with_it(look: Callable[..., Page]) -> None:
    page = look(ADAM, step=0)
    handle = page.locator(".start").first
    handle.focus()
    page.keyboard.press("ArrowRight")
    until(page, f"fallLine.still && fallLine.trajectories[0].x[0] > {START[0]}")
    (path,) = page.evaluate("fallLine.trajectories")
    update = seen(page)["update"]
    assert update["w"] == [path["x"][update["step"]], path["y"][update["step"]]]


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1600, 900)])
def test_it_fits_on_one_screen(look: Callable[..., Page], width: int, height: int, scheme: str) -> None:
    page = look(ADAM, viewport={"width": width, "height": height}, color_scheme=scheme)
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(size) == [width, height]
    for _ in range(5):
        following(page)
        assert page.evaluate(size) == [width, height]
        expect(panel(page).locator("[aria-current=step]")).to_be_in_viewport()


def test_on_a_phone_it_is_a_sheet_below_the_map(look: Callable[..., Page]) -> None:
    page = look(ADAM, viewport={"width": 390, "height": 844}, color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box = panel(page).bounding_box()
    (head,) = page.evaluate("fallLine.heads")
    stage = page.locator(".map .stage").bounding_box()
    assert stage["y"] + head["py"] < box["y"]
    following(page)
    expect(panel(page).locator(".sentence")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Play")).to_be_in_viewport()


def test_it_plays_along(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name="Inside", exact=True).click()
    play_slowly(page)
    until(page, "fallLine.step > 1 && fallLine.update?.step === fallLine.step")
    pause(page)
    assert seen(page)["part"] is None
