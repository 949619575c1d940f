"""Limited-memory BFGS with a strong-Wolfe line search."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from fall_line.optimizers.base import Optimizer, Oracle, Scale, Vector

CURVED = 1e-10
"""A pair of step and change of gradient is kept if their product, the curvature along the step, is larger."""
SUFFICIENT_DECREASE, CURVATURE = 1e-4, 0.9
MAX_TRIALS = 25
NARROW = 1e-9
PLAIN, SMALL_DECREASE = 1e-6, 0.1
"""On a plain at most this share of the slope is left, but less of the decrease that it promised was made."""


class LBFGSState(NamedTuple):
    """The last steps and changes of gradient (rows, the newest last), the last step and the last gradient."""

    s: Vector
    y: Vector
    step: Vector
    g: Vector


class LBFGS(Optimizer):
    r"""It guesses the curvature from its last steps: jumps like Newton's, from gradients alone.

    One update is one iteration: a direction from the two-loop recursion and a strong-Wolfe line search along
    it, whose first trial step is the learning rate; every trial costs an evaluation.  PyTorch's LBFGS with
    ``max_iter=1``, but PyTorch shortens the very first trial by min(1, 1/|g|₁); here a first trial is
    shortened if the loss there is not a finite number, or if it leads over the valley onto a plain.  Where
    no step helps, what is remembered is forgotten.
    """

    kind: Literal["lbfgs"] = "lbfgs"
    name: ClassVar[str] = "L-BFGS"
    memory: int = Field(10, ge=1, le=100, title="m", description="How many of the last steps are remembered.")
    learning_rate: ClassVar[float] = 1.0
    traceable: ClassVar[bool] = False
    scale: ClassVar[Scale] = "own"
    equations: ClassVar[tuple[str, ...]] = ("w - alpha*k*B**(-1)*g",)
    reference: ClassVar[str] = "Liu & Nocedal (1989); Nocedal & Wright (2006), Algorithms 7.4 and 3.5"

    def init(self, w: Vector) -> LBFGSState:
        rows = np.zeros((self.memory, len(w)))
        return LBFGSState(s=rows, y=rows, step=np.zeros_like(w), g=np.zeros_like(w))

    def update(
        self, w: Vector, oracle: Oracle, state: LBFGSState, learning_rate: float, t: int
    ) -> tuple[Vector, LBFGSState]:
        loss, g = oracle(w)
        s, y = state.s, state.y
        change = g - state.g
        if t > 0 and np.dot(change, state.step) > CURVED and np.dot(change, change) < inf:
            s, y = np.vstack([s[1:], state.step]), np.vstack([y[1:], change])
        direction = -_times_inverse(s, y, g)
        slope = float(np.dot(g, direction))
        if slope == -inf:
            direction = direction / np.abs(direction).max()
            slope = float(np.dot(g, direction))
        if not slope < 0 or learning_rate == 0:
            return w, LBFGSState(s, y, np.zeros_like(w), g)

        def along(length: float) -> Trial:
            there, gradient = oracle(w + length * direction)
            slope = float(np.dot(gradient, direction))
            # Where either is not finite, the loss is to fail every comparison.
            return Trial(length, there if isfinite(there) and isfinite(slope) else inf, slope)

        length = strong_wolfe(along, Trial(0.0, loss, slope), learning_rate, direction)
        if length == 0:
            # The guess of the curvature is no good here: begin anew with the gradient.
            s, y = np.zeros_like(s), np.zeros_like(y)
        step = length * direction
        return w + step, LBFGSState(s, y, step, g)


def _times_inverse(s: Vector, y: Vector, g: Vector) -> Vector:
    """Return the guessed inverse Hessian times g: the two-loop recursion, Nocedal & Wright, Algorithm 7.4."""
    pairs = [
        (step, change, 1 / np.dot(change, step)) for step, change in zip(s, y, strict=True) if change.any()
    ]
    q = g
    weights = []
    for step, change, rho in reversed(pairs):
        weights.append(rho * np.dot(step, q))
        q = q - weights[-1] * change
    if pairs:
        _, change, rho = pairs[-1]
        q = q / (rho * np.dot(change, change))
    for (step, change, rho), weight in zip(pairs, reversed(weights), strict=True):
        q = q + (weight - rho * np.dot(change, q)) * step
    return q


class Trial(NamedTuple):
    """A step length with the loss there and its slope along the direction."""

    length: float
    loss: float
    slope: float


def strong_wolfe(along: Callable[[float], Trial], start: Trial, first: float, direction: Vector) -> float:
    """Return a step length at which the loss has fallen enough and the slope is small enough.

    The trials are those of PyTorch: cubic interpolation, in a bracket that is first widened and then
    narrowed, at most 25 of them.  A first trial that leads where the loss is not finite, or across the valley
    onto a plain, is shortened before they begin.
    """

    def steep(trial: Trial) -> bool:
        return trial.loss > start.loss + SUFFICIENT_DECREASE * trial.length * start.slope

    def flat(trial: Trial) -> bool:
        return abs(trial.slope) <= -CURVATURE * start.slope

    def useless(trial: Trial) -> bool:
        small = trial.loss > start.loss + SMALL_DECREASE * trial.length * start.slope
        plain = not steep(trial) and small and abs(trial.slope) <= -PLAIN * start.slope
        return plain or trial.loss == inf

    size = float(np.abs(direction).max())
    before, trial = start, along(first)
    # As PyTorch shortens its very first trial; then faster and faster, for the scale may be any.
    factor, shrink = min(0.1, 1 / float(np.abs(direction).sum())), 0.1
    while useless(trial) and trial.length * factor > 0:
        trial = along(trial.length * factor)
        factor, shrink = shrink, shrink * shrink
    trials = 0
    while not (steep(trial) or (trials > 1 and trial.loss >= before.loss) or flat(trial) or trial.slope >= 0):
        if trials == MAX_TRIALS:
            return trial.length if trial.loss < start.loss else 0.0
        bounds = trial.length + 0.01 * (trial.length - before.length), 10 * trial.length
        before, trial = trial, along(_cubic_minimum(before, trial, bounds))
        trials += 1
    if flat(trial) and not (steep(trial) or (trials > 1 and trial.loss >= before.loss)):
        return trial.length
    low, high = (before, trial) if before.loss <= trial.loss else (trial, before)
    hesitated = False
    while trials < MAX_TRIALS and abs(high.length - low.length) * size >= NARROW:
        left, right = sorted((low, high), key=lambda each: each.length)
        length = _cubic_minimum(left, right, (left.length, right.length))
        margin = 0.1 * (right.length - left.length)
        close = min(right.length - length, length - left.length) < margin
        if close and (hesitated or not left.length < length < right.length):
            nearer_right = abs(length - right.length) < abs(length - left.length)
            length = right.length - margin if nearer_right else left.length + margin
            close = False
        hesitated = close
        trial = along(length)
        trials += 1
        if steep(trial) or trial.loss >= low.loss:
            low, high = (low, trial) if low.loss <= trial.loss else (trial, low)
        elif flat(trial):
            return trial.length
        else:
            if trial.slope * (high.length - low.length) >= 0:
                high = low
            low = trial
    return low.length


def _cubic_minimum(a: Trial, b: Trial, bounds: tuple[float, float]) -> float:
    """Return where the cubic through two trials is lowest, within the bounds; their middle if nowhere."""
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.length - b.length)
    square = d1 * d1 - a.slope * b.slope
    if not 0 <= square < inf:
        return (bounds[0] + bounds[1]) / 2
    d2 = float(np.sqrt(square))
    left, right = (a, b) if a.length <= b.length else (b, a)
    width = right.length - left.length
    share = np.float64(right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
    return float(min(max(right.length - width * share, bounds[0]), bounds[1]))
