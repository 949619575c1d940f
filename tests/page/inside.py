"""What the tests of the panel inside an optimizer share."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from .conftest import Visit, go_to, scene_link, still

START = [-0.15, 1.05]


def descent(kind: str, rate: float, **parameters: Any) -> dict[str, Any]:
    return {"optimizer": {"kind": kind, **parameters}, "learning_rate": rate, "start": START}


def link(*descents: dict[str, Any], steps: int = 60, step: int = 7, **view: Any) -> str:
    scene = {
        "experiment": {"surface": {"kind": "himmelblau"}, "descents": list(descents), "steps": steps},
        "view": {"panel": "inside", "step": step, **view},
    }
    return scene_link(scene)


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
