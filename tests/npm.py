"""What some tests need of npm."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def installed(folder: Path) -> Path:
    """The packages of a folder's lock file; installed aside: two processes may do so at once."""
    modules = folder / "node_modules"
    if modules.is_dir():
        return modules
    npm = shutil.which("npm")
    if npm is None:
        reason = f"no npm: the packages of {folder.name} cannot be installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with TemporaryDirectory(dir=folder) as aside:
        for file in folder.glob("package*.json"):
            shutil.copy(file, aside)
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=aside, check=True, capture_output=True)
        with suppress(OSError):
            (Path(aside) / "node_modules").rename(modules)
    return modules
