"""What the scenes of the lectures claim, checked by running them."""

from fall_line import run
from fall_line.lectures import lectures
from fall_line.runner import Trajectory
from fall_line.scenes import Scene


def scene(address: str) -> Scene:
    """The scene at an address such as ``gradient-descent/the-bowl``."""
    lecture, _, name = address.partition("/")
    return lectures()[lecture].scenes[name]


def told(address: str) -> list[Trajectory]:
    """The trajectories of a scene, in the order of its descents."""
    return run(scene(address).experiment)


def answer(address: str) -> str:
    """The right choice of a scene's question."""
    predict = scene(address).predict
    assert predict is not None
    return predict.choices[predict.answer]
