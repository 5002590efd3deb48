"""Writing one result over an older one, safe against another program that does the same."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Select, Table, bindparam, insert, select, update

from autograder.gradebook.models import assignment, result, submission, superseded
from autograder.records import Grade

_ASSIGNMENT_KEY = select(assignment.c.key).where(
    assignment.c.id == bindparam("id"), assignment.c.version == bindparam("version")
)

# on PostgreSQL the locked row makes two programs replace one submission's result in turn
_SUBMISSION_KEY = (
    select(submission.c.key)
    .where(
        submission.c.assignment_id == bindparam("assignment_id"), submission.c.id == bindparam("id")
    )
    .with_for_update()
)

_THIS_RESULT = (
    result.c.submission_key == bindparam("submission"),
    result.c.assignment_key == bindparam("assignment"),
)
_OLD_RESULT = select(
    result.c.sha256, result.c.status, result.c.score, result.c.max_score, result.c.created
).where(*_THIS_RESULT)
_OVERWRITE = update(result).where(*_THIS_RESULT)
_INSERT = insert(result)
_REMEMBER = insert(superseded)

# a result that differs in one of these is worth remembering
_TELLING = ("sha256", "status", "score", "max_score")


def replace_result(connection: Connection, grade: Grade, document: bytes) -> None:
    """Write the result; an older one goes to the history where it said something else."""
    info = grade.assignment
    keys = {
        "assignment_key": _key(
            connection, _ASSIGNMENT_KEY, assignment, {"id": info.id, "version": info.version}
        ),
        "submission_key": _key(
            connection,
            _SUBMISSION_KEY,
            submission,
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
        connection.execute(_INSERT, {**keys, **values})
        return
    said = dict(old._mapping)
    if any(said[name] != values[name] for name in _TELLING):
        connection.execute(_REMEMBER, {**keys, **said, "replaced": values["created"]})
    connection.execute(_OVERWRITE, {**this, **values})


def _key(connection: Connection, query: Select[int], table: Table, values: dict[str, Any]) -> int:
    """The key of the row that `query` finds; the row is made where there is none."""
    key = connection.scalar(query, values)
    if key is None:
        # another program may make the same row at the same moment: its row will do
        connection.execute(_insert_unless_there(connection.dialect.name, table), values)
        key = connection.execute(query, values).scalar_one()
    return key


@cache
def _insert_unless_there(dialect: str, table: Table) -> Insert:
    # each database's own words, imported for the one that is used
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table).on_conflict_do_nothing()
