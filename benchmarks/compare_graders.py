"""The same work with other graders and with this one, in one run, side by side.

    python benchmarks/compare_graders.py --environments /tmp/graders

Every grader gets the four functions and eight checks of `small_assignment`. Before anything is
timed, each must give a right submission 8 points and one with a mistake 6; after it, every timed
submission must have 8. Where one process grades a whole class (this grader, nbgrader), it gets
`--class-size` submissions, so that its start weighs as it does in a class; where each submission
has a process of its own, `--sample` of them tell as much. numpy runs on one thread everywhere.

The other graders have the easier side of it: none puts a wall around the submissions, none makes
a report page in the time measured, and their gradient checks take the fewest calls that will do.
The other graders are installed with pip, each into an environment of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graders.bare_python import GradescopeUtils, PlainPytest
from graders.grader import Grader, make_environment, processor_seconds
from graders.nbgrader import Nbgrader
from graders.otter import Otter
from graders.ours import Autograder
from small_assignment.submissions import submission, wrong_submission

GRADERS: tuple[type[Grader], ...] = (Autograder, GradescopeUtils, PlainPytest, Nbgrader, Otter)

FULL_SCORE = 8.0
WRONG_SCORE = 6.0


@dataclass(frozen=True)
class Measurement:
    """What one submission took, of the wall clock and of all processors together."""

    submissions: int
    wall_ms: float
    processor_ms: float


def main(argv: Sequence[str] | None = None) -> None:
    """Set all graders up, check that they grade, time them in turn, print the ratios."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="graders-") as temporary:
        environments = options.environments or Path(temporary) / "environments"
        chosen = [kind for kind in GRADERS if kind is Autograder or kind.name in options.graders]
        graders = []
        for kind in chosen:
            grader = set_up(kind, Path(temporary) / "work", environments.resolve())
            check_that_it_grades(grader)
            print(f"{grader.name}: grades right", file=sys.stderr)
            graders.append(grader)
        rounds: dict[str, list[Measurement]] = {grader.name: [] for grader in graders}
        for number in range(1, options.rounds + 1):
            for grader in graders:
                count = options.class_size if grader.whole_class else options.sample
                measured = measure(grader, count, options.jobs)
                rounds[grader.name].append(measured)
                print(f"round {number}: {grader.name}: {measured.wall_ms:.1f} ms", file=sys.stderr)
    print_table({name: best(measured) for name, measured in rounds.items()}, options.jobs)


def set_up(kind: type[Grader], work: Path, environments: Path) -> Grader:
    """A grader with its own environment; ours has the one that runs this script."""
    folder = kind.name.replace(" ", "-")
    if not kind.packages:
        return kind(work / folder, Path(sys.executable))
    return kind(work / folder, make_environment(environments / folder, kind.packages))


def check_that_it_grades(grader: Grader) -> None:
    """Full marks for the right, not for the wrong: a harness that grades nothing is no rival."""
    grader.prepare({"right": submission(1), "wrong": wrong_submission()}, 1)
    grader.grade(1)
    scores = grader.scores()
    if scores != {"right": FULL_SCORE, "wrong": WRONG_SCORE}:
        sys.exit(f"{grader.name} does not grade as it should: {scores}")


def measure(grader: Grader, count: int, jobs: int) -> Measurement:
    """Time `count` correct submissions; all must get full marks."""
    grader.prepare({f"student-{n:04}": submission(n) for n in range(1, count + 1)}, jobs)
    before = processor_seconds()
    started = time.perf_counter()
    grader.grade(jobs)
    wall = time.perf_counter() - started
    processor = processor_seconds() - before
    scores = grader.scores()
    if len(scores) != count or set(scores.values()) != {FULL_SCORE}:
        sys.exit(f"{grader.name}: not every submission got {FULL_SCORE}: {scores}")
    return Measurement(count, 1e3 * wall / count, 1e3 * processor / count)


def best(measured: Sequence[Measurement]) -> Measurement:
    """The round that the rest of the machine disturbed least."""
    return min(measured, key=lambda one: one.wall_ms)


def print_table(results: dict[str, Measurement], jobs: int) -> None:
    """One row a grader, in Markdown; `times` are its wall time over ours."""
    ours = results[Autograder.name]
    print(f"{jobs} processes at a time; a submission:\n")
    print("| grader | submissions | wall ms | processor ms | times ours |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, one in results.items():
        print(
            f"| {name} | {one.submissions} | {one.wall_ms:.1f} | {one.processor_ms:.1f} "
            f"| {one.wall_ms / ours.wall_ms:.1f} |"
        )


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    others = [kind.name for kind in GRADERS if kind is not Autograder]
    parser = argparse.ArgumentParser(description="Time this grader and others on the same work.")
    parser.add_argument("--class-size", type=int, default=200, help="for graders of whole classes")
    parser.add_argument("--sample", type=int, default=40, help="for a process each")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1, help="the best round counts")
    parser.add_argument("--environments", type=Path, help="keep the virtual environments here")
    parser.add_argument("--graders", nargs="*", choices=others, default=others)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
