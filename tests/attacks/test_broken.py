"""Attacks that break: processes, memory, disk, time, and what the next submission finds."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from attack_table import SUBMISSIONS, TABLE, allowed, at_levels, attacks, outcome, path_of


def comparable(result):
    """A result without the times, which differ."""
    checks = [{**check, "seconds": 0} for check in result["checks"]]
    return {**result, "seconds": 0, "submission": "", "checks": checks}


def names_the_memory_limit(result):
    """Whether every check that crashed says why: the memory limit."""
    crashed = [check for check in result["checks"] if check["outcome"] == "crashed"]
    return all("memory limit of 200 MB" in str(check) for check in crashed)


def leftovers(grader):
    """Processes, files and mounts that a submission may have left on the machine."""
    family, parents = grader.processes(), {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                command = (entry / "cmdline").read_bytes()
                parents[int(entry.name)] = (int(fields[1]), b"autograder.sandbox import" in command)
    for _ in range(3):
        family |= {pid for pid, (parent, _) in parents.items() if parent in family}
    orphans = [pid for pid, (parent, ours) in parents.items() if ours and parent == 1]
    mounts = [
        line
        for line in Path("/proc/self/mountinfo").read_text().splitlines()
        if str(grader.work) in line
    ]
    return len(family), orphans, sorted(grader.temporary.iterdir()), mounts


SETTLING_SECONDS = 10


def settle(grader, clean):
    """Wait for the processes that are ended while the grader goes on."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while leftovers(grader) != clean and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.fixture(scope="session")
def undisturbed(graders):
    """The neighbours' results, and the state of the machine, before any attack."""
    known = {}

    def state(level):
        if level not in known:
            grader = graders(level)
            results = neighbors(grader)
            # on a busy machine the first of them may run out of time
            while (again := neighbors(grader)) != results:
                results = again
            time.sleep(1)  # the last of their processes ends while the grader goes on
            known[level] = (results, leftovers(grader))
        return known[level]

    return state


def neighbors(grader):
    """The results of the two honest submissions."""
    return [
        comparable(grader.grade(SUBMISSIONS / f"{name}.py", name)) for name in ("right", "half")
    ]


@pytest.mark.parametrize(("attack", "level"), at_levels("break"))
def test_nothing_is_broken(attack, level, graders, levels, lay_out, outside, undisturbed):
    grader = graders(levels[level])
    before, clean = undisturbed(levels[level])
    victim = Path(outside["victim"]).stat()
    folder = lay_out(path_of(attack), outside)
    for _ in range(2 if TABLE[attack].get("twice") else 1):
        result = grader.grade(folder)
        assert outcome(result) in allowed(attack, level)
    assert names_the_memory_limit(result) or not TABLE[attack].get("memory")
    assert neighbors(grader) == before
    settle(grader, clean)
    assert leftovers(grader) == clean
    left = Path(outside["victim"]).stat()
    assert (left.st_mode, left.st_mtime_ns) == (victim.st_mode, victim.st_mtime_ns)
    assert Path(outside["victim"]).read_text() == "as it was"
    assert marks(outside["gradebook"]) == 1


def marks(gradebook):
    """The score in the small gradebook."""
    with contextlib.closing(sqlite3.connect(gradebook)) as book:
        return book.execute("SELECT score FROM marks").fetchone()[0]


@pytest.mark.parametrize("attack", attacks("break"))
def test_what_is_broken_without_a_wall(
    attack, naive_attempt, naive_score, lay_out, tmp_path, write_files
):
    canary = TABLE[attack]["canary"]
    if canary == "attempt":
        sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        place = {**write_files(tmp_path / "own", "x"), "folder": str(tmp_path)}
        place |= {"bound": 20, "megabytes": 320, "sleeper": sleeper.pid}
        try:
            assert naive_attempt(path_of(attack), place) == "True"
        finally:
            sleeper.kill()
            sleeper.wait()
        return
    seen = naive_score(canary, lay_out(path_of(attack), {}))
    if canary == "hangs":
        assert seen is None
    elif canary == "channel":
        assert seen.startswith("nothing")
    else:
        assert float(seen) > 0
