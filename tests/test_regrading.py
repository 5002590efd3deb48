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


DRAWS = """
import sys
from autograder.plugin import configure_hypothesis
configure_hypothesis()
from hypothesis import given, seed, settings, strategies as st
if sys.argv[1:]:
    import constants
drawn = []
@settings(max_examples=300)
@seed(1)
@given(st.integers(-10**9, 10**9), st.floats(allow_nan=False))
def draw(number, real):
    drawn.append((number, real))
draw()
print(drawn)
"""


def test_what_properties_draw_does_not_depend_on_what_else_is_imported(tmp_path):
    numbers = ", ".join(f"{7919 * i + 0.5}, {104729 * i}" for i in range(2, 200))
    (tmp_path / "constants.py").write_text(f"numbers = [{numbers}]\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    alone, beside = (
        subprocess.run(
            [sys.executable, "-c", DRAWS, *arguments],
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for arguments in ([], ["beside others"])
    )
    assert alone.count("(") > 200
    assert alone == beside
