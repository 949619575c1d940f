"""JSON, as the reference files hold it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Document = dict[str, Any]


def write(path: Path, head: Document, lists: dict[str, list[Document]]) -> None:
    """Write JSON with an entry of a list on each line."""
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    for name, entries in lists.items():
        rows = ",\n".join(json.dumps(entry, separators=(",", ":"), allow_nan=False) for entry in entries)
        lines.append(f"{json.dumps(name)}: [\n{rows}\n]")
    path.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")
