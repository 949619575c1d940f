"""The catalogue: one body for all surfaces."""

import numpy as np
import pytest
from fall_line import landscape
from fall_line.component import members
from fall_line.experiment import recommended_rate
from fall_line.optimizers import Optimizer
from fall_line.runner import run
from fall_line.surfaces import NamedSurface, Surface

from tests import oracle

NAMED = [surface for surface in members(Surface) if issubclass(surface, NamedSurface)]


@pytest.fixture(params=NAMED, ids=lambda surface: surface.__name__)
def surface(request):
    return request.param()


def test_value_and_gradient_equal_sympy_at_100_random_points(surface):
    (left, right), (bottom, top) = surface.domain.x, surface.domain.y
    random = np.random.default_rng(7)
    points = np.column_stack([random.uniform(left, right, 100), random.uniform(bottom, top, 100)])
    values = {name: getattr(surface, name) for name in surface.parameters()}
    expected = oracle.derivatives(oracle.expression(surface.formula, values), points)
    loss, gradient, hessian = surface.field().derivatives(points)
    ours = np.column_stack([loss, gradient, hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]])
    scale = abs(expected).max(axis=0)
    np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-12 * scale.max())
    floats = [surface.field().loss_and_gradient_at(*point) for point in points]
    np.testing.assert_allclose(floats, expected[:, :3], rtol=1e-10, atol=1e-12 * scale.max())


def test_known_minima_are_minima(surface):
    map_of_it = landscape(surface)
    for x, y in surface.global_minima():
        loss, gx, gy = surface.field().loss_and_gradient_at(x, y)
        assert np.hypot(gx, gy) < 1e-6 * (1 + abs(map_of_it.loss).max())
        assert loss <= np.nanmin(map_of_it.loss) + 1e-9
        assert loss == pytest.approx(surface.lowest(), abs=1e-9)


def test_the_recommended_rates_descend_from_the_recommended_start(surface):
    for optimizer in members(Optimizer):
        rate = recommended_rate(type(surface), optimizer)
        descent = {"optimizer": optimizer(), "learning_rate": rate}
        (trajectory,) = run({"surface": surface, "descents": [descent], "steps": 300})
        assert trajectory.loss[-1] < trajectory.loss[0], (optimizer.__name__, trajectory.reason)


def test_every_surface_explains_itself(surface):
    facts = surface.facts()
    assert surface.__doc__ and surface.reference and surface.group
    assert facts["mathml"]["loss"] and facts["mathml"]["gradient"]
    start_x, start_y = surface.start
    assert surface.domain.x[0] <= start_x <= surface.domain.x[1]
    assert surface.domain.y[0] <= start_y <= surface.domain.y[1]
    for name in surface.parameters():
        described = type(surface).model_fields[name]
        assert described.title and described.description


def test_rosenbrocks_minimum_moves_with_its_parameter():
    found = landscape({"kind": "rosenbrock", "a": 0.5})
    assert found.lowest == 0.0


def test_the_flat_axis_of_the_quadratic_points_along_its_angle():
    bowl = members(Surface)[1](condition=50.0, angle=30.0)
    flat = (np.cos(np.pi / 6), np.sin(np.pi / 6))
    steep = (-flat[1], flat[0])
    assert bowl.field().loss_at(*flat) == pytest.approx(0.5)
    assert bowl.field().loss_at(*steep) == pytest.approx(25.0)


def test_a_formula_is_a_surface():
    found = landscape(
        {
            "kind": "formula",
            "formula": "a*x**2 + y",
            "parameters": {"a": 2.0},
            "domain": {"x": [0, 1], "y": [0, 2]},
        },
        resolution=20,
    )
    assert found.loss.shape == (20, 20)
    assert found.loss[-1, -1] == 4.0
    assert found.lowest is None


def test_where_a_formula_is_not_real_the_map_has_a_hole():
    found = landscape({"kind": "formula", "formula": "log(x) + y"}, resolution=20)
    assert np.isnan(found.loss[:, :10]).all() and np.isfinite(found.loss[:, 10:]).all()


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"kind": "formula", "formula": "x", "parameters": {"x": 1.0}}, "meaning already"),
        ({"kind": "formula", "formula": "x", "parameters": {"sin": 1.0}}, "meaning already"),
        ({"kind": "formula", "formula": "x", "parameters": {"é": 1.0}}, "letter"),
        ({"kind": "formula", "formula": "x", "parameters": {"a" * 17: 1.0}}, "letter"),
        ({"kind": "formula", "formula": "x", "parameters": {f"a{i}": 1.0 for i in range(17)}}, "up to 16"),
        ({"kind": "formula", "formula": "x", "domain": {"x": [1, 0], "y": [0, 1]}}, "smaller"),
        ({"kind": "formula", "formula": "x", "domain": {"x": [0, 1e300], "y": [0, 1]}}, "up to 1e"),
        ({"kind": "formula", "formula": "x", "domain": {"x": [1, 1 + 1e-12], "y": [0, 1]}}, "narrow"),
    ],
)
def test_formulas_and_domains_that_make_no_sense_are_refused(document, complaint):
    with pytest.raises(ValueError, match=complaint):
        landscape(document)
