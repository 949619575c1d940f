"""What descents go down: the plane of a network that is found by following them, and how that is told."""

import numpy as np
import pytest

from fall_line import landscape, run
from fall_line.experiment import read
from fall_line.landscape import LandscapeRequest
from fall_line.models import landscape_of_model
from fall_line.runner import finished, ground, grounded

NET = {"kind": "network", "hidden": [3], "data": "moons", "examples": 20}


def document(descents=1, steps=40, seed=0, rate=0.1, **surface):
    return {
        "surface": {**NET, **surface},
        "descents": [{"learning_rate": rate}] * descents,
        "steps": steps,
        "seed": seed,
    }


@pytest.fixture
def fresh(monkeypatch):
    """A cache of planes for this test alone."""
    planes = ground._Planes()
    monkeypatch.setattr(ground, "_planes", planes)
    return planes


def surveys(experiments):
    """Which of some experiments had to be followed to find their planes, one after the other."""
    return [bool(list(grounded(read(experiment)))) for experiment in experiments]


def test_as_many_planes_as_are_said_are_kept_and_the_oldest_makes_room(fresh, monkeypatch):
    monkeypatch.setattr(ground, "PLANES", 3)
    asked = [document(seed=seed, plane="pca") for seed in range(5)]
    assert surveys(asked[:3]) == [True, True, True]
    assert surveys(asked[:3]) == [False, False, False]
    assert surveys([asked[3]]) == [True]
    assert surveys([asked[1], asked[2], asked[3]]) == [False, False, False]
    assert surveys([asked[0], asked[2], asked[3], asked[1]]) == [True, False, False, True]


def test_an_evicted_plane_is_found_again_the_same(fresh, monkeypatch):
    monkeypatch.setattr(ground, "PLANES", 1)
    first = read(document(seed=1, plane="pca"))
    found = finished(grounded(first))
    finished(grounded(read(document(seed=2, plane="pca"))))
    again = finished(grounded(first))
    assert again.plane is not found.plane
    np.testing.assert_array_equal(again.plane.directions, found.plane.directions)
    np.testing.assert_array_equal(again.plane.center, found.plane.center)
    assert again.window == found.window


@pytest.mark.parametrize(
    ("surface", "descents", "followed"),
    [
        ({"plane": "pca"}, 1, 1),
        ({"plane": "pca"}, 3, 3),
        ({"center": "final"}, 1, 1),
        ({"center": "final"}, 3, 1),
    ],
)
@pytest.mark.parametrize("steps", [1, 40, 300])
def test_the_survey_says_how_many_updates_of_all_are_made(fresh, surface, descents, followed, steps):
    experiment = read(document(descents, steps, **surface))
    told = list(grounded(experiment))
    # Frames hold 8, 16, ... up to 128 entries, of which the first is the start.
    ends = sorted({min(end, steps) for end in (7, 23, 55, 119, 247, 375)})
    assert [each.done for each in told] == [index * steps + end for index in range(followed) for end in ends]
    assert {each.total for each in told} == {steps * followed}
    assert told[-1].done == told[-1].total
    assert all("plane" in each.doing for each in told)


@pytest.mark.parametrize("domain", [None, {"x": [-3.0, 1.0], "y": [0.0, 2.0]}])
def test_a_map_of_principal_components_leaves_an_eighth_of_the_path_free_on_each_side(fresh, domain):
    experiment = document(2, 200, rate=0.5, plane="pca", domain=domain)
    found = finished(grounded(read(experiment)))
    trajectories = run(experiment)
    assert (found.window == read(experiment).surface.domain) == (domain is not None)
    for axis in ("x", "y"):
        values = np.concatenate([getattr(each, axis) for each in trajectories])
        low, high = getattr(found.window, axis)
        room = 0.12 * np.ptp(values)
        if domain is None:
            assert (low, high) == (pytest.approx(values.min() - room), pytest.approx(values.max() + room))


def test_a_map_of_a_path_that_does_not_move_is_a_tenth_of_the_usual_one(fresh):
    experiment = document(1, 20, rate=0.0, plane="pca")
    shown = LandscapeRequest.model_validate({"experiment": experiment, "resolution": 20}).compute()
    usual = landscape(NET, resolution=20)
    diagonal = np.hypot(np.ptp(usual.x), np.ptp(usual.y))
    for axis in (shown.x, shown.y):
        assert (axis[0], axis[-1]) == (pytest.approx(-0.05 * diagonal), pytest.approx(0.05 * diagonal))


@pytest.mark.parametrize("span", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("steps", [2, 9])
def test_a_map_of_a_models_path_leaves_a_quarter_of_its_extent_free_on_each_side(span, steps):
    path = [[np.array([[3.0 * (1 - s), 1.0 * s * (1 - s), 0.0]])] for s in np.linspace(0, 1, steps)]
    seen = landscape_of_model(lambda weights: 0.0, path[-1], path=path, plane="pca", resolution=50, span=span)
    extents = np.ptp(np.vstack([seen.path, [[0, 0]]]), axis=0)
    for axis, extent in zip((seen.x, seen.y), extents, strict=True):
        assert np.ptp(axis) == pytest.approx(span * (extent + 2 * 0.25 * extents.max()))
    if span == 1.0:
        cell = seen.x[1] - seen.x[0]
        assert seen.x[0] == pytest.approx(seen.path[:, 0].min() - 0.25 * extents.max(), abs=cell / 2 + 1e-9)
