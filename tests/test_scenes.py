"""A scene says what is shown beside what is computed, and is as strict about the one as about the other."""

import pytest
from pydantic import ValidationError

from fall_line.scenes import Scene, View

EXPERIMENT = {"surface": {"kind": "sphere"}, "descents": [{}]}


def view(**fields: object) -> View:
    return Scene.model_validate({"experiment": EXPERIMENT, "view": fields}).view


def test_a_scene_shows_the_map_alone_unless_it_says_otherwise() -> None:
    assert (view().map, view().camera, view().axis, view().loop) == ("2d", None, "steps", False)


def test_the_surface_and_the_eye_that_looks_at_it_are_part_of_the_view() -> None:
    shown = view(map="both", camera={"x": -0.9, "y": -1.5, "z": 1.0}, axis="evaluations", loop=True)
    assert shown.model_dump(include={"map", "camera", "axis", "loop"}) == {
        "map": "both",
        "camera": {"x": -0.9, "y": -1.5, "z": 1.0},
        "axis": "evaluations",
        "loop": True,
    }


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"map": "4d"}, "map"),
        ({"map": None}, "map"),
        ({"camera": {"x": 1.0, "y": 1.0}}, "camera.z"),
        ({"camera": {"x": 1.0, "y": 1.0, "z": 11.0}}, "camera.z"),
        ({"camera": {"x": "1", "y": 1.0, "z": 1.0}}, "camera.x"),
        ({"camera": {"x": 1.0, "y": 1.0, "z": 1.0, "up": 1.0}}, "camera.up"),
        ({"axis": "seconds"}, "axis"),
        ({"loop": 1}, "loop"),
        ({"tilt": 3}, "tilt"),
    ],
)
def test_what_a_view_does_not_know_is_refused_by_its_path(fields: dict[str, object], path: str) -> None:
    with pytest.raises(ValidationError) as refused:
        view(**fields)
    assert [".".join(map(str, error["loc"])) for error in refused.value.errors()] == [f"view.{path}"]


def test_every_field_of_a_view_is_described() -> None:
    for name, field in View.model_fields.items():
        assert field.description and field.description.endswith("."), name
