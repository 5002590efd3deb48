"""What is read from a gradebook. Built once: building a statement costs more than running it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select

from autograder.gradebook.models import Assignment, Result, Submission, Superseded
from autograder.records import Status

# of the documents, which may be long, this many are held at a time
_ROWS_AT_ONCE = 50

_THIS_ASSIGNMENT = Submission.assignment_id == bindparam("assignment_id")
_THIS_SUBMISSION = Submission.id == bindparam("submission_id")
_THIS_VERSION = Assignment.version == bindparam("version")
_NEED_NOT_BE_REPEATED = Result.status != Status.INTERNAL_ERROR


def _of_results(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .join_from(Submission, Result, Result.submission_key == Submission.key)
        .join(Assignment, Result.assignment_key == Assignment.key)
        .where(_THIS_ASSIGNMENT)
    )


_STORED = _of_results(
    Submission.assignment_id,
    Assignment.version,
    Submission.id.label("submission_id"),
    Result.sha256,
    Result.status,
    Result.score,
    Result.max_score,
    Result.seconds,
    Result.created,
    Result.document,
)

FIND = _STORED.where(
    _THIS_VERSION,
    _THIS_SUBMISSION,
    Result.sha256 == bindparam("sha256"),
    _NEED_NOT_BE_REPEATED,
)

GRADED = _of_results(Submission.id, Result.sha256, Result.status).where(
    _THIS_VERSION, _NEED_NOT_BE_REPEATED
)

# an order that the indices have: SQLite would gather all documents to sort them
RESULTS = _STORED.order_by(Submission.id, Result.assignment_key).execution_options(
    yield_per=_ROWS_AT_ONCE
)

RESULTS_OF_VERSION = RESULTS.where(_THIS_VERSION)

IN_FORCE = _of_results(
    Assignment.version,
    Result.sha256,
    Result.status,
    Result.score,
    Result.max_score,
    Result.created,
).where(_THIS_SUBMISSION)

SUPERSEDED = (
    select(
        Assignment.version,
        Superseded.sha256,
        Superseded.status,
        Superseded.score,
        Superseded.max_score,
        Superseded.created,
        Superseded.replaced,
    )
    .join_from(Submission, Superseded, Superseded.submission_key == Submission.key)
    .join(Assignment, Superseded.assignment_key == Assignment.key)
    .where(_THIS_ASSIGNMENT, _THIS_SUBMISSION)
)

ASSIGNMENTS = select(Assignment.id).distinct().order_by(Assignment.id)
