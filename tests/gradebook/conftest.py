"""Grades to store, and the databases to store them in."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.records import AssignmentInfo, Environment, Grade, Isolation, Status
from autograder.texts import plain

MakeGrade = Callable[..., Grade]


@pytest.fixture(scope="session")
def make_grade() -> MakeGrade:
    """A function that makes grades of `student-01` unless told otherwise."""

    def make(
        submission_id: str = "student-01",
        *,
        score: float = 7.5,
        status: Status = Status.GRADED,
        sha256: str = "a" * 64,
        assignment_id: str = "linear_classifiers",
        version: str = "1+3f9a0c2e71b4",
    ) -> Grade:
        return Grade(
            assignment=AssignmentInfo(
                assignment_id, version, plain("Linear classifiers"), (), max_score=10.0
            ),
            submission_id=submission_id,
            submission_sha256=sha256,
            status=status,
            score=score,
            max_score=10.0,
            seconds=0.25,
            checks=(),
            environment=Environment("3.11", "2.0", None, "0.1", 1, Isolation.FULL),
        )

    return make


@pytest.fixture(scope="session")
def run_python() -> Callable[..., subprocess.Popen[str]]:
    """A function that starts a script in a Python of its own."""

    def start(script: str, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*prefix, sys.executable, "-c", script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, [os.getcwd(), *sys.path])),
            },
        )

    return start


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'grades.db'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server on loopback that lives as long as the tests."""
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    binaries = _postgresql_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server on this machine (initdb and postgres)")
    with _running_server(binaries) as port:
        yield f"postgresql://grader@127.0.0.1:{port}"


@pytest.fixture
def postgresql_url(postgresql_server: str, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of its own for each test."""
    import psycopg

    name = f"test_{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{postgresql_server}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database, of each kind that a gradebook can be."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


def _postgresql_binaries() -> Path | None:
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: an account without rights, where the tests are root."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"


@contextmanager
def _running_server(binaries: Path) -> Iterator[int]:
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="gradebook-postgresql-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = str(folder / "data")
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "-N"],
            check=True,
            capture_output=True,
            user=user,
            cwd=folder,
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-p", str(port), *settings],
                stdout=log,
                stderr=log,
                user=user,
                cwd=folder,
            )
        try:
            _wait_until_ready(server, port, folder / "log")
            yield port
        finally:
            # SIGINT is its fast shutdown: it does not wait for clients
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="grader", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
