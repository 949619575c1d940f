"""What is installed: a wheel carries the page and runs from any folder."""

import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

from tests.conftest import start

TOP = Path(__file__).parents[1]


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_a_wheel_carries_the_page_and_runs_from_another_folder(tmp_path):
    built = tmp_path / "built"
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", built, TOP]
    subprocess.run(command, check=True, timeout=300)
    (wheel,) = built.glob("fall_line-*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    written, shipped = (files(folder) for folder in (TOP / "frontend", installed / "fall_line" / "frontend"))
    assert {"index.html", "first.json", "app/boot.js"} <= written == shipped
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    with start(cwd=tmp_path, env=environment) as server:
        page = urllib.request.urlopen(server.url).read().decode()
        script = page.partition('src="')[2].partition('"')[0]
        assert urllib.request.urlopen(f"{server.url}/{script}").status == 200
        scene = "api/lectures/gradient-descent/the-bowl"
        assert urllib.request.urlopen(f"{server.url}/{scene}").status == 200
        where = "import fall_line; print(fall_line.__file__)"
        found = subprocess.run(
            [sys.executable, "-c", where],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.stdout.startswith(str(installed))
