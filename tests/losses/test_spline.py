"""A landscape measured on a grid."""

import base64
from itertools import pairwise

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from pydantic import ValidationError

from fall_line import landscape, run
from fall_line.losses.spline import Spline
from fall_line.surfaces.measured import Measured


def cubic(x, y):
    """A polynomial of degree 3 in each variable that climbs along both: the spline reproduces it."""
    return (x + 3) ** 3 * (y + 3) ** 3 / 100 + x + 2 * y + x * x / 20 - x * y / 9


@pytest.fixture
def spline():
    x = np.sort(np.random.default_rng(0).uniform(-2, 2, 9))
    y = np.linspace(-1, 3, 7)
    return Spline(x, y, cubic(x[None, :], y[:, None]))


@pytest.fixture
def points(spline):
    random = np.random.default_rng(1)
    return np.column_stack([random.uniform(*spline.x[[0, -1]], 60), random.uniform(-1, 3, 60)])


def test_it_reproduces_cubics_with_their_derivatives(spline, points):
    loss, gradient, hessian = spline.derivatives(points)
    x, y = points.T
    a, b = x + 3, y + 3
    np.testing.assert_allclose(loss, cubic(x, y), rtol=1e-13, atol=1e-12)
    np.testing.assert_allclose(
        gradient[:, 0], 3 * a**2 * b**3 / 100 + 1 + x / 10 - y / 9, rtol=1e-12, atol=1e-11
    )
    np.testing.assert_allclose(gradient[:, 1], 3 * a**3 * b**2 / 100 + 2 - x / 9, rtol=1e-12, atol=1e-11)
    np.testing.assert_allclose(hessian[:, 0, 0], 6 * a * b**3 / 100 + 1 / 10, rtol=1e-11)
    np.testing.assert_allclose(hessian[:, 0, 1], 9 * a**2 * b**2 / 100 - 1 / 9, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(hessian[:, 1, 1], 6 * a**3 * b / 100, rtol=1e-11)


def test_one_point_and_many_agree(spline, points):
    loss, gradient = spline.along(points)
    for point, one, slope in zip(points.tolist(), loss, gradient, strict=True):
        assert spline.loss_and_gradient_at(*point) == pytest.approx((one, *slope), rel=1e-10, abs=1e-12)


def test_it_goes_through_its_values_and_ends_at_its_border(spline):
    np.testing.assert_allclose(
        spline.grid(spline.x, spline.y), cubic(spline.x[None, :], spline.y[:, None]), atol=1e-12
    )
    for outside in ([-9.0, 0.0], [0.0, 3.0001]):
        assert np.isnan(spline.loss_and_gradient_at(*outside)).all()
        assert np.isnan(spline.along([outside])[0]).all()


def relu_net(x, y):
    """The squared error of a ReLU network on a plane far from where it was trained."""
    random = np.random.default_rng(4)
    inputs, target = random.standard_normal((20, 3)), random.standard_normal(20)
    (first, second), outer = random.standard_normal((2, 3, 8)) * 4, random.standard_normal(8) * 9
    hidden = np.maximum(0, inputs @ (x * first + y * second))
    return np.mean((hidden @ outer * (1 + x) - target) ** 2)


ROUGH = {
    "noise": lambda x, y, random: random.standard_normal((len(y), len(x))),
    "step": lambda x, y, random: np.where(x[None, :] + 0 * y[:, None] < np.median(x), 0.0, 1e6),
    "corner": lambda x, y, random: np.where(
        (x[None, :] < np.median(x)) & (y[:, None] < np.median(y)), 1e6, 0.0
    ),
    "spikes": lambda x, y, random: np.where(random.random((len(y), len(x))) < 0.2, 1e6, 0.0),
    "net": lambda x, y, random: np.array([[relu_net(u, v) for u in x] for v in y]),
    "magnitudes": lambda x, y, random: np.exp(random.uniform(-50, 50, (len(y), len(x)))),
    "kink": lambda x, y, random: abs(x[None, :] - 0.3) + 30 * abs(y[:, None] + 0.2 * x[None, :]),
    "flat": lambda x, y, random: np.full((len(y), len(x)), 0.1),
    "large": lambda x, y, random: random.choice([-1e300, 1e300], (len(y), len(x))),
}


@pytest.mark.parametrize("axes", ["even", "uneven"])
@pytest.mark.parametrize("kind", ROUGH)
def test_nothing_lies_beyond_the_knots_around_it(kind, axes):
    random = np.random.default_rng(7)
    for size in ((4, 4), (5, 9), (12, 10)):
        x, y = (
            np.linspace(-2, 2, n) if axes == "even" else np.cumsum(10 ** random.uniform(-2, 1, n))
            for n in size
        )
        values = ROUGH[kind](x, y, random)
        blocks = sliding_window_view(np.pad(values, 1, mode="edge"), (4, 4))
        for _ in range(3):
            across = np.sort(random.uniform(x[0], x[-1], 80))
            up = np.sort(random.uniform(y[0], y[-1], 80))
            found = Spline(x, y, values).grid(across, up)
            cell = np.ix_(np.searchsorted(y, up) - 1, np.searchsorted(x, across) - 1)
            rounding = 1e-12 * np.ptp(values / 2)
            assert (found >= blocks.min(axis=(2, 3))[cell] - rounding).all()
            assert (found <= blocks.max(axis=(2, 3))[cell] + rounding).all()
            assert values.min() <= found.min() and found.max() <= values.max()


@pytest.mark.parametrize("kind", ROUGH)
def test_no_descent_ends_below_what_was_measured(kind):
    random = np.random.default_rng(3)
    axis = np.linspace(-2, 2, 11)
    values = ROUGH[kind](axis, axis, random)
    surface = {"kind": "measured", "x": axis.tolist(), "y": axis.tolist(), "loss": values.tolist()}
    steep = np.abs(np.gradient(values / 10, 0.4)).max() or 1.0
    for optimizer, rate in (("gradient_descent", 0.01 / steep), ("adam", 0.05), ("lbfgs", 1.0)):
        for start in ([-1.7, 1.1], [0.4, -0.9]):
            descent = {"optimizer": {"kind": optimizer}, "learning_rate": rate, "start": start}
            (trajectory,) = run({"surface": surface, "descents": [descent], "steps": 100})
            assert values.min() <= trajectory.loss.min() and trajectory.loss.max() <= values.max()


@pytest.mark.parametrize("kind", ["noise", "step", "spikes", "net", "kink"])
def test_the_gradient_is_that_of_the_loss_and_does_not_jump(kind):
    random = np.random.default_rng(9)
    x, y = np.cumsum(random.uniform(0.1, 1, (2, 7)), axis=1)
    values = ROUGH[kind](x, y, random)
    spline, steep = Spline(x, y, values), np.ptp(values)
    places, weights = np.polynomial.legendre.leggauss(
        4
    )  # exact for the cubic that it is along a line in a cell
    up = random.uniform(y[0], y[-1], 9)
    for left, right in pairwise(x):
        across = (left + right) / 2 + (right - left) / 2 * places
        slopes = spline.gradient_grid(across, up)[0] @ weights * (right - left) / 2
        np.testing.assert_allclose(slopes, np.diff(spline.grid([left, right], up))[:, 0], atol=1e-12 * steep)
    for low, high in pairwise(y):
        points = (low + high) / 2 + (high - low) / 2 * places
        slopes = weights @ spline.gradient_grid(x, points)[1] * (high - low) / 2
        np.testing.assert_allclose(
            slopes, np.diff(spline.grid(x, [low, high]), axis=0)[0], atol=1e-12 * steep
        )
    for knot in x[1:-1]:
        near = spline.gradient_grid([np.nextafter(knot, -9), knot], up)
        np.testing.assert_allclose(near[..., 0], near[..., 1], atol=1e-9 * steep)


def test_smooth_data_are_followed_to_the_fourth_order_and_cut_only_around_their_extrema():
    def wave(x, y):
        return np.sin(3 * x[None, :]) * np.cos(2 * y[:, None])

    middle, worst = [], []
    for n in (26, 51, 101):
        axis, fine = np.linspace(-2, 2, n), np.linspace(-2, 2, 643)
        errors = abs(Spline(axis, axis, wave(axis, axis)).grid(fine, fine) - wave(fine, fine))
        middle.append(np.median(errors))
        worst.append(errors.max())
        assert (errors > 30 * np.median(errors)).mean() < 5 / n
    assert middle[2] < 3e-7 and middle[0] / middle[1] > 14 and middle[1] / middle[2] > 14
    assert worst[2] < 2e-3 and worst[0] / worst[2] > 8


def test_a_measured_surface_is_descended_and_mapped():
    document = {
        "surface": {"kind": "measured"},
        "descents": [{"learning_rate": 0.1}, {"learning_rate": 50.0}],
        "steps": 200,
    }
    settled, lost = run(document)
    assert settled.loss[-1] == pytest.approx(0, abs=1e-9)
    assert lost.status == "diverged"
    drawn = landscape({"kind": "measured"}, resolution=20)
    assert drawn.x[0] == -1 and drawn.x[-1] == 1
    assert [point.type for point in drawn.stationary_points] == ["minimum"]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_arrays_may_be_encoded(dtype):
    plain = Measured()
    values = np.array(plain.loss)
    encoded = {
        "dtype": dtype,
        "bdata": base64.b64encode(values.astype(f"<{dtype}").tobytes()).decode(),
        "shape": "9, 9",
    }
    read = Measured.model_validate({"kind": "measured", "loss": encoded})
    np.testing.assert_allclose(
        read.field().grid([0.1, 0.3], [0.2, 0.5]), plain.field().grid([0.1, 0.3], [0.2, 0.5]), rtol=1e-6
    )
    assert Measured.model_validate_json(read.model_dump_json()) == read


AXIS = [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"x": [0.0, 1.0, 2.0]}, "4 to 500 numbers"),
        ({"x": [0.0, 2.0, 1.0, 3.0]}, "must ascend"),
        ({"loss": [[0.0] * 4] * 3}, "ask for 4 rows of 4"),
        ({"loss": [[0.0] * 4, [0.0] * 3, [0.0] * 4, [0.0] * 4]}, "different lengths"),
        ({"loss": {"dtype": "f8", "bdata": "!!", "shape": "4,4"}}, "not base64"),
        ({"loss": {"dtype": "f8", "bdata": "AAAA", "shape": "4,4"}}, "holds 3 bytes"),
        (
            {
                "loss": {
                    "dtype": "f4",
                    "bdata": base64.b64encode(np.full(16, np.nan, "<f4").tobytes()).decode(),
                    "shape": "4,4",
                }
            },
            "finite",
        ),
    ],
)
def test_a_grid_that_is_none_is_refused_in_words(changed, words):
    with pytest.raises(ValidationError) as caught:
        Measured.model_validate(
            {"kind": "measured", "x": AXIS, "y": AXIS, "loss": [[0.0] * 4] * 4, **changed}
        )
    assert words in str(caught.value)
