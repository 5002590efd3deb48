"""From a URL to an engine, and from a driver's error to one line.

SQLite: write-ahead log (readers and one writer at a time), `synchronous=NORMAL` (what is committed
survives the death of the process; a power cut may cost the last moments, never the file), foreign
keys, and `BEGIN IMMEDIATE` for writers, so that two programs wait for each other instead of
failing half-way. A file on a network drive has no such guarantees: use PostgreSQL there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from autograder.errors import AutograderError, UsageError

BUSY_SECONDS = 60.0

# a connection's option: the statement that begins its transactions on SQLite, "" for none
_BEGIN = "gradebook_begin"

_SQLITE_ADVICE = {
    "SQLITE_FULL": "the disk is full; free some space and run again: what was stored is kept",
    "SQLITE_READONLY": "it cannot be written; make the file and its folder writable",
    "SQLITE_CANTOPEN": "it cannot be opened; name a file in a folder that exists and is writable",
    "SQLITE_NOTADB": "not a SQLite database; name another file",
    "SQLITE_CORRUPT": "the file is damaged; restore a copy or name another file",
    "SQLITE_BUSY": f"another program has been writing to it for {BUSY_SECONDS:g} s; try again",
    "SQLITE_IOERR": "reading or writing failed; look at the disk's space, quota and health",
}


class Database:
    """A database that a gradebook can be kept in, and its two kinds of transaction."""

    def __init__(self, url: str | URL) -> None:
        """Nothing is opened yet. Raises `UsageError` for a URL that is none."""
        self.url = _parse(url)
        sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(self.url) if sqlite else _postgresql_engine(self.url)
        self._writer = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads. The database's errors become one line."""
        with self._one_line_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: all of it is stored, or nothing. Errors become one line."""
        with self._one_line_errors(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """For the few commands that no transaction may hold; each takes effect at once."""
        engine = self._engine.execution_options(**{_BEGIN: ""})
        with self._one_line_errors(), engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _one_line_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise AutograderError(f"{self}: {_reason(error)}") from error


def _parse(url: str | URL) -> URL:
    if isinstance(url, str) and "://" not in url:
        if not url.strip():
            raise UsageError("the gradebook's name is empty; name a file, as in grades.db")
        return URL.create("sqlite", database=str(Path(url).expanduser()))
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError(
            f"{url!r} is not a database URL; write sqlite:///grades.db or "
            "postgresql://user@host/database"
        ) from None
    # the bare name would mean psycopg2 to some versions of SQLAlchemy and psycopg to others
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise UsageError(
            f"{parsed.render_as_string()}: a gradebook is a SQLite file (sqlite:///grades.db) or a "
            "PostgreSQL database (postgresql://user@host/database)"
        )
    return parsed


def _sqlite_engine(url: URL) -> Engine:
    database = url.database
    if database and database != ":memory:" and not database.startswith("file:"):
        path = Path(database)
        if path.is_dir():
            raise UsageError(f"{path}: a folder; name a file in it, as in {path / 'grades.db'}")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: there is no folder {path.parent}; create it first")
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{url.render_as_string()}: PostgreSQL needs the module {error.name}; "
            "install it with: pip install 'autograder[postgres]'"
        ) from None


def _set_up_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    # the driver must not begin transactions by itself: `_begin_sqlite` says how they begin
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def _begin_sqlite(connection: Connection) -> None:
    # a reader that turned writer half-way could find its view outdated, and would have to fail
    if begin := connection.get_execution_options().get(_BEGIN, "BEGIN"):
        connection.exec_driver_sql(begin)


def _reason(error: DBAPIError) -> str:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        # the extended names (SQLITE_READONLY_DBMOVED) begin with the plain ones
        name = getattr(cause, "sqlite_errorname", "")
        for plain, advice in _SQLITE_ADVICE.items():
            if name.startswith(plain):
                return f"{advice} ({cause})"
    return _first_line(cause or error)


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
