"""`examples.toml`: what each sample submission must get, held against what it got."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.authoring.runs import Trial
from autograder.errors import AssignmentError
from autograder.records import CheckSpec, Outcome, Status
from autograder.submission import find_submissions, submission_ids

FILE = "examples.toml"
FOLDER = "examples"
UNREAD = "?"
"""The `about` of a row that was written by the program, until a person has read it."""


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row: a check that is not listed passes."""

    about: str = ""
    edition: str | None = None
    """The edition that it is graded by, where that is not the assignment's own."""
    score: float | tuple[float, float] | None = None
    """The score, or the lowest and the highest where chance has a part in it."""
    status: Status = Status.GRADED
    message: str = ""
    """Part of what is said of a submission that is not graded, or of each check not passed."""
    every: tuple[Outcome, ...] = ()
    """Every check ends in one of these."""
    failed: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    error: tuple[str, ...] = ()
    timeout: tuple[str, ...] = ()
    crashed: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()
    not_passed: tuple[str, ...] = ()
    """Any outcome but passed."""
    none_passed: bool = False
    """No check passes."""
    slow: bool = False
    """Whether grading it waits for time limits."""
    either: tuple[str, ...] = ()
    """Passed or failed, as chance has it."""
    causes: tuple[str, ...] = ()
    """Ids of the misconceptions that its report names, where the table speaks of any."""
    waiting: int | None = None
    """How many answers wait for a person, where questions are asked that are no code."""
    not_right: tuple[str, ...] | None = None
    """All that is neither right nor waiting, instead of a list for each outcome."""
    not_right_count: int | None = None

    def outcomes(self, check_id: str) -> set[Outcome]:
        """How that check may end."""
        if self.every:
            return set(self.every)
        if listed(self.either, check_id):
            return {Outcome.PASSED, Outcome.FAILED, Outcome.PARTIAL}
        if self.none_passed or listed(self.not_passed, check_id):
            return set(Outcome) - {Outcome.PASSED, Outcome.INTERNAL_ERROR}
        named: set[Outcome] = {
            outcome
            for outcome in Outcome
            if outcome not in (Outcome.PASSED, Outcome.INTERNAL_ERROR)
            and listed(getattr(self, outcome.value), check_id)
        }
        return named or {Outcome.PASSED}

    def names(self) -> set[str]:
        """Every check that the row names."""
        lists = (
            self.failed,
            self.partial,
            self.error,
            self.timeout,
            self.crashed,
            self.pending,
            self.not_run,
            self.not_passed,
            self.either,
        )
        return {name for names in lists for name in names}


def load_expectations(assignment: Assignment) -> dict[str, Expected]:
    """The rows by submission id; none without the file. Raises `AssignmentError`."""
    path = assignment.root / FILE
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        return msgspec.convert(table, dict[str, Expected])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise AssignmentError(f"{path}: {error}") from None


def samples(assignment: Assignment) -> dict[str, Path]:
    """The sample submissions by id."""
    folder = assignment.root / FOLDER
    if not folder.is_dir() or not any(folder.iterdir()):
        return {}
    return {name: path for path, name in submission_ids(find_submissions(folder)).items()}


def table_problems(
    expected: dict[str, Expected], found: dict[str, Path], specs: Sequence[CheckSpec]
) -> list[str]:
    """Rows without a submission, submissions without a row, and checks that nobody has."""
    known = {name for spec in specs for name in check_names(spec.id)}
    wrong = [f"{FILE}: [{name}] has no submission in {FOLDER}/" for name in expected.keys() - found]
    wrong += [
        f"{FOLDER}/{found[name].name} has no row in {FILE}" for name in found.keys() - expected
    ]
    wrong += [
        f'{FILE}: [{name}] has about = "{UNREAD}": read the row, and say what the submission is'
        for name, row in expected.items()
        if row.about.strip() == UNREAD
    ]
    for name, row in expected.items():
        wrong += [
            f"{FILE}: [{name}] names {check}, and there is no such check"
            for check in sorted(row.names() - known)
        ]
    return sorted(wrong)


def trial_problems(row: Expected, trial: Trial, *, causes: bool = False) -> list[str]:
    """Where a trial differs from its row; with `causes`, in the misconceptions named too."""
    if trial.status is not row.status:
        return [f"{trial.status} instead of {row.status} ({trial.message or trial.summary()})"]
    if row.message and trial.status is not Status.GRADED and row.message not in trial.message:
        return [f"its message does not say {row.message!r}: {trial.message}"]
    wrong = _answer_problems(row, trial) if row.waiting is not None else _check_problems(row, trial)
    if causes and set(row.causes) != set(trial.causes):
        named, wanted = (", ".join(sorted(each)) or "none" for each in (trial.causes, row.causes))
        wrong.append(f"its report names {named} instead of {wanted}")
    if row.score is not None and not wrong:
        low, high = row.score if isinstance(row.score, tuple) else (row.score, row.score)
        if not low <= trial.score <= high:
            wrong.append(f"score {trial.score:g} instead of {low:g} to {high:g}")
    return wrong


def _check_problems(row: Expected, trial: Trial) -> list[str]:
    wrong = [
        f"{name}: {check.outcome} instead of {' or '.join(sorted(row.outcomes(name)))}"
        for name, check in trial.checks.items()
        if check.outcome not in row.outcomes(name)
    ]
    return wrong + [
        f"{name} does not say {row.message!r}: {check.message}"
        for name, check in trial.checks.items()
        if check.outcome is not Outcome.PASSED and row.message not in check.message
    ]


def _answer_problems(row: Expected, trial: Trial) -> list[str]:
    """What waits and what is not right, counted or by name."""
    good = (Outcome.PASSED, Outcome.PENDING)
    waiting = sum(check.outcome is Outcome.PENDING for check in trial.checks.values())
    missed = [id for id, check in trial.checks.items() if check.outcome not in good]
    wrong = []
    if waiting != row.waiting:
        wrong.append(f"{waiting} answers wait for a person instead of {row.waiting}")
    if row.not_right_count is not None and len(missed) != row.not_right_count:
        wrong.append(f"{len(missed)} are not right instead of {row.not_right_count}")
    elif row.not_right_count is None:
        names = {id.partition("::")[2] for id in missed}
        wrong += [f"{name} is not right" for name in sorted(names - set(row.not_right or ()))]
        wrong += [f"{name} is right" for name in sorted(set(row.not_right or ()) - names)]
    return wrong


def is_right(row: Expected, max_score: float) -> bool:
    """Whether the row says that the submission is right."""
    return row.score == max_score and not row.names() and not row.every


def check_names(check_id: str) -> tuple[str, str]:
    """How rows call a check, with its case and without.

    `test_svm.py::test_value[naive]` -> (`test_value[naive]`, `test_value`).
    """
    name = check_id.partition("::")[2]
    return name, name.partition("[")[0]


def listed(names: Sequence[str], check_id: str) -> bool:
    """Whether one of these names, of a check or of all its cases, is that check's."""
    return any(name in names for name in check_names(check_id))
