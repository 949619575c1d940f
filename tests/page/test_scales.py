"""What the map says where its axes are not to the same scale."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Visit, scene_link, until

AXES = """(({xaxis, yaxis}) => [xaxis, yaxis].map(({_length, range}) => (
    {range, scale: _length / (range[1] - range[0])}))
)(document.querySelector("#map .plot")._fullLayout)"""
YEARS = {"x": [2000.0, 2001.0, 2002.0, 2003.0], "y": [1.0, 2.0, 3.0, 4.5]}


def shown(visit: Visit, **surface):
    page = visit(scene_link({"experiment": {"surface": surface, "descents": [{}], "steps": 5}}))
    until(page, "fallLine.still")
    return page.get_by_role("region", name="Loss landscape").locator(".unequal"), page


@pytest.mark.parametrize("kind", ["himmelblau", "linear_regression"])
def test_nothing_is_said_where_a_unit_is_as_long_on_both_axes(visit: Visit, kind: str) -> None:
    note, _ = shown(visit, kind=kind)
    expect(note).to_be_hidden()


def test_axes_that_differ_are_scaled_each_its_own_and_the_page_says_by_how_much(visit: Visit) -> None:
    note, page = shown(visit, kind="linear_regression", **YEARS)
    expect(note).to_have_text(re.compile(r"^axes not to the same scale: w × [\d.]+$"))
    across, up = page.evaluate(AXES)
    assert float(note.inner_text().split("×")[1]) == pytest.approx(across["scale"] / up["scale"], rel=0.06)
    # Both the minimum, w = 1.15 and b = −2299, and the recommended start are on the map.
    (start,) = page.evaluate("fallLine.trajectories.map(({x, y}) => [x[0], y[0]])")
    for x, y in ((1.15, -2298.8), start):
        assert across["range"][0] < x < across["range"][1] and up["range"][0] < y < up["range"][1]
