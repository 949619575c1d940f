"""The catalogue: one body for all surfaces."""

import numpy as np
import pytest

from fall_line import landscape
from fall_line.component import members
from fall_line.experiment import recommended_rate
from fall_line.expression.field import PLANE
from fall_line.expression.grids import compile_grids
from fall_line.expression.traversal import below
from fall_line.optimizers import Optimizer
from fall_line.optimizers.gradient_descent import GradientDescent
from fall_line.optimizers.newton import Newton
from fall_line.optimizers.sam import SAM
from fall_line.runner import run
from fall_line.surfaces import NamedSurface, Surface
from fall_line.surfaces.multimodal import FlatAndSharp
from fall_line.surfaces.plateaus import Plateau
from fall_line.surfaces.rugged import CrossInTray
from tests import oracle

NAMED = [surface for surface in members(Surface) if issubclass(surface, NamedSurface)]
GROUPS = ["bowls", "valleys", "saddles", "plateaus", "many minima", "data", "your own"]
CREASED = {"abs", "sign", "relu", "sqrt", "cbrt"}
"""Functions with a kink where their argument is 0."""


@pytest.fixture(params=NAMED, ids=lambda surface: surface.__name__)
def surface(request):
    return request.param()


def random_points(surface, count, seed=7):
    (left, right), (bottom, top) = surface.domain.x, surface.domain.y
    random = np.random.default_rng(seed)
    return np.column_stack([random.uniform(left, right, count), random.uniform(bottom, top, count)])


def on_a_kink(surface, points):
    """Whether each of the points is within 1e-6 of a kink, as far as the arguments of abs, sqrt, ... tell."""
    creases = [node.args[0] for node in below([surface.field().loss]) if node.op in CREASED]
    arguments = [compile_grids([crease], PLANE)(*points.T)[0] for crease in creases]
    return (
        np.any([abs(argument) < 1e-6 for argument in arguments], axis=0)
        if creases
        else np.zeros(len(points), bool)
    )


def relative_to(scale, values):
    return values / np.where(scale == 0, 1, scale)


def test_value_gradient_and_hessian_equal_sympy_at_100_random_points(surface):
    points = random_points(surface, 100)
    kinks = on_a_kink(surface, points)
    assert kinks.sum() <= 1
    points = points[~kinks]
    values = {name: getattr(surface, name) for name in surface.parameters()}
    expected = oracle.derivatives(oracle.expression(surface.formula, values), points)
    scale = abs(expected).max(axis=0)
    loss, gradient, hessian = surface.field().derivatives(points)
    ours = np.column_stack([loss, gradient, hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]])
    np.testing.assert_allclose(relative_to(scale, ours), relative_to(scale, expected), rtol=1e-10, atol=1e-12)
    floats = np.array([surface.field().loss_and_gradient_at(*point) for point in points.tolist()])
    np.testing.assert_allclose(
        relative_to(scale[:3], floats), relative_to(scale[:3], expected[:, :3]), rtol=1e-10, atol=1e-12
    )


def test_known_minima_are_minima(surface):
    (left, right), (bottom, top) = surface.domain.x, surface.domain.y
    loss_on_the_map = landscape(surface).loss
    spread = np.ptp(loss_on_the_map)
    steepest = np.hypot(*surface.field().derivatives(random_points(surface, 1000))[1].T).max()
    around = np.exp(2j * np.pi * np.arange(16) / 16)
    for x, y in surface.global_minima():
        loss, *gradient = surface.field().loss_and_gradient_at(x, y)
        outward = [(x == right) - (x == left), (y == top) - (y == bottom)]
        for slope, side in zip(gradient, outward, strict=True):
            assert abs(slope) < 1e-12 * steepest or slope * side < 0
        for distance in (1e-6, 1e-4, 1e-2):
            ring = x + 1j * y + distance * surface.domain.diameter * around
            ring = np.column_stack([ring.real.clip(left, right), ring.imag.clip(bottom, top)])
            assert loss <= surface.field().derivatives(ring)[0].min()
        assert loss <= loss_on_the_map.min() + 1e-14 * spread
        assert loss == pytest.approx(surface.lowest(), abs=1e-14 * spread)


@pytest.mark.parametrize(
    ("kind", "x", "y", "loss"),
    [
        ("booth", 0.0, 0.0, 74.0),
        ("matyas", 10.0, -10.0, 100.0),
        ("zakharov", 1.0, 1.0, 9.3125),
        ("beale", 0.0, 0.0, 14.203125),
        ("dixon_price", 0.0, 1.0, 9.0),
        ("bukin6", -5.0, 0.0, 50.05),
        ("three_hump_camel", 1.74755, -0.87378, 0.29864),
        ("six_hump_camel", 0.0898, -0.7126, -1.03163),
        ("mccormick", -0.54719, -1.54719, -1.91322),
        ("easom", 3.14159, 3.14159, -1.0),
        ("styblinski_tang", -2.903534, -2.903534, 2 * -39.16617),
        ("goldstein_price", 0.0, -1.0, 3.0),
        ("goldstein_price", 1.8, 0.2, 84.0),
        ("branin", 9.42478, 2.475, 0.397887),
        ("bohachevsky1", 100.0, 100.0, 30_000.0),
        ("rastrigin", 4.5, 4.5, 80.5),
        ("griewank", 6.2831853, 0.0, 0.0098696),
        ("levy13", 0.5, 2.0, 2.25),
        ("michalewicz", 2.20291, 1.57080, -1.8013),
        ("schaffer2", 10.0, 10.0, 0.5 - 0.5 / 1.44),
        ("drop_wave", 0.0, 0.5235988, -0.935857),
        ("eggholder", 512.0, 404.2319, -959.6407),
        ("holder_table", 8.05502, -9.66459, -19.2085),
        ("cross_in_tray", -1.34941, 1.34941, -2.06261),
    ],
)
def test_the_loss_is_what_the_literature_prints_or_a_hand_computes(kind, x, y, loss):
    (named,) = (each for each in NAMED if each.model_fields["kind"].default == kind)
    assert named().field().loss_at(x, y) == pytest.approx(loss, rel=3e-5)


def test_the_map_has_no_hole(surface):
    assert np.isfinite(landscape(surface).loss).all()


def test_whether_the_loss_has_a_bottom_is_known(surface):
    random = np.random.default_rng(3)
    distance = surface.domain.diameter * 10 ** random.uniform(0, 4, 20_000)
    angle = random.uniform(0, 2 * np.pi, 20_000)
    far = np.column_stack([distance * np.cos(angle), distance * np.sin(angle)]) + surface.domain.center
    near = landscape(surface).loss
    bottomless = surface.field().derivatives(far)[0].min() < near.min() - np.ptp(near)
    assert surface.bounded == (not bottomless)


def test_the_recommended_rates_descend_from_the_recommended_start(surface):
    for optimizer in members(Optimizer):
        if optimizer is Newton:
            # It looks for any point without slope, and climbs where the surface curves down.
            continue
        rate = recommended_rate(type(surface), optimizer)
        descent = {"optimizer": optimizer(), "learning_rate": rate}
        (trajectory,) = run({"surface": surface, "descents": [descent], "steps": 300})
        # SAM goes down at first, but climbs out of dents that are narrower than its radius.
        last = trajectory.loss.min() if optimizer is SAM else trajectory.loss[-1]
        fell = last < trajectory.loss[0] or trajectory.status == "escaped"
        assert fell, (optimizer.__name__, trajectory.reason)


def test_gradient_descent_never_climbs_above_the_start_and_gets_a_good_part_of_the_way_down(surface):
    descent = {"learning_rate": recommended_rate(type(surface), GradientDescent)}
    (trajectory,) = run({"surface": surface, "descents": [descent], "steps": 300})
    first = trajectory.loss[0]
    assert trajectory.loss.max() == first
    assert trajectory.loss[-1] < first - 0.1 * (first - landscape(surface).loss.min())


def test_something_happens_at_the_start(surface):
    start = np.array([surface.start])
    (left, right), (bottom, top) = surface.domain.x, surface.domain.y
    assert left < start[0, 0] < right and bottom < start[0, 1] < top
    assert not on_a_kink(surface, start).any()
    slope = np.hypot(*surface.field().derivatives(start)[1][0])
    assert surface.rate * slope > 1e-5 * surface.domain.diameter


def test_a_step_of_the_stride_is_seen_on_the_map_and_stays_on_it(surface):
    assert 0.002 < surface.stride / surface.domain.diameter < 0.03


def test_every_surface_explains_itself(surface):
    facts = surface.facts()
    assert surface.__doc__.splitlines()[0].endswith(".") and surface.reference
    assert facts["mathml"]["loss"] and facts["mathml"]["gradient"]
    for name in surface.parameters():
        described = type(surface).model_fields[name]
        assert described.title and described.description


def test_the_menu_is_sorted_by_what_the_surfaces_teach():
    positions = [GROUPS.index(surface.group) for surface in members(Surface)]
    assert positions == sorted(positions) and set(positions) == set(range(len(GROUPS)))


def test_a_shift_ruins_the_sharp_minimum_and_not_the_flat_one():
    loss_at = FlatAndSharp().field().loss_at
    sharp, flat = FlatAndSharp.minima[0], (-1.04854817, -0.69903212)
    assert loss_at(*sharp) < loss_at(*flat) < loss_at(*sharp) + 0.2
    for shift in (0.3, 0.3j, -0.3, -0.3j):
        assert loss_at(sharp[0] + shift.real, sharp[1] + shift.imag) > loss_at(*sharp) + 1.4
        assert loss_at(flat[0] + shift.real, flat[1] + shift.imag) < loss_at(*flat) + 0.1


@pytest.mark.parametrize(("rate", "end"), [(0.02, (1.98624, 0.99305)), (0.05, (-1.04854, -0.69903))])
def test_a_large_rate_is_thrown_out_of_the_sharp_minimum(rate, end):
    (trajectory,) = run({"surface": FlatAndSharp(), "descents": [{"learning_rate": rate}], "steps": 300})
    assert (trajectory.x[-1], trajectory.y[-1]) == pytest.approx(end, abs=1e-4)


def test_the_plateau_looks_like_the_end_until_the_drop():
    (trajectory,) = run({"surface": Plateau(), "descents": [{"learning_rate": Plateau.rate}], "steps": 300})
    fallen = (trajectory.loss[0] - trajectory.loss) / (trajectory.loss[0] - Plateau().lowest())
    assert fallen[100] < 0.05 and fallen[-1] > 0.99
    assert trajectory.gradient_norm[:100].max() < 0.2
    assert trajectory.gradient_norm.max() > 2


def test_numbers_of_forty_digits_inside_the_tray_do_no_harm():
    tray = CrossInTray().field()
    assert tray.loss_at(*CrossInTray.minima[0]) == pytest.approx(-2.062611870822739, rel=1e-14)
    assert tray.loss_at(0.0, 5.0) == -0.0001


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
