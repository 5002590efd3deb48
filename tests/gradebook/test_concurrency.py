"""Two programs write at once, and one of them is killed: nothing is lost."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable

import pytest
from sqlalchemy import make_url

from autograder.gradebook import open_gradebook

pytestmark = pytest.mark.slow

RunPython = Callable[..., "subprocess.Popen[str]"]

_GRADES = """
import sys
from autograder.gradebook import open_gradebook
from autograder.records import *
from autograder.texts import plain

info = AssignmentInfo("linear", "1", plain("Linear"), (), 100.0)
environment = Environment("3.11", "2.0", None, "0.1", 1, Isolation.FULL)

def grade(name, score):
    return Grade(info, name, "a" * 64, Status.GRADED, score, 100.0, 1.0, (), environment)
"""

# each program stores results of its own, and results of submissions that both store
_WRITE = (
    _GRADES
    + """
url, who, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open_gradebook(url) as gradebook:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        gradebook.store(grade(f"student-{who}-{number}", 1.0), b"own")
        gradebook.store(grade(f"shared-{number % 5}", float(2 * number + who)), b"%d" % who)
"""
)

_WRITE_FOR_EVER = (
    _GRADES
    + """
with open_gradebook(sys.argv[1]) as gradebook:
    number = 0
    while True:
        name = f"student-{number % 300:03}"
        gradebook.store(grade(name, float(number)), name.encode() * 3000)
        print(number, flush=True)
        number += 1
"""
)


def test_two_programs_that_write_at_once_lose_nothing(url: str, run_python: RunPython) -> None:
    count = 40
    programs = [run_python(_WRITE, url, str(who), str(count)) for who in (0, 1)]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n", program.communicate()
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    for program in programs:
        _, errors = program.communicate(timeout=120)
        assert (program.returncode, errors) == (0, "")
    with open_gradebook(url) as gradebook:
        own = {f"student-{who}-{number}" for who in (0, 1) for number in range(count)}
        shared = {f"shared-{number}" for number in range(5)}
        assert set(gradebook.graded("linear", "1")) == own | shared
        for number in range(5):
            lines = gradebook.history("linear", f"shared-{number}")
            stored = {float(2 * n + who) for who in (0, 1) for n in range(number, count, 5)}
            assert {line.score for line in lines} == stored
            assert len(lines) == len(stored)
            assert [line.replaced is None for line in lines] == [False] * (len(lines) - 1) + [True]


@pytest.mark.parametrize("after", [1, 17, 350])
def test_a_killed_program_leaves_every_result_that_it_stored(
    sqlite_url: str, run_python: RunPython, after: int
) -> None:
    open_gradebook(sqlite_url).close()
    program = run_python(_WRITE_FOR_EVER, sqlite_url)
    assert program.stdout is not None
    stored = [int(program.stdout.readline()) for _ in range(after)]
    program.kill()
    # `communicate` would pass over what `readline` has read ahead
    stored += [int(line) for line in program.stdout if line.endswith("\n")]
    assert program.communicate(timeout=60) == ("", "")
    latest = {f"student-{number % 300:03}": float(number) for number in stored}
    with open_gradebook(sqlite_url) as gradebook:
        results = list(gradebook.results("linear"))
    assert all(r.document == r.submission_id.encode() * 3000 for r in results)
    # the last result may have been stored and not yet told
    found = {result.submission_id: result.score for result in results}
    newer = {f"student-{(stored[-1] + 1) % 300:03}": float(stored[-1] + 1)}
    assert found in (latest, {**latest, **newer})
    _assert_sound(sqlite_url)


def test_a_killed_postgresql_client_leaves_every_result_that_it_stored(
    postgresql_url: str, run_python: RunPython
) -> None:
    open_gradebook(postgresql_url).close()
    program = run_python(_WRITE_FOR_EVER, postgresql_url)
    assert program.stdout is not None
    stored = [int(program.stdout.readline()) for _ in range(20)]
    program.kill()
    program.communicate(timeout=60)
    with open_gradebook(postgresql_url) as gradebook:
        found = {result.score for result in gradebook.results("linear")}
    assert found.issuperset(float(number) for number in stored)


def _assert_sound(url: str) -> None:
    connection = sqlite3.connect(make_url(url).database or "")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
