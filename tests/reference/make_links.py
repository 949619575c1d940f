"""Add links of today's version to those that must open for ever: ``python -m tests.reference.make_links``.

Links that stand in the file are never changed: somebody has them in his slides.
"""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from fall_line import __version__
from fall_line.lectures import lectures
from fall_line.scenes import Scene
from fall_line.service.examples import SCENE

FILE = Path(__file__).with_name("links.json")
QUADRATIC = {"kind": "quadratic", "condition": 25.0, "angle": 30.0}
DATA = {"kind": "linear_regression", "x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 2.5, 5.5, 7.0]}
BATCHES = {"kind": "mini_batch", "size": 2, "order": "shuffled"}
LETTERS = {"rate": "η", "iterate": "θ", "momentum": "β"}
EYE = {"x": -1.0, "y": -1.5, "z": 0.8}
SQUARE = {"x": [-2.0, 2.0], "y": [-2.0, 2.0]}
DAMPED = {"kind": "newton", "damping": 0.5}
SWA = {"kind": "swa", "start": 10, "every": 5}
PARTS = [{"from": 0, "learning_rate": 0.1}, {"from": 20, "learning_rate": 0.01}]
PIECES = {"kind": "piecewise", "parts": PARTS}
WARM = {"kind": "warmup", "steps": 10, "then": {"kind": "cosine_restarts", "learning_rate": 0.05}}
SCENES: dict[str, dict[str, Any]] = {
    "all words": SCENE,
    "the shortest": {"experiment": {"surface": {"kind": "sphere"}, "descents": [{}]}},
    "a formula with its parameters": {
        "title": "Ünïcode & <b>no markup</b>",
        "experiment": {
            "surface": {
                "kind": "formula",
                "formula": "a*x^2 + y**2",
                "parameters": {"a": 3.0},
                "domain": {"x": [-2, 2], "y": [-1, 3]},
            },
            "descents": [{"label": "one", "optimizer": DAMPED, "start": "random"}],
            "seed": 7,
        },
    },
    "schedules": {
        "experiment": {
            "surface": QUADRATIC,
            "descents": [{"learning_rate": each} for each in (0.01, PIECES, WARM)],
            "steps": 60,
            "stop": {"patience": 20, "minimum_improvement": 1e-3},
        },
        "view": {"axis": "evaluations", "loop": True, "notation": LETTERS},
    },
    "data, batches and averages": {
        "experiment": {
            "surface": DATA,
            "descents": [
                {"gradient": BATCHES, "average": {"kind": "ema", "decay": 0.9}},
                {"gradient": {"kind": "noisy", "sigma": 0.1}, "average": SWA},
            ],
            "steps": 40,
            "seed": 3,
        },
        "view": {"step": 12, "speed": 8.0, "descent": 1, "panel": "inside"},
    },
    "a network on a plane": {
        "experiment": {"surface": {"kind": "network"}, "descents": [{"learning_rate": 0.3}], "steps": 20},
        "view": {"map": "both", "camera": EYE, "window": SQUARE},
    },
}  # fmt: skip


def main() -> None:
    """Write the file."""
    kept: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {"links": {}, "places": []}
    links = kept["links"]
    for name, document in SCENES.items():
        scene = Scene.model_validate(document)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        hash_ = urlsafe_b64encode(text.encode()).decode().rstrip("=")
        filled = scene.experiment.filled().model_dump(mode="json", by_alias=True)
        links.setdefault(name, {"version": __version__, "link": f"/#scene={hash_}", "experiment": filled})
    places = [f"{name}/{scene}" for name, lecture in lectures().items() for scene in lecture.scenes]
    kept["places"] += [place for place in places if place not in kept["places"]]
    FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
