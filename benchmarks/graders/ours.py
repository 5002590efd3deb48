"""This project's grader through its command line, everything included, as an instructor runs it."""

from __future__ import annotations

import compileall
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from graders.grader import Command, Grader

ASSIGNMENT = Path(__file__).resolve().parents[1] / "small_assignment"

PROJECT = ASSIGNMENT.parents[1]


def compile_package() -> None:
    """Write the package's bytecode, as pip does when it installs a package."""
    compileall.compile_dir(PROJECT / "autograder", quiet=1)


def grade_command(submissions: Path, output: Path, jobs: int, *options: str) -> Command:
    """`autograder grade` of the small assignment, with the Python that runs the benchmark."""
    arguments = ("grade", str(ASSIGNMENT), str(submissions), "--output", str(output))
    return Command(
        Path(sys.executable),
        ("-m", "autograder", *arguments, "--jobs", str(jobs), *options),
        PROJECT,
    )


class Autograder(Grader):
    """`autograder grade` with the full wall, reports and gradebook."""

    name = "autograder grade"
    whole_class = True

    def prepare(self, submissions: Mapping[str, str], jobs: int) -> None:
        """Write the folder of submissions; no result is there yet."""
        compile_package()
        shutil.rmtree(self.work, ignore_errors=True)
        self.submissions = self.work / "submissions"
        self.output = self.work / "graded"
        self.submissions.mkdir(parents=True)
        for name, code in submissions.items():
            (self.submissions / f"{name}.py").write_text(code, encoding="utf-8")

    def grade(self, jobs: int) -> None:
        """Grade the class."""
        grade_command(self.submissions, self.output, jobs, "--isolation", "full").run()

    def scores(self) -> dict[str, float]:
        """Read from each `result.json`."""
        return {
            path.parent.name: json.loads(path.read_bytes())["score"]
            for path in self.output.glob("*/result.json")
        }
