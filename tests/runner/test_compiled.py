"""The compiled loop against plain NumPy, and descents that end in unusual places."""

import numpy as np
import pytest

from fall_line import run, stream
from fall_line.component import members
from fall_line.experiment import read
from fall_line.optimizers import Optimizer
from fall_line.runner import COLUMNS, settled
from fall_line.runner.compiled import Compiled
from fall_line.runner.entries import joined
from fall_line.runner.plain import Plain
from tests.runner import one

OPTIMIZERS = members(Optimizer)
TRACED = [optimizer for optimizer in OPTIMIZERS if optimizer.traceable]


def both(document):
    """The entries of a document's only descent, compiled and in plain NumPy, with the state."""
    experiment = read(document)
    descent, ground = experiment.descents[0], settled(experiment)
    followers = [follow(experiment, descent, ground, remember=True) for follow in (Compiled, Plain)]
    return [joined([follower.start(), follower.take(0, experiment.steps)]) for follower in followers]


@pytest.mark.parametrize("surface", ["rosenbrock", "himmelblau", "styblinski_tang"])
@pytest.mark.parametrize("optimizer", TRACED, ids=lambda optimizer: optimizer.__name__)
def test_the_compiled_descent_is_the_plain_one(optimizer, surface):
    descent = {"optimizer": optimizer(), "learning_rate": 0.1 * optimizer.learning_rate}
    for change in (
        {},
        {
            "learning_rate": {
                "kind": "warmup",
                "then": {"kind": "cosine", "learning_rate": descent["learning_rate"]},
            }
        },
        {"learning_rate": {"kind": "plateau", "learning_rate": descent["learning_rate"], "patience": 2}},
        {"gradient": {"kind": "noisy", "sigma": 0.5}},
    ):
        document = {"surface": {"kind": surface}, "descents": [{**descent, **change}], "steps": 60}
        compiled, plain = both(document)
        for name in COLUMNS:
            ours, expected = getattr(compiled, name), getattr(plain, name)
            np.testing.assert_allclose(
                ours, expected, rtol=1e-12, atol=1e-12 * abs(expected).max(), err_msg=name
            )
        assert compiled.state.keys() == plain.state.keys()
        for name, expected in plain.state.items():
            assert compiled.state[name].shape == expected.shape
            scale = abs(expected).max(initial=0)
            np.testing.assert_allclose(
                compiled.state[name], expected, rtol=1e-11, atol=1e-12 * scale, err_msg=name
            )


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.__name__)
def test_the_memory_has_a_row_for_every_entry(optimizer):
    document = {"surface": {"kind": "rosenbrock"}, "descents": [{"optimizer": optimizer()}], "steps": 20}
    (found,) = run(document, state=True)
    assert set(found.state) == set(optimizer().init(np.zeros(2))._fields)
    for values in found.state.values():
        assert len(values) == len(found)
    assert run(document)[0].state == {}


def test_adams_memory_is_that_of_the_paper():
    descent = {"optimizer": {"kind": "adam"}, "start": [1.0, 0.0]}
    (found,) = run({"surface": {"kind": "sphere"}, "descents": [descent], "steps": 1}, state=True)
    np.testing.assert_allclose(found.state["m"], [[0, 0], [0.2, 0]], rtol=1e-12)
    np.testing.assert_allclose(found.state["v"], [[0, 0], [0.004, 0]], rtol=1e-12)


def test_a_step_at_a_kink_is_made_plainly_and_the_rest_goes_on():
    kink = {"kind": "formula", "formula": "sqrt(x**2 + y**2)"}
    found = one(kink, 40, start=[1.0, 0.0], learning_rate=0.25)
    assert found.status == "finished"
    assert found.x[:7].tolist() == [1.0, 0.75, 0.5, 0.25, 0.0, 0.0, 0.0]
    assert found.gradient_norm[3:6].tolist() == [1.0, 0.0, 0.0]


def test_how_many_steps_are_taken_at_once_changes_no_bit():
    kink = {"kind": "formula", "formula": "sqrt(abs(x)) + abs(y)"}
    document = {
        "surface": kink,
        "descents": [{"optimizer": {"kind": "adam"}, "learning_rate": 0.1}],
        "steps": 700,
    }
    whole = run(document)[0]
    parts = list(stream(document))
    assert np.concatenate([part.x for part in parts]).tobytes() == whole.x.tobytes()
    assert np.concatenate([part.y for part in parts]).tobytes() == whole.y.tobytes()


def test_a_formula_that_overflows_on_the_way_is_followed_as_far_as_it_is_finite():
    found = one({"kind": "formula", "formula": "-exp(x)"}, 50, start=[5.0, 0.0], learning_rate=1.0)
    assert found.status in ("escaped", "diverged")
    assert np.isfinite(found.loss).all()


@pytest.mark.parametrize("kind", ["newton", "lbfgs", "line_search", "sam"])
@pytest.mark.parametrize(
    ("surface", "start"),
    [
        ({"kind": "saddle"}, [0.0, 0.0]),
        ({"kind": "saddle"}, [1.0, 0.0]),
        ({"kind": "sphere"}, [0.0, 0.0]),
        ({"kind": "formula", "formula": "3"}, [1.0, 1.0]),
        ({"kind": "formula", "formula": "x"}, [1.0, 1.0]),
        ({"kind": "formula", "formula": "x**2"}, [1.0, 1.0]),
        ({"kind": "absolute"}, [1.0, 0.0]),
        ({"kind": "formula", "formula": "log(x)"}, [1.0, 1.0]),
        ({"kind": "formula", "formula": "exp(exp(x))"}, [6.0, 1.0]),
    ],
    ids=str,
)
def test_saddles_plateaus_and_minima_end_in_words(kind, surface, start):
    for rate in (1.0, 1e300, 0.0):
        found = one(surface, 30, optimizer={"kind": kind}, learning_rate=rate, start=start)
        assert found.status in ("finished", "escaped", "diverged")
        assert found.reason
        assert np.isfinite([found.x, found.y, found.loss, found.gradient_norm]).all()


def test_newton_goes_to_the_minimum_of_a_quadratic_in_one_step_and_may_climb_to_a_saddle():
    found = one("quadratic", 1, optimizer={"kind": "newton"}, learning_rate=1.0)
    assert np.hypot(found.x[-1], found.y[-1]) < 1e-14
    found = one("saddle", 1, optimizer={"kind": "newton"}, learning_rate=1.0, start=[1.0, 0.5])
    assert found.loss[-1] == 0.0 and np.hypot(found.x[-1], found.y[-1]) == 0.0


def test_line_search_counts_every_trial():
    found = one("rosenbrock", 5, optimizer={"kind": "line_search"}, learning_rate=1.0)
    assert (np.diff(found.loss) < 0).all()
    assert (np.diff(found.evaluations) >= 2).all()


def test_sam_and_newton_ask_twice_a_step():
    for kind in ("sam", "newton"):
        assert one(steps=3, optimizer={"kind": kind}).evaluations.tolist() == [0, 2, 4, 6]
