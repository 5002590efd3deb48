"""nbgrader: `generate_assignment` once, then `autograde`, with one course folder for each job.

nbgrader has no parallelism of its own; two processes on one course would wait for each other's
database, so each job has a course of its own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from graders.grader import CHECKS, PLAIN_CHECKS, Command, Grader, run_each
from graders.notebooks import Cell, code_cell, notebook

_CONFIGURATION = 'c = get_config()\nc.CourseDirectory.course_id = "benchmark"\n'

_SCORES = """\
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as gradebook:
    print(json.dumps({s.student.id: s.score for s in gradebook.assignment_submissions("small")}))
"""


class Nbgrader(Grader):
    """One notebook with a solution cell and eight autograded test cells."""

    name = "nbgrader autograde"
    packages = ("nbgrader==0.9.*", "numpy")
    whole_class = True

    def prepare(self, submissions: Mapping[str, str], jobs: int) -> None:
        """Deal the class out to `jobs` courses: assignment released, submissions collected."""
        shutil.rmtree(self.work, ignore_errors=True)
        names = sorted(submissions)
        self.courses = [
            self._course(job, {name: submissions[name] for name in names[job::jobs]})
            for job in range(jobs)
        ]

    def grade(self, jobs: int) -> None:
        """Autograde all courses at a time."""
        arguments = ("-m", "nbgrader", "autograde", "small")
        run_each([Command(self.python, arguments, c) for c in self.courses], jobs)

    def scores(self) -> dict[str, float]:
        """Read from the gradebooks, by nbgrader's own interface."""
        scores: dict[str, float] = {}
        for course in self.courses:
            scores |= json.loads(Command(self.python, ("-c", _SCORES), course).run())
        return scores

    def _course(self, job: int, submissions: Mapping[str, str]) -> Path:
        course = self.work / f"course-{job}"
        _write(course / "source" / "small" / "small.ipynb", notebook(_cells("")))
        _write(course / "nbgrader_config.py", _CONFIGURATION)
        Command(self.python, ("-m", "nbgrader", "generate_assignment", "small"), course).run()
        for student, code in submissions.items():
            submitted = course / "submitted" / student / "small" / "small.ipynb"
            _write(submitted, notebook(_cells(code)))
        return course


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def _cells(code: str) -> list[Cell]:
    """The student's cell, the checks' common code, and one test cell for each check."""
    checks = PLAIN_CHECKS.read_text(encoding="utf-8")
    return [
        _cell("solution", code or "### BEGIN SOLUTION\n### END SOLUTION", solution=True),
        _cell("checks", checks, locked=True),
        *(
            _cell(check, f"{check}({function})", grade=True, locked=True, points=1)
            for check, function in CHECKS.items()
        ),
    ]


def _cell(cell_id: str, source: str, **settings: object) -> Cell:
    kind = {"grade": False, "locked": False, "solution": False, "task": False, **settings}
    return code_cell(source, cell_id, nbgrader={**kind, "grade_id": cell_id, "schema_version": 3})
