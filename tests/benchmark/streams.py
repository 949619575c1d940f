"""What a viewer waits for, over a socket."""

from collections.abc import Iterator

import httpx2

from tests.benchmark.descents import TORCH
from tests.benchmark.measuring import Row, milliseconds
from tests.conftest import start


def rows() -> Iterator[Row]:
    """Yield the rows."""
    descents = [{"optimizer": {"kind": kind}} for kind in list(TORCH)[:8]]
    race = {"surface": {"kind": "himmelblau"}, "descents": descents, "steps": 500}
    four = {**race, "descents": descents[:4]}
    with start() as server, httpx2.Client(base_url=server.url) as client:

        def whole(document: dict[str, object]) -> None:
            assert client.post("/api/run/stream", json=document).text.endswith('{"type":"done"}\n')

        def first_frame() -> None:
            with client.stream("POST", "/api/run/stream", json=four) as answer:
                lines = answer.iter_lines()
                next(lines), next(lines)

        yield Row(
            "8 optimizers × 500 steps through run/stream", "≤ 60", milliseconds(lambda: whole(race)), "ms"
        )
        yield Row("4 × 500 through run/stream", "≤ 60", milliseconds(lambda: whole(four)), "ms")
        yield Row("its first frame", "≤ 20", milliseconds(first_frame), "ms")
