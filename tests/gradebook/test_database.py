"""URLs, and what a user reads when the database fails: always one line."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, make_url

from autograder.errors import AutograderError, UsageError
from autograder.gradebook import open_gradebook
from autograder.gradebook.database import Database
from autograder.records import Grade

MakeGrade = Callable[..., Grade]
RunPython = Callable[..., "subprocess.Popen[str]"]

# stores until the disk is full, then reads everything back
_FILL = """
import sys
from autograder.errors import AutograderError
from autograder.gradebook import open_gradebook
from autograder.records import *
from autograder.texts import plain

info = AssignmentInfo("linear", "1", plain("Linear"), (), 10.0)
environment = Environment("3.11", "2.0", None, "0.1", 1, Isolation.FULL)
stored = 0
with open_gradebook(sys.argv[1] + "/grades.db") as gradebook:
    try:
        while stored < 1000:
            name = f"student-{stored:04}"
            grade = Grade(info, name, "a" * 64, Status.GRADED, 1.0, 10.0, 1.0, (), environment)
            gradebook.store(grade, name.encode() * 2000)
            stored += 1
    except AutograderError as error:
        print(error)
    found = [result.document == result.submission_id.encode() * 2000
             for result in gradebook.results("linear")]
print(stored > 0, all(found), len(found) == stored)
"""

_MOUNT = 'mount -t tmpfs -o size=2m tmpfs "$1" && exec "$2" -c "$4" "$1"'


def test_a_plain_path_is_a_sqlite_file(tmp_path: Path) -> None:
    open_gradebook(str(tmp_path / "grades.db")).close()
    assert (tmp_path / "grades.db").read_bytes().startswith(b"SQLite format 3")


def test_a_url_object_is_taken_as_it_is(sqlite_url: str) -> None:
    open_gradebook(make_url(sqlite_url)).close()
    assert Path(make_url(sqlite_url).database or "").exists()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_psycopg(scheme: str) -> None:
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    assert Database(f"{scheme}://grader@host/grades").url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "name is empty"),
        ("  ", "name is empty"),
        ("://grades", "not a database URL"),
        ("mysql://host/grades", "a gradebook is a SQLite file"),
        ("mysql://me:secret@host/grades", "a gradebook is a SQLite file"),
        ("sqlite+aiosqlite:///grades.db", "a gradebook is a SQLite file"),
        ("sqlite:////nowhere/at/all/grades.db", "there is no folder /nowhere/at/all"),
        ("/nowhere/at/all/grades.db", "there is no folder /nowhere/at/all"),
    ],
)
def test_a_url_that_cannot_be_a_gradebook_is_told_in_one_line(url: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        open_gradebook(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_folder_is_no_gradebook(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a folder; name a file in it"):
        open_gradebook(str(tmp_path))


def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 100)
    with pytest.raises(UsageError, match="not a SQLite database; name another file") as caught:
        open_gradebook(str(path))
    assert "\n" not in str(caught.value)
    assert path.read_text() == "not a database, " * 100


def test_a_server_that_does_not_answer_is_told_in_one_line_without_the_password() -> None:
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    with pytest.raises(UsageError, match="refused") as caught:
        open_gradebook("postgresql://me:secret@127.0.0.1:1/grades")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_read_only_gradebook_can_be_read_and_tells_that_it_cannot_be_written(
    tmp_path: Path, make_grade: MakeGrade
) -> None:
    path = tmp_path / "grades.db"
    with open_gradebook(str(path)) as gradebook:
        gradebook.store(make_grade(), b"{}")
    with open_gradebook(f"sqlite:///file:{path}?mode=ro&uri=true") as gradebook:
        assert len(list(gradebook.results("linear_classifiers"))) == 1
        with pytest.raises(AutograderError, match="cannot be written; make the file") as caught:
            gradebook.store(make_grade(score=1.0), b"{}")
        assert "\n" not in str(caught.value)
        assert str(path) in str(caught.value)


def test_a_busy_gradebook_is_told_in_one_line(
    sqlite_url: str, make_grade: MakeGrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.gradebook.database.BUSY_SECONDS", 0.05)
    with open_gradebook(sqlite_url) as gradebook:
        other = sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(AutograderError, match="another program has been writing") as caught:
            gradebook.store(make_grade(), b"{}")
        other.execute("ROLLBACK")
        other.close()
        assert "\n" not in str(caught.value)
        gradebook.store(make_grade(), b"{}")


def test_a_full_database_is_told_in_one_line_and_keeps_what_it_has(
    sqlite_url: str, make_grade: MakeGrade
) -> None:
    with open_gradebook(sqlite_url) as gradebook:
        gradebook.store(make_grade("student-01"), b"{}")
        event.listen(gradebook._database._engine, "begin", _let_no_page_be_added)
        with pytest.raises(AutograderError, match="the disk is full; free some space") as caught:
            gradebook.store(make_grade("student-02"), b"x" * 100_000)
        assert "\n" not in str(caught.value)
    with open_gradebook(sqlite_url) as gradebook:
        assert [r.submission_id for r in gradebook.results("linear_classifiers")] == ["student-01"]


def _let_no_page_be_added(connection: object) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_full_disk_is_told_in_one_line_and_loses_nothing(
    tmp_path: Path, run_python: RunPython
) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("no unshare: a small disk cannot be mounted")
    mount = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _MOUNT, "sh")
    if subprocess.run([*mount, str(tmp_path), "true"], capture_output=True).returncode != 0:
        pytest.skip("no user namespaces: a small disk cannot be mounted")
    program = run_python(_FILL, prefix=(*mount, str(tmp_path)))
    output, errors = program.communicate(timeout=60)
    assert errors == ""
    told, kept = output.splitlines()
    assert "the disk is full; free some space" in told
    assert kept == "True True True"
