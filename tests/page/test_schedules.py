"""Every schedule and optimizer can be chosen, changed and seen; so can the reasons for an early end."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Visit, Watch, saved, scene_link, still, until

REFUSED = "status of 422"
START = [-0.15, 1.05]
DONE = "fallLine.settled && fallLine.complete"


def link(*descents: Any, surface: str = "himmelblau", **more: Any) -> str:
    """The address of an experiment."""
    experiment = {"surface": {"kind": surface}, "descents": list(descents), **more}
    scene = {"experiment": experiment, "view": {"speed": 1000}}
    return scene_link(scene)


def descent(rate: Any, optimizer: str = "gradient_descent", **more: Any) -> dict[str, Any]:
    return {"optimizer": {"kind": optimizer}, "learning_rate": rate, "start": START, **more}


def card(page: Page, index: int = 0) -> Locator:
    return page.get_by_role("list", name="Descents").locator(":scope > li").nth(index)


def answered(page: Page, condition: str) -> None:
    """Wait until the document says something and the trajectories are those of this document."""
    until(page, f"(({{learning_rate: rate}}) => {condition})(fallLine.experiment.descents[0]) && {DONE}")


def clear(box: Locator) -> None:
    """Empty a box as a user does: what he leaves out takes its default."""
    box.press("ControlOrMeta+a")
    box.press("Delete")
    box.press("Tab")


def rates(page: Page) -> list[float]:
    """What the chart of the learning rates draws for the first descent."""
    still(page)
    return page.evaluate("document.querySelector('#rate .plot').data[0].y")


def test_every_schedule_can_be_chosen_and_draws_its_rates(visit: Visit, ask: Any) -> None:
    page = visit(link(descent(0.02, "adam"), steps=40))
    card(page).get_by_role("button", name="Details").click()
    box = card(page).get_by_role("combobox", name="Schedule")
    kinds = box.locator("option").evaluate_all("options => options.map(({value}) => value)")
    assert len(kinds) > 15
    for kind in [*kinds[1:], kinds[0]]:
        box.select_option(kind)
        answered(page, f"(rate.kind ?? {json.dumps(kinds[0])}) === {json.dumps(kind)}")
        expect(card(page).locator(".verdict")).to_be_empty()
        answer = ask("run", page.evaluate("fallLine.experiment"))["trajectories"][0]
        assert page.evaluate("fallLine.trajectories[0].x") == answer["x"], kind
        wanted = answer["learning_rate"]
        drawn = rates(page)
        # What falls to 0 is drawn at the foot of the axis.
        least = min(drawn)
        assert drawn == pytest.approx([max(rate, least) for rate in wanted], rel=1e-9), kind
        assert least <= 0.1 * max(wanted) or min(wanted) == pytest.approx(least), kind
    assert page.evaluate("fallLine.experiment.descents[0].learning_rate") == 0.02, (
        "the rate survives them all"
    )


def test_every_optimizer_can_be_chosen_and_shows_its_update(visit: Visit) -> None:
    page = visit(link(descent({"kind": "warmup", "then": 0.002}), steps=20))
    card(page).get_by_role("button", name="Details").click()
    box = card(page).get_by_role("combobox", name="Optimizer")
    kinds = box.locator("option").evaluate_all("options => options.map(({value}) => value)")
    assert len(kinds) > 20
    seen = 0
    for kind in kinds[::-1]:
        box.select_option(kind)
        until(page, f"fallLine.experiment.descents[0].optimizer.kind === {json.dumps(kind)} && {DONE}")
        rate = page.evaluate("fallLine.experiment.descents[0].learning_rate")
        assert set(rate) == {"kind", "then"}, f"{kind}: a schedule without a rate of its own gets none"
        expect(card(page).locator(".verdict")).not_to_contain_text("extra")
        text = card(page).locator(".more").inner_text()
        assert "$$" not in text
        assert "``" not in text
        seen += card(page).locator(".update mtd").count() > 0
    assert seen > 20


def test_an_update_is_aligned_at_its_equals_signs(visit: Visit) -> None:
    page = visit(link(descent(0.1, "adam"), steps=10))
    card(page).get_by_role("button", name="Details").click()
    cells = card(page).locator(".update mtr:last-child mtd")
    styles = cells.evaluate_all("cells => cells.map((cell) => getComputedStyle(cell).textAlign)")
    assert [styles[0], styles[-1]] == ["right", "left"]
    expect(card(page)).to_contain_text("The first step has length close to α")


def test_schedules_in_schedules_are_edited_and_survive_the_link(visit: Visit) -> None:
    page = visit(link(descent(0.005, "momentum"), steps=200))
    mine = card(page)
    mine.get_by_role("button", name="Details").click()
    mine.get_by_role("combobox", name="Schedule").select_option(label="Piecewise")
    answered(
        page, "rate.parts?.length === 2 && rate.parts[0].learning_rate === 0.005 && rate.parts[1].from === 50"
    )
    second = mine.get_by_role("group", name="Part 2")
    second.get_by_role("combobox", name="α: kind").select_option(label="Warm-up")
    answered(page, "rate.parts[1].learning_rate.then === 0.0005")
    second.get_by_role("combobox", name="then: kind").select_option(label="Step")
    second.get_by_role("spinbutton", name="every n").fill("30")
    answered(page, "rate.parts[1].learning_rate.then.every === 30")
    mine.get_by_role("slider", name="Learning rate").fill("-2")
    answered(page, "rate.parts[0].learning_rate === 0.01")
    mine.get_by_role("button", name="Add part").click()
    answered(page, "rate.parts.length === 3 && rate.parts[2].from === 100")
    mine.get_by_role("button", name="Take out part 3").click()
    answered(page, "rate.parts.length === 2")
    saved(page)
    before = page.evaluate("[fallLine.experiment, fallLine.key]")
    page.reload(wait_until="commit")
    still(page)
    assert page.evaluate("[fallLine.experiment, fallLine.key]") == before
    card(page).get_by_role("button", name="Details").click()
    second = card(page).get_by_role("group", name="Part 2")
    expect(second.get_by_role("combobox", name="then: kind").locator("option:checked")).to_have_text("Step")
    expect(second.get_by_role("spinbutton", name="every n")).to_have_value("30")


def test_what_is_deeper_than_the_form_stays_as_it_is(visit: Visit) -> None:
    rate: Any = 0.01
    for _ in range(6):
        rate = {"kind": "warmup", "steps": 3, "then": rate}
    page = visit(link(descent(rate), steps=60))
    card(page).get_by_role("button", name="Details").click()
    card(page).get_by_role("spinbutton", name="steps up").first.fill("4")
    answered(page, "rate.steps === 4")
    rate["steps"] = 4
    assert page.evaluate("fallLine.experiment.descents[0].learning_rate") == rate
    expect(card(page).get_by_role("combobox", name="then: kind").last).to_be_disabled()


def test_a_rate_that_a_formula_decides_cannot_be_turned(visit: Visit) -> None:
    page = visit(link(descent({"kind": "formula", "formula": "0.002"}), steps=20))
    slider = card(page).get_by_role("slider", name="Learning rate")
    expect(slider).to_be_disabled()
    expect(slider).to_have_attribute("title", re.compile("no rate of its own"))
    page.get_by_role("combobox", name="Surface").select_option(label="Rosenbrock")
    until(page, f"fallLine.experiment.surface.kind === 'rosenbrock' && {DONE}")
    rate = page.evaluate("fallLine.experiment.descents[0].learning_rate")
    assert rate == {"kind": "formula", "formula": "0.002"}
    expect(card(page).locator(".verdict")).not_to_contain_text("extra")


def test_a_wrong_list_and_a_wrong_formula_are_refused_at_their_fields(visit: Visit, watch: Watch) -> None:
    watch.expected = (REFUSED,)
    page = visit(link(descent({"kind": "multi_step", "learning_rate": 0.002}), steps=50))
    mine = card(page)
    mine.get_by_role("button", name="Details").click()
    key = page.evaluate("fallLine.key")
    box = mine.get_by_role("textbox", name="milestones")
    alert = mine.get_by_role("alert").filter(has_text="e")
    box.fill("10, soon")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(alert).to_contain_text("“soon”")
    assert page.evaluate("fallLine.experiment.descents[0].learning_rate.milestones ?? null") is None
    box.fill("30, 10")
    expect(alert).to_contain_text("ascending")
    expect(mine.locator(".verdict")).to_be_empty()
    assert page.evaluate("fallLine.key") == key, "the last picture stays"
    box.fill("10, 30")
    answered(page, "String(rate.milestones) === '10,30'")
    expect(box).to_have_attribute("aria-invalid", "false")
    expect(alert).to_have_count(0)

    mine.get_by_role("combobox", name="Schedule").select_option(label="Formula")
    box = mine.get_by_role("textbox", name="formula α(t)")
    box.fill("0.01/(1 + 2t)")
    expect(alert).to_contain_text("Column 12")
    expect(box).to_have_attribute("aria-invalid", "true")
    mine.get_by_role("button", name="Details").click()
    expect(mine.locator(".verdict")).to_contain_text("Column 12")
    mine.get_by_role("button", name="Details").click()
    box.fill("0.01/(1 + 2*t)")
    until(page, f"fallLine.experiment.descents[0].learning_rate.formula === '0.01/(1 + 2*t)' && {DONE}")
    expect(alert).to_have_count(0)
    assert rates(page)[:2] == [0.01, pytest.approx(0.01 / 3)]


def test_early_ends_are_flagged_with_their_reasons(visit: Visit, ask: Any) -> None:
    page = visit(
        link(
            descent(0.01),
            descent({"kind": "cosine_restarts", "learning_rate": 0.006}, "momentum"),
            descent(0.1),
            descent(0.002, "adam"),
            steps=400,
            stop={"patience": 15, "gradient_norm": 0.001},
        )
    )
    still(page)
    answer = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    assert [one["status"] for one in answer] == ["converged", "stalled", "diverged", "finished"]
    ended = [one for one in answer if one["steps"] < 400]
    reasons = page.get_by_role("list", name="Ended early").get_by_role("listitem")
    expect(reasons).to_have_text([one["reason"] for one in ended])
    for figure in ("loss", "rate"):
        flags = page.evaluate(
            "name => document.querySelector(`#${name} .plot`).data.filter(({mode}) => mode === 'markers')"
            ".map(({x, hovertemplate}) => [x[0], hovertemplate])",
            figure,
        )
        assert [step for step, _ in flags] == [one["steps"] for one in ended]
        for (_, hover), one in zip(flags, ended, strict=True):
            assert one["reason"] in hover


def test_a_plateau_and_a_restart_are_steps_in_the_chart(visit: Visit) -> None:
    page = visit(
        link(
            descent({"kind": "plateau", "learning_rate": 0.1, "factor": 0.5}, "signum"),
            descent({"kind": "cosine_restarts", "learning_rate": 0.01}),
            steps=200,
        )
    )
    still(page)
    lines = page.evaluate("document.querySelector('#rate .plot').data.map(({line, y}) => [line.shape, y])")
    assert [shape for shape, _ in lines] == ["hv", "hv"]
    assert len(set(lines[0][1])) > 3
    restarts = [step for step in range(1, 200) if lines[1][1][step] > 5 * lines[1][1][step - 1]]
    assert restarts == [50, 100, 150]
    low, high = page.evaluate("document.querySelector('#rate .plot')._fullLayout.yaxis.range")
    assert 10**low < min(lines[0][1]), "every drop is on the scale"
    assert 10**high > 0.1


def test_rules_to_stop_are_set_and_refused_in_their_form(visit: Visit, watch: Watch) -> None:
    watch.expected = (REFUSED,)
    page = visit(link(descent(0.005), steps=300))
    page.locator("summary").filter(has_text="Stop early").click()
    page.get_by_role("spinbutton", name="evaluations").fill("70")
    until(
        page,
        f"fallLine.experiment.stop?.evaluations === 70 && {DONE} && fallLine.trajectories[0].steps === 70",
    )
    expect(page.locator("summary small")).to_have_text("evaluations 70")
    box = page.get_by_role("spinbutton", name="patience")
    box.fill("0")
    expect(page.locator(".stop .refusal").first).to_contain_text("greater than or equal to 1")
    expect(box).to_have_attribute("aria-invalid", "true")
    clear(box)
    until(page, f"!('patience' in fallLine.experiment.stop) && {DONE}")
    expect(box).to_have_attribute("aria-invalid", "false")
    evaluations = page.get_by_role("spinbutton", name="evaluations")
    clear(evaluations)
    until(page, f"!fallLine.experiment.stop && {DONE} && fallLine.trajectories[0].steps === 300")
