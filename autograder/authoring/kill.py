"""The kill matrix: which checks catch which wrong version of each component.

Each wrong version takes the place of its function in the instructor's solution, and the checks
that call the function run against it, in this process. A version that no check of the component's
own question catches is a survivor: a student could hand it in and lose nothing there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from autograder.assignment import Assignment
from autograder.components import Component, WrongVersion, load_components
from autograder.diagnosis import Diagnosis, verdict
from autograder.errors import AssignmentError, SubmissionError
from autograder.probing import Table
from autograder.records import CheckResult, CheckSpec, Misconception, Outcome, Source
from autograder.sandbox.trusted import TrustedPackage, TrustedSubject
from autograder.session import CollectedChecks, with_checks
from autograder.submission import read_submission

Progress = Callable[[int, int], None]
"""Called with how many wrong versions are done, and how many there are."""


@dataclass(frozen=True)
class Kill:
    """One wrong version and the checks that it loses points in."""

    component: str
    question: str
    misconception: Misconception
    caught_by: tuple[str, ...]
    """Ids of checks; with `early_stop`, the first of the component's question alone."""
    by_question: bool
    """Whether a check of the component's question is among them."""
    named: bool
    """Whether a report would name this very misconception."""


@dataclass(frozen=True)
class KillMatrix:
    """What became of every wrong version of an assignment's components."""

    assignment: str
    checks: tuple[CheckSpec, ...]
    kills: tuple[Kill, ...]
    left_out: tuple[tuple[str, str, str], ...]
    """(component, id, reason) of the versions that cannot show."""
    problems: tuple[str, ...] = ()
    """What makes the matrix worthless: a check that the solution fails, an error of a check."""
    seconds: float = 0.0

    @property
    def survivors(self) -> tuple[Kill, ...]:
        """The wrong versions that no check of the right question catches."""
        return tuple(kill for kill in self.kills if not kill.by_question)

    @property
    def complete(self) -> bool:
        """Whether every wrong version is caught, and nothing went wrong on the way."""
        return not self.survivors and not self.problems

    def by_component(self) -> Mapping[str, tuple[Kill, ...]]:
        """The rows of each component, in the order of the assignment."""
        groups = groupby(self.kills, key=lambda kill: kill.component)
        return {name: tuple(kills) for name, kills in groups}


def kill_matrix(
    assignment: Assignment,
    solution: Path | None = None,
    *,
    only: Collection[str] | None = None,
    early_stop: bool = False,
    progress: Progress | None = None,
) -> KillMatrix:
    """Run the assignment's checks against every wrong version of its components.

    `solution` (default: the assignment's `solution/`) must pass all checks. `only`: the names of
    the components to do. `early_stop` ends a version's run at the first check of its question
    that catches it. Runs pytest in this process,
    and the solution without a wall: for the instructor's own files alone. Raises
    `AssignmentError`.
    """
    code = _solution(assignment, solution or assignment.root / "solution")
    found: list[KillMatrix] = []

    def body(checks: CollectedChecks) -> None:
        # not before: what they import of the checks would be read without the checks' settings
        known = load_components(assignment)
        components = [each for each in known if only is None or each.name in only]
        checks.shrink = False  # nobody reads the example on which a wrong version fails
        found.append(_Matrix(assignment, components, code, checks).run(early_stop, progress))

    with_checks(assignment, body)
    return found[0]


@dataclass(frozen=True)
class _Code:
    """The solution: the sources of one file, or a package."""

    sources: tuple[Source, ...] = ()
    package: TrustedPackage | None = None


def _solution(assignment: Assignment, path: Path) -> _Code:
    try:
        submission = read_submission(path, assignment.submission, id="solution")
    except SubmissionError as error:
        raise AssignmentError(f"{path}: {error}; it must be what a student could send") from None
    if submission.package is not None:
        return _Code(package=TrustedPackage(str(path), submission.package, submission.shims))
    folder = str(path if path.is_dir() else path.parent)
    if folder not in sys.path:
        sys.path.append(folder)  # a solution of several files imports its own
    return _Code(submission.sources)


@dataclass
class _Matrix:
    assignment: Assignment
    components: Sequence[Component]
    code: _Code
    checks: CollectedChecks
    problems: list[str] = field(default_factory=list)

    def run(self, early_stop: bool, progress: Progress | None) -> KillMatrix:
        started = time.perf_counter()
        self._run_solution()
        tables = Diagnosis(self.components, seed=self.assignment.seed).tables
        total = sum(len(component.known) for component in self.components)
        kills: list[Kill] = []
        for component in self.components if not self.problems else ():
            for each in component.known:
                caught = self._caught(component, each, early_stop)
                kills.append(_kill(component, each, caught, tables[component.name]))
                if progress is not None:
                    progress(len(kills), total)
        return KillMatrix(
            self.assignment.id,
            self.checks.specs,
            tuple(kills),
            tuple(
                (component.name, id, reason)
                for component in self.components
                for id, reason in component.left_out.items()
            ),
            tuple(dict.fromkeys(self.problems)),
            time.perf_counter() - started,
        )

    def _run_solution(self) -> None:
        """See that the solution passes, and which checks call which function."""
        results = self.checks.run(self._subject({}))
        self.problems += [
            f"{result.spec.id}: the solution does not pass ({_reason(result)})"
            for result in results
            if result.outcome is not Outcome.PASSED
        ]

    def _caught(
        self, component: Component, wrong: WrongVersion, early_stop: bool
    ) -> list[CheckSpec]:
        names = component.names(wrong.version)
        calling = self._calling(component, names)
        caught = []
        for result in self.checks.run_each(self._subject(names), calling):
            if result.outcome is Outcome.INTERNAL_ERROR:
                self.problems.append(f"{result.spec.id} of {wrong.id}: {_reason(result)}")
            elif result.points < result.spec.points:
                caught.append(result.spec)
                if early_stop and result.spec.question == component.question:
                    break
        return caught

    def _calling(self, component: Component, names: Mapping[str, object]) -> set[str]:
        """The checks that call one of `names`, or something that is built on it."""
        users = {
            other.name for other in self.components if not set(names).isdisjoint(other.builds_on)
        }
        wanted = {component.name, *names, *users}
        return {id for id, called in self.checks.called.items() if not wanted.isdisjoint(called)}

    def _subject(self, names: Mapping[str, Callable[..., object]]) -> TrustedSubject:
        return TrustedSubject(
            names,
            sources=self.code.sources,
            package=self.code.package,
            limits=self.assignment.limits,
        )


def _kill(
    component: Component, wrong: WrongVersion, caught: Sequence[CheckSpec], table: Table
) -> Kill:
    answers = next(stages for each, stages in table.wrong if each is wrong)
    verdicts = (verdict(table, answers[:count]) for count in range(1, len(answers) + 1))
    causes = [found.cause for found in verdicts if found.cause is not None]
    return Kill(
        component.name,
        component.question,
        wrong.misconception,
        tuple(spec.id for spec in caught),
        any(spec.question == component.question for spec in caught),
        bool(causes) and causes[0].misconception.name == wrong.misconception.name,
    )


def _reason(result: CheckResult) -> str:
    return result.details.message["en"] if result.details is not None else str(result.outcome)
