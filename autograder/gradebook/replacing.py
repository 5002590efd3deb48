"""Writing one result over an older one, safe against another program that does the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Insert, Select, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from autograder.gradebook.models import Assignment, Base, Result, Submission, Superseded
from autograder.records import Grade

_ASSIGNMENT_KEY = select(Assignment.key).where(
    Assignment.id == bindparam("id"), Assignment.version == bindparam("version")
)

# on PostgreSQL the locked row makes two programs replace one submission's result in turn
_SUBMISSION_KEY = (
    select(Submission.key)
    .where(Submission.assignment_id == bindparam("assignment_id"), Submission.id == bindparam("id"))
    .with_for_update()
)

_THIS_RESULT = (
    Result.submission_key == bindparam("submission"),
    Result.assignment_key == bindparam("assignment"),
)
_OLD_RESULT = select(
    Result.sha256, Result.status, Result.score, Result.max_score, Result.created
).where(*_THIS_RESULT)
_OVERWRITE = update(Result).where(*_THIS_RESULT)

_INSERT_UNLESS_THERE: dict[tuple[str, type[Base]], Insert] = {
    (dialect.__name__.rpartition(".")[2], table): dialect.insert(table).on_conflict_do_nothing()
    for dialect in (sqlite, postgresql)
    for table in (Assignment, Submission)
}

# a result that differs in one of these is worth remembering
_TELLING = ("sha256", "status", "score", "max_score")


def replace_result(connection: Connection, grade: Grade, document: bytes) -> None:
    """Write the result; an older one goes to the history where it said something else."""
    info = grade.assignment
    keys = {
        "assignment_key": _key(
            connection, _ASSIGNMENT_KEY, Assignment, {"id": info.id, "version": info.version}
        ),
        "submission_key": _key(
            connection,
            _SUBMISSION_KEY,
            Submission,
            {"assignment_id": info.id, "id": grade.submission_id},
        ),
    }
    values = {
        "sha256": grade.submission_sha256,
        "status": grade.status,
        "score": grade.score,
        "max_score": grade.max_score,
        "seconds": grade.seconds,
        "created": datetime.now(UTC),
        "document": document,
    }
    this = {"assignment": keys["assignment_key"], "submission": keys["submission_key"]}
    old = connection.execute(_OLD_RESULT, this).one_or_none()
    if old is None:
        connection.execute(insert(Result), {**keys, **values})
        return
    said = dict(old._mapping)
    if any(said[name] != values[name] for name in _TELLING):
        connection.execute(insert(Superseded), {**keys, **said, "replaced": values["created"]})
    connection.execute(_OVERWRITE, {**this, **values})


def _key(
    connection: Connection, query: Select[int], table: type[Base], values: dict[str, Any]
) -> int:
    """The key of the row that `query` finds; the row is made where there is none."""
    key = connection.scalar(query, values)
    if key is None:
        # another program may make the same row at the same moment: its row will do
        connection.execute(_INSERT_UNLESS_THERE[connection.dialect.name, table], values)
        key = connection.execute(query, values).scalar_one()
    return key
