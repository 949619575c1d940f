"""Fall Line: optimizers race down a loss landscape.

``run`` and ``stream`` follow the descents of an experiment, ``landscape`` gives the map they move on,
``landscape_of_model`` that of a model of yours, on a plane through its weights.  ``show`` plays a scene in a
notebook.
"""

from importlib.metadata import version

from fall_line.experiment import Experiment
from fall_line.landscape import landscape
from fall_line.models import landscape_of_model
from fall_line.notebook import show
from fall_line.runner import run, stream

__version__ = version("fall-line")
__all__ = ["Experiment", "__version__", "landscape", "landscape_of_model", "run", "show", "stream"]
