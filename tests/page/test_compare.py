"""A comparison is fair in the open: what is measured, what is equal, and which rate suits each."""

import math
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Visit, saved, still, until
from .test_schedules import descent, link

pytestmark = pytest.mark.thorough

MINIMA = [(3.0, 2.0), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)]


def results(page: Page) -> Locator:
    return page.get_by_role("table", name="Results")


def comparison(page: Page) -> Locator:
    """The table of the dialog, which is opened for it."""
    page.get_by_role("button", name="Compare", exact=True).click()
    return page.get_by_role("table", name="Comparison")


def texts(table: Locator, column: str) -> list[str]:
    return table.locator(f"tbody [data-column={column}]").all_inner_texts()


def number(text: str) -> float:
    """A number as the page writes it."""
    match = re.fullmatch(r"(−?[\d.]+)(?:·10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
    assert match, text
    mantissa, minus, digits = match.groups()
    exponent = int("".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(digit)) for digit in digits)) if digits else 0
    return float(mantissa.replace("−", "-")) * 10 ** (-exponent if minus else exponent)


def leading(rate: Any) -> float:
    return rate["learning_rate"] if isinstance(rate, dict) else rate


def test_everything_that_can_be_compared_is_what_the_api_says(visit: Visit, ask: Any) -> None:
    page = visit(
        link(
            descent(0.002),
            descent({"kind": "cosine", "learning_rate": 0.006}, "momentum"),
            descent(0.02, "rmsprop"),
            descent(0.1),
            steps=200,
        )
    )
    table = comparison(page)
    answer = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    for column, wanted in {
        "final": [one["loss"][-1] for one in answer],
        "best": [min(one["loss"]) for one in answer],
        "distance": [
            min(math.hypot(one["x"][-1] - x, one["y"][-1] - y) for x, y in MINIMA) for one in answer
        ],
        "evaluations": [one["evaluations"][-1] for one in answer],
        "steps": [one["steps"] for one in answer],
    }.items():
        shown = [number(text) for text in texts(table, column)]
        assert shown == pytest.approx(wanted, rel=0.06, abs=1e-6), column
    assert texts(table, "rate") == ["0.002", "0.006 Cosine", "0.02", "0.1"]
    assert texts(table, "status") == ["finished"] * 3 + [answer[3]["reason"]]
    assert "diverged" in answer[3]["reason"]

    for index, share in enumerate((0.01, 0.001, 1e-6)):
        page.get_by_role("combobox", name="Tolerance").select_option(index=index)
        wanted = [
            next((str(s) for s, loss in enumerate(one["loss"]) if loss <= share * one["loss"][0]), "–")
            for one in answer
        ]
        expect(table.locator("tbody [data-column=within]")).to_have_text(wanted)
        assert len(set(wanted)) > 2
    expect(page.get_by_role("dialog")).to_contain_text("the lowest known loss, 0")


def test_minima_that_the_map_has_found_count_too(visit: Visit) -> None:
    page = visit(link(descent(0.05), steps=30))
    page.get_by_role("textbox", name="Formula").fill("(x - 1)**2 + 0.3*sin(3*x) + y**2")
    until(page, "fallLine.experiment.surface.formula?.includes('sin') && fallLine.still")
    x, y = page.evaluate("[fallLine.trajectories[0].x.at(-1), fallLine.trajectories[0].y.at(-1)]")
    [shown] = texts(comparison(page), "distance")
    assert number(shown) == pytest.approx(math.hypot(x - 1.313688, y), rel=0.01)


def test_headers_sort_upwards_downwards_and_not_at_all(visit: Visit) -> None:
    page = visit(link(descent(0.002), descent(0.1), descent(0.02, "adam"), descent(0.05, "adam"), steps=60))
    table = results(page)
    names = table.locator("tbody th")
    listed = names.all_inner_texts()
    final = table.get_by_role("columnheader").filter(has_text="Final")
    button = final.get_by_role("button")
    expect(final).not_to_have_attribute("aria-sort", re.compile("."))
    button.press("Enter")
    expect(final).to_have_attribute("aria-sort", "ascending")
    expect(button).to_be_focused()
    shown = [number(text) for text in texts(table, "final")]
    assert shown == sorted(shown)
    upwards = names.all_inner_texts()
    assert upwards != listed
    assert upwards[-1] == listed[1], "what diverged is last"
    button.press("Enter")
    expect(final).to_have_attribute("aria-sort", "descending")
    assert names.all_inner_texts() == upwards[::-1]
    button.press("Enter")
    expect(final).not_to_have_attribute("aria-sort", re.compile("."))
    assert names.all_inner_texts() == listed


def test_the_dialog_needs_no_scrolling_at_720_lines(visit: Visit) -> None:
    page = visit()
    table = comparison(page)
    expect(table.get_by_role("row")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollHeight") == 720
    for selector in ("#compare-dialog", "#compare-dialog .wide"):
        room = page.locator(selector).evaluate(
            "(e) => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]"
        )
        assert max(room) <= 1, selector


def test_equal_evaluations_are_a_budget_in_the_document_and_in_the_link(visit: Visit, ask: Any) -> None:
    page = visit(link(descent(0.01), descent(0.01, "sam"), descent(1, "line_search"), steps=90))
    table = comparison(page)
    words = page.get_by_role("dialog").get_by_role("status")
    expect(words).to_contain_text(re.compile(r"same 90 steps.* 90 to \d+ times"))
    page.get_by_role("combobox", name="Equal", exact=True).select_option(label="gradient evaluations")
    until(page, "fallLine.experiment.stop?.evaluations === 90 && fallLine.settled && fallLine.complete")
    expect(words).to_contain_text("same 90 times")
    answer = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    expect(table.locator("tbody [data-column=evaluations]")).to_have_text(
        [str(one["evaluations"][-1]) for one in answer]
    )
    assert [one["evaluations"][-1] for one in answer[:2]] == [90, 90]
    assert [one["steps"] for one in answer[:2]] == [90, 45]
    fewest, most = (f(one["steps"] for one in answer) for f in (min, max))
    expect(words).to_contain_text(f"{fewest} to {most} steps")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    saved(page)
    page.reload(wait_until="commit")
    still(page)
    comparison(page)
    equal = page.get_by_role("combobox", name="Equal", exact=True)
    expect(equal.locator("option:checked")).to_have_text("gradient evaluations")
    equal.select_option(label="steps")
    until(page, "!fallLine.experiment.stop && fallLine.settled && fallLine.complete")
    expect(words).to_contain_text("same 90 steps")


def test_a_good_rate_for_each_is_the_best_of_a_ladder_with_one_budget(visit: Visit, ask: Any) -> None:
    schedule = {"kind": "cosine", "learning_rate": 0.006, "final": 0.001}
    page = visit(link(descent(0.002), descent(schedule, "momentum"), steps=80, stop={"evaluations": 60}))
    asked: list[Any] = []
    going = {"now": 0, "most": 0}

    def count(request: Any) -> None:
        if request.url.endswith("/api/run"):
            asked.append(request.post_data_json)
            going["now"] += 1
            going["most"] = max(going["most"], going["now"])

    def discount(request: Any) -> None:
        going["now"] -= request.url.endswith("/api/run")

    page.on("request", count)
    page.on("requestfinished", discount)
    page.get_by_role("button", name="Find good rates").click()
    dialog = page.get_by_role("dialog")
    use = dialog.get_by_role("button", name="Use these rates")
    expect(use).to_be_enabled()
    page.remove_listener("request", count)
    page.remove_listener("requestfinished", discount)
    assert going == {"now": 0, "most": 1}, "one at a time"
    expect(dialog).to_contain_text(re.compile("13 rates for each.*60 evaluations in at most 80 steps"))
    assert [len(one["descents"]) for one in asked] == [13, 13]
    assert {one["steps"] for one in asked} == {80}
    best = []
    for one in asked:
        runs = ask("run", one)["trajectories"]
        rates = [leading(given["learning_rate"]) for given in one["descents"]]
        kept = [
            (run["loss"][-1], rate)
            for run, rate in zip(runs, rates, strict=True)
            if run["status"] == "finished"
        ]
        assert len(kept) < 13, "some were too fast"
        best.append(min(kept)[1])
    ratios = [
        b["learning_rate"] / a["learning_rate"]
        for a, b in zip(asked[0]["descents"], asked[0]["descents"][1:], strict=False)
    ]
    assert ratios == pytest.approx([10**0.5] * 12, rel=0.05)
    expect(dialog.get_by_role("list", name="Best rates").get_by_role("listitem")).to_have_text(
        [re.compile(re.escape(f": {rate:g}")) for rate in best]
    )
    assert dialog.locator("polyline").count() >= 2
    assert dialog.locator(".lost").count() == sum(
        run["status"] in ("diverged", "escaped") for one in asked for run in ask("run", one)["trajectories"]
    )
    use.click()
    expect(dialog).to_have_count(0)
    until(page, f"fallLine.experiment.descents[0].learning_rate === {best[0]} && fallLine.settled")
    second = page.evaluate("fallLine.experiment.descents[1].learning_rate")
    assert second == {**schedule, "learning_rate": best[1]}, "the schedule stays"


def test_a_sweep_can_be_cancelled(visit: Visit) -> None:
    page = visit(link(descent(0.002), descent(0.1, "adam"), steps=50))
    held: list[Any] = []
    page.route("**/api/run", lambda route: held.append(route.request.url))
    page.get_by_role("button", name="Find good rates").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("progressbar")).to_be_visible()
    expect(dialog).to_contain_text("1 of 2")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_role("alert")).to_have_text("Cancelled.")
    expect(dialog.get_by_role("progressbar")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Use these rates")).to_be_disabled()
    assert len(held) == 1
    page.unroute("**/api/run")
