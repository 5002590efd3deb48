"""What the comparison asks of a grader, and what the harnesses share: environments, processes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import venv
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PLAIN_CHECKS = Path(__file__).with_name("plain_checks.py")

CHECKS = {
    "check_softmax_value": "softmax_loss",
    "check_softmax_gradient": "softmax_loss",
    "check_svm_value": "svm_loss",
    "check_svm_gradient": "svm_loss",
    "check_logistic_value": "logistic_loss",
    "check_logistic_gradient": "logistic_loss",
    "check_affine_value": "affine",
    "check_affine_gradient": "affine",
}
"""Each check of `plain_checks.py`, one point each -> the function that it is called with."""


class Grader(ABC):
    """One grader, set up for the small assignment."""

    name: str
    packages: tuple[str, ...] = ()
    """What pip installs into the grader's own environment."""
    whole_class = False
    """Whether one process grades many: then it gets a whole class, for its start to pay off."""

    def __init__(self, work: Path, python: Path) -> None:
        self.work = work
        self.python = python

    @abstractmethod
    def prepare(self, submissions: Mapping[str, str], jobs: int) -> None:
        """Put the assignment and the submissions where `jobs` processes want them. Not timed."""

    @abstractmethod
    def grade(self, jobs: int) -> None:
        """Grade all submissions with `jobs` processes at a time. This is what is timed."""

    @abstractmethod
    def scores(self) -> dict[str, float]:
        """What each submission got, out of 8."""


def make_environment(folder: Path, packages: Sequence[str]) -> Path:
    """A virtual environment with `packages`; its Python. One that is there already is kept."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    Command(python, ("-m", "pip", "install", *packages), folder).run()
    return python


def points_in(results: Path) -> float:
    """The points in Gradescope's form of results; 0 where the process ended before any."""
    if not results.exists():
        return 0.0
    tests = json.loads(results.read_text())["tests"]
    return float(sum(test.get("score", 0.0) for test in tests))


def processor_seconds() -> float:
    """User and system time of all processes that this one has started and seen end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment_of(python: Path) -> dict[str, str]:
    """The environment's own programs first; numpy on one thread, so that two processes have two."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, **dict.fromkeys(names, "1"), "PATH": path}


@dataclass(frozen=True)
class Command:
    """Python with arguments, in a folder; its exit status must be one of `statuses`."""

    python: Path
    arguments: tuple[str, ...]
    folder: Path
    statuses: tuple[int, ...] = (0,)
    seconds: float | None = None
    """After so long it is killed, and counts as failed; None waits for it."""

    def run(self) -> str:
        """Run it; what it printed. The benchmark ends where it fails."""
        try:
            done = subprocess.run(
                [self.python, *self.arguments],
                cwd=self.folder,
                env=environment_of(self.python),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=self.seconds,
            )
        except subprocess.TimeoutExpired:
            sys.exit(f"{self.arguments}: no end within {self.seconds:g} seconds")
        if done.returncode not in self.statuses:
            sys.exit(f"{self.arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


def run_each(commands: Sequence[Command], jobs: int) -> None:
    """Run all commands, `jobs` at a time; one that fails keeps no other from running."""
    with ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(command.run) for command in commands]
    for one in running:
        one.result()
