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
    DateTime,
    Dialect,
    Double,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

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


class Base(DeclarativeBase):
    """All tables of the gradebook."""


class Assignment(Base):
    """One version of an assignment."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("id", "version", name="assignment_id_version"),)

    key: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String)
    version: Mapped[str] = mapped_column(String)


class Submission(Base):
    """One student's submission, under the name that its file or folder has."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assignment_id", "id", name="submission_assignment_id_id"),)

    key: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str] = mapped_column(String)
    id: Mapped[str] = mapped_column(String)


class Result(Base):
    """The result in force of a submission to a version of an assignment."""

    __tablename__ = "result"

    # the submission leads, so that results come in the order of their submissions unsorted
    submission_key: Mapped[int] = mapped_column(ForeignKey("submission.key"), primary_key=True)
    assignment_key: Mapped[int] = mapped_column(ForeignKey("assignment.key"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[Status] = mapped_column(_status_column())
    score: Mapped[float] = mapped_column(Double)
    max_score: Mapped[float] = mapped_column(Double)
    seconds: Mapped[float] = mapped_column(Double)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[bytes] = mapped_column(LargeBinary)


class Superseded(Base):
    """What a result said before a different one took its place."""

    __tablename__ = "superseded"
    __table_args__ = (Index("superseded_submission_key", "submission_key"),)

    key: Mapped[int] = mapped_column(primary_key=True)
    submission_key: Mapped[int] = mapped_column(ForeignKey("submission.key"))
    assignment_key: Mapped[int] = mapped_column(ForeignKey("assignment.key"))
    sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[Status] = mapped_column(_status_column())
    score: Mapped[float] = mapped_column(Double)
    max_score: Mapped[float] = mapped_column(Double)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced: Mapped[datetime] = mapped_column(UtcDateTime)
