"""Hostile formulas end in a value or a clean refusal each, and none takes its time."""

import time
from random import Random

import pytest

from fall_line.expression import parse
from tests.expression import hostile
from tests.expression.fuzzing import fuzz, outcome

HANG = 2.0


@pytest.mark.parametrize("written", hostile.ALL, ids=lambda written: ascii(written[:30]))
def test_a_hostile_formula_ends_in_a_value_or_a_refusal_at_once(written):
    began = time.monotonic()
    assert outcome(written) in ("refused", "value")
    assert time.monotonic() - began < HANG


def test_there_are_enough_of_them():
    assert len(set(hostile.ALL)) >= 150


@pytest.mark.parametrize(
    "written", [*hostile.ATTRIBUTES, *hostile.CALLS, *hostile.LOOK_ALIKES, *hostile.CONTROLS], ids=ascii
)
def test_what_is_no_formula_is_refused(written):
    assert outcome(written) == "refused"


@pytest.mark.parametrize("written", hostile.FINE, ids=lambda written: written[:20])
def test_what_is_large_but_within_the_limits_has_a_value(written):
    assert outcome(written) == "value"
    assert parse(written)


def test_20_000_random_strings_end_in_a_value_or_a_refusal():
    found = fuzz(Random(1), 20_000, compute_every=5)
    assert found["value"] > 3_000 and found["refused"] > 3_000
