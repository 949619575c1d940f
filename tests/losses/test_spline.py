"""A landscape measured on a grid."""

import base64

import numpy as np
import pytest
from pydantic import ValidationError

from fall_line import landscape, run
from fall_line.losses.spline import Spline
from fall_line.surfaces.measured import Measured


def cubic(x, y):
    """A polynomial of degree 3 in each variable: the spline reproduces it."""
    return x**3 * y**2 - 2 * x * y**3 + x * x - y + x**3 * y**3


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
    np.testing.assert_allclose(loss, cubic(x, y), atol=1e-12)
    np.testing.assert_allclose(
        gradient[:, 0], (3 * x**2 * y**2 - 2 * y**3 + 2 * x) + 3 * x**2 * y**3, atol=1e-11
    )
    np.testing.assert_allclose(gradient[:, 1], 2 * x**3 * y - 6 * x * y**2 - 1 + 3 * x**3 * y**2, atol=1e-11)
    np.testing.assert_allclose(hessian[:, 0, 1], 6 * x**2 * y - 6 * y**2 + 9 * x**2 * y**2, atol=1e-11)
    np.testing.assert_allclose(hessian[:, 1, 1], 2 * x**3 - 12 * x * y + 6 * x**3 * y, atol=1e-11)


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
