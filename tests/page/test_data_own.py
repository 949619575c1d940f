"""Data of one's own: pasted or from a file, checked, and given to a model."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, Watch, scene_link, until

pytestmark = pytest.mark.thorough

REFUSED = "status of 422"
TABLE = "age,height,weight\n1,75,9.5\n3,96,14\n5,110,18.5\n7,122,23\n9,133,29\n"


def model(kind: str, **parameters: object) -> str:
    """The address of a single descent on a model."""
    return scene_link(
        {"experiment": {"surface": {"kind": kind, **parameters}, "descents": [{}], "steps": 60}}
    )


def paste(page: Page, text: str):
    page.get_by_role("button", name="Your data…").click()
    dialog = page.get_by_role("dialog", name="Your data")
    dialog.get_by_role("textbox", name="Table").fill(text)
    return dialog


def choose(page: Page, text: str | bytes):
    page.get_by_role("button", name="Your data…").click()
    dialog = page.get_by_role("dialog", name="Your data")
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose a file…").click()
    chooser.value.set_files(
        {
            "name": "table.csv",
            "mimeType": "text/csv",
            "buffer": text if isinstance(text, bytes) else text.encode(),
        }
    )
    return dialog


def test_own_data_are_pasted_and_used(visit: Visit) -> None:
    page = visit(model("linear_regression"))
    dialog = paste(page, TABLE)
    expect(dialog).to_contain_text("5 examples")
    dialog.get_by_role("combobox", name="Input").select_option("age")
    dialog.get_by_role("combobox", name="Target").select_option("height")
    dialog.get_by_role("slider", name="Held out").fill("0.4")
    expect(dialog).to_contain_text("2 of 5")
    dialog.get_by_role("button", name="Use").click()
    expect(dialog).to_be_hidden()
    until(page, "fallLine.experiment.surface.x?.length === 5 && fallLine.still")
    assert page.evaluate("fallLine.experiment.surface") == {
        "kind": "linear_regression", "x": [1, 3, 5, 7, 9], "y": [75, 96, 110, 122, 133], "test": 0.4,
    }  # fmt: skip
    expect(page.get_by_role("region", name="Data")).to_contain_text("3 examples")
    expect(page.locator("#surface")).to_contain_text("5 examples")
    window = page.evaluate("fallLine.window")
    w, b = np.polyfit([1, 3, 5, 7, 9], [75, 96, 110, 122, 133], 1)
    assert window["x"][0] < w < window["x"][1] and window["y"][0] < b < window["y"][1]
    address = page.evaluate("location.href")
    assert len(address) < 1500


def test_own_data_may_come_from_a_file(visit: Visit) -> None:
    page = visit(model("linear_regression"))
    dialog = choose(page, TABLE)
    expect(dialog).to_contain_text("5 examples")
    expect(dialog.get_by_role("combobox", name="Target").locator("option:checked")).to_have_text("weight")


def test_a_curve_of_ones_own_is_fitted(visit: Visit, watch: Watch) -> None:
    watch.expected = (REFUSED,)
    page = visit(model("linear_regression"))
    dialog = paste(page, TABLE)
    dialog.get_by_role("combobox", name="Model").select_option(label="Fit")
    formula = dialog.get_by_role("textbox", name=re.compile("^model"))
    formula.fill("a*sqrt(t")
    formula.blur()
    dialog.get_by_role("combobox", name="loss").select_option("absolute")
    dialog.get_by_role("button", name="Use").click()
    expect(formula).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_role("alert").filter(has_text="Column")).to_be_visible()
    formula.fill("a*sqrt(t) + b")
    formula.blur()
    dialog.get_by_role("button", name="Use").click()
    expect(dialog).to_be_hidden()
    until(page, "fallLine.experiment.surface.t?.length === 5 && fallLine.still")
    surface = page.evaluate("fallLine.experiment.surface")
    assert (surface["model"], surface["loss"]) == ("a*sqrt(t) + b", "absolute")
    assert surface["y"] == [9.5, 14, 18.5, 23, 29]


def test_own_examples_of_two_classes_go_to_a_network(visit: Visit) -> None:
    page = visit(model("network", examples=60, test=0.25))
    rows = "\n".join(f"{i % 7},{i % 5},{int(i % 7 > i % 5)}" for i in range(30))
    dialog = paste(page, f"a,b,label\n{rows}\n")
    expect(dialog.get_by_role("checkbox", name="a", exact=True)).to_be_checked()
    expect(dialog.get_by_role("checkbox", name="label")).not_to_be_checked()
    dialog.get_by_role("button", name="Use").click()
    expect(dialog).to_be_hidden()
    until(page, "fallLine.experiment.surface.data?.y.length === 30 && fallLine.still")
    assert page.evaluate("fallLine.data.task") == "boundary"
    expect(page.get_by_role("combobox", name="data").locator("option:checked")).to_have_text("your own")


@pytest.mark.parametrize(
    "text,said",
    [
        ("x,y\n1,2\ntwo,3\n", "row 2, column x"),
        ("x,y\n1,2\n3,\n", "row 2, column y"),
        ("x,y\n1,2\n", "row"),
        ("x\n1\n2\n", "column"),
        ("x,x\n1,2\n3,4\n", "column x: two columns"),
        ("x;y\n1.234;2\n2.345;3\n", "row 1, column x: 1.234 could be 1234 or 1.234"),
        (
            "who,n\nAda,1\nBob,2\n",
            "column who: none of its values is a number; two columns of numbers are needed",
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_said_where(visit: Visit, watch: Watch, text: str, said: str) -> None:
    watch.expected = (REFUSED,)
    page = visit(model("linear_regression"))
    before = page.evaluate("fallLine.experiment")
    dialog = paste(page, text)
    expect(dialog.get_by_role("alert").first).to_contain_text(said, ignore_case=True)
    expect(dialog.get_by_role("button", name="Use")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate("fallLine.experiment") == before


def test_columns_that_are_left_out_are_named_with_their_reason(visit: Visit) -> None:
    page = visit(model("linear_regression"))
    dialog = paste(
        page, ";name;mass, kg;height;note\n0;Ada;1.061,5;96,5;\n1;Bob;75,25;110;#N/A\n2;Eve;80;1.224;3\n"
    )
    left = dialog.get_by_role("status")
    expect(left.get_by_role("listitem")).to_have_text(
        [
            "column 1 has no name in the first line; give it one there",
            "name: none of its values is a number",
            "note: row 1: a value is missing (line 2); fill it in, or take the row out",
        ]
    )
    expect(dialog.get_by_role("row").nth(1)).to_have_text("1061.596.5")
    dialog.get_by_role("button", name="Use").click()
    until(page, "fallLine.experiment.surface.x?.length === 3 && fallLine.still")
    surface = page.evaluate("fallLine.experiment.surface")
    assert (surface["x"], surface["y"]) == ([1061.5, 75.25, 80], [96.5, 110, 1224])


def test_a_table_with_nothing_left_out_says_nothing_of_it(visit: Visit) -> None:
    page = visit(model("linear_regression"))
    dialog = paste(page, "a,b,c\n1,2,x\n3,4,y\n")
    expect(dialog.get_by_role("status")).to_contain_text("c: none of its values is a number")
    dialog.get_by_role("textbox", name="Table").fill(TABLE)
    expect(dialog).to_contain_text("5 examples")
    expect(dialog.get_by_role("status")).to_be_hidden()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_the_letters_it_was_saved_in(visit: Visit, encoding: str) -> None:
    page = visit(model("linear_regression"))
    dialog = choose(page, "Größe;Maß\n1\u00a0234,5;2\n3;4\n".encode(encoding))
    expect(dialog).to_contain_text("2 examples")
    expect(dialog.get_by_role("columnheader")).to_have_text(["Größe", "Maß"])
    expect(dialog.get_by_role("cell").first).to_have_text("1234.5")


def test_an_answer_about_an_earlier_text_is_given_up_at_once(visit: Visit) -> None:
    page = visit(model("linear_regression"))
    page.evaluate("""() => {
        const ask = fetch;
        window.fetch = (address, options) => {
            if (!String(address).endsWith("/table") || window.first) return ask(address, options);
            const {signal} = options;
            window.first = signal;
            return new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
        };
    }""")
    page.get_by_role("button", name="Your data…").click()
    dialog = page.get_by_role("dialog", name="Your data")
    until(page, "!!window.first")
    assert page.evaluate("""() => {
        const text = document.querySelector(".importer textarea");
        text.value = "a,b\\n1,2\\n3,4";
        text.dispatchEvent(new Event("input"));
        return window.first.aborted;
    }""")
    expect(dialog).to_contain_text("2 examples")


def test_what_the_model_cannot_use_is_said_and_nothing_changes(visit: Visit, watch: Watch) -> None:
    watch.expected = (REFUSED,)
    page = visit(model("linear_regression"))
    before = page.evaluate("fallLine.experiment")
    dialog = paste(page, "x,y\n3,1\n3,2\n3,4\n")
    dialog.get_by_role("button", name="Use").click()
    expect(dialog.get_by_role("alert").first).to_contain_text("same")
    dialog.get_by_role("button", name="Cancel").click()
    assert page.evaluate("fallLine.experiment") == before


def test_a_scene_too_large_for_a_link_says_so_and_leaves_no_false_link(visit: Visit) -> None:
    page = visit(model("linear_regression"))
    random = np.random.default_rng(0).random((9000, 2))
    dialog = choose(page, "x,y\n" + "\n".join(f"{x:.12f},{y:.12f}" for x, y in random))
    expect(dialog).to_contain_text("do not fit in a link")
    dialog.get_by_role("button", name="Use").click()
    until(page, "fallLine.experiment.surface.x?.length === 9000 && fallLine.still")
    until(page, "location.hash === ''")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("dialog", name="Share this scene")).to_contain_text("too many examples")
