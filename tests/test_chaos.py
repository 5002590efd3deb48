"""The chaos run, in small: nothing is lost, doubled, different or left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.records import Isolation
from autograder.sandbox.launch import probe

ROOT = Path(__file__).resolve().parents[1]


def chaos(*options):
    if not probe(Isolation.FULL).available:
        pytest.skip("no full isolation here")
    return subprocess.run(
        [sys.executable, "benchmarks/chaos.py", "--jobs", "2", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_kills_at_any_moment_change_no_result():
    done = chaos("--count", "8", "--kills", "3", "--no-disk")
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in ("lost", "doubled", "different", "internal errors", "left behind"):
        assert f"  {kind}: 0\n" in done.stdout


@pytest.mark.slow
def test_kills_and_a_full_disk_change_no_result():
    done = chaos("--count", "75", "--kills", "15", "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "15 of them hostile" in done.stdout
