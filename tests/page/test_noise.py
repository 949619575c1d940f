"""What noise does, as a class sees it: it escapes saddles, it wanders, and averages land in its middle."""

from math import hypot
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.page.conftest import Visit, scene_link, still

Point = tuple[float, float]


def shown(visit: Visit, surface: dict[str, Any], *descents: dict[str, Any], steps: int) -> Page:
    scene = {"experiment": {"surface": surface, "descents": descents, "steps": steps}}
    page = visit(scene_link(scene), reduced_motion="reduce")
    still(page)
    return page


def head(page: Page, words: str) -> Point:
    """Where the head with these words in its label was drawn, in units of the data."""
    (found,) = [each for each in page.evaluate("fallLine.heads") if words in each["text"].lower()]
    assert found["inside"]
    return found["x"], found["y"]


def test_gradient_descent_is_stuck_at_a_saddle_which_noise_escapes(visit: Visit) -> None:
    start = {"learning_rate": 0.05, "start": [0.0, 1.0]}
    noisy = {**start, "label": "with noise", "gradient": {"kind": "noisy", "sigma": 0.1}}
    page = shown(visit, {"kind": "double_well"}, {**start, "label": "exact"}, noisy, steps=200)
    assert head(page, "exact") == pytest.approx((0.0, 0.0), abs=1e-6)
    x, y = head(page, "with noise")
    assert abs(x) == pytest.approx(1.0, abs=0.1) and y == pytest.approx(0.0, abs=0.1)


def test_stochastic_descent_wanders_until_its_rate_decays_and_the_average_lands_in_the_middle(
    visit: Visit, ask: Any
) -> None:
    surface = {"kind": "linear_regression"}
    stochastic = {"learning_rate": 0.15, "gradient": {"kind": "mini_batch", "size": 2}}
    page = shown(
        visit,
        surface,
        {**stochastic, "label": "constant", "average": {"kind": "swa", "start": 150}},
        {**stochastic, "label": "decaying", "learning_rate": {"kind": "cosine", "learning_rate": 0.15}},
        steps=600,
    )
    (minimum,) = ask("landscape", {"surface": surface, "resolution": 20})["stationary_points"]

    def away(point: Point) -> float:
        return hypot(point[0] - minimum["x"], point[1] - minimum["y"])

    wandering = page.evaluate(
        "(({x, y}) => x.map((each, i) => [each, y[i]]).slice(-100))(fallLine.trajectories[0])"
    )
    typical = sum(map(away, wandering)) / 100
    assert away(head(page, "decaying")) < typical / 3
    assert away(head(page, "average")) < typical / 3
