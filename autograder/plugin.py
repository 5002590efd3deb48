"""The pytest side: the fixtures `student`, `rng` and `check_seed`, the marker `points`, outcomes.

It works in two settings. The grader collects an assignment's checks once and runs them against
one submission after another (`autograder.session`). While writing checks, an instructor runs
plain `pytest CHECKS --submission FILE`, and sees pytest's own output.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import (
    AutograderError,
    FailureDetails,
    PropertyEnded,
    SandboxError,
    StudentError,
    StudentFailure,
    SubmissionError,
)

SESSION = pytest.StashKey["ChecksSession"]()
PROFILE = "autograder"

_MISSING, _NOT_WRITTEN = "MissingName", "NotImplementedError"
_NEVER_RUNS = {_MISSING, _NOT_WRITTEN}


@dataclass
class ChecksSession:
    """What the fixtures need to know of the checks that are running."""

    assignment: Any
    student: Any
    specs: dict[str, Any] = field(default_factory=dict)
    items: dict[str, pytest.Item] = field(default_factory=dict)
    sheet: Any = None
    """The answers of the submission that is being graded (`questions.collecting.Sheet`)."""
    latest_failure: StudentFailure | None = None
    """The last failure raised inside a property: what to report if shrinking ran out of time."""
    blocked: dict[str, str] = field(default_factory=dict)
    current: str = ""
    """The id of the check that is being set up or run."""
    problem: str | None = None
    """Why the checks cannot be used."""
    repetition: int | None = None
    """Which of many trainings this is, while thresholds are calibrated."""

    def seed_of(self, check: str) -> int:
        """The seed of one check, from the assignment's; of a hidden one also from its secret.

        The seed is published with the checks that students get: they draw as here.
        """
        from autograder.collection import derive_seed
        from autograder.records import Visibility

        hidden = self.specs[check].visibility is not Visibility.VISIBLE
        if hidden and self.assignment.own_secret:
            return derive_seed(self.assignment.secret, self.assignment.seed, check)
        return derive_seed(self.assignment.seed, check)

    def subject_seed_of(self, check: str) -> int:
        """The seed that the student's process gets: the check's own draws do not follow from it."""
        from autograder.collection import derive_seed

        return derive_seed("subject", self.assignment.seed, check)

    def training_seed_of(self, check: str) -> int:
        """The seed of what a check draws for this submission; it is never told to the subject."""
        from autograder.collection import derive_seed

        sha256 = self.student.submission.sha256
        repetition = () if self.repetition is None else (self.repetition,)
        return derive_seed(self.assignment.secret, check, sha256, *repetition)


class NotRun(Exception):
    """Raised before a check whose prerequisite did not pass."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options for an instructor who writes checks."""
    group = parser.getgroup("autograder")
    group.addoption("--submission", metavar="FILE", help="run the checks against this submission")
    group.addoption(
        "--isolation",
        default="auto",
        choices=["auto", "full", "reduced", "none"],
        help="the wall around the submission (default: the strongest there is, else none)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; with --submission, get ready to run checks."""
    from autograder.collection import MARKER

    config.addinivalue_line("markers", MARKER)
    if config.getoption("submission", None):
        configure_hypothesis()
        assignment = _assignment_of(config)
        for path in (*assignment.import_paths, assignment.checks):
            sys.path.insert(0, str(path))
        from autograder.checks.student import Student

        config.stash[SESSION] = ChecksSession(assignment, Student())


def configure_hypothesis() -> None:
    """Deterministic properties without deadlines; the time limits are the subject's."""
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.internal.conjecture import providers

    # It draws now and then from the constants in the source of all imported modules: reading them
    # takes long, and what is drawn would depend on what else the process has imported so far.
    if hasattr(providers, "_get_local_constants"):
        nothing = type(providers._local_constants)()
        providers._get_local_constants = lambda: nothing
    settings.register_profile(
        PROFILE,
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=25,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )
    settings.load_profile(PROFILE)


def _assignment_of(config: pytest.Config) -> Any:
    from autograder.assignment import MANIFEST, load_assignment

    start = Path(config.args[0].partition("::")[0] if config.args else ".").resolve()
    for folder in (start, *start.parents):
        if (folder / MANIFEST).is_file():
            try:
                return load_assignment(folder)
            except AutograderError as error:
                raise pytest.UsageError(str(error)) from None
    raise pytest.UsageError(f"no {MANIFEST} above {start}; name an assignment's checks folder")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """`questions.toml` holds checks too."""
    if file_path.name != "questions.toml" or parent.config.stash.get(SESSION, None) is None:
        return None
    from autograder.questions.collecting import QuestionsFile

    file: pytest.Collector = QuestionsFile.from_parent(parent, path=file_path)
    return file


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Turn the items into checks, prerequisites first, with seeded properties."""
    checks = config.stash.get(SESSION, None)
    if checks is None:
        return
    from autograder.collection import check_id, make_spec
    from autograder.editions import asked
    from autograder.scoring import order_checks

    try:
        assignment = checks.assignment
        specs = order_checks([make_spec(item, assignment) for item in items])
        specs = asked(specs, assignment.editions, assignment.edition)
    except AutograderError as error:
        checks.problem = str(error)
        items.clear()
        if config.getoption("submission", None):
            raise pytest.UsageError(str(error)) from None
        return
    by_id = {check_id(item): item for item in items}
    checks.items = {spec.id: by_id[spec.id] for spec in specs}
    checks.specs = {spec.id: spec for spec in specs}
    items[:] = checks.items.values()
    for name, item in checks.items.items():
        _seed_property(item, checks, checks.seed_of(name))


def _seed_property(item: pytest.Item, checks: ChecksSession, seed: int) -> None:
    """Seed Hypothesis from the assignment, and remember each failure that it shrinks."""
    test = getattr(item, "obj", None)
    handle = getattr(test, "hypothesis", None)
    if test is None or handle is None or getattr(test, "_autograder_seeded", False):
        return
    inner = handle.inner_test

    def remembering(*arguments: Any, **keywords: Any) -> Any:
        checks.student.begin_example()
        try:
            return inner(*arguments, **keywords)
        except StudentFailure as failure:
            add_context(failure, checks)
            checks.latest_failure = failure
            if isinstance(failure, StudentError) and failure.kind in _NEVER_RUNS:
                raise PropertyEnded(failure) from None
            raise
        except SandboxError as error:
            raise PropertyEnded(error) from None

    handle.inner_test = remembering
    test._hypothesis_internal_use_seed = seed
    # no examples are kept between runs; else the test's source is tokenized for the key each time
    test._hypothesis_internal_database_key = None
    test._autograder_seeded = True


def add_context(failure: StudentFailure, checks: ChecksSession) -> None:
    """Say what was called, where the check did not; with which values, where they matter."""
    from autograder.checks.calls import related

    record = checks.student.last_call
    kind = failure.kind if isinstance(failure, StudentError) else None
    if kind == _MISSING:  # nothing was called
        return
    if record is not None and kind == _NOT_WRITTEN:
        failure.with_context(call=record.call, printed=record.printed)
    elif record is not None:
        if failure.relates:
            failure.with_context(example=related(checks.student.example_calls))
        failure.with_context(call=record.call, example=record.example, printed=record.printed)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before a check: block it, or seed the student's randomness and start its clock."""
    checks = item.config.stash.get(SESSION, None)
    if checks is None:
        return
    from autograder.collection import check_id

    name = check_id(item)
    if name in checks.blocked:
        raise NotRun(checks.blocked[name])
    checks.latest_failure = None
    checks.current = name
    checks.student.begin_check(checks.subject_seed_of(name), checks.assignment.limits.check_seconds)


@pytest.fixture(scope="session")
def student(pytestconfig: pytest.Config) -> Iterator[Any]:
    """The submission under test; see `autograder.checks.Student`."""
    checks = pytestconfig.stash.get(SESSION, None)
    if checks is None:
        pytest.fail("no submission: run pytest CHECKS --submission FILE", pytrace=False)
    path = pytestconfig.getoption("submission", None)
    if path is None or not isinstance(path, str):
        yield checks.student  # the grader attaches the subjects
        return
    with _own_subject(checks, Path(path), pytestconfig.getoption("isolation")) as subject:
        checks.student.attach(subject)
        yield checks.student


@contextlib.contextmanager
def _own_subject(checks: ChecksSession, path: Path, isolation: str) -> Iterator[Any]:
    from autograder.grading import open_launcher
    from autograder.policy import subject_rules
    from autograder.sandbox.subject import Subject
    from autograder.submission import read_submission, submission_id

    assignment = checks.assignment
    try:
        submission = read_submission(path, assignment.submission, id=submission_id(path))
        with open_launcher(assignment, isolation, own_code=True) as launcher:
            rules = subject_rules(submission, assignment.policy)
            subject = Subject(launcher, submission, assignment.limits, rules)
            subject.start()
            try:
                yield subject
            finally:
                subject.end()
    except (SubmissionError, AutograderError) as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def check_seed(pytestconfig: pytest.Config) -> int:
    """An int that depends on the assignment's seed and on the check, and on nothing else."""
    checks = pytestconfig.stash[SESSION]  # asking pytest's `request` for the check takes longer
    return checks.seed_of(checks.current)


@pytest.fixture
def rng(check_seed: int) -> Any:
    """A numpy Generator seeded with `check_seed`."""
    import numpy as np

    return np.random.default_rng(check_seed)


@pytest.fixture(scope="session")
def edition(pytestconfig: pytest.Config) -> str | None:
    """The id of the edition that is graded, for checks that ask it of each in its own way."""
    chosen = pytestconfig.stash[SESSION].assignment.edition
    return None if chosen is None else str(chosen.id)


@pytest.fixture
def training_seed(request: pytest.FixtureRequest, student: Any) -> int:
    """An int from the assignment's secret, the check and the submission's digest.

    The same for every regrade, and foreseen by nobody.
    """
    from autograder.collection import check_id

    checks = request.config.stash[SESSION]
    return int(checks.training_seed_of(check_id(request.node)))


@pytest.fixture
def training_data(pytestconfig: pytest.Config) -> Any:
    """The `Dataset` that the manifest's `[training] data` names: the digits by default.

    Where its files are not on this machine, the check ends as an internal error: it is nobody's
    zero. `autograder grade` says so before it begins.
    """
    from autograder.checks.datasets import named

    try:
        return named(pytestconfig.stash[SESSION].assignment.data)
    except (FileNotFoundError, ValueError) as error:
        raise SandboxError(str(error)) from None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In plain pytest, show a student's failure as its student would read it."""
    report = yield
    checks = item.config.stash.get(SESSION, None)
    if checks is not None and call.excinfo is not None:
        error = call.excinfo.value
        if isinstance(error, PropertyEnded):
            error = error.error
        details: FailureDetails | None = getattr(error, "details", None)
        if details is not None:
            if isinstance(error, StudentFailure):
                add_context(error, checks)
                details = error.details
            report.longrepr = _plain_words(details)
    return report


def _plain_words(details: FailureDetails) -> str:
    lines = [details.message["en"]]
    for name in ("call", "expected", "got", "where", "error", "example", "traceback", "printed"):
        value = getattr(details, name)
        if value:
            lines.append(f"{name}: {value}")
    if details.hint:
        lines.append(f"hint: {details.hint['en']}")
    return "\n".join(lines)
