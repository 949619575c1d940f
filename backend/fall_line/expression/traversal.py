"""Ways through the graph, without recursion: formulas may be deep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter

from fall_line.expression.node import Node

BY_AGE = attrgetter("serial")


def postorder(root: Node) -> list[Node]:
    """Return every node below the root once, arguments first, in the order of reading."""
    order: list[Node] = []
    seen: set[Node] = set()
    waiting = [root]
    while waiting:
        current = waiting[-1]
        if current in seen:
            waiting.pop()
            continue
        ahead = [arg for arg in reversed(current.args) if arg not in seen]
        if ahead:
            waiting += ahead
        else:
            seen.add(current)
            order.append(waiting.pop())
    return order


def below(roots: Iterable[Node]) -> list[Node]:
    """Return every node below the roots once, arguments first, the oldest before the younger.

    Faster than :func:`postorder`, but the order is that of the process's life: it must not decide in which
    order numbers are added up.
    """
    found = set(roots)
    waiting = list(found)
    while waiting:
        for arg in waiting.pop().args:
            if arg not in found:
                found.add(arg)
                waiting.append(arg)
    return sorted(found, key=BY_AGE)


def rebuild(
    roots: Iterable[Node], leaves: Mapping[Node, Node], build: Callable[[str, tuple[Node, ...]], Node]
) -> list[Node]:
    """Return the roots with ``leaves`` replaced and everything above built anew (and so folded)."""
    roots = list(roots)
    new: dict[Node, Node] = {}
    for old in below(roots):
        if old in leaves:
            new[old] = leaves[old]
        elif not old.args:
            new[old] = old
        else:
            new[old] = build(old.op, tuple(new[arg] for arg in old.args))
    return [new[root] for root in roots]
