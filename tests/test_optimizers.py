"""What papers claim of optimizers, and identities between them."""

import numpy as np
import pytest

from fall_line import run
from fall_line.component import members
from fall_line.optimizers import Optimizer

OPTIMIZERS = members(Optimizer)
FLAT = {"kind": "formula", "formula": "5"}
SLOPE = {"kind": "formula", "formula": "3*x - 0.5*y"}


def path(optimizer, surface=None, steps=30, rate=0.01, start=(1.5, 0.7), *, state=False):
    descent = {"optimizer": optimizer, "learning_rate": rate, "start": start}
    document = {"surface": surface or {"kind": "himmelblau"}, "descents": [descent], "steps": steps}
    return run(document, state=state)[0]


def kind(name, **parameters):
    return {"kind": name, **parameters}


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.__name__)
def test_without_slope_nothing_moves(optimizer):
    still = optimizer(weight_decay=0.0) if "weight_decay" in optimizer.model_fields else optimizer()
    found = path(still, FLAT)
    assert found.status == "finished"
    # Yogi's mean starts at 1e-6 by its own definition, so it drifts a little.
    moved = max(np.ptp(found.x), np.ptp(found.y))
    assert moved == 0.0 or (optimizer.__name__ == "Yogi" and moved < 1e-3)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.__name__)
def test_on_a_constant_slope_every_step_goes_down(optimizer):
    found = path(optimizer(), SLOPE)
    steps = np.diff(found.x)
    if optimizer.__name__ == "Newton":
        # Without curvature its pseudo-inverse is 0.
        assert (steps == 0).all()
    else:
        assert (steps < 0).all() and (np.diff(found.y) > 0).all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.__name__)
def test_a_rate_of_zero_stays(optimizer):
    found = path(optimizer(), rate=0.0)
    # Rprop's rate is only its first step size, and its step sizes have a smallest one.
    moves = optimizer.__name__ == "Rprop"
    assert (np.ptp(found.x) > 0) == moves


@pytest.mark.parametrize(
    "name", ["adam", "rmsprop", "adagrad", "amsgrad", "adamax", "nadam", "lion", "signum"]
)
@pytest.mark.parametrize("scale", [1e-3, 1e4])
def test_steps_do_not_depend_on_the_scale_of_the_loss(name, scale):
    small = {} if name in ("lion", "signum") else {"epsilon": 1e-300}
    formula = "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"
    plain = path(kind(name, **small), {"kind": "formula", "formula": formula})
    scaled = path(kind(name, **small), {"kind": "formula", "formula": f"{scale}*({formula})"})
    np.testing.assert_allclose(scaled.x, plain.x, rtol=1e-9)
    np.testing.assert_allclose(scaled.y, plain.y, rtol=1e-9)


@pytest.mark.parametrize("name", ["adam", "amsgrad", "adamax", "adamw", "lion", "signum", "adagrad", "rprop"])
def test_the_first_step_has_the_length_of_the_rate_in_every_coordinate(name):
    found = path(kind(name), steps=1, rate=0.01)
    decay = 0.01 * 0.01 * 1.5 if name == "adamw" else 0.0
    assert abs(np.diff(found.x)[0]) == pytest.approx(0.01, rel=1e-6, abs=2 * decay)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (kind("momentum", momentum=0), kind("gradient_descent")),
        (kind("nesterov", momentum=0), kind("gradient_descent")),
        (kind("nesterov", momentum=0), kind("momentum", momentum=0)),
        (kind("adamw", weight_decay=0), kind("adam")),
        (kind("sam", radius=0), kind("gradient_descent")),
        (kind("quasi_hyperbolic", share=0), kind("gradient_descent")),
        (kind("quasi_hyperbolic", momentum=0), kind("gradient_descent")),
        (kind("rmsprop", momentum=0, centered=False), kind("rmsprop")),
        (kind("schedule_free", beta=0.9), kind("schedule_free")),
    ],
    ids=str,
)
def test_these_are_the_same(one, other):
    first, second = path(one, rate=0.002), path(other, rate=0.002)
    np.testing.assert_allclose(first.x, second.x, rtol=1e-12)
    np.testing.assert_allclose(first.y, second.y, rtol=1e-12)


def test_amsgrads_divisor_is_never_smaller_than_adams_on_the_same_gradients():
    slopes = {"kind": "formula", "formula": "sin(3*x) + cos(2*y)"}
    amsgrad = path(kind("amsgrad", beta2=0.9), slopes, 200, state=True).state
    assert (amsgrad["peak"] >= amsgrad["v"]).all()
    assert (np.diff(amsgrad["peak"], axis=0) >= 0).all()
    assert (amsgrad["peak"] > amsgrad["v"]).any()


def test_radam_makes_its_first_five_steps_without_a_divisor():
    rate, beta = 0.001, 0.9
    found = path(kind("radam"), SLOPE, 8, rate)
    mean = 3.0
    np.testing.assert_allclose(np.diff(found.x)[:5], -rate * mean, rtol=1e-12)
    assert abs(np.diff(found.x)[5]) < 0.1 * rate * mean
    assert beta == found_default("radam", "beta1")


def found_default(name, parameter):
    (optimizer,) = [each for each in OPTIMIZERS if each.model_fields["kind"].default == name]
    return optimizer.model_fields[parameter].default


def test_the_rate_stands_outside_the_velocity():
    schedule = {"kind": "multi_step", "learning_rate": 0.1, "milestones": [1], "factor": 0.1}
    found = path(kind("momentum", momentum=0.5), {"kind": "formula", "formula": "x"}, 2, schedule)
    np.testing.assert_allclose(np.diff(found.x), [-0.1, -0.01 * 1.5], rtol=1e-12)


def test_decoupled_decay_is_the_rate_times_the_weight_however_steep_the_slope():
    for slope in (1.0, 1000.0):
        line = {"kind": "formula", "formula": f"{slope}*y"}
        found = path(kind("adamw", weight_decay=0.5), line, 1, 0.1)
        assert found.x[1] == pytest.approx(1.5 * (1 - 0.1 * 0.5), rel=1e-14)


def test_rprop_rests_for_a_step_after_the_sign_has_changed():
    found = path(kind("rprop"), {"kind": "formula", "formula": "x**2"}, 4, 1.0, (1.5, 0.0))
    np.testing.assert_allclose(found.x, [1.5, 0.5, -0.7, -0.7, -0.1], rtol=1e-14)


def test_rprop_ignores_later_rates():
    constant = path(kind("rprop"), rate=0.1)
    decaying = path(kind("rprop"), rate={"kind": "exponential", "learning_rate": 0.1, "factor": 0.5})
    assert constant.x.tobytes() == decaying.x.tobytes()


def test_schedule_free_is_the_average_of_the_points_that_make_the_steps():
    found = path(kind("schedule_free", beta=1.0), steps=50, rate=0.01, state=True)
    z = found.state["z"]
    for step in (1, 2, 17, 50):
        np.testing.assert_allclose(found.x[step], z[1 : step + 1, 0].mean(), rtol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.__name__)
def test_its_update_is_typeset(optimizer):
    markup = optimizer.facts()["mathml"]["update"]
    assert markup.startswith("<math") and "<mi>w</mi>" in markup


def test_the_typeset_update_is_that_of_the_source():
    (momentum,) = [each for each in OPTIMIZERS if each.__name__ == "Nesterov"]
    markup = momentum.facts()["mathml"]["update"]
    assert "∇f" in markup and "μ" in markup and "v" in markup
