"""Where results are kept: a SQLite file by default, PostgreSQL by URL.

Importing this package is cheap; SQLAlchemy is imported when a gradebook is opened, and Alembic
when an old one must be upgraded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.gradebook.rows import GradedContent, PastResult, StoredResult

if TYPE_CHECKING:
    from sqlalchemy import URL

    from autograder.gradebook.store import Gradebook

__all__ = ["GradedContent", "PastResult", "StoredResult", "open_gradebook"]


def open_gradebook(url: str | URL) -> Gradebook:
    """Open the gradebook at `url`, created or upgraded to the newest schema where needed.

    `url` is `sqlite:///grades.db`, `postgresql://user@host/database`, or the plain path of a
    SQLite file. Raises `UsageError`, one line: a database of another program, one that a newer
    autograder wrote, one that cannot be reached or written.
    """
    from autograder.gradebook.database import Database
    from autograder.gradebook.schema import bring_up_to_date
    from autograder.gradebook.store import Gradebook

    database = Database(url)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return Gradebook(database)
