"""How long a class takes, how it scales, how much memory it needs, and where the time goes.

    python benchmarks/grade_class.py --count 200 --large 2000

Grades generated, correct submissions of `small_assignment` (4 functions, 8 checks) through the
real command line, with the full wall, reports and gradebook, into empty folders.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graders.grader import environment_of, processor_seconds
from graders.ours import compile_package, grade_command
from process_tree import PeakMemory, watched
from small_assignment.submissions import write_class

_LONGER = 3
"""How many times as large the class is that tells grading from the program's start."""


@dataclass(frozen=True)
class Run:
    """One run of `autograder grade` over a whole class."""

    count: int
    jobs: int
    seconds: float
    processor_seconds: float
    """User and system time of all its processes."""
    printed: str
    """What it printed for people, the table of timings included."""


def main(argv: Sequence[str] | None = None) -> None:
    """Grade with 1 and 2 jobs, then for memory, and print what it took."""
    options = _options(argv)
    compile_package()
    with tempfile.TemporaryDirectory(prefix="grade-class-") as temporary:
        folder = Path(temporary)
        counts = (options.count, _LONGER * options.count)
        for count in counts:
            write_class(folder / f"class-{count}", count)
        one, two = ([best(folder, options, count, jobs) for count in counts] for jobs in (1, 2))
        print_speed([*one, *two])
        print_scaling(one, two)
        print(f"Where the time went, 2 jobs{timings(two[0])}\n")
        print_memory(folder, [count for count in (options.count, options.large) if count])


def best(folder: Path, options: argparse.Namespace, count: int, jobs: int) -> Run:
    """The fastest of several runs: the one that the rest of the machine disturbed least."""
    runs = [
        grade(folder / f"class-{count}", folder / f"graded-{count}-{jobs}-{number}", count, jobs)
        for number in range(options.rounds)
    ]
    return min(runs, key=lambda run: run.seconds)


def grade(submissions: Path, output: Path, count: int, jobs: int) -> Run:
    """Grade once; every submission must get full marks."""
    before = processor_seconds()
    started = time.perf_counter()
    process = start(submissions, output, jobs)
    _, printed = process.communicate()
    seconds = time.perf_counter() - started
    processor = processor_seconds() - before
    if process.returncode != 0:
        sys.exit(f"autograder grade: exit {process.returncode}\n{printed}")
    results = [json.loads(path.read_bytes()) for path in output.glob("*/result.json")]
    right = sum(result["score"] == result["max_score"] == 8 for result in results)
    if right != count:
        sys.exit(f"{right} of {count} correct submissions got full marks\n{printed}")
    return Run(count, jobs, seconds, processor, printed)


def start(submissions: Path, output: Path, jobs: int) -> subprocess.Popen[str]:
    """Start `autograder grade`."""
    command = grade_command(submissions, output, jobs, "--isolation", "full", "--timings")
    return subprocess.Popen(
        [command.python, *command.arguments],
        cwd=command.folder,
        env=environment_of(command.python),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def memory(folder: Path, count: int) -> PeakMemory:
    """The peaks of a run of its own: being watched costs time."""
    if not (folder / f"class-{count}").exists():
        write_class(folder / f"class-{count}", count)
    process = start(folder / f"class-{count}", folder / f"watched-{count}", jobs=2)
    with watched(process.pid) as peak:
        _, printed = process.communicate()
    if process.returncode != 0:
        sys.exit(f"autograder grade: exit {process.returncode}\n{printed}")
    return peak


def print_speed(runs: Sequence[Run]) -> None:
    """Wall and processor time, the program's start and everything else included."""
    print("| submissions | jobs | seconds | wall ms a submission | processor ms a submission |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for run in runs:
        wall, processor = (1e3 * s / run.count for s in (run.seconds, run.processor_seconds))
        print(f"| {run.count} | {run.jobs} | {run.seconds:.2f} | {wall:.1f} | {processor:.1f} |")


def print_scaling(one: Sequence[Run], two: Sequence[Run]) -> None:
    """The throughput of 2 jobs against 1, of the whole program and of grading alone.

    What two classes of different sizes take differs by the grading of the submissions that one
    has more: the program's start is in both.
    """
    whole = one[0].seconds / two[0].seconds
    grading = [
        (runs[1].seconds - runs[0].seconds) / (runs[1].count - runs[0].count) for runs in (one, two)
    ]
    print(f"\n2 jobs against 1: {whole:.2f} times the throughput with {one[0].count} submissions,")
    print(f"the program's start included; {grading[0] / grading[1]:.2f} times without the start")
    print(f"({1e3 * grading[0]:.1f} against {1e3 * grading[1]:.1f} ms a submission).\n")


def print_memory(folder: Path, counts: Sequence[int]) -> None:
    """Peaks of the main program, of a worker (which holds the checks), and of all together."""
    print("Peak resident memory with 2 jobs, MiB:\n")
    print("| submissions | main program | largest worker | all processes together |")
    print("| ---: | ---: | ---: | ---: |")
    for count in counts:
        peak = memory(folder, count)
        main_program, worker = peak.of("autograder grade"), peak.of("autograder.grade_worker")
        print(f"| {count} | {main_program:.0f} | {worker:.0f} | {peak.together / 1024:.0f} |")


def timings(run: Run) -> str:
    """The table that `--timings` printed."""
    _, found, table = run.printed.partition("Where the time went")
    return table.partition("Reports:")[0].rstrip() if found else ": not told"


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time `autograder grade` on a generated class.")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--large", type=int, default=2000, help="0 leaves the large class out")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many runs counts")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
