"""What is read from a gradebook. Built once: building a statement costs more than running it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select

from autograder.gradebook.models import assignment, result, submission, superseded
from autograder.records import Status

# of the documents, which may be long, this many are held at a time
_ROWS_AT_ONCE = 50

_THIS_ASSIGNMENT = submission.c.assignment_id == bindparam("assignment_id")
_THIS_SUBMISSION = submission.c.id == bindparam("submission_id")
_THIS_VERSION = assignment.c.version == bindparam("version")
_NEED_NOT_BE_REPEATED = result.c.status != Status.INTERNAL_ERROR


def _of_results(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .join_from(submission, result, result.c.submission_key == submission.c.key)
        .join(assignment, result.c.assignment_key == assignment.c.key)
        .where(_THIS_ASSIGNMENT)
    )


_STORED = _of_results(
    submission.c.assignment_id,
    assignment.c.version,
    submission.c.id.label("submission_id"),
    result.c.sha256,
    result.c.status,
    result.c.score,
    result.c.max_score,
    result.c.seconds,
    result.c.created,
    result.c.document,
)

FIND = _STORED.where(
    _THIS_VERSION,
    _THIS_SUBMISSION,
    result.c.sha256 == bindparam("sha256"),
    _NEED_NOT_BE_REPEATED,
)

GRADED = _of_results(submission.c.id, result.c.sha256, result.c.status).where(
    _THIS_VERSION, _NEED_NOT_BE_REPEATED
)

# an order that the indices have: SQLite would gather all documents to sort them
RESULTS = _STORED.order_by(submission.c.id, result.c.assignment_key).execution_options(
    yield_per=_ROWS_AT_ONCE
)

RESULTS_OF_VERSION = RESULTS.where(_THIS_VERSION)

IN_FORCE = _of_results(
    assignment.c.version,
    result.c.sha256,
    result.c.status,
    result.c.score,
    result.c.max_score,
    result.c.created,
).where(_THIS_SUBMISSION)

SUPERSEDED = (
    select(
        assignment.c.version,
        superseded.c.sha256,
        superseded.c.status,
        superseded.c.score,
        superseded.c.max_score,
        superseded.c.created,
        superseded.c.replaced,
    )
    .join_from(submission, superseded, superseded.c.submission_key == submission.c.key)
    .join(assignment, superseded.c.assignment_key == assignment.c.key)
    .where(_THIS_ASSIGNMENT, _THIS_SUBMISSION)
)

ASSIGNMENTS = select(assignment.c.id).distinct().order_by(assignment.c.id)
