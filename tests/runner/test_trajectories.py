"""The loop: indexing, endings, frames, and the numbers of PyTorch."""

import numpy as np
import pytest

from fall_line import run, stream
from fall_line.component import members
from fall_line.optimizers import Optimizer
from tests.conftest import reference
from tests.runner import one

KINDS = {optimizer.model_fields["kind"].default for optimizer in members(Optimizer)}
TRAJECTORIES = reference("trajectories")
CASES = [case for case in TRAJECTORIES["cases"] if case["optimizer"]["kind"] in KINDS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['source']}-{case['surface']['kind']}")
def test_trajectories_equal_those_of_pytorch_and_optax(case):
    steps = case.get("steps", TRAJECTORIES["steps"])
    descent = {name: case[name] for name in ("optimizer", "learning_rate", "start")}
    found = one(case["surface"], max(steps), **descent)
    for name in ("x", "y", "loss", "gradient_norm"):
        ours, theirs = getattr(found, name)[steps], np.array(case[name])
        scale = abs(theirs).max()
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12 * scale, err_msg=name)


def test_entry_s_is_the_iterate_after_s_updates_and_the_rate_that_leaves_it():
    found = one(
        learning_rate={"kind": "step", "learning_rate": 0.25, "every": 1, "factor": 0.5},
        steps=2,
        start=[8, 0],
    )
    assert found.x.tolist() == [8.0, 4.0, 3.0]
    assert found.learning_rate.tolist() == [0.25, 0.125, 0.0625]
    assert found.loss.tolist() == [64.0, 16.0, 9.0]
    assert found.gradient_norm.tolist() == [16.0, 8.0, 6.0]
    assert found.evaluations.tolist() == [0, 1, 2]
    assert found.steps == 2


def test_the_same_document_gives_the_same_numbers_to_the_bit(race):
    for first, second in zip(run(race), run(race), strict=True):
        assert first.x.tobytes() == second.x.tobytes()


def test_streaming_gives_the_numbers_of_running(race):
    frames = list(stream(race))
    for index, trajectory in enumerate(run(race)):
        parts = [frame for frame in frames if frame.descent == index]
        assert np.concatenate([part.x for part in parts]).tobytes() == trajectory.x.tobytes()
        assert [part.step for part in parts] == np.cumsum([0, *(len(part.x) for part in parts[:-1])]).tolist()
        assert [part.status for part in parts] == [None] * (len(parts) - 1) + ["finished"]


def test_descents_take_turns_in_frames_that_grow():
    frames = list(stream({"surface": {"kind": "sphere"}, "descents": [{}, {}], "steps": 1000}))
    assert [frame.descent for frame in frames] == [0, 1] * (len(frames) // 2)
    assert [len(frame.x) for frame in frames[::2]] == [8, 16, 32, 64, *[128] * 6, 113]


def test_a_refused_document_is_refused_before_the_first_frame():
    with pytest.raises(ValueError, match="steps"):
        stream({"surface": {"kind": "sphere"}, "descents": [{}], "steps": 0})


def test_too_large_a_rate_diverges_and_lists_only_finite_numbers():
    found = one("rosenbrock", 300, learning_rate=0.01, start=[-1.2, 1.0])
    assert found.status == "diverged"
    assert "step 4" in found.reason
    assert found.steps == 3 == len(found.x) - 1
    assert np.isfinite([found.x, found.y, found.loss, found.gradient_norm]).all()


def test_an_enormous_rate_diverges_cleanly():
    found = one("rosenbrock", learning_rate=1e300)
    assert (found.status, found.steps) == ("diverged", 0)


def test_a_surface_without_a_bottom_is_escaped_from():
    found = one("saddle", 10_000, learning_rate=0.1, start=[1.0, 0.1])
    assert found.status == "escaped"
    assert found.loss[-1] < found.loss[0]
    assert np.hypot(found.x, found.y).max() <= 1e3 * np.hypot(4, 4)


def test_stepping_out_of_the_formulas_domain_diverges():
    found = one({"kind": "formula", "formula": "x - 0*log(x)"}, start=[1, 0], learning_rate=0.3)
    assert (found.status, found.steps) == ("diverged", 3)
    assert "the loss" in found.reason


def test_a_small_gradient_converges():
    found = one(stop={"gradient_norm": 1e-3}, steps=1000, learning_rate=0.1)
    assert found.status == "converged"
    assert found.gradient_norm[-1] <= 1e-3 < found.gradient_norm[-2]


def test_a_start_at_the_minimum_converges_at_once():
    found = one(stop={"gradient_norm": 0.0}, start=[0, 0])
    assert (found.status, found.steps) == ("converged", 0)


def test_no_better_loss_in_patience_steps_stalls():
    found = one(start=[1, 0], learning_rate=1.0, stop={"patience": 3})
    assert (found.status, found.steps) == ("stalled", 3)
    assert "no better loss" in found.reason


def test_an_improvement_below_the_minimum_does_not_count():
    found = one(start=[1, 0], learning_rate=0.1, stop={"patience": 2, "minimum_improvement": 0.3})
    # Each step multiplies the loss by 0.64: at steps 1 and 3 it is 0.3 below the best, later never.
    assert (found.status, found.steps) == ("stalled", 5)


def test_a_rate_that_falls_below_the_threshold_stalls():
    schedule = {"kind": "exponential", "learning_rate": 1.0, "factor": 0.5}
    found = one(
        "styblinski_tang", learning_rate={**schedule, "learning_rate": 0.01}, stop={"learning_rate": 0.002}
    )
    assert (found.status, found.steps) == ("stalled", 3)


def test_a_rate_that_was_never_above_the_threshold_does_not_stall():
    found = one(learning_rate=0.001, stop={"learning_rate": 0.002}, steps=5)
    assert found.status == "finished"


def test_the_budget_of_evaluations_finishes():
    found = one(stop={"evaluations": 7})
    assert (found.status, found.steps, found.evaluations[-1]) == ("finished", 7, 7)


def test_noise_is_the_seeds_and_the_same_for_every_descent():
    noisy = {"gradient": {"kind": "noisy", "sigma": 2.0}, "learning_rate": 0.1}
    document = {"surface": {"kind": "sphere"}, "descents": [noisy, noisy], "steps": 20}
    first, second = run({**document, "seed": 3})
    other, _ = run({**document, "seed": 4})
    assert first.x.tobytes() == second.x.tobytes()
    assert first.x.tobytes() != other.x.tobytes()


def test_noise_does_not_depend_on_how_long_one_looks():
    noisy = {"gradient": {"kind": "noisy"}, "learning_rate": 0.1}
    assert one(steps=10, **noisy).x.tolist() == one(steps=50, **noisy).x[:11].tolist()


def test_noise_changes_the_path_and_not_what_is_reported_of_it():
    found = one(gradient={"kind": "noisy", "sigma": 1.0}, learning_rate=0.1)
    np.testing.assert_allclose(found.gradient_norm, 2 * np.hypot(found.x, found.y), rtol=1e-14)


def test_noise_has_the_standard_deviation_it_says():
    found = one(
        {"kind": "formula", "formula": "0*x + 0*y"},
        10_000,
        learning_rate=1.0,
        gradient={"kind": "noisy", "sigma": 0.5},
    )
    steps = np.diff([found.x, found.y])
    assert steps.std() == pytest.approx(0.5, rel=0.03)


def test_without_noise_sigma_zero_is_exact():
    exact, noisy = one(learning_rate=0.1), one(learning_rate=0.1, gradient={"kind": "noisy", "sigma": 0.0})
    assert exact.x.tobytes() == noisy.x.tobytes()


def test_nesterov_without_momentum_is_gradient_descent():
    plain = one("himmelblau", learning_rate=0.01)
    nesterov = one("himmelblau", learning_rate=0.01, optimizer={"kind": "nesterov", "momentum": 0})
    assert plain.x.tobytes() == nesterov.x.tobytes()


def test_adams_first_step_has_the_length_of_the_learning_rate():
    found = one("rosenbrock", 1, learning_rate=0.05, optimizer={"kind": "adam"})
    assert abs(np.diff(found.x)[0]) == pytest.approx(0.05)
    assert abs(np.diff(found.y)[0]) == pytest.approx(0.05)


def test_in_a_constant_gradient_momentum_takes_steps_ten_times_as_long():
    found = one({"kind": "formula", "formula": "x"}, 300, learning_rate=0.01, optimizer={"kind": "momentum"})
    assert np.diff(found.x)[-1] == pytest.approx(-0.1)
