"""Surfaces made of data, mini-batches and averages of iterates."""

import numpy as np
import pytest
import sympy
from pydantic import ValidationError

from fall_line import run, stream
from fall_line.averages import EMA, SWA
from fall_line.component import members
from fall_line.gradients import MiniBatch
from fall_line.optimizers import Optimizer
from fall_line.surfaces import DataSurface, Surface
from fall_line.surfaces.fit import Fit
from fall_line.surfaces.multimodal import FlatAndSharp
from fall_line.surfaces.regressions import LinearRegression, LogisticRegression, Neuron
from tests.conftest import reference
from tests.runner import one

OF_DATA = [surface for surface in members(Surface) if issubclass(surface, DataSurface)]
ORDERS = ["cyclic", "shuffled", "random"]
LOSSES = {
    Neuron: "(1/(1 + exp(-(w*x + b))) - y)**2/2",
    LinearRegression: "(w*x + b - y)**2",
    LogisticRegression: "log(1 + exp(w*x + b)) - y*(w*x + b)",
    Fit: "(w*exp(-b*x) - y)**2",
}


def mini_batch(size, order="cyclic"):
    return {"kind": "mini_batch", "size": size, "order": order}


@pytest.fixture(params=OF_DATA, ids=lambda surface: surface.__name__)
def surface(request):
    return request.param()


@pytest.mark.parametrize("held_out", [0.0, 0.25])
def test_value_gradient_and_hessian_equal_sympy(surface, held_out):
    if isinstance(surface, Neuron):
        held_out = 0.0
    surface = surface.changed(test=held_out)
    w, b, x, y = sympy.symbols("w b x y")
    term = sympy.sympify(LOSSES[type(surface)], locals={"w": w, "b": b, "x": x, "y": y})
    derivatives = [term, *(sympy.diff(term, *by) for by in ((w,), (b,), (w, w), (w, b), (b, b)))]
    terms = sympy.lambdify((w, b, x, y), derivatives)
    columns = surface.terms().columns
    points = np.random.default_rng(3).uniform(-2, 2, (50, 2))
    expected = np.array(
        [
            [np.sum(np.broadcast_to(each, len(columns[0]))) for each in terms(*point, *columns)]
            for point in points
        ]
    )
    if surface.reduction == "mean":
        expected /= len(columns[0])
    loss, gradient, hessian = surface.field().derivatives(points)
    ours = np.column_stack([loss, gradient, hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]])
    scale = abs(expected).max(axis=0)
    np.testing.assert_allclose(ours / scale, expected / scale, rtol=1e-10, atol=1e-13)
    at_points = np.array([surface.field().loss_and_gradient_at(*point) for point in points.tolist()])
    np.testing.assert_allclose(at_points / scale[:3], expected[:, :3] / scale[:3], rtol=1e-10, atol=1e-13)
    along, slopes = surface.field().along(points)
    np.testing.assert_allclose(np.column_stack([along, slopes]), at_points, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", ["absolute", "huber"])
def test_other_losses_of_a_fit(kind):
    surface = Fit(loss=kind)
    t, y = surface.terms().columns
    error = abs(0.7 * np.exp(-0.4 * t) - y)
    each = error if kind == "absolute" else np.where(error <= 1, error**2 / 2, error - 0.5)
    assert surface.field().loss_at(0.7, 0.4) == pytest.approx(each.mean(), rel=1e-13)
    far = Fit(loss=kind, t=(0.0, 1.0), y=(9.0, 9.0)).field()
    assert far.loss_and_gradient_at(2.0, 0.0) == pytest.approx(
        (7.0, -1.0, 1.0) if kind == "absolute" else (6.5, -1.0, 1.0)
    )


@pytest.mark.parametrize("case", reference("data")["cases"], ids=lambda case: case["surface"]["kind"])
def test_iterates_are_those_of_pytorch(case):
    trajectory = one(
        case["surface"],
        steps=case["steps"][-1],
        optimizer=case["optimizer"],
        learning_rate=case["learning_rate"],
        start=case["start"],
        gradient=mini_batch(case["size"]),
    )
    ours = np.column_stack([trajectory.x, trajectory.y, trajectory.loss])[case["steps"]]
    theirs = np.column_stack([case["iterates"], case["loss"]])
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("order", ["cyclic", "shuffled"])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam", "lbfgs", "sam"])
def test_a_batch_of_all_examples_is_exact_to_the_last_bit(surface, optimizer, order):
    size = len(surface.terms())
    for more in (0, 5):
        descents = [
            {"optimizer": {"kind": optimizer}, "learning_rate": 0.05, "gradient": gradient}
            for gradient in ({"kind": "exact"}, mini_batch(size + more, order))
        ]
        exact, batch = run({"surface": surface, "descents": descents, "steps": 60})
        for column in ("x", "y", "loss", "gradient_norm"):
            assert (getattr(exact, column) == getattr(batch, column)).all()
        assert batch.steps_per_epoch == exact.steps_per_epoch == 1


@pytest.mark.parametrize(("examples", "size"), [(24, 8), (23, 5), (7, 1), (5, 4)])
def test_shuffled_batches_show_every_example_once_per_epoch(examples, size):
    batches = MiniBatch(size=size, order="shuffled").batches(examples, seed=3)
    orders = []
    for epoch in range(3):
        seen = [batches.rows(epoch * batches.per_epoch + t) for t in range(batches.per_epoch)]
        assert all((np.diff(rows) > 0).all() for rows in seen), "in data order"
        assert [len(rows) for rows in seen] == [size] * (examples // size) + [examples % size] * bool(
            examples % size
        )
        assert sorted(np.concatenate(seen)) == list(range(examples))
        orders.append(tuple(np.concatenate(seen).tolist()))
    assert len(set(orders)) == 3


@pytest.mark.parametrize("order", ORDERS)
def test_what_an_update_sees_does_not_depend_on_who_asked_before(order):
    gradient = MiniBatch(size=5, order=order)
    once = gradient.batches(23, seed=1)
    expected = [once.rows(t).tolist() for t in range(40)]
    again = gradient.batches(23, seed=1)
    assert [again.rows(t).tolist() for t in reversed(range(40))] == expected[::-1]
    rows, counts = again.table(3, 12)
    assert [row[:count].tolist() for row, count in zip(rows, counts, strict=True)] == expected[3:12]
    other = gradient.batches(23, seed=2)
    assert order == "cyclic" or [other.rows(t).tolist() for t in range(40)] != expected


def test_random_batches_draw_every_example_equally_often():
    batches = MiniBatch(size=4, order="random").batches(10, seed=0)
    counts = np.bincount(np.concatenate([batches.rows(t) for t in range(5000)]), minlength=10)
    assert abs(counts - 2000).max() < 5 * np.sqrt(2000)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [3, 11])
def test_two_descents_share_the_luck(size, order):
    descent = {"learning_rate": 0.05, "gradient": mini_batch(size, order)}
    first, second = run(
        {"surface": {"kind": "linear_regression"}, "descents": [descent, descent], "steps": 80}
    )
    assert (first.x == second.x).all() and (
        first.measures["batch_loss"] == second.measures["batch_loss"]
    ).all()
    other = one("linear_regression", steps=80, seed=1, **descent)
    assert order == "cyclic" or (other.x != first.x).any()


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 5, 8, 9, 16])
def test_the_loss_of_a_batch_is_that_of_its_examples(surface, size, order):
    if size >= len(surface.terms()) and order != "random":
        return
    rate = 0.1
    trajectory = one(surface, steps=70, learning_rate=rate, gradient=mini_batch(size, order), seed=5)
    batches = MiniBatch(size=size, order=order).batches(len(surface.terms()), seed=5)
    w = np.array([trajectory.x[0], trajectory.y[0]])
    for t in range(70):
        loss, gradient = surface.terms().batch(batches.rows(t)).look(w)
        assert trajectory.measures["batch_loss"][t] == pytest.approx(loss, rel=1e-12)
        w = w - rate * gradient
        assert (trajectory.x[t + 1], trajectory.y[t + 1]) == pytest.approx(tuple(w), rel=1e-11)


@pytest.mark.parametrize("size", [4, 12])
@pytest.mark.parametrize("optimizer", members(Optimizer), ids=lambda optimizer: optimizer.__name__)
def test_every_optimizer_takes_mini_batches(optimizer, size):
    trajectory = one(
        "logistic_regression", steps=60, optimizer=optimizer(), gradient=mini_batch(size, "shuffled")
    )
    assert trajectory.steps_per_epoch == 24 // size
    assert set(trajectory.measures) == {"accuracy", "batch_loss"}
    assert np.isfinite(trajectory.loss).all()


def test_full_loss_and_accuracy_are_those_of_all_examples():
    trajectory = one(
        {"kind": "logistic_regression", "test": 0.25},
        learning_rate=0.5,
        steps=40,
        gradient=mini_batch(3, "shuffled"),
    )
    surface = LogisticRegression(test=0.25)
    for part, loss, accuracy in (
        (surface.terms(), trajectory.loss, "accuracy"),
        (surface.test_terms(), trajectory.measures["test_loss"], "test_accuracy"),
    ):
        x, y = part.columns
        z = trajectory.x[:, None] * x + trajectory.y[:, None]
        np.testing.assert_allclose(loss, (np.logaddexp(0, z) - y * z).mean(axis=1), rtol=1e-12)
        np.testing.assert_array_equal(trajectory.measures[accuracy], ((z > 0) == (y == 1)).mean(axis=1))
    assert len(surface.terms()) == 18 and len(surface.test_terms()) == 6


def test_noise_escapes_the_saddle_at_which_gradient_descent_is_stuck():
    descents = [
        {"learning_rate": 0.05, "start": [0.0, 1.0], "gradient": gradient}
        for gradient in ({"kind": "exact"}, {"kind": "noisy", "sigma": 0.1})
    ]
    stuck, free = run({"surface": {"kind": "double_well"}, "descents": descents, "steps": 200})
    assert stuck.x[-1] == 0.0 and stuck.loss[-1] == pytest.approx(1.0, abs=1e-6)
    assert abs(free.x[-1]) == pytest.approx(1.0, abs=0.1) and free.loss[-1] < 0.05


def test_stochastic_descent_wanders_until_the_rate_decays_and_its_average_lands_in_the_middle():
    surface = LinearRegression()
    (w, b), lowest = surface.global_minima()[0], surface.lowest()
    constant = {
        "learning_rate": 0.15,
        "gradient": mini_batch(2, "shuffled"),
        "average": {"kind": "swa", "start": 200},
    }
    decaying = {**constant, "learning_rate": {"kind": "cosine", "learning_rate": 0.15}, "average": None}
    wandering, settled = run({"surface": surface, "descents": [constant, decaying], "steps": 800})
    excess = wandering.loss[400:].mean() - lowest
    assert settled.loss[-1] - lowest < excess / 20
    assert wandering.average.loss[-1] - lowest < excess / 10
    distance = np.hypot(wandering.x[400:] - w, wandering.y[400:] - b).mean()
    assert np.hypot(wandering.average.x[-1] - w, wandering.average.y[-1] - b) < distance / 3


def test_swa_is_the_equal_average_of_every_so_many_iterates():
    trajectory = one(
        "himmelblau", steps=100, learning_rate=0.01, average={"kind": "swa", "start": 30, "every": 7}
    )
    assert trajectory.average.step.tolist() == list(range(30, 101, 7))
    for n, _ in enumerate(trajectory.average.step, 1):
        taken = slice(30, 30 + 7 * (n - 1) + 1, 7)
        assert trajectory.average.x[n - 1] == pytest.approx(trajectory.x[taken].mean(), rel=1e-13)
        assert trajectory.average.y[n - 1] == pytest.approx(trajectory.y[taken].mean(), rel=1e-13)
    assert SWA().filled(100).start == 50


@pytest.mark.parametrize("every", [1, 2, 7, 9, 50, 128, 129, 400])
@pytest.mark.parametrize("start", [0, 5, 8, 23, 300])
def test_swa_does_not_lose_count_from_frame_to_frame(start, every):
    descent = {"learning_rate": 0.002, "average": {"kind": "swa", "start": start, "every": every}}
    made = list(stream({"surface": {"kind": "himmelblau"}, "descents": [descent], "steps": 600}))
    assert len(made) > 7
    taken = [frame.average for frame in made if frame.average is not None]
    x, y = (np.concatenate([getattr(frame, axis) for frame in made]) for axis in "xy")
    steps = np.arange(start, 601, every)
    assert np.concatenate([part.step for part in taken]).tolist() == steps.tolist()
    counts = np.arange(1, len(steps) + 1)
    for axis, values in (("x", x), ("y", y)):
        means = np.concatenate([getattr(part, axis) for part in taken])
        np.testing.assert_allclose(means, np.cumsum(values[steps]) / counts, rtol=1e-12)


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 11, 64])
def test_an_average_does_not_depend_on_how_its_iterates_are_cut_into_frames(cut):
    iterates = np.random.default_rng(2).standard_normal((64, 3))
    for kind in (SWA(start=4, every=3), SWA(start=0, every=10), SWA(start=70), EMA(decay=0.7)):
        steps, means = kind.follow().take(0, iterates)
        average = kind.follow()
        parts = [average.take(first, iterates[first : first + cut]) for first in range(0, 64, cut)]
        assert [step for part, _ in parts for step in part] == steps
        np.testing.assert_array_equal(np.concatenate([part for _, part in parts]), means)


def test_ema_forgets_at_its_rate_and_begins_at_the_start():
    trajectory = one("himmelblau", steps=60, learning_rate=0.01, average=EMA(decay=0.8))
    e = trajectory.x[0]
    assert trajectory.average.step.tolist() == list(range(61))
    for step in range(61):
        e = trajectory.x[0] if step == 0 else 0.8 * e + 0.2 * trajectory.x[step]
        assert trajectory.average.x[step] == pytest.approx(e, rel=1e-13)


def test_an_average_that_begins_after_the_end_has_no_path():
    assert one("sphere", steps=10, average={"kind": "swa", "start": 11}).average is None


def test_the_flat_minimum_keeps_its_loss_on_the_shifted_map_and_the_sharp_one_does_not():
    descents = [{"learning_rate": 0.02, "start": start} for start in ([2.1, 1.1], [-1.0, -1.5])]
    sharp, flat = run({"surface": {"kind": "flat_and_sharp"}, "descents": descents, "steps": 300})
    assert sharp.loss[-1] < flat.loss[-1]
    assert sharp.measures["test_loss"][-1] > flat.measures["test_loss"][-1] + 1
    loss_at = FlatAndSharp().field().loss_at
    for x, y, expected in zip(sharp.x, sharp.y, sharp.measures["test_loss"], strict=True):
        assert loss_at(x - 0.3, y) == pytest.approx(expected, rel=1e-12)


def test_sam_passes_the_sharp_minimum_that_catches_gradient_descent():
    descents = [
        {"learning_rate": 0.02, "optimizer": optimizer}
        for optimizer in ({"kind": "gradient_descent"}, {"kind": "sam", "radius": 0.2})
    ]
    plain, aware = run({"surface": {"kind": "flat_and_sharp"}, "descents": descents, "steps": 800})
    assert (plain.x[-1], plain.y[-1]) == pytest.approx((1.98624, 0.99305), abs=1e-3)
    assert (aware.x[-1], aware.y[-1]) == pytest.approx((-1.04854, -0.69903), abs=0.02)
    assert aware.measures["test_loss"][-1] < plain.measures["test_loss"][-1] - 1


BAD = [
    ({"kind": "linear_regression", "x": [1.0], "y": [1.0]}, "at least two examples"),
    ({"kind": "linear_regression", "x": [1.0, 1.0], "y": [1.0, 2.0]}, "nothing to learn from"),
    ({"kind": "linear_regression", "x": [1.0, 2.0], "y": [1.0]}, "x has 2 numbers and y has 1"),
    ({"kind": "linear_regression", "x": [0.0] * 10001, "y": [0.0] * 10001}, "at most 10000"),
    ({"kind": "linear_regression", "x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.0], "test": 0.8}, "too few"),
    ({"kind": "logistic_regression", "x": [1.0, 2.0], "y": [1.0, 2.0]}, "0 and 1"),
    ({"kind": "fit", "model": "2t"}, "2*t"),
    ({"kind": "fit", "model": "a*t"}, "does not depend on b"),
    ({"kind": "fit", "parameters": ["a", "a"]}, "different names"),
    ({"kind": "fit", "parameters": ["t", "b"]}, "has a meaning already"),
]


@pytest.mark.parametrize(("surface", "words"), BAD)
def test_data_that_cannot_be_learned_from_are_refused_in_words(surface, words):
    with pytest.raises(ValidationError) as caught:
        run({"surface": surface, "descents": [{}]})
    assert words in str(caught.value).replace("items", "").replace("10000 ", "10000")


def test_mini_batches_are_refused_where_there_are_no_examples():
    with pytest.raises(ValidationError, match="made of data") as caught:
        run({"surface": {"kind": "sphere"}, "descents": [{}, {"gradient": mini_batch(3)}]})
    assert caught.value.errors()[0]["loc"] == ("descents", 1, "gradient")


def test_a_descent_may_end_with_the_first_entry_of_a_frame():
    document = {
        "surface": {"kind": "linear_regression", "x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "test": 0.25},
        "descents": [
            {
                "learning_rate": 0.1,
                "gradient": mini_batch(3, "random"),
                "average": {"kind": "swa", "start": 3},
            }
        ],
        "steps": 20,
        "seed": 3,
    }
    document["surface"] |= {"y": [1.0, 2.0, 3.0, 4.0, 5.0, 0.0], "reduction": "sum"}
    frames = list(stream(document))
    assert frames[-1].status == "diverged" and len(frames[-1]) == 0
    (trajectory,) = run(document)
    assert len(trajectory.measures["batch_loss"]) == len(trajectory) == 8


@pytest.mark.parametrize(
    "surface",
    [
        {"kind": "network", "hidden": [4], "plane": "pca", "test": 0.2},
        {"kind": "network", "hidden": [16, 16], "activation": "relu"},
        {"kind": "logistic_regression", "test": 0.3},
    ],
)
@pytest.mark.parametrize("gradient", [mini_batch(5, "shuffled"), {"kind": "noisy", "sigma": 0.1}])
def test_frames_have_the_numbers_of_the_whole_to_the_bit(surface, gradient):
    descent = {"learning_rate": 0.2, "gradient": gradient, "average": {"kind": "ema"}}
    document = {"surface": surface, "descents": [descent], "steps": 150, "seed": 4}
    (whole,) = run(document)
    frames = list(stream(document))
    for name in ("x", "y", "loss", "gradient_norm"):
        assert (
            np.concatenate([getattr(frame, name) for frame in frames]).tolist()
            == getattr(whole, name).tolist()
        )
    for name, values in whole.measures.items():
        assert np.concatenate([frame.measures[name] for frame in frames]).tolist() == values.tolist()
    for name in ("x", "y", "loss"):
        averages = [getattr(frame.average, name) for frame in frames if frame.average is not None]
        assert np.concatenate(averages).tolist() == getattr(whole.average, name).tolist()
