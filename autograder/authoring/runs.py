"""Trial runs of an assignment's checks: seeds, forms, samples, wrong versions."""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True)
class Step:
    """What one worker does in one go."""

    run: Run
    task: dict[str, Any]
    """As a worker reads it."""
    checks: tuple[object, ...]
    """What it has in common with steps for which the same collected checks will do."""


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

    def steps(self) -> list[Step]:
        """One step for each submission."""
        common = {
            "kind": "grade",
            "assignment": str(self.assignment),
            "seed": self.seed,
            "edition": self.edition,
            "without": list(self.without),
        }
        checks = (str(self.assignment), self.seed, self.edition, *self.without)
        return [
            Step(self, {**common, "path": str(path), "name": name}, checks)
            for path, name in self.submissions
        ]


@dataclass
class KillRun(Run):
    """The checks against every known wrong version of the assignment's components."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[list[str]] = field(default_factory=list)
    """(component, misconception, reason) of the versions that cannot show."""
    problems: list[str] = field(default_factory=list)
    versions: int = 1

    @property
    def total(self) -> int:
        """How many wrong versions there are, once that is known."""
        return self.versions

    def hear(self, message: dict[str, Any]) -> None:
        """Take in what the worker says."""
        if "problem" in message:
            self.problem = message["problem"]
        elif "progress" in message:
            self.done, self.versions = message["progress"]
        else:
            self.rows = message["matrix"]
            self.left_out = message["left_out"]
            self.problems = message["problems"]

    def steps(self) -> list[Step]:
        """All wrong versions in one step: the solution is run once for them."""
        solution = str(self.submissions[0][0])
        task = {"kind": "kill", "assignment": str(self.assignment), "solution": solution}
        return [Step(self, task, ("kill", str(self.assignment)))]
