"""What of the page has no DOM: its modules' own tests, which Node runs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parent / "unit"


def test_the_pages_modules_pass_their_tests():
    node = shutil.which("node")
    if node is None:
        reason = "no node: the page's modules are not tested by themselves"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    files = sorted(UNIT.glob("*.test.mjs"))
    ran = subprocess.run(
        [node, "--test", "--test-reporter=tap", *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr
    # A runner that finds nothing is content.
    count = re.search(r"^# pass (\d+)$", ran.stdout, re.MULTILINE)
    assert files and count and int(count[1]) >= len(files), ran.stdout[-2_000:]
