"""Fall Line: optimizers race down a loss landscape.

``run`` and ``stream`` follow the descents of an experiment, ``landscape`` gives the map they move on.
"""

from importlib.metadata import version

from fall_line.experiment import Experiment
from fall_line.landscape import landscape
from fall_line.runner import run, stream

__version__ = version("fall-line")
__all__ = ["Experiment", "__version__", "landscape", "run", "stream"]
