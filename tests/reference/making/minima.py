"""The global minima of a formula in a window: found from many starts, polished with 100 digits."""

from __future__ import annotations

import contextlib
import sys
import types
from importlib import import_module
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np

mp.mp.dps = 100
CELLS = 1000
STARTS = 400
"""So many of the lowest local minima of a grid are refined."""
STEP = mp.mpf("1e-15")
"""Of central differences; their error is far below what is written."""
COMPASS = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j], float)


def _largest(*values: Any) -> Any:
    result = values[0]
    for value in values[1:]:
        result = np.maximum(result, value)
    return result


def _smallest(*values: Any) -> Any:
    return -_largest(*(-value for value in values))


FLOATS = {
    name: getattr(np, name) for name in ("sin", "cos", "exp", "log", "log10", "sqrt", "abs", "sign", "pi")
}
FLOATS |= {"max": _largest, "min": _smallest}
DIGITS = {name: getattr(mp, name) for name in ("sin", "cos", "exp", "log", "log10", "sqrt", "sign", "pi")}
DIGITS |= {"abs": abs, "max": max, "min": min}


def scipys(folder: Path) -> dict[str, Any]:
    """Return SciPy's benchmark classes by name, without what else its benchmarks need."""
    package, common = types.ModuleType("benchmarks"), types.ModuleType("benchmarks.common")
    package.__path__ = [str(folder)]
    common.safe_import = lambda: contextlib.suppress(ImportError)  # type: ignore[attr-defined]
    sys.modules |= {"benchmarks": package, "benchmarks.common": common}
    return vars(import_module("benchmarks.go_benchmark_functions"))


def checked(name: str, entry: dict[str, Any], benchmark: Any) -> dict[str, Any]:
    """Return what is written of a function, after comparing its formula with SciPy's at 200 points."""
    theirs = benchmark(2)
    code = compile(entry["formula"], name, "eval")
    low, high = np.array(theirs.bounds, float).T
    points = np.random.default_rng(0).uniform(low, high, (200, 2))
    ours, expected = _floats(code, points), np.array([theirs.fun(point) for point in points])
    worst = np.max(abs(ours - expected) / np.maximum(abs(expected), 1e-300))
    if not worst <= 1e-10:
        raise SystemExit(f"{name}: differs from SciPy's by {worst}")

    stated = np.array([point for point in theirs.global_optimum if len(point) == 2], float).reshape(-1, 2)
    points, values = _candidates(code, low, high, stated)
    if "minima" in entry:
        given = [tuple(_number(coordinate) for coordinate in point) for point in entry["minima"]]
        losses = _floats(code, np.array(given, float))
        lowest, value = given, losses.min()
        if losses.max() - value > 1e-12:
            raise SystemExit(f"{name}: {losses} at the given minima")
    else:
        lowest, value = _lowest(code, points, values, low, high)
    if not lowest or values.min() < value - 1e-12 * max(1, abs(value)):
        raise SystemExit(f"{name}: {values.min()} is found, lower than {value}")
    kinds = {_smooth(code, point, low, high) for point in lowest}
    if len(kinds) != 1:
        raise SystemExit(f"{name}: minima of two kinds")
    document = {
        "name": name,
        "formula": entry["formula"],
        "window": {"x": [low[0], high[0]], "y": [low[1], high[1]]},
        "minima": sorted([float(x), float(y)] for x, y in lowest),
        "loss": float(value) if abs(value) > 1e-30 else 0.0,
        "smooth": entry.get("smooth", kinds.pop()),
        "isolated": "curve" not in entry,
        "complete": "curve" not in entry and "many" not in entry,
    }
    if note := _note(document, stated, theirs.fglob, high - low):
        document["note"] = note
    return document


def _note(document: dict[str, Any], stated: Any, value: float, size: Any) -> str | None:
    """Return what SciPy states otherwise: other minima, fewer of them, or another value."""
    if not len(stated):
        return None
    same = (abs(np.array(document["minima"])[:, None] - stated) < 1e-4 * size).all(axis=2)
    if document["complete"] and not same.any(axis=0).all():
        return f"SciPy states {stated.tolist()}"
    if document["complete"] and not same.any(axis=1).all():
        return f"SciPy states {same.any(axis=1).sum()} of them"
    if abs(value - document["loss"]) > 1e-5 * max(1, abs(value)):
        return f"SciPy states the value {value}"
    return None


def _number(written: float | str) -> Any:
    try:
        return mp.mpf(written)
    except ValueError:
        return eval(str(written), {}, DIGITS)  # noqa: S307


def _floats(code: types.CodeType, points: Any) -> Any:
    with np.errstate(all="ignore"):
        values = eval(code, {}, FLOATS | {"x": points[..., 0], "y": points[..., 1]})  # noqa: S307
    return np.where(np.isnan(values), np.inf, values)


def _value(code: types.CodeType, x: Any, y: Any) -> Any:
    return eval(code, {}, DIGITS | {"x": x, "y": y})  # noqa: S307


def _candidates(code: types.CodeType, low: Any, high: Any, stated: Any) -> tuple[Any, Any]:
    """Return local minima and their values: near the stated ones, on a grid, on finer ones round the best."""
    points, values = np.clip(stated, low, high), _floats(code, np.clip(stated, low, high))
    for share in (1.0, 0.1, 0.005):
        best = points[values.argmin()] if share < 1 else (low + high) / 2
        reach = share * (high - low) / 2
        starts = _grid_minima(code, np.maximum(best - reach, low), np.minimum(best + reach, high))
        points, values = _refined(code, np.concatenate([points, starts]), low, high, share)
    return points, values


def _lowest(code: types.CodeType, points: Any, values: Any, low: Any, high: Any) -> tuple[list[Any], Any]:
    """Return the lowest of the points after polishing, and their value."""
    best = values.min()
    close = np.argsort(values)[: np.count_nonzero(values <= best + 1e-3 * max(1, abs(best)))]
    polished: list[tuple[Any, Any, Any]] = []
    tried: list[Any] = []
    for index in close:
        if any((abs(points[index] - other) < 1e-6 * (high - low)).all() for other in tried):
            continue
        tried.append(points[index])
        point = _polished(code, points[index], low, high)
        if point and all(abs(point[0] - x) + abs(point[1] - y) > 1e-9 for x, y, _ in polished):
            polished.append((*point, _value(code, *point)))
    value = min((loss for *_, loss in polished), default=mp.inf)
    return [(x, y) for x, y, loss in polished if loss - value <= 1e-20 * max(1, abs(value))], value


def _grid_minima(code: types.CodeType, low: Any, high: Any) -> Any:
    axes = [np.linspace(*interval, CELLS + 1) for interval in zip(low, high, strict=True)]
    points = np.stack(np.meshgrid(*axes), axis=-1)
    values = _floats(code, points)
    padded = np.pad(values, 1, constant_values=np.inf)
    rows, columns = values.shape
    lowest = np.full(values.shape, True)
    for i, j in COMPASS.astype(int):
        lowest &= values <= padded[1 + i : 1 + i + rows, 1 + j : 1 + j + columns]
    order = np.argsort(values[lowest], kind="stable")[:STARTS]
    return points[lowest][order]


def _refined(code: types.CodeType, points: Any, low: Any, high: Any, share: float) -> tuple[Any, Any]:
    """Go down along the compass's eight directions, halving the step where none leads down."""
    values, step = _floats(code, points), np.full(len(points), share)
    for _ in range(600):
        around = points[:, None] + step[:, None, None] * COMPASS * (high - low) / CELLS
        around = np.clip(around, low, high)
        losses = _floats(code, around)
        least, each = losses.argmin(axis=1), np.arange(len(points))
        better = losses[each, least] < values
        points = np.where(better[:, None], around[each, least], points)
        values = np.where(better, losses[each, least], values)
        step = np.where(better, step, step / 2)
    return points, values


def _polished(code: types.CodeType, start: Any, low: Any, high: Any) -> tuple[Any, Any] | None:
    """Return where Newton's method leads, along the window's edge if the start is on it; None if astray."""
    point = [mp.mpf(float(coordinate)) for coordinate in start]
    free = []
    for axis in range(2):
        for edge in (low[axis], high[axis]):
            if abs(start[axis] - edge) <= 1e-9 * (high[axis] - low[axis]):
                point[axis] = mp.mpf(float(edge))
                break
        else:
            free.append(axis)
    for _ in range(150 if free else 0):
        gradient, hessian = _derivatives(code, *point)
        slope = mp.matrix([gradient[axis] for axis in free])
        curvature = mp.matrix([[hessian[i, j] for j in free] for i in free])
        vectors = mp.eye(1)
        roots = [curvature[0, 0]]
        if len(free) == 2:
            eigenvalues, vectors = mp.eigsy(curvature)
            roots = list(eigenvalues)
        along = vectors.T * slope
        largest = max(abs(root) for root in roots)
        for index, root in enumerate(roots):
            flat = largest == 0 or abs(root) <= mp.mpf("1e-40") * largest
            along[index] = 0 if flat else along[index] / root
        step = vectors * along
        for axis, change in zip(free, step, strict=True):
            point[axis] -= change
        if any(not low[axis] <= point[axis] <= high[axis] for axis in free):
            return None
        if mp.norm(step) < mp.mpf("1e-26"):
            break
    else:
        if free:
            return None
    return _rounded(code, *point)


def _rounded(code: types.CodeType, x: Any, y: Any) -> tuple[Any, Any]:
    """Return a short decimal number where it does not lie higher."""
    short = [mp.mpf(round(float(coordinate), 5)) for coordinate in (x, y)]
    limit = _value(code, x, y) + mp.mpf("1e-40")
    for point in ((short[0], short[1]), (short[0], y), (x, short[1])):
        if _value(code, *point) <= limit:
            return point
    return x, y


def _derivatives(code: types.CodeType, x: Any, y: Any) -> tuple[list[Any], Any]:
    """Return gradient and Hessian by central differences."""
    at = {(i, j): _value(code, x + i * STEP, y + j * STEP) for i in (-1, 0, 1) for j in (-1, 0, 1)}
    gradient = [(at[1, 0] - at[-1, 0]) / (2 * STEP), (at[0, 1] - at[0, -1]) / (2 * STEP)]
    mixed = (at[1, 1] - at[1, -1] - at[-1, 1] + at[-1, -1]) / (4 * STEP**2)
    straight = [(at[i, j] - 2 * at[0, 0] + at[-i, -j]) / STEP**2 for i, j in ((1, 0), (0, 1))]
    return gradient, mp.matrix([[straight[0], mixed], [mixed, straight[1]]])


def _smooth(code: types.CodeType, point: tuple[Any, Any], low: Any, high: Any) -> bool:
    """Whether the point lies inside and the second differences in all directions are one quadratic form's."""
    if any(not low[axis] < point[axis] < high[axis] for axis in range(2)):
        return False
    _, hessian = _derivatives(code, *point)
    scale = mp.norm(hessian) + mp.mpf("1e-6")
    middle = _value(code, *point)
    for index in range(16):
        way = mp.matrix([mp.cos(0.1 + mp.pi * index / 16), mp.sin(0.1 + mp.pi * index / 16)])
        for h in (mp.mpf("1e-12"), mp.mpf("1e-16")):
            ahead, behind = (
                _value(code, point[0] + sign * h * way[0], point[1] + sign * h * way[1]) for sign in (1, -1)
            )
            if abs((ahead - behind) / h) > 1e-6 * scale:
                return False
            if abs((ahead - 2 * middle + behind) / h**2 - (way.T * hessian * way)[0]) > 1e-6 * scale:
                return False
    return True
