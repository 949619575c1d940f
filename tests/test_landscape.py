"""The map and its marks, and what a point of it is like."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from fall_line.landscape import evaluate, landscape


def test_himmelblaus_marks_are_four_minima_four_saddles_and_a_maximum():
    marks = landscape({"kind": "himmelblau"}).stationary_points
    assert sorted(mark.type for mark in marks) == ["maximum", *["minimum"] * 4, *["saddle"] * 4]


def test_a_minimum_at_a_kink_is_marked_too():
    (mark,) = landscape({"kind": "absolute"}).stationary_points
    assert (mark.x, mark.y, mark.loss, mark.type) == (0.0, 0.0, 0.0, "minimum")


def test_what_the_list_leaves_out_is_said():
    waves = landscape({"kind": "formula", "formula": "sin(40*x)*sin(40*y)"})
    assert len(waves.stationary_points) == 512 < waves.stationary.found
    assert not waves.stationary.complete and "lowest 512" in waves.stationary.words
    whole = landscape({"kind": "himmelblau"})
    assert whole.stationary == (True, 9, None)


DATA = [
    {"x": [293.1, 293.2, 293.3, 293.4], "y": [1, 2, 3, 4.2]},
    {"x": [2000, 2001, 2002, 2003, 2004], "y": [1.0, 1.5, 1.4, 2.2, 2.0]},
    {"x": [1.7e9 + 86400 * day for day in range(12)], "y": [day % 5 for day in range(12)]},
    {"x": [1e-6, 2e-6, 4e-6], "y": [1.0, 2.0, 2.5]},
]


@pytest.mark.parametrize("data", DATA)
def test_a_regression_has_one_minimum_and_no_saddle_however_its_inputs_are_scaled(data):
    x, y = np.array(data["x"]), np.array(data["y"])
    slope = ((x - x.mean()) @ (y - y.mean())) / ((x - x.mean()) @ (x - x.mean()))
    bottom = np.array([slope, y.mean() - slope * x.mean()])
    low, high = bottom - 3 * abs(bottom) - 1e-9, bottom + 2 * abs(bottom) + 1e-9
    window = {"x": [low[0], high[0]], "y": [low[1], high[1]]}
    (point,) = landscape({"kind": "linear_regression", **data}, window).stationary_points
    assert point.type == "minimum"
    assert [point.x, point.y] == pytest.approx(bottom, rel=1e-5)


def test_a_logistic_regression_on_incomes_has_one_minimum_and_no_saddle():
    data = {"x": [20_000 + 7_000 * i for i in range(12)], "y": [0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1]}
    surface = {"kind": "logistic_regression", **data}
    window = {"x": [-0.001, 0.001], "y": [-12, 6]}
    (point,) = landscape(surface, window).stationary_points
    assert point.type == "minimum"
    assert abs(evaluate(surface, [[point.x, point.y]]).gradient[0] * [0.002, 18]).max() < 1e-9


def test_marks_are_those_of_the_window():
    window = {"x": [2, 4], "y": [1, 3]}
    (mark,) = landscape({"kind": "himmelblau"}, window).stationary_points
    assert (mark.x, mark.y) == pytest.approx((3, 2))


def test_rates_below_two_over_the_largest_curvature_are_stable():
    found = evaluate({"kind": "quadratic", "condition": 25.0}, [[0, 0], [1, 1]])
    assert found.eigenvalues.tolist() == [[1.0, 25.0], [1.0, 25.0]]
    assert found.largest_stable_learning_rate.tolist() == [0.08, 0.08]


def test_where_the_surface_curves_down_no_rate_is_stable():
    found = evaluate({"kind": "saddle"}, [[0, 0]])
    assert found.eigenvalues.tolist() == [[-2.0, 2.0]]
    assert math.isnan(found.largest_stable_learning_rate[0])


def test_a_flat_direction_does_not_count_against_stability():
    found = evaluate({"kind": "formula", "formula": "(x + y)**2"}, [[1, 2]])
    assert found.largest_stable_learning_rate.tolist() == [0.5]


def test_where_the_formula_is_not_real_nothing_is():
    found = evaluate({"kind": "formula", "formula": "log(x) + y**2"}, [[-1, 0], [1, 0]])
    for values in vars(found).values():
        assert np.isnan(values[0]).all()
    assert found.loss[1] == 0.0


def test_the_values_are_those_of_the_gradient_and_hessian():
    found = evaluate({"kind": "rosenbrock"}, [[-1.2, 1.0]])
    np.testing.assert_allclose(found.gradient, [[-215.6, -88.0]], rtol=1e-13)
    np.testing.assert_allclose(found.hessian, [[[1330.0, 480.0], [480.0, 200.0]]], rtol=1e-13)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("resolution", value)
            for value in (1, 19, 501, 3000, 0, -5, "a", "50", 50.0, True, None, [50], np.nan)
        ),
        *(("window", value) for value in (5, "all", [], {"x": [0, 1]}, {"x": [1, 0], "y": [0, 1]})),
        ("window", {"x": [0, 1], "y": [0, 1e101]}),
        *(
            ("surface", value)
            for value in (5, "sphere", {}, {"kind": "ball"}, {"kind": "formula", "formula": "z"})
        ),
    ],
)
def test_what_no_landscape_can_be_drawn_of_is_refused_by_its_name(field, value):
    arguments = {"surface": {"kind": "sphere"}, field: value}
    with pytest.raises(ValidationError) as refused:
        landscape(**arguments)
    assert {error["loc"][0] for error in refused.value.errors()} == {field}


def test_numpys_whole_numbers_are_whole_numbers():
    assert landscape({"kind": "sphere"}, resolution=np.int64(20)).loss.shape == (20, 20)
