"""`train_a_cnn` on MNIST and CIFAR-10 in their published formats: slow, and only where they are."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.checks.datasets import absence

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assignments" / "train_a_cnn"


@pytest.mark.slow
@pytest.mark.parametrize("data", ["mnist", "cifar10"])
def test_the_solution_trains_on_published_data(data, tmp_path):
    if why := absence(data):
        pytest.skip(why)
    copy = tmp_path / "train_a_cnn"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("examples"))
    manifest = copy / "assignment.toml"
    chosen = re.sub(
        '^data = "digits"', f'data = "{data}"', manifest.read_text("utf-8"), flags=re.MULTILINE
    )
    manifest.write_text(chosen, encoding="utf-8")
    solution = copy / "solution" / "train_a_cnn.py"
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", copy, solution, "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    (training,) = (
        check["training"] for check in json.loads(done.stdout)["checks"] if "training" in check
    )
    assert training["passed"] and training["parameters"] > 10_000
    assert len(training["curves"]) == 4


def test_the_manifest_takes_digits_which_need_no_files():
    assert 'data = "digits"' in (FOLDER / "assignment.toml").read_text("utf-8")
    assert absence("digits") is None
