"""One pytest session for many submissions: checks are collected once and run again and again."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from autograder.assignment import MANIFEST, Assignment
from autograder.checks import training_record
from autograder.checks.student import Student
from autograder.errors import (
    AssignmentError,
    CheckTimeout,
    FailureDetails,
    PropertyEnded,
    SandboxError,
    StudentError,
    StudentFailure,
    SubjectCrashed,
    SubjectLost,
)
from autograder.on_import import when_imported
from autograder.plugin import SESSION, ChecksSession, NotRun, add_context, configure_hypothesis
from autograder.questions.collecting import KnownMistake, NeedsReview, sheet_of
from autograder.questions.reviews import Reviews
from autograder.records import CheckResult, CheckSpec, Outcome
from autograder.sandbox.subject import Subject
from autograder.scoring import blocked_by, points_for
from autograder.texts import Text, clean, text

# What Python says when a check takes an answer apart that has another number of parts.
_UNPACKING = re.compile(
    r"not enough values to unpack|too many values to unpack|cannot unpack non-(iterable|sequence)"
)


# Plugins of pytest that no check asks for: each takes time at the start, or in every hook.
_UNUSED = (
    *("terminal", "cacheprovider", "faulthandler", "logging", "warnings", "threadexception"),
    *("unraisableexception", "doctest", "pastebin", "junitxml", "stepwise", "setuponly"),
    *("setupplan", "debugging"),
)


# What pytest puts before the message of an error of ours.
_RAISED = re.compile(r"^E\s+autograder\.errors\.\w+: ")


class CollectedChecks:
    """An assignment's checks, ready to run against one subject after another."""

    def __init__(self, checks: ChecksSession, items: list[pytest.Item]) -> None:
        self._checks = checks
        self._items = items
        self.reviews = Reviews()
        """What humans gave for the answers that only they can judge."""
        self.specs: tuple[CheckSpec, ...] = tuple(checks.specs.values())
        self.shrink = True
        """Whether a property that fails looks for a smaller example."""
        self.called: dict[str, frozenset[str]] = {}
        """Check -> the names of the submission that it called, in the latest run."""

    def run(
        self, subject: Subject, refused: Mapping[str, FailureDetails] | None = None
    ) -> list[CheckResult]:
        """Run every check against `subject`; one result for each, in order.

        The checks of the questions in `refused` are not run: the rules that the submission broke
        decide them.
        """
        self._checks.student.attach(subject)
        self._checks.sheet = sheet_of(subject.submission, self.reviews)
        results: dict[str, CheckResult] = {}
        decided = refused or {}
        pairs = list(zip(self.specs, self._items, strict=True))
        # pytest tears down what the next test that really runs has no use for
        running = [item for spec, item in pairs if spec.question not in decided]
        following = dict(pairwise([*running, None]))
        for spec, item in pairs:
            blocker = blocked_by(spec, results)
            self._checks.blocked = {} if blocker is None else {spec.id: blocker}
            self.called[spec.id] = frozenset()
            if spec.question in decided:
                reason = decided[spec.question]
                results[spec.id] = CheckResult(spec, Outcome.FAILED, 0.0, 0.0, reason)
            else:
                results[spec.id] = self._run_one(spec, item, following[item])
                self.called[spec.id] = frozenset(self._checks.student.called)
        return list(results.values())

    @property
    def overwritten(self) -> Mapping[str, Collection[str]]:
        """Functions of the latest submission -> the arguments that they changed."""
        overwritten: Mapping[str, Collection[str]] = self._checks.student.overwritten
        return overwritten

    def leave_out(self, checks: Collection[CheckSpec]) -> None:
        """From now on run the other checks alone; what was left out keeps none from running."""
        pairs = list(zip(self.specs, self._items, strict=True))
        gone = {spec.id for spec in checks}
        self._items = [item for spec, item in pairs if spec.id not in gone]
        self.specs = tuple(
            replace(spec, requires=tuple(name for name in spec.requires if name not in gone))
            for spec, _ in pairs
            if spec.id not in gone
        )

    def using(self, fixture: str) -> tuple[CheckSpec, ...]:
        """The checks that ask for this fixture."""
        asking = zip(self.specs, self._items, strict=True)
        return tuple(spec for spec, item in asking if fixture in _fixtures(item))

    def repeat(self, spec: CheckSpec, subject: Subject, repetition: int) -> CheckResult:
        """Run one check alone, with what it draws for this repetition and no other."""
        self._checks.student.attach(subject)
        self._checks.blocked = {}
        self._checks.repetition = repetition
        try:
            return self._run_one(spec, self._items[self.specs.index(spec)], None)
        finally:
            self._checks.repetition = None

    def run_each(self, subject: Subject, checks: Collection[str]) -> Iterator[CheckResult]:
        """Run the checks of these ids against `subject`, each whatever came of the others."""
        self._checks.student.attach(subject)
        self._checks.blocked = {}
        chosen = [
            pair for pair in zip(self.specs, self._items, strict=True) if pair[0].id in checks
        ]
        try:
            for position, (spec, item) in enumerate(chosen):
                after = chosen[position + 1 : position + 2]
                yield self._run_one(spec, item, after[0][1] if after else None)
        finally:  # whoever reads the results may stop before the last
            self._items[0].session._setupstate.teardown_exact(None)

    def _run_one(
        self, spec: CheckSpec, item: pytest.Item, following: pytest.Item | None
    ) -> CheckResult:
        started = time.perf_counter()
        with training_record.kept() as seen, _shrinking(item, self.shrink):
            error = _run_item(item, following)
        seconds = time.perf_counter() - started
        outcome, details, fraction = Outcome.PASSED, None, 1.0
        if error is not None:
            outcome, details, fraction = self._judge(spec, error)
        return CheckResult(
            spec=spec,
            outcome=outcome,
            points=points_for(spec, outcome, fraction),
            seconds=seconds,
            details=details,
            misconception=error.misconception if isinstance(error, KnownMistake) else None,
            training=seen.training,
        )

    def _judge(
        self, spec: CheckSpec, error: BaseException
    ) -> tuple[Outcome, FailureDetails, float]:
        """What an exception that ended a check means."""
        latest = self._checks.latest_failure
        if isinstance(error, CheckTimeout) and latest is not None:
            error = latest  # a wrong answer was found; only making it smaller took too long
        if isinstance(error, PropertyEnded):
            error = error.error
        if isinstance(error, NotRun):
            required = next(known for known in self.specs if known.id == str(error))
            return Outcome.NOT_RUN, _not_run(required.title), 0.0
        if isinstance(error, StudentFailure):
            add_context(error, self._checks)
            if isinstance(error, StudentError):
                return Outcome.ERROR, error.details, 0.0
            if error.fraction >= 1.0:
                return Outcome.INTERNAL_ERROR, _our_fault("a failure with full marks"), 0.0
            if isinstance(error, NeedsReview):
                return Outcome.PENDING, error.details, error.fraction
            outcome = Outcome.PARTIAL if error.fraction > 0 else Outcome.FAILED
            return outcome, error.details, error.fraction
        if isinstance(error, SubjectLost):
            outcome = Outcome.CRASHED if isinstance(error, SubjectCrashed) else Outcome.TIMEOUT
            return outcome, self._with_call(error.details), 0.0
        return self._judge_plain(error)

    def _judge_plain(self, error: BaseException) -> tuple[Outcome, FailureDetails, float]:
        """An exception that no helper raised."""
        if isinstance(error, AssertionError):
            return Outcome.FAILED, self._with_call(_bare_assertion(error)), 0.0
        if isinstance(error, (TypeError, ValueError)) and _UNPACKING.search(str(error)):
            return Outcome.FAILED, self._with_call(_wrong_number(error)), 0.0
        if type(error).__name__.startswith("Flaky"):
            return Outcome.FAILED, self._with_call(_flaky()), 0.0
        if isinstance(error, SandboxError):
            return Outcome.INTERNAL_ERROR, _our_fault(str(error)), 0.0
        return Outcome.INTERNAL_ERROR, _our_fault(f"{type(error).__name__}: {error}"), 0.0

    def _with_call(self, details: FailureDetails) -> FailureDetails:
        failure = StudentFailure(details)
        add_context(failure, self._checks)
        return failure.details


def _fixtures(item: pytest.Item) -> Sequence[str]:
    return getattr(item, "fixturenames", ())


@contextlib.contextmanager
def _shrinking(item: pytest.Item, wanted: bool) -> Iterator[None]:
    """Inside, a property looks for smaller examples only if that is wanted."""
    test = getattr(item, "obj", None)
    own = getattr(test, "_hypothesis_internal_use_settings", None)
    if wanted or test is None or own is None:
        yield
        return
    phases = [phase for phase in own.phases if phase.name not in ("shrink", "explain")]
    test._hypothesis_internal_use_settings = type(own)(own, phases=phases)
    try:
        yield
    finally:
        test._hypothesis_internal_use_settings = own


def _run_item(item: pytest.Item, following: pytest.Item | None) -> BaseException | None:
    """Run one test through pytest's own hooks; what it raised first, if anything.

    What `runtestprotocol` does, without making a report: rendering a traceback that nobody reads
    costs more than a check.
    """
    is_function = isinstance(item, pytest.Function)
    if is_function:
        item._initrequest()  # type: ignore[attr-defined]
    raised: BaseException | None = None
    hook = item.ihook  # looked up anew each time
    try:
        hook.pytest_runtest_setup(item=item)
        hook.pytest_runtest_call(item=item)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raised = error
    try:
        hook.pytest_runtest_teardown(item=item, nextitem=following)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raised = raised or error
    if is_function:
        item._request = False  # type: ignore[attr-defined]
        item.funcargs = None  # type: ignore[attr-defined]
    if raised is not None:
        raised = raised.with_traceback(None)  # frames would keep the answers alive
    return raised


def _not_run(title: Text) -> FailureDetails:
    return FailureDetails(
        text("Not run: it builds on the check “{name}”, which did not pass.", name=title)
    )


def _bare_assertion(error: AssertionError) -> FailureDetails:
    shown = clean(str(error), limit=1500)
    return FailureDetails(text("The answer is not what the check expects."), got=shown or None)


def _wrong_number(error: Exception) -> FailureDetails:
    return FailureDetails(
        text(
            "Your function returned another number of values than the handout asks for "
            "(`{error}`).",
            error=clean(str(error), limit=200),
        ),
        hint=text("Return the values in the order of the handout, as in `return loss, gradient`."),
    )


def _flaky() -> FailureDetails:
    return FailureDetails(
        text("Your code gave different answers when it was called twice with the same input."),
        hint=text(
            "A result must depend on the arguments alone: look for variables that keep their "
            "value between calls, and for arguments changed in place."
        ),
    )


def _our_fault(what: str) -> FailureDetails:
    return FailureDetails(
        text(
            "The check itself failed, which is not your fault; a human will look at it (`{what}`).",
            what=clean(what, limit=400).replace("`", "'"),
        )
    )


class _Runner:
    """The pytest plugin that hands the collected checks over instead of running them once."""

    def __init__(self, checks: ChecksSession, body: Callable[[CollectedChecks], None]) -> None:
        self.checks = checks
        self.body = body
        self.collected: CollectedChecks | None = None
        self.problems: list[str] = []
        self.failure: BaseException | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[SESSION] = self.checks

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            lines = str(report.longrepr).strip().splitlines()
            last = _RAISED.sub("", lines[-1]) if lines else "cannot be read"
            self.problems.append(f"{report.nodeid}: {last}")

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # pytest has one of its own for what ends a collection; a person's must not be swallowed
        if excinfo.type is KeyboardInterrupt:
            self.failure = excinfo.value

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.problems or not session.items:
            return True
        self.collected = CollectedChecks(self.checks, session.items)
        try:
            self.body(self.collected)
        except BaseException as error:
            self.failure = error
        return True


def with_checks(assignment: Assignment, body: Callable[[CollectedChecks], None]) -> None:
    """Collect the assignment's checks once and call `body` with them.

    Raises `AssignmentError` if they cannot be collected. Runs pytest in this process.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    sys.dont_write_bytecode = True  # nothing is written into the assignment's folder
    for path in (*assignment.import_paths, assignment.checks):
        if str(path) not in sys.path:
            sys.path.insert(0, str(path))
    when_imported("hypothesis", configure_hypothesis)  # many checks need none: it takes long
    runner = _Runner(ChecksSession(assignment, Student()), body)
    status = pytest.main(
        [
            str(assignment.checks),
            f"--rootdir={assignment.checks}",
            f"--confcutdir={assignment.checks}",
            "-c",
            os.devnull,
            "--import-mode=importlib",
            "-pautograder.plugin",
            *(f"-pno:{name}" for name in _UNUSED),
            "-s",
        ],
        plugins=[runner],
    )
    if runner.failure is not None:
        raise runner.failure
    if runner.collected is None:
        where = assignment.checks
        problem = _collection_problem(runner, status)
        raise AssignmentError(f"{where}: {problem}{_import_mend(problem, assignment)}")


def _import_mend(problem: str, assignment: Assignment) -> str:
    """Where the checks' own packages are looked for, if one of them is missing."""
    if "No module named" not in problem:
        return ""
    places = ", ".join(map(str, assignment.import_paths)) or "nothing"
    return (
        f"; install it, or name the folder that it lies in as import_paths in {MANIFEST} "
        f"(now: {places})"
    )


def _collection_problem(runner: _Runner, status: int) -> str:
    if runner.problems:
        return runner.problems[0]
    if runner.checks.problem is not None:
        return runner.checks.problem
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        return "no check in it; a check is a function whose name starts with test_"
    return f"pytest could not collect the checks (exit status {int(status)}); run pytest there"
