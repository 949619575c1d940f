"""Every declared thing is complete, and its names agree."""

import json
import pkgutil

import pytest
from pydantic import ValidationError

import fall_line.optimizers
import fall_line.surfaces
from fall_line import averages, gradients, scenes, schedules
from fall_line.averages import AnyAverage
from fall_line.component import Component, members
from fall_line.gradients import Gradient
from fall_line.optimizers import Optimizer
from fall_line.schedules import AnySchedule
from fall_line.surfaces import Surface

UNIONS = {
    "surface": Surface,
    "optimizer": Optimizer,
    "schedule": AnySchedule,
    "gradient": Gradient,
    "average": AnyAverage,
}
COMPONENTS = [component for union in UNIONS.values() for component in members(union)]


@pytest.fixture(params=COMPONENTS, ids=lambda component: component.__name__)
def component(request):
    return request.param


def test_class_and_wire_name_are_the_same_word(component):
    # FormulaSchedule is "formula": a surface has the word already, and classes are told apart in the schema.
    assert (
        component.model_fields["kind"].default.replace("_", "")
        == component.__name__.removesuffix("Schedule").lower()
    )


def test_class_names_are_told_apart():
    assert len({component.__name__ for component in COMPONENTS}) == len(COMPONENTS)


def test_it_is_documented(component):
    assert len(component.__doc__) > 20
    for name, field in component.model_fields.items():
        if name != "kind":
            assert field.title, name
            assert field.description and field.description[-1] in ".;s", name


def test_the_schema_tells_name_help_and_facts(component):
    described = scenes.schema()["$defs"][component.__name__]
    assert described["title"] == component.title()
    assert described["description"].startswith(component.__doc__.splitlines()[0])
    assert "reference" in described["facts"]
    json.dumps(described, allow_nan=False)


@pytest.mark.parametrize("package", [fall_line.surfaces, fall_line.optimizers])
def test_every_file_of_a_family_is_listed_in_its_union(package):
    others = {"base", "equations", "data", "datasets"}
    files = {module.name for module in pkgutil.iter_modules(package.__path__)} - others
    union = Surface if package is fall_line.surfaces else Optimizer
    assert files == {member.__module__.rpartition(".")[2] for member in members(union)}


@pytest.mark.parametrize(
    ("module", "union"), [(schedules, AnySchedule), (gradients, Gradient), (averages, AnyAverage)]
)
def test_every_class_of_a_family_is_listed_in_its_union(module, union):
    kinds = {
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Component) and "kind" in value.model_fields
    }
    assert kinds == set(members(union))


def test_a_component_cannot_be_changed(component):
    if component.__name__ != "Formula":
        with pytest.raises(ValidationError, match="frozen"):
            component().kind = "other"
