"""What the plots show can be read as a table, by keyboard alone, and is said when the picture rests."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, still

pytestmark = pytest.mark.thorough


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(reduced_motion="reduce")


def number(text: str) -> float:
    mantissa, _, exponent = text.replace("−", "-").partition("·10")
    digits = exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(mantissa) * 10.0 ** int(digits or 0)


def test_the_table_is_reached_and_left_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Data as a table").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Data as a table")
    expect(dialog).to_be_visible()
    for name in ("Descents shown", "Steps between rows"):
        expect(dialog.get_by_role("combobox", name=name)).to_be_focused()
        page.keyboard.press("Tab")
    expect(dialog.get_by_role("group", name="Data, scrollable")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Data as a table")).to_be_focused()


def test_its_numbers_are_those_of_the_api(page: Page, ask: Any) -> None:
    truth = ask("run", page.evaluate("fallLine.experiment"))["trajectories"]
    page.get_by_role("slider", name="Step").fill("42")
    still(page)
    page.get_by_role("button", name="Data as a table").click()
    table = page.get_by_role("dialog").get_by_role("table")
    heads = table.locator("th[scope=colgroup]").all_inner_texts()
    assert heads == [one["label"] for one in truth]
    assert table.locator("[aria-current=step] th").inner_text() == "42"
    for row in (table.locator("tbody tr").nth(3), table.locator("[aria-current=step]")):
        step = int(row.locator("th").inner_text())
        shown = [number(text) for text in row.locator("td").all_inner_texts()]
        expected = [one[name][step] for one in truth for name in ("x", "y", "loss", "learning_rate")]
        # In powers of ten a number has four digits.
        assert shown == pytest.approx(expected, rel=6e-4)
    assert table.locator("tbody th").last.inner_text() == "300"


def test_one_descent_at_every_step(page: Page) -> None:
    page.get_by_role("button", name="Data as a table").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Descents shown").select_option("Adam")
    dialog.get_by_role("combobox", name="Steps between rows").select_option("1")
    assert dialog.locator("th[scope=colgroup]").all_inner_texts() == ["Adam"]
    assert dialog.locator("tbody th").all_inner_texts() == [str(step) for step in range(301)]


def test_all_steps_can_be_taken_away_as_a_file(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Data as a table").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="All steps (CSV)").click()
    download.value.save_as(tmp_path / "table.csv")
    head, *rows = (tmp_path / "table.csv").read_text().splitlines()
    assert head == "descent,label,step,x,y,loss,learning_rate,gradient_norm"
    assert len(rows) == 4 * 301


def test_who_is_lowest_and_who_diverged_is_said(page: Page) -> None:
    page.locator(".descent").nth(1).get_by_role("spinbutton", name="Learning rate").fill("5")
    page.keyboard.press("Enter")
    still(page)
    page.locator("body").press("End")
    status = page.get_by_role("status")
    expect(status).to_contain_text("Gradient descent ≤ 10⁻¹² (lowest), Adam ")
    expect(status).to_contain_text("; Momentum diverged at step ")
