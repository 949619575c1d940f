"""The net: against loops, the complex step, PyTorch and itself."""

from concurrent.futures import ThreadPoolExecutor
from math import exp, log1p, tanh

import numpy as np
import pytest

from fall_line.losses import network
from fall_line.losses.network import Net
from tests.conftest import reference

NETS = [((8,), "tanh"), ((5, 4), "tanh"), ((3, 4, 5), "tanh"), ((8,), "relu"), ((6, 5, 4), "relu")]


def examples(n=60, features=2, seed=1):
    random = np.random.default_rng(seed)
    x = random.standard_normal((n, features))
    return x, (x[:, 0] + 0.5 * random.standard_normal(n) > 0).astype(float)


@pytest.fixture(params=NETS, ids=str)
def net(request):
    return Net(*request.param, *examples())


def weights_of(net, count=5, seed=2):
    """Weights around an initial point, with biases that are not 0."""
    return net.initial(seed) + 0.5 * np.random.default_rng(seed).standard_normal((count, net.size))


def logits_one_by_one(net, w, x, activation):
    """A net in plain Python: one example, one unit at a time."""
    apply = {"tanh": tanh, "relu": lambda z: max(z, 0.0)}[activation]
    *hidden, (last, bias) = zip(*[iter(net.layers(w))] * 2, strict=True)
    found = []
    for example in x.tolist():
        active = example
        for matrix, shift in hidden:
            active = [
                apply(sum(a * b for a, b in zip(row, active, strict=True)) + add)
                for row, add in zip(matrix.tolist(), shift.tolist(), strict=True)
            ]
        found.append(sum(a * b for a, b in zip(last[0].tolist(), active, strict=True)) + float(bias[0]))
    return found


def complex_loss(net, w, x, label, activation):
    """The loss for complex weights: its imaginary part is a derivative, without any difference."""
    active = x.T.astype(complex)
    pairs = list(zip(*[iter(net.layers(w))] * 2, strict=True))
    for level, (matrix, shift) in enumerate(pairs):
        active = matrix @ active + shift[:, None]
        if level < len(pairs) - 1:
            active = np.tanh(active) if activation == "tanh" else np.where(active.real > 0, active, 0)
    logits = active[0]
    return np.mean(np.log(1 + np.exp(logits)) - label * logits)


@pytest.mark.parametrize(("hidden", "activation"), NETS)
def test_loss_outputs_and_accuracy_are_those_of_a_loop_over_units(hidden, activation):
    x, label = examples()
    net = Net(hidden, activation, x, label)
    for w in weights_of(net):
        logits = logits_one_by_one(net, w, x, activation)
        expected = [
            log1p(exp(-abs(z))) + max(z, 0) - y * z for z, y in zip(logits, label.tolist(), strict=True)
        ]
        assert net.look(w)[0] == pytest.approx(sum(expected) / 60, rel=1e-13)
        np.testing.assert_allclose(net.outputs(w, x), [1 / (1 + exp(-z)) for z in logits], rtol=1e-12)
        right = sum((z > 0) == (y == 1) for z, y in zip(logits, label.tolist(), strict=True))
        assert net.accuracy(w) == pytest.approx(right / 60)


@pytest.mark.parametrize(("hidden", "activation"), NETS)
def test_the_gradient_is_that_of_the_complex_step(hidden, activation):
    x, label = examples()
    net = Net(hidden, activation, x, label)
    for w in weights_of(net):
        steps = w + 1e-30j * np.eye(net.size)
        expected = [complex_loss(net, each, x, label, activation).imag / 1e-30 for each in steps]
        np.testing.assert_allclose(net.look(w)[1], expected, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize(("hidden", "activation"), NETS)
def test_the_hessian_is_the_change_of_the_complex_gradient(hidden, activation):
    x, label = examples()
    net = Net(hidden, activation, x, label)
    w = weights_of(net, 1)[0]
    hessian, width = net.hessian(w), 1e-4
    steps = w + 1e-30j * np.eye(net.size)
    for column in range(0, net.size, 5):
        shift = width * np.eye(net.size)[column]
        ahead, behind = (
            np.array([complex_loss(net, each + side, x, label, activation).imag / 1e-30 for each in steps])
            for side in (shift, -shift)
        )
        np.testing.assert_allclose(hessian[column], (ahead - behind) / (2 * width), atol=2e-8)
    np.testing.assert_array_equal(hessian, hessian.T)


def test_loss_and_gradient_are_pytorchs():
    data = reference("network")
    net = Net(tuple(data["hidden"]), data["activation"], data["x"], data["label"])
    for look in data["looks"]:
        loss, gradient = net.look(np.array(look["w"]))
        assert loss == pytest.approx(look["loss"], rel=1e-12)
        np.testing.assert_allclose(gradient, look["gradient"], rtol=1e-9, atol=1e-14)


def test_cyclic_mini_batches_follow_the_path_of_pytorchs_sgd():
    data = reference("network")
    net = Net(tuple(data["hidden"]), data["activation"], data["x"], data["label"])
    batches = [net.batch(np.arange(first, first + data["batch"])) for first in range(0, 40, data["batch"])]
    w = np.array(data["path"][0])
    for t, expected in enumerate(data["path"][1:]):
        w = w - data["learning_rate"] * batches[t % len(batches)].look(w)[1]
        np.testing.assert_allclose(w, expected, rtol=1e-9, atol=1e-12)


def test_many_weights_at_once_give_what_each_gives_alone(net, monkeypatch):
    ws = weights_of(net, 7)
    looks = [net.look(w) for w in ws]
    directions = np.random.default_rng(5).standard_normal((2, net.size))
    for block in (network.BLOCK, 1):
        # The smallest block: every weight vector alone, 64 examples at a time at most.
        monkeypatch.setattr(network, "BLOCK", block)
        losses, gradients, products = net.curvatures(ws, directions)
        for found in (net.losses(ws), net.gradients(ws)[0], losses):
            np.testing.assert_allclose(found, [loss for loss, _ in looks], rtol=1e-13)
        for found in (net.gradients(ws)[1], gradients):
            np.testing.assert_allclose(found, [gradient for _, gradient in looks], rtol=1e-11, atol=1e-15)
        expected = [directions @ net.hessian(w) for w in ws]
        np.testing.assert_allclose(products, expected, rtol=1e-10, atol=1e-13)
        np.testing.assert_array_equal(net.accuracies(ws), [net.accuracy(w) for w in ws])


def test_examples_are_summed_in_blocks_without_a_difference(monkeypatch):
    net = Net((4, 3), "tanh", *examples(1000))
    ws = weights_of(net, 3)
    whole = net.curvatures(ws, ws[:2])
    monkeypatch.setattr(network, "BLOCK", 1)
    for some, expected in zip(net.curvatures(ws, ws[:2]), whole, strict=True):
        np.testing.assert_allclose(some, expected, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(net.losses(ws), whole[0], rtol=1e-13)
    loss, gradient = net.look(ws[0])
    assert loss == pytest.approx(whole[0][0], rel=1e-13)
    np.testing.assert_allclose(gradient, whole[1][0], rtol=1e-11, atol=1e-14)


def test_a_batch_of_all_examples_in_data_order_is_the_net_itself(net):
    assert net.batch(np.arange(60)) is net


def test_a_batch_is_the_net_of_its_examples_alone():
    x, label = examples()
    net = Net((5, 4), "tanh", x, label)
    rows = np.array([3, 3, 17, 40])
    alone, batch = Net((5, 4), "tanh", x[rows], label[rows]), net.batch(rows)
    assert len(batch) == 4
    w = weights_of(net, 1)[0]
    net.look(w)
    assert batch.look(w)[0] == alone.look(w)[0]
    np.testing.assert_array_equal(batch.look(w)[1], alone.look(w)[1])
    np.testing.assert_array_equal(batch.losses(w[None]), alone.losses(w[None]))


def test_the_gradient_of_all_examples_is_the_mean_over_batches_of_one(net):
    w = weights_of(net, 1)[0]
    each = [net.batch(np.array([row])).look(w) for row in range(60)]
    np.testing.assert_allclose(
        np.mean([gradient for _, gradient in each], axis=0), net.look(w)[1], atol=1e-15
    )
    assert np.mean([loss for loss, _ in each]) == pytest.approx(net.look(w)[0], rel=1e-13)


def test_what_look_returned_is_not_changed_by_the_next_look(net):
    first, second = weights_of(net, 2)
    gradient = net.look(first)[1]
    kept = gradient.copy()
    net.look(second)
    np.testing.assert_array_equal(gradient, kept)


def test_threads_do_not_disturb_each_other(net):
    ws = weights_of(net, 200)
    expected = [net.look(w)[0] for w in ws]
    with ThreadPoolExecutor(4) as pool:
        assert [loss for loss, _ in pool.map(net.look, ws)] == expected


def test_the_weights_lie_as_their_shapes_say():
    net = Net((4, 3), "relu", *examples(features=5))
    assert net.shapes == [(4, 5), (4,), (3, 4), (3,), (1, 3), (1,)]
    assert net.size == 20 + 4 + 12 + 3 + 3 + 1
    w = np.arange(net.size, dtype=float)
    np.testing.assert_array_equal(np.concatenate([each.ravel() for each in net.layers(w)]), w)
    net.layers(w)[1][:] = -1.0
    assert (w[20:24] == -1.0).all()


@pytest.mark.parametrize(("activation", "variance"), [("tanh", 2 / (30 + 20)), ("relu", 2 / 20)])
def test_initial_weights_have_the_variance_of_their_paper_and_no_biases(activation, variance):
    net = Net((20, 30), activation, *examples())
    drawn = [net.layers(net.initial(seed)) for seed in range(40)]
    assert np.var([each[2] for each in drawn]) == pytest.approx(variance, rel=0.03)
    assert not any(each[level].any() for each in drawn for level in (1, 3, 5))
    np.testing.assert_array_equal(net.initial(3), net.initial(3))
    assert (net.initial(3) != net.initial(4)).any()


def test_relu_has_no_slope_at_0():
    net = Net((1,), "relu", [[0.0], [0.0]], [0.0, 1.0])
    # The hidden unit's sum is exactly 0, so nothing reaches what lies below it.
    gradient = net.look(np.array([2.0, 0.0, 3.0, 0.5]))[1]
    np.testing.assert_array_equal(gradient[:3], 0.0)
    assert gradient[3] > 0


def test_surely_wrong_and_surely_right_outputs_keep_their_digits():
    net = Net((1,), "relu", [[1.0], [1.0]], [0.0, 1.0])
    right, wrong = net.batch(np.array([1])), net.batch(np.array([0]))
    for size in (50.0, 600.0):
        w = np.array([1.0, 0.0, size, 0.0])
        assert right.look(w)[0] == pytest.approx(exp(-size), rel=1e-12)
        assert right.look(w)[1][3] == pytest.approx(-exp(-size), rel=1e-12)
        assert wrong.look(w)[0] == size
        assert wrong.look(w)[1][3] == 1.0
    assert wrong.look(np.array([1.0, 0.0, 1e6, 0.0]))[0] == 1e6


def test_weights_out_of_all_bounds_give_no_number_and_no_warning():
    net = Net((2,), "relu", *examples())
    assert not np.isfinite(net.look(np.full(net.size, 1e200))[0])
    assert not np.isfinite(net.losses(np.full((2, net.size), 1e200))).any()
    assert np.isfinite(net.look(np.full(net.size, 1e100))[0])


def test_a_large_net_has_no_hessian():
    net = Net((16, 16), "tanh", *examples())
    with pytest.raises(ValueError, match="337 weights"):
        net.hessian(net.initial(0))
