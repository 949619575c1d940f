"""The landscape of anybody's model: any loss that is a function of a list of arrays."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, isfinite
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fall_line.expression.loss import Floats
from fall_line.losses.layers import cut
from fall_line.losses.plane import Plane, principal_plane, random_plane

Weights = list[NDArray[Any]]
MARGIN = 0.25
"""A plane through a path is shown with so much around it, as a share of the path's extent."""
ROUNDING = 1e-13
"""A path of such an extent, as a share of the weights' length, has not moved."""
FIRST_STEP = 0.02
"""The first step of the descent in a scene, as a share of the map's diagonal."""


@dataclass(frozen=True, eq=False)
class ModelLandscape:
    """The loss of a model on a plane through its weights: ``loss[i, j]`` belongs to ``y[i]`` and ``x[j]``."""

    x: Floats
    y: Floats
    loss: Floats
    path: Floats | None
    """The points of the plane (k, 2) that are nearest to the iterates given as a path."""
    plane: Plane
    """Center and directions, the arrays one after the other in one vector."""

    @property
    def explained(self) -> tuple[float, float] | None:
        """The share of the path's variance along each direction; None for random directions."""
        return self.plane.explained

    @property
    def surface(self) -> dict[str, Any]:
        """The document of a surface with this loss, ``{"kind": "measured", ...}``.

        A loss that is not finite is replaced by the largest one that is.  Between the points it is
        interpolated smoothly, within the range of the 4 × 4 losses around.
        """
        return {
            "kind": "measured",
            "x": self.x.tolist(),
            "y": self.y.tolist(),
            "loss": {
                "dtype": "f8",
                "bdata": b64encode(self._without_holes().astype("<f8").tobytes()).decode(),
                "shape": ", ".join(map(str, self.loss.shape)),
            },
            "path": [] if self.path is None else self.path.tolist(),
        }

    def scene(self, title: str | None = None) -> dict[str, Any]:
        """Return a scene to save as JSON and open in the page, or to put in a link.

        Gradient descent goes down the measured surface (not the model: only what the plane shows) from where
        the path starts, or from near a corner if that is not on the map.
        """
        start = self._start()
        descent = {
            "optimizer": {"kind": "gradient_descent"},
            "learning_rate": self._rate(*start),
            "start": list(start),
        }
        experiment = {"surface": self.surface, "descents": [descent]}
        return {"title": title, "experiment": experiment} if title else {"experiment": experiment}

    def _without_holes(self) -> Floats:
        finite = np.isfinite(self.loss)
        return np.where(finite, self.loss, self.loss[finite].max())

    def _start(self) -> tuple[float, float]:
        x, y = self.x, self.y
        if self.path is not None:
            across, up = self.path[0].tolist()
            if x[0] <= across <= x[-1] and y[0] <= up <= y[-1]:
                return across, up
        return float(x[0] + 0.1 * (x[-1] - x[0])), float(y[0] + 0.1 * (y[-1] - y[0]))

    def _rate(self, x: float, y: float) -> float:
        """Return a rate with which the first step is short, but not too short, to two digits."""
        up, across = np.gradient(self._without_holes(), self.y, self.x)
        row, column = abs(self.y - y).argmin(), abs(self.x - x).argmin()
        slope = float(np.hypot(across, up)[row, column])
        diagonal = hypot(self.x[-1] - self.x[0], self.y[-1] - self.y[0])
        return float(f"{FIRST_STEP * diagonal / slope:.1e}") if slope else 0.01


def landscape_of_model(
    loss: Callable[[Weights], Any],
    weights: Sequence[ArrayLike],
    *,
    path: Sequence[Sequence[ArrayLike]] | None = None,
    plane: Literal["random", "pca"] = "random",
    resolution: int = 51,
    span: float = 1.0,
    seed: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> ModelLandscape:
    """Return the loss of a model on a plane through its weights, on ``resolution`` × ``resolution`` points.

    ``loss`` is any function from a list of NumPy arrays, shaped and typed like ``weights``, to a number; its
    last call is with ``weights`` themselves.  ``weights`` are the centre of the plane, usually those of a
    trained model; ``path`` are the iterates that led there, a list of such lists.  ``progress`` is called
    with the number of rows done, and of all rows.

    ``plane`` "random": two Gaussian directions drawn from ``seed``, each filter of them (``array[i]`` of an
    array with two or more axes) as long as the weights' own; arrays with fewer axes, such as biases, stay
    as they are.  The map goes from −``span`` to ``span``.  Li et al. (2018), Visualizing the loss landscape
    of neural nets.

    ``plane`` "pca": the two main directions of the path, unit vectors.  The map shows the path with some
    space around it, ``span`` times as much, and the centre is one of its points.

    A slice can mislead: it shows two of very many directions.  Raises ValueError, in words, if the loss at
    ``weights`` or everywhere else on the map is not finite, or an argument is not what it should be: weights
    are a list of arrays of real numbers, whole ones are taken as float64.

    With PyTorch, where ``history`` holds a copy of the parameters' arrays from each epoch::

        parameters = list(model.parameters())

        @torch.no_grad()
        def loss(weights):
            for parameter, values in zip(parameters, weights):
                parameter.copy_(torch.from_numpy(values))
            return criterion(model(x), y).item()

        trained = [parameter.detach().numpy().copy() for parameter in parameters]
        seen = landscape_of_model(loss, trained, path=history, plane="pca")
        pathlib.Path("scene.json").write_text(json.dumps(seen.scene("My model")))
    """
    if not (_is(Integral, resolution) and 4 <= resolution <= 500):
        raise ValueError("the resolution is a whole number from 4 to 500")
    if not (_is(Real, span) and span > 0 and isfinite(span)):
        raise ValueError("the span is a positive number")
    if not (_is(Integral, seed) and seed >= 0):
        raise ValueError("the seed is a whole number from 0")
    arrays = _arrays(weights, "the weights")
    center = _vector(arrays, arrays, "the weights")
    if len(center) < 2:
        raise ValueError("a plane needs a model with at least two weights")
    iterates = None if path is None else _iterates(path, arrays)
    model = _Model(loss, arrays)
    at_center = model.loss_at(center)
    if not isfinite(at_center):
        raise ValueError(f"the loss at the given weights is {at_center}; it must be a finite number there")
    through = _plane(plane, center, iterates, [array.shape for array in arrays], seed)
    points = None if iterates is None else through.project(iterates)
    reach = ((-1.0, 1.0), (-1.0, 1.0)) if plane == "random" or points is None else _around(points, center)
    x, y = (np.linspace(span * low, span * high, resolution) for low, high in reach)
    if plane == "pca":
        x, y = (axis - axis[abs(axis).argmin()] for axis in (x, y))
    grid = np.empty((resolution, resolution))
    for row, up in enumerate(y.tolist()):
        grid[row] = [model.loss_at(through.point(across, up)) for across in x.tolist()]
        if progress is not None:
            progress(row + 1, resolution)
    model.loss_at(center)
    if not np.isfinite(grid[(y[:, None] != 0) | (x != 0)]).any():
        raise ValueError("the loss is finite at the given weights, but nowhere around; try a smaller span")
    return ModelLandscape(x, y, grid, points, through)


class _Model:
    """Somebody's loss as a function of one vector of weights."""

    def __init__(self, loss: Callable[[Weights], Any], like: Weights) -> None:
        self.loss, self.like = loss, like
        self.shapes = [array.shape for array in like]

    def loss_at(self, w: Floats) -> float:
        parts = zip(cut(w, self.shapes), self.like, strict=True)
        value = self.loss([part.astype(array.dtype) for part, array in parts])
        try:
            return float(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"the loss is to be a number, not of type {type(value).__name__}") from error


def _is(kind: type, value: object) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _listed(values: Any, name: str, wanted: str) -> list[Any]:
    """Return the elements of a list, which an array, a dictionary or a string is not."""
    if isinstance(values, Mapping):
        raise ValueError(f"{name}: give {wanted}, not a dictionary; of a state_dict, list(state.values())")
    if hasattr(values, "shape") or isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise ValueError(f"{name}: give {wanted}, not a single {type(values).__name__}")
    return list(values)


def _arrays(weights: Any, name: str) -> Weights:
    """Return weights as arrays of floats, if they are a list of arrays of real numbers."""
    listed = _listed(weights, name, "a list of arrays, [array] for one alone")
    return [_floating(array, f"{name}: array {place}") for place, array in enumerate(listed)]


def _floating(values: Any, name: str) -> NDArray[Any]:
    try:
        array = np.asarray(values)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{name} cannot be read: {error}") from error
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} is of type {array.dtype}; weights are real numbers")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def _vector(arrays: Sequence[NDArray[Any]], like: Weights, name: str) -> Floats:
    """Return the numbers of arrays, one array after the other, if they are shaped as they should be."""
    if len(arrays) != len(like) or not like:
        wanted = f"{len(like)} arrays" if like else "at least one array"
        raise ValueError(f"{name}: give {wanted}, not {len(arrays)}")
    for place, (array, model) in enumerate(zip(arrays, like, strict=True)):
        if array.shape != model.shape:
            raise ValueError(f"{name}: array {place} has the shape {array.shape}, not {model.shape}")
    vector = np.concatenate([array.ravel().astype(np.float64) for array in arrays])
    if not np.isfinite(vector).all():
        raise ValueError(f"{name}: not all numbers are finite")
    return vector


def _iterates(path: Any, like: Weights) -> Floats:
    """Return the iterates of a path, (k, d)."""
    entries = _listed(path, "the path", "a list of entries, each a list of arrays like the weights")
    if not entries:
        raise ValueError("the path has no entries; leave it out")
    named = [(entry, f"entry {place} of the path") for place, entry in enumerate(entries)]
    return np.array([_vector(_arrays(entry, name), like, name) for entry, name in named])


def _plane(
    kind: str, center: Floats, iterates: Floats | None, shapes: list[tuple[int, ...]], seed: int
) -> Plane:
    if kind == "pca":
        if iterates is None:
            raise ValueError("the plane of principal components needs a path")
        return principal_plane(iterates, center)
    if kind != "random":
        raise ValueError('the plane is "random" or "pca"')
    drawn = random_plane(center, shapes, seed)
    if not drawn.first.any():
        raise ValueError(
            "random directions are scaled to the rows of the weights' arrays, and there is no array with two "
            'or more axes that is not 0; reshape a vector to one row, or give a path and plane="pca"'
        )
    return drawn


def _around(points: Floats, center: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the intervals in x and y that show points and the centre, (0, 0), with space around them."""
    low, high = np.minimum(points.min(axis=0), 0.0), np.maximum(points.max(axis=0), 0.0)
    extent = float((high - low).max())
    space = MARGIN * extent if extent > ROUNDING * float(np.linalg.norm(center)) else 1.0
    (left, bottom), (right, top) = (low - space).tolist(), (high + space).tolist()
    return (left, right), (bottom, top)
