"""Descents followed; and a short way to ask for one."""

from fall_line import run


def one(surface="sphere", steps=20, stop=None, seed=0, **descent):
    """The trajectory of one descent; the surface may be given by its kind alone."""
    surface = {"kind": surface} if isinstance(surface, str) else surface
    document = {"surface": surface, "descents": [descent], "steps": steps, "seed": seed, "stop": stop or {}}
    return run(document)[0]
