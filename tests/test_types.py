"""The page's types: every module says what it takes and gives, and the checker agrees."""

import shutil
import subprocess
from pathlib import Path

from tests.npm import installed

FRONTEND = Path(__file__).parents[1] / "frontend"


def check(folder: Path) -> list[str]:
    """What the checker says of a page, line by line, having seen all its modules."""
    compiler = installed(Path(__file__).parent / "types") / "typescript" / "bin" / "tsc"
    command = ["node", compiler, "-p", folder / "jsconfig.json", "--listFiles", "--pretty", "false"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    lines = ran.stdout.splitlines()
    seen = {Path(line) for line in lines if line.startswith(str(folder)) and line.endswith(".js")}
    assert seen == set(folder.rglob("*.js")), ran.stdout + ran.stderr
    return [line for line in lines if "error TS" in line]


def test_the_types_agree():
    assert check(FRONTEND) == []


def test_no_module_asks_to_be_let_go():
    words = ("@ts-nocheck", "@ts-ignore", "@ts-expect-error")
    assert [file for file in FRONTEND.rglob("*.js") if any(word in file.read_text() for word in words)] == []


def test_a_wrong_type_is_noticed(tmp_path):
    page = tmp_path.resolve() / "page"
    (page / "kit").mkdir(parents=True)
    shutil.copy(FRONTEND / "jsconfig.json", page)
    shutil.copy(FRONTEND / "kit" / "numbers.js", page / "kit")
    (page / "kit" / "wrong.js").write_text('import {short} from "./numbers.js";\nshort("three");\n')
    (found,) = check(page)
    assert "wrong.js(2,7): error TS2345" in found
