"""Trial runs of an assignment's checks, in worker processes: seeds, forms, samples."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from autograder.records import Outcome, Status


class TrialCheck(msgspec.Struct, frozen=True):
    """How one check ended in a trial."""

    outcome: Outcome
    points: float
    seconds: float
    message: str = ""


class Trial(msgspec.Struct, frozen=True):
    """How one submission was graded in a trial."""

    id: str
    status: Status
    score: float
    max_score: float
    seconds: float
    message: str
    checks: dict[str, TrialCheck]
    causes: tuple[str, ...] = ()
    """Ids of the misconceptions that its report names."""

    @property
    def full(self) -> bool:
        """Whether every check passed."""
        return bool(self.checks) and all(
            check.outcome is Outcome.PASSED for check in self.checks.values()
        )

    def not_passed(self) -> list[str]:
        """The checks that did not pass, with how they ended."""
        return [
            f"{name}: {check.outcome}"
            for name, check in self.checks.items()
            if check.outcome is not Outcome.PASSED
        ]

    def summary(self) -> str:
        """What kept it from full marks, in one line."""
        if not self.checks:
            return f"{self.status}: {self.message}"
        missed = self.not_passed()
        more = f" and {len(missed) - 1} more" if len(missed) > 1 else ""
        first = next((c for c in self.checks.values() if c.outcome is not Outcome.PASSED), None)
        words = f" ({first.message})" if first is not None and first.message else ""
        return f"{missed[0] if missed else 'nothing'}{words}{more}"


@dataclass
class Run:
    """Submissions to be graded against one folder of checks with one seed."""

    name: str
    """What the run is for: `seeds`, `forms`, `starter`, `examples`, `released`, `slow`."""
    assignment: Path
    submissions: Sequence[tuple[Path, str]]
    seed: int | None = None
    without: Sequence[str] = ()
    """Modules that cannot be imported in this run."""
    edition: str | None = None
    """By which it is graded; None: the assignment's own."""
    trials: list[Trial] = field(default_factory=list)
    problem: str | None = None
    """Why it came to nothing: our fault, or checks that cannot be collected."""
    done: int = 0

    @property
    def total(self) -> int:
        """How many steps it has."""
        return len(self.submissions)

    def hear(self, message: dict[str, Any]) -> None:
        """Take in what the worker says."""
        if "problem" in message:
            self.problem = message["problem"]
        else:
            self.trials.append(msgspec.convert(message["trial"], Trial))
            self.done += 1

    def task(self, isolation: str) -> dict[str, Any]:
        """The run as a worker reads it."""
        return {
            "kind": "grade",
            "assignment": str(self.assignment),
            "seed": self.seed,
            "edition": self.edition,
            "without": list(self.without),
            "isolation": isolation,
            "submissions": [[str(path), name] for path, name in self.submissions],
        }


@dataclass
class KillRun(Run):
    """The checks against every known wrong version of the assignment's components."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[list[str]] = field(default_factory=list)
    """(component, misconception, reason) of the versions that cannot show."""
    problems: list[str] = field(default_factory=list)
    steps: int = 1

    @property
    def total(self) -> int:
        """How many wrong versions there are, once that is known."""
        return self.steps

    def hear(self, message: dict[str, Any]) -> None:
        """Take in what the worker says."""
        if "problem" in message:
            self.problem = message["problem"]
        elif "progress" in message:
            self.done, self.steps = message["progress"]
        else:
            self.rows = message["matrix"]
            self.left_out = message["left_out"]
            self.problems = message["problems"]

    def task(self, isolation: str) -> dict[str, Any]:
        """The run as a worker reads it."""
        return {
            "kind": "kill",
            "assignment": str(self.assignment),
            "solution": str(self.submissions[0][0]),
        }


def run_all(
    runs: Sequence[Run],
    *,
    jobs: int,
    isolation: str,
    on_trial: Callable[[Run], None],
) -> None:
    """Do all runs in `jobs` processes; each run's trials and problem are filled in."""
    waiting: queue.SimpleQueue[Run] = queue.SimpleQueue()
    for run in runs:
        waiting.put(run)
    workers = [_Worker(waiting, isolation, on_trial) for _ in range(max(1, min(jobs, len(runs))))]
    try:
        for worker in workers:
            worker.thread.start()
        for worker in workers:
            while worker.thread.is_alive():  # a join without a limit would swallow Ctrl-C
                worker.thread.join(0.2)
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """A worker process and the thread that feeds it."""

    def __init__(
        self,
        waiting: queue.SimpleQueue[Run],
        isolation: str,
        on_trial: Callable[[Run], None],
    ) -> None:
        self.waiting = waiting
        self.isolation = isolation
        self.on_trial = on_trial
        self.process: subprocess.Popen[bytes] | None = None
        self.ending = False
        self.thread = threading.Thread(target=self._work, daemon=True)

    def _work(self) -> None:
        while not self.ending:
            try:
                run = self.waiting.get_nowait()
            except queue.Empty:
                break
            try:
                self._do(run)
            except (OSError, ValueError, KeyError, msgspec.MsgspecError) as error:
                run.problem = f"a worker process ended during the run ({error})"
                self.end()
                self.ending = False
        self.end()

    def _do(self, run: Run) -> None:
        process = self._process()
        if process.stdin is None or process.stdout is None:
            raise OSError("a worker without pipes")
        process.stdin.write(json.dumps(run.task(self.isolation)).encode() + b"\n")
        process.stdin.flush()
        while True:
            line = process.stdout.readline()
            if not line:
                raise OSError(f"exit status {process.wait()}")
            message = json.loads(line)
            if "done" in message:
                return
            run.hear(message)
            self.on_trial(run)

    def _process(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "autograder.authoring.run_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONUTF8": "1"},
            )
        return self.process

    def end(self) -> None:
        """End the process: kindly, then not."""
        self.ending = True
        process, self.process = self.process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
