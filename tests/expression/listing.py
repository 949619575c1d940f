"""What our list of stationary points says of a degenerate one, held against what its family says."""

import numpy as np

from fall_line.expression import field, parse
from fall_line.expression.stationary import stationary_points
from tests.expression.degenerate import Degenerate


def is_listed_right(point: Degenerate) -> bool:
    """Return whether the point is in the list, or need not be; a wrong word or place is an AssertionError.

    What rounding, or a thousand waves beside it, hides may be left out, but then the answer says so.
    """
    answer = stationary_points(field(parse(point.formula), {}), point.x, point.y)
    size = np.array([point.x[1] - point.x[0], point.y[1] - point.y[0]])
    away = {each: np.hypot(*((np.array(each[:2]) - point.point) / size)) for each in answer.points}
    near = [each for each in answer.points if away[each] < 1e-3]
    # On a line there are others, of the same kind.
    assert {each.type for each in near} <= point.words, point
    if point.isolated and near:
        assert len(near) == 1, point
        assert away[near[0]] < 1e-6, point
    if near or None in point.words:
        return True
    assert answer.words, point
    return False
