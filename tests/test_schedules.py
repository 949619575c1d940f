"""Learning rates: PyTorch's numbers, and what the contract decides."""

import numpy as np
import pytest
from fall_line import schedules
from fall_line.component import members
from fall_line.schedules import AnySchedule, LearningRate
from pydantic import TypeAdapter

from tests.conftest import reference

KINDS = {schedule.model_fields["kind"].default for schedule in members(AnySchedule)}
CASES = [case for case in reference("schedules")["cases"] if case["learning_rate"]["kind"] in KINDS]


def rates(document, steps):
    return schedules.rates(
        schedules.filled(TypeAdapter(LearningRate).validate_python(document), steps, 0.01), steps
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["learning_rate"]))
def test_rates_equal_pytorchs(case):
    ours = rates(case["learning_rate"], case["steps"])
    np.testing.assert_allclose(ours, case["rates"], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("schedule", members(AnySchedule), ids=lambda schedule: schedule.__name__)
def test_what_is_left_out_is_filled_in(schedule):
    filled = schedule().filled(200, 0.3)
    assert all(getattr(filled, name) is not None for name in type(filled).model_fields)
    assert filled.learning_rate == 0.3
    assert filled.filled(77, 5.0) == filled
    assert max(schedules.rates(filled, 200)) == pytest.approx(0.3)


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


def test_a_rate_that_is_not_filled_in_says_so():
    with pytest.raises(ValueError, match="left out"):
        schedules.Cosine(learning_rate=0.1).at(0)
