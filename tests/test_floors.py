"""Imports point down: the floors of the house, from the ground up."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "backend" / "fall_line"
FLOORS = [
    {"expression", "luck"},
    {"component"},
    {"losses"},
    {"surfaces", "schedules", "gradients", "averages", "stopping", "optimizers"},
    {"experiment"},
    {"runner", "models", "scenes"},
    {"landscape", "predictions", "clouds", "tables", "narration", "lectures"},
    {"service", "cli", "__main__", "notebook"},
]
# Modules of one floor that may import one another; elsewhere on a floor nobody may.
NEIGHBOURS = {("cli", "service"), ("notebook", "service"), ("__main__", "cli")}


def imports(file: Path) -> set[str]:
    """The parts of fall_line that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "fall_line":
            found |= {
                alias.name
                for alias in node.names
                if (PACKAGE / alias.name).exists() or part_exists(alias.name)
            }
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fall_line."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("fall_line.")}
    return found


def part_exists(name: str) -> bool:
    return (PACKAGE / f"{name}.py").exists()


def violations(files: dict[str, set[str]]) -> list[str]:
    floor = {part: height for height, parts in enumerate(FLOORS) for part in parts}
    return [
        f"{part} imports {imported}"
        for part, wanted in files.items()
        for imported in wanted - {part}
        if floor[imported] >= floor[part] and (part, imported) not in NEIGHBOURS
    ]


def test_imports_point_down():
    parts: dict[str, set[str]] = {}
    for file in PACKAGE.rglob("*.py"):
        part = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part != "__init__":
            parts.setdefault(part, set()).update(imports(file))
    assert violations(parts) == []


def test_every_part_has_a_floor():
    parts = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert parts - {"__init__"} == set().union(*FLOORS)


def test_an_import_upwards_is_noticed(tmp_path):
    planted = tmp_path / "component.py"
    planted.write_text("from fall_line.runner import run\nfrom fall_line import scenes\n")
    assert sorted(violations({"component": imports(planted)})) == [
        "component imports runner",
        "component imports scenes",
    ]
