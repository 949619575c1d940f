"""The network as a surface: its document, its examples and its planes."""

import csv

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from fall_line import landscape
from fall_line.experiment import read
from fall_line.losses.plane import principal_plane
from fall_line.surfaces import Domain
from fall_line.surfaces.datasets import IRIS, MADE_UP, iris, made_up, split
from fall_line.surfaces.network import Network

XOR = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0]}


def network(**fields):
    """A network from its document."""
    return TypeAdapter(Network).validate_python({"kind": "network", **fields})


def refusals(**fields):
    """What is wrong with a document, by path."""
    with pytest.raises(ValidationError) as caught:
        network(**fields)
    return {
        tuple(part for part in error["loc"] if "|" not in str(part)): error["msg"]
        for error in caught.value.errors()
    }


@pytest.mark.parametrize("name", MADE_UP)
def test_a_made_up_set_is_always_the_same_and_alternates_its_labels(name):
    x, label = made_up(name, 201, 0.1)
    np.testing.assert_array_equal(x, made_up(name, 201, 0.1)[0])
    np.testing.assert_array_equal(label, np.arange(201) % 2)
    assert x.shape == (201, 2)
    assert abs(made_up(name, 201, 0.0)[0]).max() <= 1.6
    assert abs(x - made_up(name, 201, 0.0)[0]).std() == pytest.approx(0.06, abs=0.01)
    assert (made_up(name, 201, 0.0)[0] != made_up(name, 202, 0.0)[0][:201]).any()


def test_made_up_sets_have_the_shapes_they_are_named_after():
    x, label = made_up("circles", 100, 0.0)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(label == 1, 0.6, 1.2), rtol=1e-12)
    x, label = made_up("moons", 100, 0.0)
    centers = np.where(label[:, None] == 1, [0.5, 0.25], [-0.5, -0.25])
    np.testing.assert_allclose(np.hypot(*(x - centers).T), 1, rtol=1e-12)
    assert ((x - centers)[:, 1] * (1 - 2 * label) >= 0).all()
    x, label = made_up("spiral", 100, 0.0)
    turns = (np.hypot(*x.T) - 0.1) / 1.3 + label / 2
    np.testing.assert_allclose(
        x,
        np.hypot(*x.T)[:, None] * np.stack([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)], axis=1),
        atol=1e-12,
    )


def test_the_irises_are_fishers():
    with IRIS.open(encoding="utf-8", newline="") as file:
        flowers = list(csv.DictReader(file))
    numbers = np.array([[float(value) for value in list(flower.values())[:4]] for flower in flowers])
    assert [flower["species"] for flower in flowers] == (
        ["setosa"] * 50 + ["versicolor"] * 50 + ["virginica"] * 50
    )
    # Fisher (1936), table II: the means of the species.
    np.testing.assert_allclose(
        numbers.reshape(3, 50, 4).mean(axis=1),
        [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]],
        atol=1e-12,
    )
    # The two rows that are wrong in other copies.
    assert numbers[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert numbers[37].tolist() == [4.9, 3.6, 1.4, 0.1]


def test_versicolor_and_virginica_come_in_turn_and_standardised():
    x, label = iris()
    assert x.shape == (100, 2)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(x.std(axis=0), 1, rtol=1e-14)
    # The first of each: 4.7 cm × 1.4 cm and 6.0 cm × 2.5 cm.
    np.testing.assert_allclose(
        (x[0] - x[1]) / (x[2] - x[1]),
        ([4.7, 1.4] - np.array([6.0, 2.5])) / ([4.5, 1.5] - np.array([6.0, 2.5])),
        rtol=1e-12,
    )
    assert label.tolist() == [0.0, 1.0] * 50


def test_a_split_shuffles_once_and_keeps_data_order():
    train, test = split(50, 0.3)
    assert (len(train), len(test)) == (35, 15)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(50))
    assert (np.diff(train) > 0).all()
    assert (np.diff(test) > 0).all()
    assert test.tolist() != list(range(35, 50))
    np.testing.assert_array_equal(split(50, 0.3)[1], test)
    assert split(50, 0.0)[0].tolist() == list(range(50))


def test_the_net_learns_from_what_is_not_held_out():
    surface = network(data="iris", test=0.25)
    x, label = iris()
    train, test = split(100, 0.25)
    w = surface.net().initial(0)
    assert (len(surface.net()), len(surface.test_net())) == (75, 25)
    np.testing.assert_array_equal(
        surface.test_net().outputs(w, x[test]) > 0.5, surface.net().outputs(w, x[test]) > 0.5
    )
    right = (surface.net().outputs(w, x[test]) > 0.5) == label[test]
    assert surface.measures(w[None])["test_accuracy"] == [right.mean()]
    assert surface.measures(w[None])["test_loss"] == pytest.approx(
        -np.log(
            np.where(label == 1, surface.net().outputs(w, x), 1 - surface.net().outputs(w, x))[test]
        ).mean()
    )
    assert network(data="iris").test_net() is None
    assert set(network().measures(w[None])) == {"accuracy"}
    assert len(surface.net()) == len(train)


@pytest.mark.parametrize("data", [*MADE_UP, "iris"])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_gradient_descent_learns_at_the_recommended_rate(data, activation):
    surface = network(data=data, activation=activation)
    net = surface.net()
    w = net.initial(0)
    before = net.look(w)[0]
    for _ in range(300):
        w = w - Network.rate * net.look(w)[1]
    assert net.look(w)[0] < 0.8 * before
    assert net.accuracy(w) > 0.7


def test_the_random_plane_lies_at_the_initial_weights_of_the_seed():
    surface = network()
    plane = surface.plane_of(3)
    np.testing.assert_array_equal(plane.center, surface.net().initial(3))
    assert (plane.first != surface.plane_of(4).first).any()
    assert surface.field().loss_at(0.0, 0.0) == surface.net().look(surface.net().initial(0))[0]
    assert surface.first_iterate() == (0.0, 0.0)
    assert surface.window() == Domain(x=(-1.0, 1.0), y=(-1.0, 1.0))
    assert network(domain={"x": [0, 1], "y": [0, 2]}).window() == Domain(x=(0.0, 1.0), y=(0.0, 2.0))


@pytest.mark.parametrize("fields", [{"plane": "pca"}, {"center": "final"}])
def test_a_plane_that_needs_the_descents_is_refused_before_they_are_run(fields):
    surface = network(**fields)
    assert surface.deferred
    with pytest.raises(ValidationError, match="lies where the descents lead"):
        surface.field()
    w = surface.net().initial(0)
    seen = surface.seen(principal_plane(w + np.random.default_rng(0).standard_normal((5, len(w))), w))
    assert seen.loss_at(0.0, 0.0) == surface.net().look(w)[0]


def test_the_held_out_examples_have_a_slice_of_their_own():
    surface = network(test=0.5)
    weights = surface.plane_of(0).point(0.5, -0.5)
    assert surface.test_field().loss_at(0.5, -0.5) == surface.test_net().look(weights)[0]
    assert network().test_field() is None


def test_own_examples_are_taken_as_they_are():
    surface = network(data=XOR, hidden=[4])
    assert len(surface.net()) == 4
    x, label = surface.examples_of_both()
    assert (x.tolist(), label.tolist()) == (XOR["x"], XOR["y"])
    assert network(**surface.model_dump(exclude={"kind"})) == surface


def test_the_same_document_has_the_same_net():
    assert network(data=XOR).net() is network(data=XOR).net()
    assert network(data=XOR).net() is not network(data="iris").net()


@pytest.mark.parametrize(
    ("x", "y", "place", "words"),
    [
        ([[1.0]], [0, 1], "x", "2 to 10,000 examples, not 1"),
        ([[1.0]] * 10_001, [0, 1], "x", "not 10,001"),
        ([[1.0], [1.0, 2.0]], [0, 1], "x", "row 1 has 2 features, row 0 has 1"),
        ([[], []], [0, 1], "x", "1 to 16 features, not 0"),
        ([[1.0] * 17] * 2, [0, 1], "x", "1 to 16 features, not 17"),
        ([[1.0], [2.0]], [0, 1, 1], "y", "2 examples, but 3 labels"),
        ([[1.0], [2.0]], [0, 2], "y", "a label is 0 or 1"),
        ([[1.0], [2.0]], [1, 1], "y", "both labels must occur"),
    ],
)
def test_own_examples_are_refused_in_words(x, y, place, words):
    (found,) = refusals(data={"x": x, "y": y}).items()
    assert found[0] == ("data", place)
    assert words in found[1]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"hidden": []}, ("hidden",)),
        ({"hidden": [8, 8, 8, 8]}, ("hidden",)),
        ({"hidden": [8, 33]}, ("hidden", 1)),
        ({"hidden": [8, 0]}, ("hidden", 1)),
        ({"data": "mnist"}, ("data",)),
        ({"data": {"x": [[1.0], ["2"]], "y": [0, 1]}}, ("data", "x", 1, 0)),
        ({"data": {"x": [[1.0], [float("nan")]], "y": [0, 1]}}, ("data", "x", 1, 0)),
        ({"activation": "sigmoid"}, ("activation",)),
        ({"examples": 1}, ("examples",)),
        ({"test": 0.95}, ("test",)),
        ({"units": 3}, ("units",)),
    ],
)
def test_what_is_out_of_bounds_is_refused_with_its_path(fields, path):
    assert set(refusals(**fields)) == {path}


def test_a_split_that_leaves_too_little_is_refused():
    assert "none to test with" in refusals(data=XOR, test=0.1)[()]
    assert "left to train with" in refusals(data=XOR, test=0.75)[()]


def test_it_is_typeset():
    assert network().mathml()["gradient"] is None
    assert "<math" in network().mathml()["loss"]
    assert Network.facts()["group"] == "data"


def test_more_than_anybody_waits_for_is_refused_with_what_is_possible():
    x = np.random.default_rng(0).standard_normal((10_000, 2)).tolist()
    large = {"kind": "network", "hidden": [32, 32, 32], "data": {"x": x, "y": [0.0, 1.0] * 5000}}
    with pytest.raises(ValidationError, match="too much to compute") as caught:
        read({"surface": large, "descents": [{}] * 4, "steps": 1000})
    assert caught.value.errors()[0]["loc"] == ("steps",)
    with pytest.raises(ValidationError, match="up to 21 points") as caught:
        landscape(large, resolution=200)
    assert caught.value.errors()[0]["loc"] == ("resolution",)
