"""The gradebook's tables.

::

    assignment 1 ── n result n ── 1 submission
                      1
                      └── n superseded       what a replaced result said

A result is unique for assignment, version and submission. Nothing in it depends on a language:
the document holds both.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    Double,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from autograder.records import Status


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC, also where the database knows no time zones (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite's type then writes it without an offset."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC, with or without an offset."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _status_column() -> Enum:
    # text and no native enum: a new status must not need a migration
    return Enum(
        Status,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda statuses: [status.value for status in statuses],
    )


METADATA = MetaData()
"""All tables of the gradebook. Tables and not mapped classes: the mapper takes long to import."""

assignment = Table(
    "assignment",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("version", String, nullable=False),
    UniqueConstraint("id", "version", name="assignment_id_version"),
)
"""One version of an assignment."""

submission = Table(
    "submission",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("assignment_id", String, nullable=False),
    Column("id", String, nullable=False),
    UniqueConstraint("assignment_id", "id", name="submission_assignment_id_id"),
)
"""One student's submission, under the name that its file or folder has."""

result = Table(
    "result",
    METADATA,
    # the submission leads, so that results come in the order of their submissions unsorted
    Column("submission_key", ForeignKey("submission.key"), primary_key=True),
    Column("assignment_key", ForeignKey("assignment.key"), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("status", _status_column(), nullable=False),
    Column("score", Double, nullable=False),
    Column("max_score", Double, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("document", LargeBinary, nullable=False),
)
"""The result in force of a submission to a version of an assignment."""

superseded = Table(
    "superseded",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("submission_key", ForeignKey("submission.key"), nullable=False),
    Column("assignment_key", ForeignKey("assignment.key"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("status", _status_column(), nullable=False),
    Column("score", Double, nullable=False),
    Column("max_score", Double, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("replaced", UtcDateTime, nullable=False),
    Index("superseded_submission_key", "submission_key"),
)
"""What a result said before a different one took its place."""
