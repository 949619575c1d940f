"""Line searches: a loss that is not a finite number fails every comparison."""

import numpy as np
import pytest

from fall_line import run
from fall_line.optimizers.lbfgs import LBFGS, Trial, strong_wolfe
from fall_line.optimizers.line_search import LineSearch

SEARCHES = ["lbfgs", "line_search"]
# Each with the minimum, found by hand: 2x = 1/x; 1 = 1/x and 2y = −1/(2 − y); log(x) = −1; ...
BARRIERS = [
    ("x**2 - log(x) + y**2", [3.0, 1.0], (0.5**0.5, 0.0)),
    ("x**2 - log(x) + y**2", [0.01, -4.0], (0.5**0.5, 0.0)),
    ("x - log(x) + y**2 - log(2 - y)", [9.0, 1.0], (1.0, 1 - 1.5**0.5)),
    ("x**2 - log(x) - log(3 - x - y) + y**2", [0.5, 0.4], None),
    ("-sqrt(1 - x**2) + y**2", [0.9, 3.0], (0.0, 0.0)),
    ("x*log(x) + y**2", [6.0, 2.0], (np.exp(-1), 0.0)),
    ("asin(x)**2 + y**2", [0.95, 20.0], (0.0, 0.0)),
]


def descent(kind, formula, start, steps=100):
    document = {"surface": {"kind": "formula", "formula": formula}, "steps": steps}
    (found,) = run({**document, "descents": [{"optimizer": {"kind": kind}, "start": start}]})
    return found


@pytest.mark.parametrize("kind", SEARCHES)
@pytest.mark.parametrize(("formula", "start", "minimum"), BARRIERS)
def test_a_search_turns_back_from_where_the_loss_is_not_real(kind, formula, start, minimum):
    found = descent(kind, formula, start)
    assert found.status == "finished", found.reason
    assert (np.diff(found.loss) <= 1e-15 * abs(found.loss[1:])).all()
    assert found.gradient_norm[-1] < 1e-4
    if minimum is not None:
        np.testing.assert_allclose([found.x[-1], found.y[-1]], minimum, atol=1e-4)


@pytest.mark.parametrize(
    ("formula", "start"),
    [
        ("exp(x^2) + y^2", [5.0, 1.0]),
        ("exp(x^2) + y^2", [15.0, 1.0]),
        ("cosh(x) + exp(y^2)", [300.0, -4.0]),
        ("exp(x^2) + exp(y^2)", [6.0, -5.0]),
        ("exp(x^2) + y^2", [26.0, 1.0]),
    ],
)
def test_lbfgs_moves_where_its_first_trial_overflows(formula, start):
    found = descent("lbfgs", formula, start)
    assert found.loss[1] < found.loss[0] and found.loss[-1] < 1e-3 * found.loss[0]
    assert found.evaluations[1] <= 30 and found.evaluations[-1] < 1350


def test_lbfgs_gets_to_the_minimum_from_there():
    found = descent("lbfgs", "exp(x^2) + y^2", [5.0, 1.0])
    np.testing.assert_allclose([found.x[-1], found.y[-1], found.loss[-1]], [0, 0, 1], atol=1e-7)


@pytest.mark.parametrize("hole", [np.inf, np.nan, -np.inf])
def test_a_line_search_does_not_end_in_a_hole(hole):
    def look(w):
        w = np.atleast_1d(w)
        return (hole, np.array([hole])) if w[0] > 0.3 else (float((w[0] - 1) ** 2), 2 * (w - 1))

    class Oracle:
        def __call__(self, w):
            return look(w)

    for optimizer in (LBFGS(), LineSearch()):
        w = np.array([0.0])
        state = optimizer.init(w)
        for t in range(20):
            w, state = optimizer.update(w, Oracle(), state, 1.0, t)
            assert w[0] <= 0.3
        assert w[0] > 0.1


def test_a_first_trial_across_the_valley_onto_a_plain_is_shortened():
    """The minimum of 1 − x·exp(−x²), at √½, is about 0.571; far away it is 1."""

    def along(length):
        slope = (2 * length**2 - 1) * np.exp(-(length**2))
        return Trial(length, 1 - length * np.exp(-(length**2)), slope)

    start = Trial(0.0, 1.0, -1.0)
    far = along(30.0)
    assert far.loss <= start.loss and abs(far.slope) < 1e-6
    found = strong_wolfe(along, start, 30.0, np.array([1.0]))
    assert along(found).loss < 0.7
