"""The commands of docs/authoring.md, as a new user would paste them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")


def commands():
    return re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_quick_path_has_six_steps():
    quick = PAGE.partition("## The solution and its markers")[0]
    steps = re.findall(r"^(\d)\. ", quick, re.MULTILINE)
    assert [int(step) for step in steps] == [1, 2, 3, 4, 5, 6]
    assert len(commands()) == 6


@pytest.mark.slow
def test_quick_path_ends_with_an_assignment_that_is_fit(tmp_path):
    program = f'autograder() {{ "{sys.executable}" -m autograder "$@"; }}\nset -e\n'
    done = subprocess.run(
        ["bash", "-c", program + "\n".join(commands())],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "fit to publish" in done.stdout
    assert "80 points in 9 checks" in done.stdout
    assert (tmp_path / "released" / "softmax_classifier.zip").is_file()
