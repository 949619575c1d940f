"""Learning rates: PyTorch's numbers, and what the contract decides."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from fall_line import run, schedules
from fall_line.component import members
from fall_line.schedules import AnySchedule, LearningRate, Rates
from tests.conftest import reference

KINDS = {schedule.model_fields["kind"].default for schedule in members(AnySchedule)}
CASES = [case for case in reference("schedules")["cases"] if case["learning_rate"]["kind"] in KINDS]


def rates(document, steps, losses=()):
    learning_rate = TypeAdapter(LearningRate).validate_json(json.dumps(document))
    found = Rates(schedules.filled(learning_rate, steps, 0.01), steps)
    for t, loss in enumerate(losses[:steps]):
        found.hear(t, loss)
    return found.between(0, steps + 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["learning_rate"]))
def test_rates_equal_pytorchs(case):
    ours = rates(case["learning_rate"], case["steps"], case.get("losses", ()))
    np.testing.assert_allclose(ours, case["rates"], rtol=1e-12, atol=1e-16)


def test_every_schedule_of_pytorch_is_compared():
    without = {"constant", "piecewise", "formula", "warmup_stable_decay"}
    assert {case["learning_rate"]["kind"] for case in CASES} == KINDS - without


@pytest.mark.parametrize("schedule", members(AnySchedule), ids=lambda schedule: schedule.__name__)
def test_what_is_left_out_is_filled_in(schedule):
    filled = schedule().filled(200, 0.3)
    assert all(getattr(filled, name) is not None for name in type(filled).model_fields)
    assert filled.filled(77, 5.0) == filled
    if schedule.__name__ not in ("FormulaSchedule", "ExpRange"):
        assert max(Rates(filled, 200).between(0, 201)) == pytest.approx(0.3)


@pytest.mark.parametrize("schedule", members(AnySchedule), ids=lambda schedule: schedule.__name__)
def test_rates_stay_between_zero_and_the_peak(schedule):
    for steps in (1, 2, 3, 10, 333):
        filled = schedule().filled(steps, 0.1)
        found = Rates(filled, steps).between(0, steps + 1)
        assert len(found) == (1 if filled.reacts else steps + 1)
        assert found.min() >= 0 and found.max() <= 0.1 * (1 + 1e-12)


def test_lengths_come_from_the_experiment():
    assert schedules.Cosine().filled(200, 0.1).steps == 200
    assert schedules.Step().filled(200, 0.1).every == 50
    assert schedules.CosineRestarts().filled(200, 0.1).period == 50
    assert schedules.Triangular().filled(200, 0.1).up == 20
    assert schedules.Step().filled(1, 0.1).every == 1


def test_cosine_is_flat_after_its_end():
    found = rates({"kind": "cosine", "learning_rate": 1.0, "steps": 10, "final": 0.1}, 20)
    assert found[5] == pytest.approx(0.55)
    assert found[10:].tolist() == [0.1] * 11


def test_restarts_return_to_the_initial_rate():
    found = rates({"kind": "cosine_restarts", "learning_rate": 1.0, "period": 3, "multiplier": 2}, 21)
    assert [t for t in range(22) if found[t] == 1.0] == [0, 3, 9, 21]


# Pairs of rates whose difference, added to one of them, does not give the other.
UNEVEN = [(0.01, 0.1), (0.1, 0.01), (0.3, 0.1), (0.7, 0.0), (1e-7, 0.3), (0.1, 0.1)]
STATED = {
    "cosine": lambda a, b: ({"steps": 9, "final": b}, {0: a, 9: b, 12: b}),
    "linear": lambda a, b: ({"steps": 9, "final": b}, {0: a, 9: b, 12: b}),
    "polynomial": lambda a, b: ({"steps": 9, "final": b, "power": 1.7}, {0: a, 9: b, 12: b}),
    "cosine_restarts": lambda a, b: ({"period": 4, "final": b}, {0: a, 4: a, 8: a, 12: a}),
    "warmup_stable_decay": lambda a, b: (
        {"warmup": 3, "stable": 2, "decay": 4, "final": b},
        {0: 0.0, 3: a, 4: a, 5: a, 9: b, 12: b},
    ),
    "one_cycle": lambda a, b: (
        {"steps": 10, "warmup_fraction": 0.4, "initial_divisor": 8.0, "final_divisor": 2.0},
        {0: a / 8, 3: a, 9: a / 16, 12: a / 16},
    ),
    "triangular": lambda a, b: (
        {"low": min(a, b), "up": 2, "down": 3},
        {0: min(a, b), 2: a, 5: min(a, b), 7: a},
    ),
    "triangular2": lambda a, b: ({"low": min(a, b), "up": 2, "down": 3}, {0: min(a, b), 2: a, 5: min(a, b)}),
    "exp_range": lambda a, b: (
        {"low": min(a, b), "up": 2, "down": 3, "factor": 1.0},
        {0: min(a, b), 2: a, 7: a},
    ),
    "constant": lambda a, b: ({}, {0: a, 12: a}),
    "step": lambda a, b: ({"every": 3}, {0: a, 2: a, 3: a / 2}),
    "multi_step": lambda a, b: ({"milestones": [3]}, {0: a, 2: a, 3: a / 2}),
    "exponential": lambda a, b: ({"factor": 0.5}, {0: a, 1: a / 2, 2: a / 4}),
    "inverse_time": lambda a, b: ({"rate": 1.0}, {0: a, 1: a / 2, 3: a / 4}),
    "plateau": lambda a, b: ({}, {0: a}),
}


@pytest.mark.parametrize(("first", "last"), UNEVEN)
@pytest.mark.parametrize("kind", STATED)
def test_the_rates_that_are_stated_are_met_to_the_bit_and_never_passed(kind, first, last):
    parameters, stated = STATED[kind](first, last)
    found = rates({"kind": kind, "learning_rate": first, **parameters}, 12)
    assert {t: found[t] for t in stated} == stated
    if kind in ("cosine", "linear", "polynomial"):
        assert (np.diff(found) * np.sign(last - first) >= 0).all() and found[-1] == last


def test_every_schedule_with_a_rate_of_its_own_is_held_to_it():
    assert KINDS - set(STATED) == {"warmup", "piecewise", "formula"}


@pytest.mark.parametrize("anneal", ["cosine", "linear"])
@pytest.mark.parametrize("steps", [1, 2, 7, 10, 300])
def test_one_cycle_whose_peak_is_its_first_update_begins_there(steps, anneal):
    # PyTorch divides by 0 here: its first part has no length.  What follows is its second part.
    document = {"kind": "one_cycle", "steps": steps, "warmup_fraction": 1 / steps, "anneal": anneal}
    found = rates({**document, "learning_rate": 0.01}, steps)
    share = np.minimum(np.arange(steps + 1), steps - 1) / max(1, steps - 1)
    fallen = share if anneal == "linear" else (1 - np.cos(np.pi * share)) / 2
    np.testing.assert_allclose(found, 0.01 + (0.01 / 25e4 - 0.01) * fallen, rtol=1e-12, atol=1e-16)
    assert found[0] == 0.01


@pytest.mark.parametrize("multiplier", [1.5, 1.1, 1.25, 1 + 1e-9, 1 + 2**-52, 7.3, 2, 100.0])
@pytest.mark.parametrize("period", [1, 4, 10])
def test_restarts_come_where_the_exact_sum_of_the_periods_puts_them(period, multiplier):
    written = Fraction(str(multiplier)) if multiplier > 1.0001 else Fraction(multiplier)
    found = rates(
        {"kind": "cosine_restarts", "learning_rate": 1.0, "period": period, "multiplier": multiplier}, 60
    )
    begin, length = Fraction(0), Fraction(period)
    for t, rate in enumerate(found):
        while t >= begin + length - Fraction(t, 10**12):
            begin, length = begin + length, length * written
        assert rate == pytest.approx((1 + math.cos(math.pi * float((t - begin) / length))) / 2, abs=1e-9), t


@pytest.mark.parametrize("multiplier", [0.99, 0, -1.5, 101])
def test_periods_never_get_shorter(multiplier):
    document = {"kind": "cosine_restarts", "multiplier": multiplier}
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(AnySchedule).validate_python(document)
    assert refused.value.errors()[0]["loc"] == ("cosine_restarts", "multiplier")


def test_a_rate_that_is_not_filled_in_says_so():
    with pytest.raises(ValueError, match="left out"):
        schedules.Cosine(learning_rate=0.1).at(0)


def test_a_schedule_in_a_warm_up_begins_at_its_own_step_0():
    then = {"kind": "step", "learning_rate": 1.0, "every": 2, "factor": 0.5}
    found = rates({"kind": "warmup", "steps": 4, "then": then}, 8)
    assert found.tolist() == [0, 0.25, 0.5, 0.75, 1, 1, 0.5, 0.5, 0.25]


def test_a_schedule_in_a_warm_up_ends_with_the_experiment():
    filled = schedules.Warmup(then=schedules.Cosine()).filled(100, 0.1)
    assert (filled.steps, filled.then.steps, filled.then.learning_rate) == (10, 90, 0.1)


def test_a_warm_up_may_be_longer_than_the_experiment():
    assert rates({"kind": "warmup", "steps": 100, "then": 1.0}, 3).tolist() == [0, 0.01, 0.02, 0.03]


def test_the_rate_can_be_changed_in_mid_run_with_t_counted_from_the_start():
    parts = [
        {"from": 0, "learning_rate": 0.5},
        {"from": 2, "learning_rate": {"kind": "step", "learning_rate": 1.0, "every": 3}},
    ]
    assert rates({"kind": "piecewise", "parts": parts}, 4).tolist() == [0.5, 0.5, 1.0, 0.5, 0.5]


def test_a_formula_is_a_schedule():
    assert rates({"kind": "formula", "formula": "1/(1 + t)"}, 3).tolist() == [1, 1 / 2, 1 / 3, 1 / 4]


def test_warmup_stable_decay_is_three_lines():
    document = {"kind": "warmup_stable_decay", "learning_rate": 1.0, "warmup": 2, "stable": 3, "decay": 2}
    assert rates(document, 8).tolist() == [0, 0.5, 1, 1, 1, 1, 0.5, 0, 0]


def test_plateau_works_for_negative_losses():
    document = {"kind": "plateau", "learning_rate": 1.0, "patience": 1, "factor": 0.5}
    assert rates(document, 5, [-1, -2, -3, -4, -5]).tolist() == [1.0] * 6
    assert rates(document, 5, [-3, -3, -3, -3, -3]).tolist() == [1, 1, 1, 0.5, 0.5, 0.25]


def test_plateau_hears_the_loss_of_every_iterate_and_answers_at_once():
    document = {
        "surface": {"kind": "formula", "formula": "1"},
        "descents": [
            {"learning_rate": {"kind": "plateau", "learning_rate": 1.0, "patience": 2, "factor": 0.5}}
        ],
        "steps": 300,
    }
    (flat,) = run(document)
    assert flat.learning_rate[:8].tolist() == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25]


def test_a_warm_up_can_end_in_a_plateau():
    then = {"kind": "plateau", "learning_rate": 1.0, "patience": 0, "factor": 0.5}
    found = rates({"kind": "warmup", "steps": 2, "then": then}, 5, [9, 9, 9, 9, 9])
    assert found.tolist() == [0, 0.5, 1.0, 1.0, 0.5, 0.25]


def test_nesting_is_allowed():
    document = 0.1
    for _ in range(10):
        document = {"kind": "warmup", "steps": 1, "then": document}
    assert rates(document, 12)[-1] == 0.1


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"kind": "multi_step", "milestones": [20, 10]}, ("milestones",)),
        ({"kind": "multi_step", "milestones": [10, 10]}, ("milestones",)),
        ({"kind": "triangular", "low": 0.2, "learning_rate": 0.1}, ("low",)),
        ({"kind": "plateau", "patience": -1}, ("patience",)),
        ({"kind": "plateau", "factor": 1.0}, ("factor",)),
        ({"kind": "cosine", "steps": 0}, ("steps",)),
        ({"kind": "piecewise", "parts": []}, ("parts",)),
        ({"kind": "piecewise", "parts": [{"from": 1}]}, ("parts",)),
        ({"kind": "piecewise", "parts": [{"from": 0}, {"from": 0}]}, ("parts",)),
        ({"kind": "formula", "formula": "x"}, ("formula",)),
        ({"kind": "one_cycle", "anneal": "square"}, ("anneal",)),
    ],
)
def test_schedules_that_make_no_sense_are_refused_at_their_field(document, path):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(AnySchedule).validate_json(json.dumps(document))
    assert refused.value.errors()[0]["loc"] == (document["kind"], *path)


def test_a_low_rate_above_the_optimizers_own_is_refused_at_its_field():
    document = {
        "surface": {"kind": "sphere"},
        "descents": [{"learning_rate": {"kind": "triangular", "low": 0.2}}],
    }
    with pytest.raises(ValidationError) as refused:
        run(document)
    assert refused.value.errors()[0]["loc"] == ("descents", 0, "learning_rate", "low")


@pytest.mark.parametrize(("formula", "t"), [("1 - t/2", 3), ("1/t", 0), ("exp(t**3)", 9), ("sqrt(5 - t)", 6)])
def test_a_rate_that_is_negative_or_not_finite_is_refused_with_the_first_such_step(formula, t):
    document = {
        "surface": {"kind": "sphere"},
        "descents": [{}, {"learning_rate": {"kind": "formula", "formula": formula}}],
    }
    with pytest.raises(ValidationError, match=f"the rate of update {t} is") as refused:
        run(document)
    assert refused.value.errors()[0]["loc"] == ("descents", 1, "learning_rate")
