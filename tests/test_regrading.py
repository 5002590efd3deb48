"""The same class graded again, otherwise, gets the same results."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = ROOT / "assignments" / "linear_classifiers"
SAMPLE = (1, 5, 13, 16, 28, 52)
"""Right, a notebook, unfinished, wrong, changing its arguments, empty: of the sample class."""


def hand_in(folder: Path, numbers: tuple[int, ...]) -> None:
    """Put these submissions of the sample class into the folder."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (path,) = (ASSIGNMENT / "examples").glob(f"student-{number:02}*")
        shutil.copy(path, folder)


def grade(submissions: Path, output: Path, jobs: int, hash_seed: str) -> None:
    """Grade in a process with that hash seed."""
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, submissions]
    done = subprocess.run(
        [*map(str, command), "--output", str(output), "--jobs", str(jobs)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_jobs_hash_seed_and_order_change_nothing_but_times(results, tmp_path):
    hand_in(tmp_path / "class", SAMPLE)
    grade(tmp_path / "class", tmp_path / "first", 1, "0")
    first = results(tmp_path / "first")
    assert len(first) == len(SAMPLE)
    # The last come first: they are graded alone, and the others when they have been handed in.
    hand_in(tmp_path / "again", SAMPLE[3:])
    grade(tmp_path / "again", tmp_path / "second", 2, "12345")
    hand_in(tmp_path / "again", SAMPLE[:3])
    grade(tmp_path / "again", tmp_path / "second", 2, "54321")
    again = results(tmp_path / "second")
    assert again.keys() == first.keys()
    for name, result in first.items():
        assert again[name] == result
    outcomes = {check["outcome"] for result in first.values() for check in result["checks"]}
    assert {"passed", "failed", "error", "not_run"} <= outcomes
