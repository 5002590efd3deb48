"""New databases are created, old ones upgraded, foreign and newer ones refused."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from autograder.errors import UsageError
from autograder.gradebook import open_gradebook
from autograder.gradebook.database import Database
from autograder.gradebook.models import METADATA
from autograder.gradebook.schema import (
    MIGRATIONS,
    REVISIONS,
    VERSION_TABLE,
    create,
    upgrade,
)
from autograder.records import Grade, Status

MakeGrade = Callable[..., Grade]
RunPython = Callable[..., "subprocess.Popen[str]"]

_OPEN = """
import sys
from autograder.gradebook import open_gradebook
sys.stdin.readline()
open_gradebook(sys.argv[1]).close()
"""

_OPEN_AND_USE = """
import sys
from autograder.gradebook import open_gradebook
with open_gradebook(sys.argv[1]) as gradebook:
    gradebook.graded("a", "1")
print(sorted({"alembic", "sqlalchemy.orm"} & sys.modules.keys()))
"""

_IMPORT = """
import sys
import autograder.gradebook
print(sorted({"sqlalchemy", "alembic"} & sys.modules.keys()))
"""


def test_the_revisions_are_the_migrations_that_are_shipped() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(script.revision for script in scripts)[::-1] == REVISIONS


def test_the_migrations_make_the_tables_that_the_models_describe(url: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        upgrade(connection, REVISIONS[-1])
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, METADATA) == []
    database.close()


def test_a_new_gradebook_equals_a_migrated_one(url: str) -> None:
    database = Database(url)
    described = []
    for make in (create, lambda connection: upgrade(connection, REVISIONS[-1])):
        with pytest.raises(KeyboardInterrupt), database.writing() as connection:
            make(connection)
            described.append(_description(connection))
            raise KeyboardInterrupt  # leaves an empty database
    database.close()
    created, migrated = described
    assert set(created) == {"assignment", "submission", "result", "superseded", VERSION_TABLE}
    assert created == migrated


def _description(connection: Connection) -> dict[str, object]:
    """What the database itself knows of every table."""
    inspector = inspect(connection)
    rows = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).all()
    assert [tuple(row) for row in rows] == [(REVISIONS[-1],)]
    return {
        table: (
            [
                {**column, "type": str(column["type"])}  # types do not compare
                for column in inspector.get_columns(table)
            ],
            inspector.get_pk_constraint(table),
            sorted(inspector.get_foreign_keys(table), key=str),
            sorted(inspector.get_unique_constraints(table), key=str),
            sorted(inspector.get_indexes(table), key=str),
        )
        for table in inspector.get_table_names()
    }


def test_a_new_file_is_created_with_a_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "new 100% ۱.db"
    open_gradebook(str(path)).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_an_empty_file_becomes_a_gradebook(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with open_gradebook(str(path)) as gradebook:
        assert gradebook.graded("a", "1") == {}


def test_connections_of_a_gradebook_are_durable_and_hold_to_foreign_keys(sqlite_url: str) -> None:
    open_gradebook(sqlite_url).close()
    database = Database(sqlite_url)
    with database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "synchronous", "busy_timeout")
        }
    database.close()
    assert settings == {"foreign_keys": 1, "synchronous": 1, "busy_timeout": 60_000}


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_older_gradebook_is_upgraded_and_keeps_its_results(
    url: str, revision: str, make_grade: MakeGrade
) -> None:
    database = Database(url)
    with database.writing() as connection:
        upgrade(connection, revision)
        for statement in (
            "INSERT INTO assignment (key, id, version) VALUES (1, 'linear', '1')",
            "INSERT INTO submission (key, assignment_id, id) VALUES (1, 'linear', 'student-01')",
            "INSERT INTO result (assignment_key, submission_key, sha256, status, score, max_score,"
            " seconds, created, document)"
            " VALUES (1, 1, 'abc', 'graded', 4.0, 5.0, 1.5, '2026-01-02 03:04:05', :document)",
        ):
            connection.execute(text(statement), {"document": b"kept"})
    database.close()
    with open_gradebook(url) as gradebook:
        (result,) = gradebook.results("linear")
        assert (result.status, result.score) == (Status.GRADED, 4.0)
        assert result.document == b"kept"
        gradebook.store(make_grade(assignment_id="linear", version="1", score=5.0), b"{}")
        assert [line.score for line in gradebook.history("linear", "student-01")] == [4.0, 5.0]


def test_an_upgrade_that_is_cut_off_leaves_the_older_schema(url: str) -> None:
    database = Database(url)
    with pytest.raises(KeyboardInterrupt), database.writing() as connection:
        upgrade(connection, REVISIONS[-1])
        raise KeyboardInterrupt
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == []
    database.close()
    open_gradebook(url).close()


def test_a_newer_gradebook_is_refused_in_one_line(url: str) -> None:
    open_gradebook(url).close()
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    database.close()
    with pytest.raises(UsageError, match=r"newer autograder wrote it \(schema 9999") as caught:
        open_gradebook(url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("table", ["employees", "alembic_version", "result", VERSION_TABLE])
def test_another_programs_database_is_refused_and_left_alone(url: str, table: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text(f"CREATE TABLE {table} (version_num VARCHAR(32))"))
    with pytest.raises(UsageError, match=f"not a gradebook.*{table}") as caught:
        open_gradebook(url)
    assert "\n" not in str(caught.value)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == [table]
    database.close()


@pytest.mark.slow
def test_programs_that_open_a_new_gradebook_at_once_all_succeed(
    url: str, run_python: RunPython
) -> None:
    programs = [run_python(_OPEN, url) for _ in range(4)]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    for program in programs:
        _, errors = program.communicate(timeout=60)
        assert (program.returncode, errors) == (0, "")
    with open_gradebook(url) as gradebook:
        assert gradebook.graded("a", "1") == {}


@pytest.mark.slow
def test_alembic_is_imported_only_to_migrate(tmp_path: Path, run_python: RunPython) -> None:
    new, old = (str(tmp_path / name) for name in ("new.db", "old.db"))
    database = Database(old)
    with database.writing() as connection:
        upgrade(connection, REVISIONS[0])
    database.close()
    for path, expected in ((new, "[]"), (new, "[]"), (old, "['alembic']")):
        output, errors = run_python(_OPEN_AND_USE, path).communicate(timeout=60)
        assert (output, errors) == (f"{expected}\n", "")


def test_importing_the_package_imports_no_database_library(run_python: RunPython) -> None:
    output, errors = run_python(_IMPORT).communicate(timeout=60)
    assert (output, errors) == ("[]\n", "")
