"""The runs that prove an assignment, and what their outcomes say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment
from autograder.authoring.expectations import (
    FILE,
    Expected,
    is_right,
    load_expectations,
    samples,
)
from autograder.authoring.findings import Finding, counted, finding
from autograder.authoring.forms import SLOWER, write_forms, write_slow
from autograder.authoring.public_checks import reference_roots, released
from autograder.authoring.release import Release, write_files
from autograder.authoring.runs import KillRun, Run, Trial
from autograder.authoring.sample_runs import SampleRuns, example_runs, longest_first
from autograder.authoring.solution import Solution, make_starter
from autograder.components import FILE as COMPONENTS
from autograder.records import CheckSpec, Outcome, Status
from autograder.scoring import total

SEEDS = 20

_NAMED = 3
"""Runs that are named where many end the same way."""


@dataclass
class Trials(SampleRuns):
    """Every run of one validation, by what it is for."""

    assignment: Assignment
    specs: Sequence[CheckSpec]
    solution: Solution
    scratch: Path
    runs: list[Run] = field(default_factory=list)
    expected: dict[str, Expected] = field(default_factory=dict)
    found: dict[str, Path] = field(default_factory=dict)
    kill: KillRun | None = None

    def plan(self, release: Release | None, *, seeds: int = SEEDS) -> None:
        """Make the submissions and list the runs; the long ones first."""
        self.expected = load_expectations(self.assignment)
        self.found = samples(self.assignment)
        items = longest_first(self.found, self.expected)
        forms = write_forms(self.solution, self.scratch / "forms")
        starter = self._write_starter()
        root = self.assignment.root
        if (self.assignment.checks / COMPONENTS).is_file():
            self.kill = KillRun("kill", root, [(self.solution.path, "solution")])
            self.runs.append(self.kill)
        self.runs += example_runs(root, items, self.expected)
        slow = write_slow(self.assignment, self.solution, self.scratch / "slow")
        if slow is not None:
            self.runs.append(Run("slow", root, [(slow, "slow")]))
        self.runs.append(Run("forms", root, [(path, form) for form, path in forms.items()]))
        self.runs.append(Run("starter", root, starter))
        self.runs.append(Run("seeds", root, [(self.solution.path, self._seed_name(0))]))
        if release is not None:
            items = [*items, *starter, (self.solution.path, "solution")]
            # where the reference cannot be imported; the solution's own package neither
            without = sorted(reference_roots(self.assignment) - {"autograder"})
            self.runs.append(Run("released", release.folder, items, without=without))
        for more in range(1, seeds):  # each with checks of its own, and short: they fill the end
            named = (self.solution.path, self._seed_name(more))
            self.runs.append(Run("seeds", root, [named], seed=self.assignment.seed + more))

    def _seed_name(self, more: int) -> str:
        return f"seed-{self.assignment.seed + more}"

    def _write_starter(self) -> list[tuple[Path, str]]:
        starter = make_starter(self.assignment, self.solution)
        folder = self.scratch / "starter"
        if not self.solution.single:
            write_files(folder, starter.files)
            return [(folder, "starter")]
        paths = []
        for name, data in starter.files.items():
            form = name.rpartition(".")[2]
            write_files(folder / form, {name: data})
            paths.append((folder / form / name, f"starter.{form}"))
        return paths

    # --- findings ---------------------------------------------------------------------------

    def findings(self, release: Release | None) -> Iterator[Finding]:
        """What the runs say, one finding after the other.

        Where the checks cannot be run with the solution, that alone: all else follows from it.
        """
        if broken := self._broken():
            yield finding(
                "checks",
                "Checks can be run",
                broken,
                right="",
                mend="mend it, and validate again: until then nothing can be tried; `pytest checks "
                "--submission SOLUTION` shows more",
            )
            return
        yield self._full_marks(
            "seeds",
            "Solution, on every seed",
            f"full marks on {len(self.trials('seeds'))} seeds",
            "make the check's tolerance or its inputs such that a right answer always passes",
        )
        yield self._full_marks(
            "forms",
            "Solution, in every form",
            f"full marks as {', '.join(self.trials('forms'))}",
            "the forms are made from the solution: look at what differs",
        )
        yield self._starter()
        yield self.samples_finding()
        yield self._alternatives()
        yield self._kill()
        yield self._time()
        if release is not None:
            yield self._released()

    def _broken(self) -> list[str]:
        """Why no check can be run, and the checks that fail of themselves on the solution."""
        problems = set(self.problems("seeds")) & set(self.problems("forms"))
        own = self.trials("seeds").get(f"seed-{self.assignment.seed}")
        checks = own.checks if own is not None else {}
        return sorted(problems) + [
            f"{name}: {check.outcome} ({check.message})"
            for name, check in checks.items()
            if check.outcome is Outcome.INTERNAL_ERROR
        ]

    def _full_marks(self, run: str, title: str, right: str, mend: str) -> Finding:
        trials = self.trials(run)
        same: dict[str, list[str]] = {}
        for name, trial in trials.items():
            if not trial.full:
                same.setdefault(trial.summary(), []).append(name)
        wrong = self.problems(run)
        wrong += [f"{_listed(names, len(trials))}: {summary}" for summary, names in same.items()]
        return finding(run, title, wrong, right=right, mend=mend)

    def _starter(self) -> Finding:
        wrong = self.problems("starter")
        for name, trial in self.trials("starter").items():
            if trial.status is not Status.GRADED:
                wrong.append(f"{name}: {trial.summary()}")
            wrong += [
                f"{name} gets {check.points:g} for {check_id}"
                for check_id, check in trial.checks.items()
                if check.points > 0
            ]
        return finding(
            "starter",
            "Starter gets nothing",
            wrong,
            right=f"0 points as {', '.join(self.trials('starter'))}",
            mend="let the check ask for more than the starter does",
        )

    def _alternatives(self) -> Finding:
        full = total(spec.points for spec in self.specs)
        rows = [name for name, row in self.expected.items() if is_right(row, full)]
        trials = self.trials("examples")
        wrong = [
            f"{name}: {trials[name].summary()}"
            for name in rows
            if name in trials and not trials[name].full
        ]
        if not rows:
            wrong.append(f"no row of {FILE} has full marks: add another right way to do it")
        return finding(
            "alternatives",
            "Other right solutions",
            wrong,
            right=f"{len(rows)} get full marks",
            mend="a check must take every right answer: compare less strictly, or say the rule "
            "in the handout",
        )

    def _kill(self) -> Finding:
        title = "Known mistakes are caught"
        if self.kill is None:
            return Finding(
                "kill",
                title,
                True,
                f"not looked at: there is no checks/{COMPONENTS} to name them",
                optional=True,
            )
        rows = self.kill.rows
        wrong = self.problems("kill") + self.kill.problems
        wrong += [
            f"{row['component']}: no check of question {row['question']} catches "
            f"{row['misconception']} ({row['name']})"
            for row in rows
            if not row["by_question"]
        ]
        if not rows and not wrong:
            wrong.append(f"checks/{COMPONENTS} names no wrong version")
        components = len({row["component"] for row in rows})
        return finding(
            "kill",
            title,
            wrong,
            right=f"{counted(len(rows), 'wrong version')} of {counted(components, 'component')}, "
            "each by its question",
            mend="add a check, or inputs to one, on which the wrong version answers differently",
        )

    def _time(self) -> Finding:
        limits = self.assignment.limits
        trials = [*self.trials("slow").values()]
        full = total(spec.points for spec in self.specs)
        right = [name for name, row in self.expected.items() if is_right(row, full)]
        trials += [trial for name, trial in self.trials("examples").items() if name in right]
        wrong = self.problems("slow")
        wrong += [
            f"slow ({1000 * SLOWER:.0f} ms more a call): {trial.summary()}"
            for trial in self.trials("slow").values()
            if not trial.full
        ]
        for trial in trials:
            wrong += [
                f"{trial.id}: {name} takes {check.seconds:.1f} s of {limits.check_seconds:g}"
                for name, check in trial.checks.items()
                if check.seconds > limits.check_seconds / 2
            ]
            if trial.seconds > limits.submission_seconds / 2:
                wrong.append(
                    f"{trial.id}: {trial.seconds:.1f} s of {limits.submission_seconds:g} for all"
                )
        longest = max((trial.seconds for trial in trials), default=0.0)
        return finding(
            "time",
            "Time on a slow submission",
            wrong,
            right=f"{longest:.1f} s at most, {limits.submission_seconds:g} s are allowed",
            mend="raise [limits] in assignment.toml, or ask for less in the check: a right but "
            "slow submission must need no more than half of a limit",
        )

    def _released(self) -> Finding:
        visible = {spec.id for spec in released(self.specs)}
        here = {**self.trials("examples"), **self.trials("starter")}
        seeds = self.trials("seeds")
        own = seeds.get(f"seed-{self.assignment.seed}")
        if own is not None:
            here["solution"] = own
        wrong = self.problems("released")
        trials = self.trials("released")
        for name, trial in trials.items():
            if name in here:
                wrong += [f"{name}: {each}" for each in differences(here[name], trial, visible)]
        return finding(
            "released",
            "Same verdicts in the released folder",
            wrong,
            right=f"{len(visible)} visible checks, {len(trials)} submissions, no reference",
            mend="the check asks the reference for values that depend on the student's answers: "
            "write the expected value into it, or make it hidden",
        )


def _listed(names: Sequence[str], of: int) -> str:
    """The names, or how many where they would fill the screen."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more of {of}"


def differences(here: Trial, released: Trial, visible: set[str]) -> list[str]:
    """Where a visible check ended differently in the released folder."""
    if not here.checks or not released.checks:
        if here.status is released.status:
            return []
        return [f"{released.status} instead of {here.status} ({released.message})"]
    wrong = []
    for name, check in here.checks.items():
        if name not in visible:
            continue
        there = released.checks.get(name)
        if there is None:
            wrong.append(f"{name} is missing")
        elif (there.outcome, there.points) != (check.outcome, check.points):
            words = f" ({there.message})" if there.outcome is Outcome.INTERNAL_ERROR else ""
            wrong.append(f"{name}: {there.outcome} instead of {check.outcome}{words}")
    return wrong
