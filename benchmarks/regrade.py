"""Whether the same submission gets the same result each time it is graded.

    PYTHONPATH=. python benchmarks/regrade.py [--rounds 10] [--submissions 20]

Grades 20 submissions of the sample class of `linear_classifiers` through the wall, each in a fresh
process, and then 200 times again (10 rounds, in another order each time). Every result must be the
same to the last character: outcomes, points, messages, numbers, examples; only times may differ.
Exits with 1 where one does not.
"""

from __future__ import annotations

# isort: off
from measuring import MEGABYTE  # noqa: F401 (one thread, before numpy)
# isort: on

import argparse
import random
import sys
import time
from pathlib import Path

from autograder.assignment import load_assignment
from autograder.grading import Graded, Grader, open_launcher
from autograder.session import CollectedChecks, with_checks
from autograder.submission import find_submissions, submission_id

ASSIGNMENT = Path(__file__).resolve().parents[1] / "assignments" / "linear_classifiers"


def result_of(graded: Graded | None) -> str:
    """All that a result says, but for the times."""
    if graded is None:
        raise ValueError("a submission without a known digest is always graded")
    grade = graded.grade
    rows = [(r.spec.id, r.outcome, r.points, r.details) for r in grade.checks]
    return repr((grade.status, grade.score, grade.message, grade.notes, rows))


def regrade(rounds: int, count: int) -> tuple[int, list[str]]:
    """How many gradings were done again, and the submissions whose results differ."""
    assignment = load_assignment(ASSIGNMENT)
    paths = sorted(find_submissions(ASSIGNMENT / "examples"))[:count]
    differing: list[str] = []
    regradings = 0

    def body(checks: CollectedChecks) -> None:
        nonlocal regradings
        with open_launcher(assignment, "auto") as launcher:
            grader = Grader(assignment, checks, launcher)
            first = {path: result_of(grader.grade(path, submission_id(path))) for path in paths}
            for number in range(rounds):
                for path in random.Random(number).sample(paths, len(paths)):
                    again = result_of(grader.grade(path, submission_id(path)))
                    regradings += 1
                    if again != first[path]:
                        differing.append(path.name)

    with_checks(assignment, body)
    return regradings, differing


def main() -> int:
    """Grade, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--submissions", type=int, default=20)
    options = parser.parse_args()
    started = time.process_time()
    regradings, differing = regrade(options.rounds, options.submissions)
    print(f"regradings         {regradings:>8}")
    print(f"submissions        {options.submissions:>8}")
    print(f"other results      {len(differing):>8}   {', '.join(sorted(set(differing)))}")
    print(f"grader's CPU time  {time.process_time() - started:>8.1f} s")
    return 1 if differing or not regradings else 0


if __name__ == "__main__":
    sys.exit(main())
