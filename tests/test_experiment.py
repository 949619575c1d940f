"""The document: defaults, labels, refusals."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from fall_line.experiment import Experiment, read


def test_the_smallest_document_is_filled_in():
    filled = read({"surface": {"kind": "rosenbrock"}, "descents": [{}]})
    (descent,) = filled.descents
    assert (filled.version, filled.steps, filled.seed) == (1, 300, 0)
    assert (descent.start, descent.learning_rate, descent.label) == ((-1.2, 1.0), 0.01, "Gradient descent")


def test_the_learning_rate_is_the_optimizers_own_by_default():
    filled = read({"surface": {"kind": "sphere"}, "descents": [{"optimizer": {"kind": "adam"}}]})
    assert filled.descents[0].learning_rate == 0.001
    schedule = {"optimizer": {"kind": "adam"}, "learning_rate": {"kind": "cosine"}}
    filled = read({"surface": {"kind": "sphere"}, "descents": [schedule], "steps": 77})
    assert filled.descents[0].learning_rate.learning_rate == 0.001
    assert filled.descents[0].learning_rate.steps == 77


def test_filling_in_twice_changes_nothing(race):
    assert read(read(race)) == read(race)
    assert read(read(race).to_json()) == read(race)


def test_equal_documents_have_equal_keys(race):
    spelled_out = {**race, "seed": 0, "version": 1}
    assert read(race).key() == read(spelled_out).key()
    assert read(race).key() != read({**race, "seed": 1}).key()


@pytest.mark.parametrize(
    ("descents", "labels"),
    [
        ([{}], ["Gradient descent"]),
        ([{"optimizer": {"kind": "adam"}}, {}], ["Adam", "Gradient descent"]),
        ([{"learning_rate": 0.1}, {"learning_rate": 1}], ["Gradient descent 0.1", "Gradient descent 1"]),
        ([{}, {}], ["Gradient descent", "Gradient descent #2"]),
        ([{"label": "mine"}, {}], ["mine", "Gradient descent"]),
        ([{"label": "Gradient descent"}, {}], ["Gradient descent", "Gradient descent #2"]),
        (
            [{"learning_rate": {"kind": "cosine"}}, {}],
            ["Gradient descent cosine", "Gradient descent"],
        ),
        (
            [{"optimizer": {"kind": "momentum", "momentum": m}} for m in (0.5, 0.9)],
            ["Momentum μ=0.5", "Momentum μ=0.9"],
        ),
        (
            [{"start": [1, 2]}, {"start": [0, 0.5]}],
            ["Gradient descent from (1, 2)", "Gradient descent from (0, 0.5)"],
        ),
        ([{"gradient": {"kind": "noisy"}}, {}], ["Gradient descent noisy", "Gradient descent"]),
    ],
)
def test_labels_are_made_from_what_differs(descents, labels):
    filled = read({"surface": {"kind": "sphere"}, "descents": descents})
    assert [descent.label for descent in filled.descents] == labels


def test_a_random_start_is_drawn_from_the_seed_in_the_domain_the_same_for_all():
    document = {"surface": {"kind": "himmelblau"}, "descents": [{"start": "random"}, {"start": "random"}]}
    starts = {read({**document, "seed": seed}).descents[0].start for seed in range(20)}
    assert len(starts) == 20
    assert all(-5 <= x <= 5 and -5 <= y <= 5 for x, y in starts)
    first, second = read(document).descents
    assert first.start == second.start


def test_numpy_numbers_are_numbers():
    filled = read(
        {"surface": {"kind": "sphere"}, "descents": [{"start": np.array([1, 2])}], "steps": np.int64(5)}
    )
    assert filled.descents[0].start == (1.0, 2.0)
    assert filled.steps == 5


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"surface": {"kind": "nowhere"}}, ("surface",)),
        ({"surface": {}}, ("surface",)),
        ({"steps": 10**9}, ("steps",)),
        ({"steps": 0}, ("steps",)),
        ({"steps": "5"}, ("steps",)),
        ({"steps": 5.5}, ("steps",)),
        ({"steps": True}, ("steps",)),
        ({"seed": -1}, ("seed",)),
        ({"version": 2}, ("version",)),
        ({"extra": 1}, ("extra",)),
        ({"descents": []}, ("descents",)),
        ({"descents": [{}] * 17}, ("descents",)),
        ({"descents": [{"learning_rate": -0.1}]}, ("descents", 0, "learning_rate", "|number")),
        ({"descents": [{"learning_rate": math.nan}]}, ("descents", 0, "learning_rate", "|number")),
        ({"descents": [{"learning_rate": "0.1"}]}, ("descents", 0, "learning_rate", "|number")),
        ({"descents": [{"start": [1]}]}, ("descents", 0, "start", "|point", 1)),
        ({"descents": [{"start": "here"}]}, ("descents", 0, "start", "|word")),
        (
            {"descents": [{"optimizer": {"kind": "adam", "beta1": 1}}]},
            ("descents", 0, "optimizer", "adam", "beta1"),
        ),
        ({"stop": {"patience": 0}}, ("stop", "patience")),
    ],
)
def test_a_refusal_names_the_field(race, change, path):
    with pytest.raises(ValidationError) as refused:
        read({**race, **change})
    assert refused.value.errors()[0]["loc"] == path


def test_a_start_where_the_formula_is_not_real_is_refused():
    document = {
        "surface": {"kind": "formula", "formula": "log(x)"},
        "descents": [{"start": [1, 1]}, {"start": [-1, 1]}],
    }
    with pytest.raises(ValidationError) as refused:
        read(document)
    assert [error["loc"] for error in refused.value.errors()] == [("descents", 1, "start")]


def test_an_experiment_can_be_built_in_python():
    built = Experiment(surface={"kind": "sphere"}, descents=[{"start": [1, 1]}])
    assert read(built).descents[0].start == (1.0, 1.0)


def test_pasted_formulas_are_answered_as_they_were_read():
    given = {
        "surface": {"kind": "fit", "model": "a·√t − |b|·t²", "parameters": ["a", "b"]},
        "descents": [{"learning_rate": {"kind": "formula", "formula": "10⁻³÷(1 + t²)"}}],
        "steps": 3,
    }
    filled = Experiment.model_validate(given).filled()
    assert filled.surface.model == "a*sqrt(t) - abs(b)*t**2"
    assert filled.descents[0].learning_rate.formula == "10**-3/(1 + t**2)"
    # Under one key: the same experiment.
    typed = {"surface": {"kind": "formula", "formula": "k·x² + π·|y|", "parameters": {"k": 2}}}
    typed |= {"descents": given["descents"], "steps": 3}
    plain = {**typed, "surface": {**typed["surface"], "formula": "k*x**2 + pi*abs(y)"}}
    assert Experiment.model_validate(typed).filled() == Experiment.model_validate(plain).filled()


@pytest.mark.parametrize(
    ("surface", "rate", "path", "column"),
    [
        ({"kind": "formula", "formula": "x² + y³ + 2z"}, 0.1, ("surface", "formula", "formula"), 12),
        ({"kind": "fit", "model": "a·t² + b·|t"}, 0.1, ("surface", "fit", "model"), 10),
        ({"kind": "sphere"}, {"kind": "formula", "formula": "10⁻³·e^(−t) + √t²"}, ("formula",), 15),
    ],
)
def test_a_refused_formula_is_marked_where_it_was_typed(surface, rate, path, column):
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate({"surface": surface, "descents": [{"learning_rate": rate}], "steps": 3})
    error = next(error for error in caught.value.errors() if "column" in error.get("ctx", {}))
    assert error["loc"][-len(path) :] == path and error["ctx"]["column"] == column
