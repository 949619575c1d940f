"""Planes through weights, and the loss on them."""

import numpy as np
import pytest

from fall_line.losses.network import Net
from fall_line.losses.plane import Plane, Slice, filter_normalised, principal_plane, random_plane
from tests.conftest import reference
from tests.losses.test_network import complex_loss, examples

RANDOM = np.random.default_rng(11)


@pytest.fixture
def skew():
    """A plane whose directions are neither orthogonal nor of unit length."""
    return Plane(*RANDOM.standard_normal((3, 20)))


@pytest.fixture
def net():
    return Net((5, 4), "tanh", *examples())


@pytest.fixture
def seen(net):
    return Slice(net, random_plane(net.initial(1), net.shapes, 1))


def test_a_point_of_the_plane_is_projected_onto_itself(skew):
    points = RANDOM.standard_normal((9, 2))
    np.testing.assert_allclose(skew.project(skew.points(points)), points, atol=1e-12)
    np.testing.assert_array_equal(skew.points(points)[3], skew.point(*points[3]))
    np.testing.assert_array_equal(skew.point(0.0, 0.0), skew.center)


def test_what_a_projection_leaves_out_is_orthogonal_to_the_plane(skew):
    ws = RANDOM.standard_normal((6, 20))
    left_out = ws - skew.points(skew.project(ws))
    np.testing.assert_allclose(left_out @ skew.directions.T, 0, atol=1e-12)


def test_each_filter_of_a_random_direction_is_as_long_as_that_of_the_weights(net):
    center = net.initial(4)
    plane = random_plane(center, net.shapes, 7)
    for direction in plane.directions:
        for weights, part in zip(net.layers(center), net.layers(direction), strict=True):
            if weights.ndim == 1:
                assert not part.any()
            else:
                np.testing.assert_allclose(
                    np.linalg.norm(part, axis=1), np.linalg.norm(weights, axis=1), rtol=1e-14
                )
    assert plane.explained is None
    np.testing.assert_array_equal(plane.directions, random_plane(center, net.shapes, 7).directions)
    assert (plane.first != random_plane(center, net.shapes, 8).first).any()


def test_a_filter_of_a_convolution_is_its_whole_kernel():
    kernels = RANDOM.standard_normal((3, 2, 5, 5))
    found = filter_normalised(RANDOM.standard_normal(150), kernels.ravel(), [(3, 2, 5, 5)])
    for kernel, direction in zip(kernels, found.reshape(3, 2, 5, 5), strict=True):
        assert np.linalg.norm(direction) == pytest.approx(np.linalg.norm(kernel))


def test_a_filter_without_weights_gets_no_direction():
    weights = np.array([0.0, 0.0, 3.0, 4.0])
    found = filter_normalised(np.ones(4), weights, [(2, 2)])
    np.testing.assert_allclose(found, [0, 0, 5 / np.sqrt(2), 5 / np.sqrt(2)])


def test_the_filter_normalised_slice_is_pytorchs():
    data = reference("network")
    net = Net(tuple(data["hidden"]), data["activation"], data["x"], data["label"])
    center = np.array(data["center"])
    directions = [filter_normalised(np.array(drawn), center, net.shapes) for drawn in data["drawn"]]
    np.testing.assert_allclose(directions, data["directions"], rtol=1e-12)
    grid = Slice(net, Plane(center, *directions)).grid(data["grid"]["x"], data["grid"]["y"])
    np.testing.assert_allclose(grid, data["grid"]["loss"], rtol=1e-9)


def test_the_principal_components_of_a_path_are_pytorchs():
    data = reference("network")
    path = np.array(data["path"])
    plane = principal_plane(path, path[-1])
    found, expected = plane.project(path), np.array(data["coordinates"])
    signs = np.sign((found * expected).sum(axis=0))
    np.testing.assert_allclose(found, signs * expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(plane.explained, data["explained"], rtol=1e-9)


@pytest.mark.parametrize("k", [10, 200])
def test_principal_components_are_the_axes_of_the_covariance(k):
    iterates = RANDOM.standard_normal((k, 30)) * np.geomspace(5, 0.1, 30)
    plane = principal_plane(iterates, iterates[-1])
    values, vectors = np.linalg.eigh(np.cov(iterates.T))
    for direction, axis in zip(plane.directions, vectors.T[[-1, -2]], strict=True):
        assert abs(direction @ axis) == pytest.approx(1, abs=1e-12)
        assert direction[abs(direction).argmax()] > 0
    np.testing.assert_allclose(plane.explained, values[[-1, -2]] / values.sum(), rtol=1e-12)
    np.testing.assert_array_equal(plane.center, iterates[-1])


def test_where_the_plane_lies_does_not_turn_it():
    iterates = RANDOM.standard_normal((50, 8))
    first, second = (principal_plane(iterates, center) for center in (iterates[0], iterates[-1] + 100))
    np.testing.assert_array_equal(first.directions, second.directions)


def test_a_path_along_a_line_has_a_second_direction_across_it():
    line = np.linspace(0, 1, 12)[:, None] * RANDOM.standard_normal(6) + 3.0
    plane = principal_plane(line, line[-1])
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-14)
    assert plane.explained == (pytest.approx(1), 0.0)
    np.testing.assert_allclose(plane.project(line)[:, 1], 0, atol=1e-12)


@pytest.mark.parametrize("k", [1, 2, 40])
def test_a_path_that_does_not_move_has_a_plane_too(k):
    iterates = np.tile(RANDOM.standard_normal(6), (k, 1))
    plane = principal_plane(iterates, iterates[0])
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-14)
    assert plane.explained == (0.0, 0.0)
    np.testing.assert_allclose(plane.project(iterates), 0, atol=1e-14)


@pytest.mark.parametrize("steps", [2, 11, 301])
@pytest.mark.parametrize("hidden", [(2,), (5, 4), (16, 16), (32, 32)])
def test_rounding_is_no_variance(hidden, steps):
    random = np.random.default_rng(5)
    for seed in range(4):
        start = Net(hidden, "tanh", *examples()).initial(seed) * 10.0**seed
        still = np.tile(start, (steps, 1))
        assert principal_plane(still, start).explained == (0.0, 0.0)
        # The last bit comes and goes: a rate of 1e-17, say.
        wobbling = np.nextafter(still, np.where(random.random(still.shape) < 0.5, np.inf, still))
        assert principal_plane(wobbling, start).explained == (0.0, 0.0)


@pytest.mark.parametrize("offset", [0.0, 1.0, -3e3, 1e6])
def test_a_short_way_far_from_zero_is_variance_all_the_same(offset):
    random = np.random.default_rng(8)
    exact = random.integers(-512, 513, (40, 6)) * np.array([512, 64, 8, 1, 1, 1]) / 2.0**30
    found = principal_plane(exact + offset, exact[-1] + offset)
    values = np.linalg.eigvalsh(np.cov(exact.T))
    np.testing.assert_allclose(found.explained, values[[-1, -2]] / values.sum(), rtol=1e-9)


def test_the_slice_is_the_net_at_the_points_weights(seen):
    x, y = np.linspace(-1, 1, 5), np.linspace(-2, 2, 3)
    grid = seen.grid(x, y)
    assert grid.shape == (3, 5)
    for row, b in enumerate(y):
        for column, a in enumerate(x):
            loss = seen.net.look(seen.plane.point(a, b))[0]
            assert grid[row, column] == pytest.approx(loss, rel=1e-13)
            assert seen.loss_at(a, b) == loss
    assert seen.losses(np.empty((0, 2))).shape == (0,)


def test_the_slices_derivatives_are_the_nets_along_the_directions(seen):
    x, label = examples()
    points = RANDOM.standard_normal((6, 2))
    loss, gradient, hessian = seen.derivatives(points)
    directions = seen.plane.directions
    for index, (a, b) in enumerate(points.tolist()):
        w = seen.plane.point(a, b)
        steps = w + 1e-30j * directions
        slopes = [complex_loss(seen.net, each, x, label, "tanh").imag / 1e-30 for each in steps]
        np.testing.assert_allclose(gradient[index], slopes, rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(
            hessian[index], directions @ seen.net.hessian(w) @ directions.T, rtol=1e-9, atol=1e-12
        )
        np.testing.assert_allclose(
            seen.loss_and_gradient_at(a, b), [loss[index], *gradient[index]], rtol=1e-11, atol=1e-14
        )


def test_the_gradient_on_a_grid_is_that_at_its_points(seen):
    x, y = np.linspace(-1, 1, 4), np.linspace(-1, 1, 3)
    components = seen.gradient_grid(x, y)
    assert components.shape == (2, 3, 4)
    np.testing.assert_allclose(
        components[:, 2, 1], seen.loss_and_gradient_at(x[1], y[2])[1:], rtol=1e-11, atol=1e-14
    )


def test_many_points_are_computed_in_parts_that_fit_together(seen, monkeypatch):
    points = RANDOM.standard_normal((10, 2))
    whole = [seen.losses(points), *seen.along(points), *seen.derivatives(points)]
    monkeypatch.setattr("fall_line.losses.plane.AT_ONCE", 3)
    for parts, expected in zip(
        [seen.losses(points), *seen.along(points), *seen.derivatives(points)], whole, strict=True
    ):
        np.testing.assert_allclose(parts, expected, rtol=1e-12, atol=1e-15)


def test_a_batch_is_seen_on_the_same_plane(seen):
    rows = np.array([1, 5, 8])
    batch = seen.batch(rows)
    assert batch.plane is seen.plane
    assert batch.loss_at(0.3, -0.2) == seen.net.batch(rows).look(seen.plane.point(0.3, -0.2))[0]
