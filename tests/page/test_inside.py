"""Inside an optimizer: one update in arrows, pictures, equations and words."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import go_to, until
from .inside import ADAM, LOOK_AHEAD, MOMENTUM, START, arrows, descent, following, look, panel, seen

__all__ = ["look"]
pytestmark = pytest.mark.thorough


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
        ("rmsprop", 0.02, ["Ask", "Update", "Divide", "Step:"]),
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


def test_a_dragged_start_takes_the_panel_with_it(look: Callable[..., Page]) -> None:
    page = look(ADAM, step=0)
    handle = page.locator(".start").first
    handle.focus()
    page.keyboard.press("ArrowRight")
    until(page, f"fallLine.still && fallLine.trajectories[0].x[0] > {START[0]}")
    (path,) = page.evaluate("fallLine.trajectories")
    update = seen(page)["update"]
    assert update["w"] == [path["x"][update["step"]], path["y"][update["step"]]]
