"""The gradebook: stores results, and finds what is graded already."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from autograder.gradebook import queries
from autograder.gradebook.database import Database
from autograder.gradebook.replacing import replace_result
from autograder.gradebook.rows import GradedContent, PastResult, StoredResult
from autograder.records import Grade


class Gradebook:
    """An open gradebook; use it as a context manager. Opened by `open_gradebook`.

    Several programs may write to one gradebook; a process made by fork opens its own. Every
    method raises `AutograderError`, one line, when the database fails: disk full, read-only file,
    lost connection.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def store(self, grade: Grade, document: bytes) -> None:
        """Store a result in one transaction, in place of an older one of the same version.

        `document` is the whole result as the reports need it. When it returns, the result
        survives the death of the process. A replaced result that differs stays in the `history`.
        """
        with self._database.writing() as connection:
            replace_result(connection, grade, document)

    def find(
        self, assignment_id: str, version: str, submission_id: str, sha256: str
    ) -> StoredResult | None:
        """The result of exactly this content, or None where it must be graded.

        None too where its grading ended in an internal error: that is to be tried again.
        """
        wanted = {
            "assignment_id": assignment_id,
            "version": version,
            "submission_id": submission_id,
            "sha256": sha256,
        }
        with self._database.reading() as connection:
            row = connection.execute(queries.FIND, wanted).one_or_none()
            return None if row is None else StoredResult(**row._mapping)

    def graded(self, assignment_id: str, version: str) -> dict[str, GradedContent]:
        """What need not be graded again: submission id -> its content's digest and status.

        One query for the whole class. Results that ended in an internal error are left out.
        """
        wanted = {"assignment_id": assignment_id, "version": version}
        with self._database.reading() as connection:
            return {
                submission_id: GradedContent(sha256, status)
                for submission_id, sha256, status in connection.execute(queries.GRADED, wanted)
            }

    def results(self, assignment_id: str, version: str | None = None) -> Iterator[StoredResult]:
        """All results of an assignment by submission id, of one version or (None) of all versions.

        Read a few at a time, however many there are. What is stored meanwhile is not seen.
        """
        wanted = {"assignment_id": assignment_id, "version": version}
        query = queries.RESULTS if version is None else queries.RESULTS_OF_VERSION
        with self._database.reading() as connection:
            for row in connection.execute(query, wanted):
                yield StoredResult(**row._mapping)

    def assignments(self) -> list[str]:
        """The ids of all assignments that have results."""
        with self._database.reading() as connection:
            return list(connection.execute(queries.ASSIGNMENTS).scalars())

    def latest(self, assignment_id: str) -> Iterator[StoredResult]:
        """The newest result of each submission, whatever its version, by submission id."""
        newest: StoredResult | None = None
        for result in self.results(assignment_id):
            if newest is not None and newest.submission_id != result.submission_id:
                yield newest
                newest = None
            if newest is None or result.created >= newest.created:
                newest = result
        if newest is not None:
            yield newest

    def history(self, assignment_id: str, submission_id: str) -> list[PastResult]:
        """Every result that a submission had, over all versions, oldest first.

        Grading again with the same outcome (content, status, score) makes no new line.
        """
        wanted = {"assignment_id": assignment_id, "submission_id": submission_id}
        with self._database.reading() as connection:
            in_force = connection.execute(queries.IN_FORCE, wanted).all()
            superseded = connection.execute(queries.SUPERSEDED, wanted).all()
        lines = [PastResult(**row._mapping, replaced=None) for row in in_force]
        lines += [PastResult(**row._mapping) for row in superseded]
        return sorted(lines, key=lambda line: line.created)
