"""Otter-Grader: `otter generate` once, then `otter run` for each submission.

`otter grade` runs submissions side by side in Docker containers; `otter run` is what runs inside
of each, and what Gradescope runs.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from graders.grader import CHECKS, PLAIN_CHECKS, Command, Grader, points_in, run_each
from graders.notebooks import code_cell, notebook

_TEST = """\
OK_FORMAT = False

from otter.test_files import test_case

name = "{check}"
points = 1

{checks}

@test_case(points=1, hidden=False)
def test_it(env):
    {check}(env["{function}"])
"""


LIMIT_SECONDS = 120.0
"""For one `otter run`, which takes 5 to 10 seconds: what it has no end of its own for ends here."""


class Otter(Grader):
    """A notebook with the student's code; eight test files in the autograder's archive."""

    name = "otter run"
    packages = ("otter-grader==7.*", "ipykernel", "numpy")

    def prepare(self, submissions: Mapping[str, str], jobs: int) -> None:
        """Make the autograder's archive and a notebook for each submission."""
        shutil.rmtree(self.work, ignore_errors=True)
        tests = self.work / "tests"
        tests.mkdir(parents=True)
        checks = PLAIN_CHECKS.read_text(encoding="utf-8")
        for check, function in CHECKS.items():
            source = _TEST.format(check=check, function=function, checks=checks)
            (tests / f"{check}.py").write_text(source, encoding="utf-8")
        generate = ("-m", "otter", "generate", "-t", "tests", "-o", "small.zip")
        Command(self.python, generate, self.work).run()
        self.students = sorted(submissions)
        for student in self.students:
            folder = self.work / student
            folder.mkdir()
            cells = [code_cell(submissions[student], "solution")]
            (folder / "small.ipynb").write_text(notebook(cells), encoding="utf-8")

    def grade(self, jobs: int) -> None:
        """Start `otter run` once a submission."""
        arguments = ("-m", "otter", "run", "-a", "../small.zip", "--no-logo", "small.ipynb")
        folders = [self.work / name for name in self.students]
        commands = [
            Command(self.python, arguments, folder, seconds=LIMIT_SECONDS) for folder in folders
        ]
        run_each(commands, jobs)

    def scores(self) -> dict[str, float]:
        """Read from each `results.json`."""
        return {name: points_in(self.work / name / "results.json") for name in self.students}
