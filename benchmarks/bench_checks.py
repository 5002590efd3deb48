"""What checks cost besides the student's own computing.

    PYTHONPATH=. python benchmarks/bench_checks.py [--rounds 20]

1. The gradient check of a convolution (N = 2, 3 channels, 16 x 16, 8 filters of 3 x 3) through the
   wall, by the student's own forward pass and by a reference, less what the same calls take in this
   process. Target: 15 ms.
2. All checks of `linear_classifiers` on a right, vectorized submission through the wall. Target:
   0.4 s.

CPU time of both processes, the grader's and the student's, so that other work on the machine does
not count; the least of the rounds. Least wall time beside it. Exits with 1 where a target is
missed.
"""

from __future__ import annotations

# isort: off
from measuring import MEGABYTE  # noqa: F401 (one thread, before numpy)
# isort: on

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from process_tree import processor_seconds

from autograder.assignment import Assignment, load_assignment
from autograder.checks import Student, check_backward
from autograder.grading import open_launcher
from autograder.sandbox.connection import Launcher
from autograder.sandbox.subject import Subject
from autograder.session import CollectedChecks, with_checks
from autograder.submission import read_submission, submission_id

ASSIGNMENT = Path(__file__).resolve().parents[1] / "assignments" / "linear_classifiers"
VECTORIZED = ASSIGNMENT / "solution" / "linear_classifiers.py"

CHECK_TARGET_MS, SUITE_TARGET_SECONDS = 15.0, 0.4

MANIFEST = """id = "convolution"
version = "1"
title.en = "Convolution"
title.fa = "کانولوشن"
seed = 1

[submission]
files = ["convolution.py"]
names = ["conv_forward", "conv_backward", "cpu_seconds"]

[[questions]]
id = "convolution"
title.en = "Convolution"
title.fa = "کانولوشن"
"""

CLOCK = """

import time as _time


def cpu_seconds():
    return _time.process_time()
"""
"""At the end of each submission: the student's process says what it has used."""

CONVOLUTION = """import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward(x, w, b):
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    out = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3]))
    return out.transpose(0, 3, 1, 2) + b[:, None, None], (x, w)


def conv_backward(dout, cache):
    x, w = cache
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    dw = np.tensordot(dout, windows, axes=([0, 2, 3], [0, 2, 3]))
    dpadded = np.zeros(padded.shape)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            part = np.tensordot(dout, w[:, :, i, j], axes=([1], [0])).transpose(0, 3, 1, 2)
            dpadded[:, :, i : i + x.shape[2], j : j + x.shape[3]] += part
    return dpadded[:, :, 1:-1, 1:-1], dw, dout.sum(axis=(0, 2, 3))
"""


class Local:
    """The student's functions in this process: what the computing alone takes."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace

    def calls(self, calls: Any) -> list[Any]:
        """The answers."""
        return [self.namespace[each.name](*each.arguments, **each.keywords) for each in calls]


@dataclass(frozen=True)
class Cost:
    """What something takes, in seconds."""

    grader: float
    """CPU time of this process."""
    subject: float
    """CPU time of the student's process."""
    wall: float

    @property
    def cpu(self) -> float:
        """CPU time of both."""
        return self.grader + self.subject


def cost_of(run: Callable[[], object], clock: Callable[[], float], rounds: int) -> Cost:
    """The least that `run` takes; `clock` is the CPU time of the other process."""
    run()
    costs = []
    for _ in range(rounds):
        other, own, wall = clock(), time.process_time(), time.perf_counter()
        run()
        wall, own = time.perf_counter() - wall, time.process_time() - own
        costs.append(Cost(own, clock() - other, wall))
    best = min(costs, key=lambda cost: cost.cpu)
    return Cost(best.grader, best.subject, min(cost.wall for cost in costs))


def gradient_check_costs(rounds: int, *, with_reference: bool) -> tuple[Cost, Cost]:
    """The cost of one `check_backward`, and of the student's computing in it."""
    namespace: dict[str, Any] = {}
    exec(CONVOLUTION, namespace)
    reference = (namespace["conv_forward"], namespace["conv_backward"]) if with_reference else None
    rng = np.random.default_rng(0)
    inputs = {
        "x": rng.normal(size=(2, 3, 16, 16)),
        "w": rng.normal(size=(8, 3, 3, 3)),
        "b": rng.normal(size=8),
    }

    def check(student: Any) -> None:
        generator = np.random.default_rng(1)
        check_backward(
            student, "conv_forward", "conv_backward", inputs, rng=generator, reference=reference
        )

    local, made = Local(namespace), list[Any]()
    check(Recording(local, made))

    def compute() -> None:
        for calls in made:
            local.calls(calls)

    with tempfile.TemporaryDirectory(prefix="bench-checks-") as folder:
        whole = _with_student(
            Path(folder),
            lambda student: cost_of(lambda: check(student), student.cpu_seconds, rounds),
        )
    return whole, cost_of(compute, lambda: 0.0, rounds)


class Recording:
    """Remembers the calls, so that they can be made again."""

    def __init__(self, student: Local, made: list[Any]) -> None:
        self.student = student
        self.made = made

    def calls(self, calls: Any) -> list[Any]:
        """The answers."""
        self.made.append(calls)
        return self.student.calls(calls)


def _with_student(folder: Path, measure: Callable[[Student], Cost]) -> Cost:
    (folder / "checks").mkdir()
    (folder / "checks" / "test_convolution.py").write_text("", encoding="utf-8")
    (folder / "assignment.toml").write_text(MANIFEST, encoding="utf-8")
    path = folder / "convolution.py"
    path.write_text(CONVOLUTION + CLOCK, encoding="utf-8")
    assignment = load_assignment(folder)
    with open_launcher(assignment, "auto") as launcher:
        with _started(launcher, assignment, path) as subject:
            student = Student()
            student.attach(subject)
            student.begin_check(1, 600.0)
            return measure(student)


@contextmanager
def _started(launcher: Launcher, assignment: Assignment, path: Path) -> Iterator[Subject]:
    submission = read_submission(path, assignment.submission, id=submission_id(path))
    subject = Subject(launcher, submission, assignment.limits)
    subject.start()
    try:
        yield subject
    finally:
        subject.end()


def suite_cost(rounds: int) -> Cost:
    """The cost of all checks on the right solution; starting its process is not in it."""
    assignment, costs = load_assignment(ASSIGNMENT), list[Cost]()

    def body(checks: CollectedChecks) -> None:
        with tempfile.TemporaryDirectory(prefix="bench-checks-") as folder:
            path = Path(folder) / VECTORIZED.name
            path.write_bytes(VECTORIZED.read_bytes())
            with open_launcher(assignment, "auto") as launcher:
                with _started(launcher, assignment, path) as subject:
                    costs.append(_suite_cost(checks, subject, rounds))

    with_checks(assignment, body)
    return costs[0]


def _suite_cost(checks: CollectedChecks, subject: Subject, rounds: int) -> Cost:
    # a trained network is carried over into a fresh process: no single one has used it all
    def clock() -> float:
        return processor_seconds(os.getpid()) - time.process_time()

    def run() -> None:
        if any(result.points < result.spec.points for result in checks.run(subject)):
            raise ValueError("the right solution must get full marks: mend it first")

    return cost_of(run, clock, rounds)


def main() -> int:
    """Measure both, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    missed = False
    print("gradient check of a convolution, ms of CPU time (least of the rounds)")
    for name, with_reference in (("own forward pass alone", False), ("and a reference", True)):
        whole, computing = gradient_check_costs(rounds, with_reference=with_reference)
        besides = 1e3 * (whole.cpu - computing.cpu)
        missed |= besides > CHECK_TARGET_MS
        print(
            f"  {name:<24}{1e3 * whole.cpu:7.2f} both processes, {1e3 * computing.cpu:.2f} of it "
            f"computing: {besides:.2f} besides (target {CHECK_TARGET_MS:.0f}); "
            f"wall {1e3 * whole.wall:.2f}"
        )
    suite = suite_cost(max(3, rounds // 4))
    missed |= suite.cpu > SUITE_TARGET_SECONDS
    print("all checks of linear_classifiers on a right submission, s of CPU time")
    print(
        f"  {suite.cpu:.3f} in all (target {SUITE_TARGET_SECONDS}): {suite.grader:.3f} the "
        f"grader's, {suite.subject:.3f} the student's process; wall {suite.wall:.3f}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
