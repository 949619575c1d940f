"""Following descents: in frames as they are computed, or to their ends as trajectories."""

from fall_line.runner.entries import COLUMNS
from fall_line.runner.frames import Frame, follow, stream
from fall_line.runner.trajectories import Trajectory, run, trajectories

__all__ = ["COLUMNS", "Frame", "Trajectory", "follow", "run", "stream", "trajectories"]
