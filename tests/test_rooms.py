"""The page's rooms: its modules import downwards, panels never one another, and every file has a room."""

import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

FRONTEND = Path(__file__).parents[1] / "frontend"
# From the ground up. The documentation is a page of its own, which knows of no panel.
FLOORS = [["server"], ["session"], ["kit"], ["draw"], ["panels", "docs"], ["app"]]
HEIGHT = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
COMMENT = re.compile(r"/\*.*?\*/|^[ \t]*//[^\n]*", re.DOTALL | re.MULTILINE)
IMPORT = re.compile(
    r"""^(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|^import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']""",
    re.MULTILINE,
)


@cache
def modules(folder: Path) -> dict[str, list[str]]:
    """What each module of a page imports, at once or later; types in comments are not imported."""
    found = {}
    for file in sorted(folder.rglob("*.js")):
        name = file.relative_to(folder).as_posix()
        targets = [next(filter(None, groups)) for groups in IMPORT.findall(COMMENT.sub("", file.read_text()))]
        found[name] = [normpath(join(dirname(name), target)) for target in targets]
    return found


def room(module: str) -> str:
    """Where a module lives; each panel is a room of its own."""
    folders = module.split("/")[:-1]
    return "/".join(folders[: 2 if folders[:1] == ["panels"] else 1])


def violations(imports: dict[str, list[str]]) -> list[str]:
    """What the house forbids, in sentences."""
    found = [
        f"{module} is in no room"
        for module in imports
        if room(module) == "panels" or room(module).split("/")[0] not in HEIGHT
    ]
    for module, targets in imports.items():
        for target in targets:
            if target not in imports:
                found.append(f"{module} imports {target}, which is not there")
                continue
            here, there = room(module), room(target)
            floor, below = (HEIGHT.get(one.split("/")[0], -1) for one in (here, there))
            if here != there and below >= floor:
                found.append(f"{module} imports {target}")
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        found.append(f"cycle: {' > '.join(sorted(set(error.args[1])))}")
    return found


def test_modules_import_downwards_and_panels_never_one_another():
    imports = modules(FRONTEND)
    assert {room(module).split("/")[0] for module in imports} == set(HEIGHT)
    assert violations(imports) == []


def test_no_import_is_overlooked():
    """Counted in another way: every line that begins with the word; and what is loaded later."""
    imports = modules(FRONTEND)
    counted = sum(
        len(re.findall(r"^import\b", file.read_text(), re.MULTILINE)) for file in FRONTEND.rglob("*.js")
    )
    later = "panels/solid/surface3d.js"
    assert sum(target != later for targets in imports.values() for target in targets) == counted > 100
    assert later in imports["panels/solid/views.js"]


def test_every_style_lies_beside_what_it_dresses():
    styles = {file.relative_to(FRONTEND).as_posix() for file in FRONTEND.rglob("*.css")}
    rooms = {room(module) for module in modules(FRONTEND)}
    assert {style for style in styles - {"base.css"} if room(style) not in rooms} == set()
    assert len(styles) > 1


@pytest.mark.parametrize(
    ("planted", "text", "said"),
    [
        (
            "server/extra.js",
            'import {State} from "../session/state.js";',
            "server/extra.js imports session/state.js",
        ),
        (
            "session/extra.js",
            'import {\n  element,\n} from "../kit/dom.js";',
            "session/extra.js imports kit/dom.js",
        ),
        ("draw/extra.js", 'import "../app/boot.js";', "draw/extra.js imports app/boot.js"),
        (
            "panels/data/extra.js",
            'const open = () => import("../map/map.js");',
            "panels/data/extra.js imports panels/map/map.js",
        ),
        (
            "panels/data/extra.js",
            'export {Course} from "../lecture/course.js";',
            "panels/data/extra.js imports panels/lecture/course.js",
        ),
        (
            "docs/extra.js",
            'import {LandscapeMap} from "../panels/map/map.js";',
            "docs/extra.js imports panels/map/map.js",
        ),
        (
            "kit/extra.js",
            'import {gone} from "./gone.js";',
            "kit/extra.js imports kit/gone.js, which is not there",
        ),
        ("extra.js", "", "extra.js is in no room"),
        ("panels/extra.js", "", "panels/extra.js is in no room"),
        ("utils/extra.js", "", "utils/extra.js is in no room"),
    ],
)
def test_what_is_planted_is_found(tmp_path, planted, text, said):
    (tmp_path / planted).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / planted).write_text(text)
    assert violations(modules(FRONTEND) | modules(tmp_path)) == [said]


def test_a_cycle_is_found(tmp_path):
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "one.js").write_text('import {two} from "./two.js";')
    (tmp_path / "kit" / "two.js").write_text('// A remark.\nimport {one} from "./one.js";')
    assert violations(modules(tmp_path)) == ["cycle: kit/one.js > kit/two.js"]


def test_a_type_in_a_comment_is_no_import(tmp_path):
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "one.js").write_text('/** @param {import("../app/boot.js").Any} any */\n')
    assert violations(modules(tmp_path)) == []
