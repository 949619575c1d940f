"""Following descents: in frames as they are computed, or to their ends as trajectories."""

from fall_line.runner.entries import COLUMNS
from fall_line.runner.frames import Averages, Frame, follow, frames, grounded, settled, stream
from fall_line.runner.ground import Ground, Progress, Weights, finished
from fall_line.runner.trajectories import Trajectory, run, trajectories, trajectory

__all__ = [
    "COLUMNS",
    "Averages",
    "Frame",
    "Ground",
    "Progress",
    "Trajectory",
    "Weights",
    "finished",
    "follow",
    "frames",
    "grounded",
    "run",
    "settled",
    "stream",
    "trajectories",
    "trajectory",
]
