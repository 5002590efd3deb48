"""The schema's version: recognized at every opening, brought up to date where it is old.

The check reads one row and needs no Alembic, nor does a new gradebook: its tables are made as the
models describe them, which is what the migrations come to (a test compares them). All of it
happens in one transaction, which also keeps two programs that open the same old gradebook from
upgrading it twice.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    text,
)

from autograder.errors import AutograderError, UsageError
from autograder.gradebook.database import Database
from autograder.gradebook.models import METADATA

REVISIONS = ("0001", "0002")
"""All schemas, oldest first: the files of `migrations/versions` in their order."""

VERSION_TABLE = "autograder_schema"
"""Alembic's version table, under a name that tells a gradebook from another program's database."""

MIGRATIONS = Path(__file__).parent / "migrations"

# any constant that no other program is likely to lock on the same PostgreSQL database
_UPGRADE_LOCK = 0x6772_6164_6562_6F6F


def bring_up_to_date(database: Database) -> None:
    """Create or upgrade the tables; nothing happens where they are the newest.

    Raises `UsageError` for a database of another program or of a newer autograder.
    """
    try:
        with database.reading() as connection:
            if _revision(connection, str(database)) == REVISIONS[-1]:
                return
        _use_write_ahead_log(database)
        with database.writing() as connection:
            _lock(connection)
            # another program may have upgraded it while this one waited
            found = _revision(connection, str(database))
            if found is None:
                create(connection)
            elif found != REVISIONS[-1]:
                upgrade(connection, REVISIONS[-1])
    except UsageError:
        raise
    except AutograderError as error:
        raise UsageError(str(error)) from error


def create(connection: Connection) -> None:
    """Make the newest tables in an empty database, and say so where Alembic looks."""
    METADATA.create_all(connection, checkfirst=False)
    version = Table(
        VERSION_TABLE,
        MetaData(),
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
    )
    version.create(connection)
    connection.execute(insert(version), {"version_num": REVISIONS[-1]})


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to `revision` in the connection's transaction."""
    # a fifth of a second to import, and rarely needed
    from alembic import command
    from alembic.config import Config

    config = Config()
    # a per cent sign in a path would be read as interpolation
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _revision(connection: Connection, where: str) -> str | None:
    """The database's revision; None: it is empty. Raises `UsageError` for what is not ours."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    found: str | None = None
    if VERSION_TABLE in tables:
        found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
    if found is None:
        raise UsageError(
            f"{where}: not a gradebook, it holds another program's tables "
            f"({', '.join(sorted(tables)[:3])}); name another database"
        )
    if found not in REVISIONS:
        raise UsageError(
            f"{where}: a newer autograder wrote it (schema {found}, this one knows "
            f"{REVISIONS[-1]}); upgrade autograder"
        )
    return found


def _use_write_ahead_log(database: Database) -> None:
    """Set once, kept in the file. It cannot be done inside a transaction."""
    if database.url.get_backend_name() == "sqlite":
        with database.outside_transactions() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _lock(connection: Connection) -> None:
    """Wait for another program's upgrade. On SQLite a writing transaction is such a lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
