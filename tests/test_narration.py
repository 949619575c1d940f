"""An update told in its steps: every number in it is that of the descent."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from pydantic import ValidationError

from fall_line import run
from fall_line.component import members
from fall_line.narration import UpdateRequest
from fall_line.optimizers import Optimizer
from fall_line.optimizers.rmsprop import RMSProp

OPTIMIZERS = members(Optimizer)
SIZES = {"epsilon", "minimum", "maximum"}


def allowed(optimizer, parameters):
    try:
        return optimizer.model_validate(parameters)
    except ValidationError:
        return None


def experiment(**descent):
    descent.setdefault("learning_rate", 0.01)
    return {"surface": {"kind": "himmelblau"}, "descents": [descent], "steps": 40}


def told(step=12, **descent):
    return UpdateRequest.model_validate({"experiment": experiment(**descent), "step": step}).compute()


@pytest.mark.parametrize("step", [0, 1, 12])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.__name__)
def test_it_tells_the_update_that_the_descent_makes(optimizer, step):
    kind = {"kind": optimizer.model_fields["kind"].default}
    update = told(step, optimizer=kind)
    (trajectory,) = run(experiment(optimizer=kind), state=True)
    places = np.column_stack([trajectory.x, trajectory.y])
    assert update.w == pytest.approx(places[step], rel=1e-11)
    assert update.next == pytest.approx(places[step + 1], rel=1e-11)
    assert (update.loss, update.next_loss) == pytest.approx(tuple(trajectory.loss[step : step + 2]), rel=1e-9)
    assert (
        len(update.questions)
        == trajectory.evaluations[step + 1] - trajectory.evaluations[step] - optimizer.curvature
    )
    for name, value in update.next_state.items():
        assert np.ravel(value) == pytest.approx(
            np.ravel(trajectory.state[name][step + 1]), rel=1e-9, abs=1e-12
        )
    assert update.lines[-1].value == pytest.approx(update.next)


@pytest.mark.parametrize(
    "optimizer", [each for each in OPTIMIZERS if each.traceable], ids=lambda each: each.__name__
)
def test_the_equations_are_told_with_numbers_where_they_hold_for_each_coordinate(optimizer):
    update = told(optimizer={"kind": optimizer.model_fields["kind"].default})
    assert all(line.left and line.right for line in update.lines)
    assert all(line.numbers for line in update.lines)
    for line in update.lines:
        for markup in (line.left, line.right, *line.numbers):
            ElementTree.fromstring(markup)
        written = "".join(line.numbers)
        assert "<mn>" in written and not re.search(r"<mi>[(−\d]", written)


def test_the_velocity_is_the_sum_of_past_gradients_with_decaying_weights():
    for kind, kept, new in (
        ("momentum", 0.9, 1.0),
        ("nesterov", 0.9, 1.0),
        ("adam", 0.9, 0.1),
        ("signum", 0.9, 0.1),
    ):
        update = told(optimizer={"kind": kind})
        assert [share.step for share in update.history] == list(range(12, -1, -1))
        weights = [share.weight for share in update.history]
        assert weights == pytest.approx([new * kept**age for age in range(13)], rel=1e-12)
        velocity = sum(share.weight * np.array(share.gradient) for share in update.history)
        assert next(iter(update.next_state.values())) == pytest.approx(velocity, rel=1e-12)
    assert told(optimizer={"kind": "gradient_descent"}).history == []
    assert told(optimizer={"kind": "adagrad"}).history == []


def test_a_dampened_first_gradient_counts_in_full():
    weights = [share.weight for share in told(2, optimizer={"kind": "momentum", "dampening": 0.5}).history]
    assert weights == pytest.approx([0.5, 0.45, 0.81])


def test_the_divisor_is_the_root_of_what_was_remembered():
    update = told(optimizer={"kind": "adam"})
    v = np.array(update.next_state["v"])
    assert update.divisor == pytest.approx(np.sqrt(v / (1 - 0.999**13)) + 1e-8, rel=1e-12)
    update = told(optimizer={"kind": "adagrad"})
    assert update.divisor == pytest.approx(np.sqrt(update.next_state["s"]) + 1e-10, rel=1e-12)
    for kind in ("gradient_descent", "momentum", "sam", "schedule_free", "lion"):
        assert told(optimizer={"kind": kind}).divisor is None


def test_it_tells_where_gradients_were_asked():
    update = told(optimizer={"kind": "nesterov"})
    ahead = np.array(update.w) - 0.01 * 0.9 * np.array(update.state["v"])
    assert [question.at for question in update.questions] == [pytest.approx(ahead, rel=1e-12)]
    first, second = told(optimizer={"kind": "sam", "radius": 0.3}).questions
    uphill = np.array(second.at) - first.at
    assert np.hypot(*uphill) == pytest.approx(0.3) and uphill @ first.gradient > 0


def test_a_mini_batch_tells_its_own_gradient():
    document = experiment(gradient={"kind": "mini_batch", "size": 4}, learning_rate=0.1)
    document["surface"] = {"kind": "linear_regression"}
    update = UpdateRequest.model_validate({"experiment": document, "step": 5}).compute()
    assert update.next == pytest.approx(np.array(update.w) - 0.1 * np.array(update.questions[0].gradient))


def test_a_network_is_told_as_it_is_seen_on_its_plane():
    document = experiment(optimizer={"kind": "adam"})
    document["surface"] = {"kind": "network", "hidden": [4], "plane": "pca"}
    update = UpdateRequest.model_validate({"experiment": document, "step": 5}).compute()
    (trajectory,) = run(document)
    assert update.w == pytest.approx([trajectory.x[5], trajectory.y[5]], abs=1e-9)
    assert len(update.state["m"]) == 2 and update.divisor is None
    assert all(line.numbers is None for line in update.lines)


@pytest.mark.parametrize(("descent", "step", "path"), [(1, 0, "descent"), (0, 40, "step"), (0, 41, "step")])
def test_what_is_not_there_is_refused_with_its_field(descent, step, path):
    with pytest.raises(ValidationError) as caught:
        UpdateRequest.model_validate({"experiment": experiment(), "descent": descent, "step": step}).compute()
    assert caught.value.errors()[0]["loc"] == (path,)


NOT_IN_THE_UPDATE = {"initial_accumulator", "sufficient_decrease"}
# Parameters with a value that removes them from the update, what is shown of them, and another value.
REMOVED = [
    (optimizer, name, value, field.title, 0.3)
    for optimizer in OPTIMIZERS
    for name, field in optimizer.model_fields.items()
    if isinstance(field.default, float) and name not in NOT_IN_THE_UPDATE
    for value in (0.0, 1.0)
    if allowed(optimizer, {name: value}) and not (value == 1 and name in SIZES)
] + [(RMSProp, "centered", False, "ḡ", True)]


@pytest.mark.parametrize(
    ("optimizer", "name", "value", "letter", "other"),
    REMOVED,
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_what_a_value_removes_is_not_shown_and_what_is_shown_is_the_update(
    optimizer, name, value, letter, other
):
    kind = optimizer.model_fields["kind"].default
    for step in (0, 12):
        for given, shown in ((value, False), (other, True)):
            # Without a mean nothing surprises AdaBelief, and it divides by ε.
            wide = {"epsilon": 1e-3} if kind == "adabelief" and name != "epsilon" else {}
            update = told(step, optimizer={"kind": kind, name: given} | wide)
            written = "".join(f"{line.left}{line.right}" for line in update.lines)
            assert (f">{letter}<" in written) is shown, (given, written)
            # Numbers are put in only where the right-hand side, computed, is what the descent has.
            assert all(line.numbers for line in update.lines) is optimizer.traceable
            assert update.lines[-1].value == pytest.approx(update.next)
    assert "<mtd" not in "".join(str(line.right) for line in told(optimizer={"kind": "momentum"}).lines)


def test_several_values_remove_what_each_of_them_removes():
    gone = {"beta1": 0, "beta2": 0, "weight_decay": 0, "epsilon": 1e-3}
    (line,) = told(optimizer={"kind": "adamw"} | gone).lines
    letters = set(re.findall(r"<m[in]>([^<]+)</m[in]>", line.right))
    assert letters == {"w", "t", "α", "g", "2", "ε"}
    (line,) = told(optimizer={"kind": "momentum", "momentum": 0, "dampening": 0}).lines
    assert line.right == told(optimizer={"kind": "gradient_descent"}).lines[0].right


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.__name__)
def test_the_schema_shows_the_general_form_with_every_letter(optimizer):
    general = optimizer.facts()["mathml"]["update"]
    for name, field in optimizer.model_fields.items():
        if isinstance(field.default, float) and name not in NOT_IN_THE_UPDATE:
            assert f">{field.title}<" in general
