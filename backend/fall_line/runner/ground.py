"""What the descents of an experiment go down: a loss over the plane, or over all weights of a network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from threading import Lock
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from fall_line.experiment import Experiment, Start
from fall_line.expression import Loss
from fall_line.gradients import Batches, Rows
from fall_line.losses.plane import Plane, principal_plane, random_plane
from fall_line.runner.entries import Entries, Floats
from fall_line.surfaces import Domain, Network

Result = TypeVar("Result")
KEPT = 4_000_000
"""So many numbers of the descents' iterates are kept to find the plane they lie on."""
PLANES = 64
"""So many planes are remembered: the map of a network is asked for after its descents."""


class Progress(NamedTuple):
    """How much of some work is done, in words for the one who waits."""

    done: int
    total: int
    doing: str


def finished(work: Generator[Progress, None, Result]) -> Result:
    """Return the result of work that reports its progress to nobody."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: Result = done.value
            return result


class Objective(Protocol):
    """A loss in the space of the iterates."""

    def look(self, w: Floats) -> tuple[float, Floats]:
        """Return loss and gradient at an iterate."""

    def hessian(self, w: Floats) -> Floats:
        """Return the matrix of second derivatives at an iterate."""

    def losses(self, iterates: Floats) -> Floats:
        """Return the losses (n,) at iterates (n, d)."""


class Ground:
    """A surface over the plane: the iterates are its points.

    ``whole`` is the loss that is gone down, ``parts`` what batches of it are taken from (None where there
    are no examples), ``shown`` and ``shown_test`` the losses over the plane that a map is drawn of.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.surface = experiment.surface
        self.window = self.surface.window()
        self.whole: Any = self.surface.field()
        self.parts: Any = self.surface.terms()
        self.shown: Loss = self.whole
        self.shown_test = self.surface.test_field()

    @property
    def examples(self) -> int:
        """The number of examples; 0 where the loss is not made of any."""
        return 0 if self.parts is None else len(self.parts)

    @property
    def flat(self) -> bool:
        """Whether the iterates are points of the plane."""
        return True

    def first(self, start: Start | None) -> Floats:
        """Return the iterate of a start, which is a point once it is filled in."""
        return np.array(start, np.float64)

    def places(self, iterates: Floats) -> Floats:
        """Return where iterates (n, d) are on the plane, shape (n, 2)."""
        return iterates

    def batch(self, rows: Rows) -> Objective:
        """Return the loss of some examples."""
        objective: Objective = self.parts.batch(rows)
        return objective

    def shown_batch(self, rows: Rows) -> Loss:
        """Return the loss of some examples over the plane."""
        loss: Loss = self.parts.batch(rows)
        return loss

    def batch_losses(self, iterates: Floats, batches: Batches, step: int) -> Floats:
        """Return the loss of each iterate's own batch; the first of them leaves ``step``."""
        losses: Floats = self.parts.seen_by(iterates, *batches.table(step, step + len(iterates)))
        return losses

    def measures(self, iterates: Floats) -> dict[str, Floats]:
        """Return what else the surface knows of iterates, by name."""
        return self.surface.measures(iterates)


class Weights(Ground):
    """All weights of a network are gone down; the plane is only what is shown of them."""

    def __init__(self, surface: Network, seed: int, plane: Plane, window: Domain) -> None:
        self.surface = surface
        self.seed = seed
        self.plane = plane
        self.window = window
        self.whole = self.parts = surface.net()
        self.shown = self.slice = surface.seen(plane)
        self.shown_test = surface.test_seen(plane)

    @property
    def flat(self) -> bool:
        return False

    def first(self, start: Start | None) -> Floats:
        if start is None:
            initial: Floats = self.parts.initial(self.seed)
            return initial
        x, y = super().first(start)
        return self.plane.point(x, y)

    def places(self, iterates: Floats) -> Floats:
        return self.plane.project(iterates)

    def shown_batch(self, rows: Rows) -> Loss:
        return self.slice.batch(rows)

    def batch_losses(self, iterates: Floats, batches: Batches, step: int) -> Floats:
        seen = [self.batch(batches.rows(t)).losses(w[None])[0] for t, w in enumerate(iterates, step)]
        return np.array(seen)


Follow = Callable[[Experiment, int, Ground], Iterator[Entries]]


class _Planes:
    """The last planes that were found, by the experiment's key."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, tuple[Plane, Domain]] = OrderedDict()

    def get(self, key: str) -> tuple[Plane, Domain] | None:
        with self._lock:
            return self._known.get(key)

    def keep(self, key: str, found: tuple[Plane, Domain]) -> None:
        with self._lock:
            self._known[key] = found
            while len(self._known) > PLANES:
                self._known.popitem(last=False)


_planes = _Planes()


def approach(experiment: Experiment, follow: Follow) -> Generator[Progress, None, Ground]:
    """Find the ground of an experiment that has been filled in, saying how far that is.

    Where a network's plane depends on its descents, they are followed by ``follow`` once to find it.
    """
    surface = experiment.surface
    if not isinstance(surface, Network):
        return Ground(experiment)
    if not surface.deferred:
        return Weights(surface, experiment.seed, surface.plane_of(experiment.seed), surface.window())
    key = experiment.key()
    found = _planes.get(key)
    if found is None:
        found = yield from _survey(experiment, surface, follow)
        _planes.keep(key, found)
    return Weights(surface, experiment.seed, *found)


def _survey(
    experiment: Experiment, surface: Network, follow: Follow
) -> Generator[Progress, None, tuple[Plane, Domain]]:
    """Follow the descents to find the plane, and the part of it that shows their paths."""
    net, seed = surface.net(), experiment.seed
    provisional = random_plane(net.initial(seed), net.shapes, seed)
    ground = Weights(surface, seed, provisional, surface.window())
    followed = range(len(experiment.descents) if surface.plane == "pca" else 1)
    total = experiment.steps * len(followed)
    stride = -(-total * net.size // KEPT)
    paths = []
    for index in followed:
        step, path, last = 0, [], ground.first(None)[None]
        for entries in follow(experiment, index, ground):
            path.append(entries.iterates[-step % stride :: stride])
            last = entries.iterates[-1:] if len(entries) else last
            step += len(entries)
            done = index * experiment.steps + step - 1
            yield Progress(done, total, "following the descents to find their plane")
        paths.append(np.concatenate([*path, last]))
    center = paths[0][-1]
    iterates = np.concatenate(paths)
    if surface.plane == "random":
        return random_plane(center, net.shapes, seed), surface.window()
    plane = principal_plane(iterates, center)
    return plane, surface.domain or _around(plane.project(iterates), surface.window())


def _around(places: Floats, least: Domain) -> Domain:
    """Return a window with room around places (n, 2), at least a tenth of another one in size."""
    low, high = places.min(axis=0), places.max(axis=0)
    half = np.maximum(0.62 * (high - low), 0.05 * least.diameter)
    (left, bottom), (right, top) = (low + high) / 2 - half, (low + high) / 2 + half
    return Domain(x=(float(left), float(right)), y=(float(bottom), float(top)))
