"""Which part of the plane is shown of a loss of data: where its minimum is, and where descents start."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from fall_line import landscape, run
from fall_line.experiment import read
from fall_line.surfaces.fit import Fit
from fall_line.surfaces.regressions import LinearRegression, LogisticRegression, Neuron

mpmath.mp.dps = 60


def line(x, y):
    """The line through points of least squares, in exact arithmetic, centred."""
    x, y = [Fraction(a) for a in x], [Fraction(b) for b in y]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True)) / sum(
        (a - middle) ** 2 for a in x
    )
    return float(slope), float(height - slope * middle)


def likeliest(x, y):
    """Where the log loss is smallest, to 60 digits, by Newton's method on standardised inputs."""
    x, n = [mpmath.mpf(a) for a in x], len(x)
    middle = sum(x) / n
    width = mpmath.sqrt(sum((a - middle) ** 2 for a in x) / n)
    u = [(a - middle) / width for a in x]
    w = b = mpmath.mpf(0)

    def loss(w, b):
        return sum(mpmath.log(1 + mpmath.exp(w * a + b)) - c * (w * a + b) for a, c in zip(u, y, strict=True))

    for _ in range(200):
        p = [1 / (1 + mpmath.exp(-(w * a + b))) for a in u]
        h = [q * (1 - q) for q in p]
        g1 = sum((q - c) * a for q, c, a in zip(p, y, u, strict=True))
        g2 = sum(q - c for q, c in zip(p, y, strict=True))
        h11, h12, h22 = (sum(q * a**k for q, a in zip(h, u, strict=True)) for k in (2, 1, 0))
        determinant = h11 * h22 - h12 * h12
        step = (h22 * g1 - h12 * g2) / determinant, (h11 * g2 - h12 * g1) / determinant
        share = mpmath.mpf(1)
        while share > 1e-9 and loss(w - share * step[0], b - share * step[1]) > loss(w, b):
            share /= 2
        w, b = w - share * step[0], b - share * step[1]
        if abs(step[0]) + abs(step[1]) < mpmath.mpf(10) ** -40:
            return float(w / width), float(b - w * middle / width)
    raise AssertionError("the oracle does not converge")


def holds(window, point, margin=0.02):
    return all(
        low + margin * (high - low) < at < high - margin * (high - low)
        for at, (low, high) in zip(point, (window.x, window.y), strict=True)
    )


def well_shown(surface, minimum):
    """Check the window of a surface, its map and a descent from the recommended start; return the map."""
    window = surface.window()
    assert holds(window, minimum) and holds(window, surface.first_iterate())
    # The minimum is not lost in a corner of a window that is much too large, nor the window in the minimum.
    for at, (low, high) in zip(minimum, (window.x, window.y), strict=True):
        assert max(abs(low), abs(high)) < 100 * max(high - low, abs(at))
    with np.errstate(all="ignore"):
        drawn = landscape(surface, resolution=20)
    assert np.isfinite(drawn.loss).all()
    assert surface.field().loss_at(*minimum) <= drawn.loss.min() * (1 + 1e-9)
    (trajectory,) = run({"surface": surface, "descents": [{}], "steps": 20})
    assert (trajectory.x[0], trajectory.y[0]) == surface.first_iterate()
    return drawn


def random_line(seed):
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 30))
    scales = 10.0 ** random.uniform(-6, 12, 2)
    offset = random.choice([0.0, 1.0, -30.0, 1e4, 1e7]) * scales[0]
    x = offset + scales[0] * random.standard_normal(n)
    noise = random.choice([0.0, 0.01, 1.0, 100.0])
    y = scales[1] * (random.standard_normal() * (x - offset) / scales[0] + noise * random.standard_normal(n))
    y = y + random.choice([0.0, 1.0, 1e6]) * scales[1]
    return x.tolist(), y.tolist()


@pytest.mark.parametrize("seed", range(200))
def test_the_minimum_of_any_linear_regression_is_found_and_shown(seed):
    x, y = random_line(seed)
    surface = LinearRegression(x=x, y=y)
    (found,) = surface.global_minima()
    expected = line(x, y)
    assert found == (pytest.approx(expected[0], rel=1e-11), pytest.approx(expected[1], rel=1e-11))
    drawn = well_shown(surface, expected)
    # A valley's floor has next to no slope, and yet there is one point without.
    assert [point.type for point in drawn.stationary_points] == ["minimum"]


LINES = {
    "years": ([2000.0, 2001.0, 2002.0, 2003.0, 2004.0], [1.0, 2.0, 3.0, 4.0, 5.5]),
    "temperatures": ([293.1, 293.2, 293.3, 293.4], [1.0, 2.0, 3.0, 4.2]),
    "seconds": ([1.7e9 + 60 * i for i in range(9)], [float(i % 4) for i in range(9)]),
    "beyond": ([1.0, 2.0, 3.0], [1e12, 2.1e12, 2.9e12]),
    "far beyond": ([1e-6, 2e-6, 4e-6], [1e30, 2e30, 2.9e30]),
    "no slope": ([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 2.0, 1.0]),
    "nothing": ([1.0, 2.0, 3.0], [0.0, 0.0, 0.0]),
    "through zero": ([-2.0, 1.0, 1.0], [-2e-9, 1e-9, 1e-9]),
    "one unit in the last place": ([1.0, 1.0 + 2**-52, 1.0 + 2**-51], [1.0, 2.0, 3.5]),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_with_unusual_units_are_shown(name):
    surface = LinearRegression(x=LINES[name][0], y=LINES[name][1])
    expected = line(*LINES[name])
    assert surface.global_minima() == (
        (pytest.approx(expected[0], rel=1e-12), pytest.approx(expected[1], rel=1e-12)),
    )
    well_shown(surface, expected)


CLASSES = {
    "incomes": ([2e4, 3e4, 3.5e4, 4e4, 5.2e4, 6e4, 7e4, 9e4], [0, 0, 1, 0, 1, 0, 1, 1]),
    "years": ([2000, 2001, 2002, 2003, 2004], [0, 1, 0, 1, 1]),
    "seconds": ([1.7e9 + 60 * i for i in range(6)], [0, 1, 0, 1, 0, 1]),
    "temperatures": ([293.1, 293.2, 293.3, 293.4], [0, 1, 0, 1]),
    "an outlier": ([1, 2, 3, 4, 1e6], [0, 1, 0, 1, 1]),
    "rare": ([i / 10 for i in range(60)], [0] * 50 + [1, 0, 0, 0, 1, 0, 0, 1, 0, 0]),
    "hardly mixed": ([1, 2, 3, 3.0001, 5, 6], [0, 0, 1, 0, 1, 1]),
    "falling": ([1e-6, 2e-6, 3e-6, 4e-6], [1, 0, 1, 0]),
}


def as_floats(x, y):
    return [float(a) for a in x], [float(b) for b in y]


@pytest.mark.parametrize("name", CLASSES)
def test_classes_with_unusual_units_are_shown(name):
    x, y = as_floats(*CLASSES[name])
    surface = LogisticRegression(x=x, y=y)
    expected = likeliest(x, y)
    assert surface.global_minima() == (
        (pytest.approx(expected[0], rel=1e-9), pytest.approx(expected[1], rel=1e-9)),
    )
    well_shown(surface, expected)


@pytest.mark.parametrize("seed", range(25))
def test_the_minimum_of_any_mixed_classes_is_found_and_shown(seed):
    random = np.random.default_rng(seed)
    n = int(random.integers(5, 25))
    scale = 10.0 ** random.uniform(-6, 9)
    x = scale * (random.choice([0.0, 5.0, 1e5]) + random.standard_normal(n))
    y = (random.random(n) < 1 / (1 + np.exp(-(x - x.mean()) / x.std()))).astype(float)
    order = np.argsort(x)
    y[order[[0, -1]]], y[order[[1, -2]]] = random.permutation([0.0, 1.0]), random.permutation([1.0, 0.0])
    surface = LogisticRegression(x=x.tolist(), y=y.tolist())
    zero, one = x[y == 0], x[y == 1]
    if zero.max() <= one.min() or one.max() <= zero.min():
        assert surface.global_minima() == ()
        return
    expected = likeliest(x.tolist(), y.tolist())
    # The scale of w is that of 1/x, that of b that of how far 0 is from the data.
    sizes = np.array([1 / x.std(), 1 + abs(x.mean()) / x.std()])
    np.testing.assert_allclose(surface.global_minima()[0] / sizes, expected / sizes, rtol=1e-9, atol=1e-9)
    well_shown(surface, expected)


SEPARATED = [
    ([2e4, 3e4, 4e4, 5e4], [0, 0, 1, 1]),
    ([1, 2, 3, 4], [1, 1, 0, 0]),
    ([1, 2, 2, 3], [0, 0, 1, 1]),
    ([1.7e9, 1.7e9 + 1, 1.7e9 + 2], [0, 1, 1]),
    ([-1e-6, 2e-6], [1, 0]),
    ([1e12, 2e12, 2e12, 3e12], [0, 0, 1, 1]),
]


@pytest.mark.parametrize(("x", "y"), SEPARATED)
def test_classes_that_a_threshold_separates_have_no_minimum_and_a_window_all_the_same(x, y):
    x, y = as_floats(x, y)
    surface = LogisticRegression(x=x, y=y)
    assert surface.global_minima() == () and surface.lowest() is None
    window = surface.window()
    assert holds(window, surface.first_iterate())
    # Some curve in the window tells the classes apart, but for those at the threshold itself.
    slope = window.x[1] if np.mean(np.array(x)[np.array(y) == 1]) > np.mean(x) else window.x[0]
    threshold = (max(min(x), sorted(x)[len(x) // 2 - 1]) + sorted(x)[len(x) // 2]) / 2
    assert window.y[0] < -slope * threshold < window.y[1]
    (trajectory,) = run({"surface": surface, "descents": [{}], "steps": 20})
    assert np.isfinite(trajectory.loss).all()


T = (77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0)
Y = (10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78)
# Models of the NIST Statistical Reference Datasets with two parameters, and their certified values.
CERTIFIED = {
    "Misra1a": ("a*(1 - exp(-b*t))", T, Y, (2.3894212918e02, 5.5015643181e-04)),
    "Misra1b": ("a*(1 - (1 + b*t/2)**(-2))", T, Y, (3.3799746163e02, 3.9039091287e-04)),
    "Misra1c": ("a*(1 - (1 + 2*b*t)**(-0.5))", T, Y, (6.3642725809e02, 2.0813627256e-04)),
    "Misra1d": ("a*b*t/(1 + b*t)", T, Y, (4.3736970754e02, 3.0227324449e-04)),
    "BoxBOD": (
        "a*(1 - exp(-b*t))",
        (1.0, 2.0, 3.0, 5.0, 7.0, 10.0),
        (109.0, 149.0, 149.0, 191.0, 213.0, 224.0),
        (2.1380940889e02, 5.4723748542e-01),
    ),
    "DanWood": (
        "a*t**b",
        (1.309, 1.471, 1.490, 1.565, 1.611, 1.680),
        (2.138, 3.421, 3.597, 4.340, 4.882, 5.660),
        (7.6886226176e-01, 3.8604055871e00),
    ),
}


@pytest.mark.parametrize("name", CERTIFIED)
def test_a_curves_window_shows_its_certified_minimum(name):
    model, t, y, certified = CERTIFIED[name]
    well_shown(Fit(model=model, t=t, y=y), certified)


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("loss", ["squared", "absolute", "huber"])
def test_a_curves_window_shows_the_minimum_of_a_line(name, loss):
    t, y = LINES[name]
    surface = Fit(model="a*t + b", t=t, y=y, loss=loss)
    if loss == "squared" and name not in ("far beyond", "one unit in the last place", "seconds"):
        assert holds(surface.window(), line(t, y))
    assert holds(surface.window(), surface.first_iterate())
    run({"surface": surface, "descents": [{}], "steps": 5})


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e-5])
@pytest.mark.parametrize("loss", ["absolute", "huber"])
def test_a_window_shows_the_minimum_that_outliers_do_not_move(loss, scale):
    t = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    y = [100 * scale * a for a in t]
    y[-1] = 5e4 * scale
    surface = Fit(model="a*t + b", t=t, y=y, loss=loss)
    # Six points lie on the line a = 100, b = 0 (in units of the scale), which absolute errors choose.
    if loss == "absolute" or scale >= 1:
        assert holds(surface.window(), (100 * scale, 0.0))


@pytest.mark.parametrize(
    ("factor", "shift"), [(1.0, 0.0), (1e3, 0.0), (1e-4, 0.0), (1.0, 2000.0), (60.0, 1.7e9)]
)
def test_a_neurons_window_shows_the_weights_that_fit(factor, shift):
    x = [factor * 0.5 + shift, factor * 2.5 + shift]
    w = (np.log(0.9 / 0.1) - np.log(0.2 / 0.8)) / (x[1] - x[0])
    b = np.log(0.2 / 0.8) - w * x[0]
    surface = Neuron(x=x, y=(0.2, 0.9))
    assert surface.field().loss_at(w, b) < 1e-9
    assert holds(surface.window(), (w, b)) and holds(surface.window(), surface.first_iterate())
    assert (surface.window().x == (-5.0, 5.0)) == (factor == 1.0 and shift == 0.0)


@pytest.mark.parametrize(
    "y", [(0.0, 0.0, 1.0, 1.0), (5.0, 7.0, 9.0, 11.0), (0.5, 0.5, 0.5, 0.5), (1.0, 1.0, 1.0, 1.0)]
)
@pytest.mark.parametrize("x", [(1.0, 2.0, 3.0, 4.0), (1e6, 2e6, 3e6, 4e6), (2000.0, 2001.0, 2002.0, 2003.0)])
def test_a_neuron_that_fits_nowhere_has_a_window_of_its_inputs_size(x, y):
    surface = Neuron(x=x, y=y)
    window = surface.window()
    assert holds(window, surface.first_iterate())
    assert 1 < np.ptp(window.x) * max(x) < 1e5
    assert np.isfinite(landscape(surface, resolution=20).loss).all()


@pytest.mark.parametrize(
    ("model", "t", "y"),
    [
        ("a*exp(b*t)", (2000.0, 2001.0, 2002.0, 2003.0), (100.0, 110.0, 121.0, 133.0)),
        ("log(a*t) + b", (1.0, 2.0, 3.0, 4.0), (1.0, 2.0, 3.0, 4.0)),
        ("sqrt(a - t) + b", (1.0, 2.0, 3.0, 4.0), (4.0, 3.0, 2.0, 1.0)),
        ("a**t + b**t", (1e3, 2e3, 3e3), (1.0, 2.0, 3.0)),
        ("1/(a - t)/(b - t)", (1.0, 2.0, 3.0), (1.0, 2.0, 3.0)),
        ("a*b*t", (1e12, 2e12, 3e12), (1.0, 2.0, 3.0)),
        ("a + b + 0*t", (1.0, 2.0, 3.0), (1.0, 2.0, 3.0)),
    ],
)
@pytest.mark.parametrize("loss", ["squared", "absolute", "huber"])
def test_a_curve_is_started_where_its_loss_is_real(model, t, y, loss):
    surface = Fit(model=model, t=t, y=y, loss=loss)
    assert all(np.isfinite(surface.field().loss_and_gradient_at(*surface.first_iterate())))
    assert holds(surface.window(), surface.first_iterate())


@pytest.mark.parametrize("name", ["beyond", "far beyond", "seconds"])
def test_a_window_that_nobody_typed_is_not_refused_nor_is_a_part_of_it(client, name):
    x, y = LINES[name]
    surface = {"kind": "linear_regression", "x": x, "y": y}
    drawn = client.post("/api/landscape", json={"surface": surface, "resolution": 20})
    assert drawn.status_code == 200
    ends = {axis: [drawn.json()[axis][0] * 1.25, drawn.json()[axis][-1] * 1.25] for axis in "xy"}
    again = client.post("/api/landscape", json={"surface": surface, "window": ends, "resolution": 20})
    assert again.status_code == 200
    descents = [{"start": "random"}, {"optimizer": {"kind": "adam"}}, {"optimizer": {"kind": "newton"}}]
    answer = client.post("/api/run", json={"surface": surface, "descents": descents, "steps": 10})
    assert answer.status_code == 200
    minimum = line(x, y)
    if name != "seconds":
        newton = answer.json()["trajectories"][2]
        assert (newton["x"][-1], newton["y"][-1]) == (pytest.approx(minimum[0]), pytest.approx(minimum[1]))


@pytest.mark.parametrize("size", [1e10, 1e50, 1e100])
def test_a_typed_domain_may_be_as_large(size):
    surface = {"kind": "formula", "formula": "x + y", "domain": {"x": [-size, size], "y": [0.0, size]}}
    assert np.isfinite(landscape(surface, resolution=20).loss).all()
    assert read({"surface": surface, "descents": [{"start": "random"}]}).surface.window().x == (-size, size)


DEFAULT = {
    Neuron: ((-5.0, 5.0), (-5.0, 5.0), (-2.0, -2.0)),
    LinearRegression: (
        (-0.5427545573026561, 2.3519364149781765),
        (-2.4230651403750416, 0.7019753056097453),
        (-0.1953916406289562, 0.1394680253324836),
    ),
    LogisticRegression: (
        (-5.210940104264749, 11.604934481237619),
        (-8.497960506216115, 4.88007531592031),
        (-3.193035154004465, 2.4720288679357534),
    ),
    Fit: ((-1.0, 4.0), (-0.5, 3.0), (3.0, 0.20000000000000007)),
}


@pytest.mark.parametrize("kind", DEFAULT)
def test_the_windows_and_starts_that_links_have_relied_on_are_as_they_were(kind):
    surface = kind()
    assert (surface.window().x, surface.window().y, surface.first_iterate()) == DEFAULT[kind]


@pytest.mark.parametrize("kind", [Neuron, LinearRegression, LogisticRegression, Fit])
@pytest.mark.parametrize("domain", [{"x": [-3, 1], "y": [-4, 2]}, {"x": [5, 6], "y": [-1e7, -1e6]}])
def test_in_a_typed_domain_the_start_is_where_it_was(kind, domain):
    surface = kind.model_validate({"domain": domain})
    across, up = {Fit: (0.8, 0.2)}.get(kind, (0.12, 0.82))
    (left, right), (bottom, top) = domain["x"], domain["y"]
    expected = left + across * (right - left), bottom + up * (top - bottom)
    if kind is Neuron and right == 1:
        expected = -2.0, -2.0
    if kind is Fit and right == 6:
        # There the curve overflows: the start is elsewhere in the domain, or nowhere.
        assert holds(surface.window(), surface.first_iterate())
    else:
        assert surface.first_iterate() == pytest.approx(expected)
