"""Runs of `grade` that are interrupted, or lose a process of ours: nothing graded is lost."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest


def slow_class(make_class, right, number=12):
    slow = right.replace("    return 2 * x", "    time.sleep(0.02)\n    return 2 * x")
    return make_class({f"student-{i:02}.py": "import time\n" + slow for i in range(number)})


def start(small, folder, output, *options):
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            str(small),
            str(folder),
            "-o",
            str(output),
            "-j",
            "2",
            *options,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stored(output):
    try:
        uri = f"file:{output / 'gradebook.sqlite'}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            return database.execute("select count(*) from result").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def wait_until(condition, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def children(pid):
    done = subprocess.run(["ps", "-wweo", "pid,ppid,args"], capture_output=True, text=True)
    found, wanted = [], {pid}
    for line in done.stdout.splitlines()[1:]:
        own, parent, command = line.split(None, 2)
        if int(parent) in wanted:
            wanted.add(int(own))
            found.append((int(own), command))
    return found


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
    return not re.search(r"^State:\s+Z", status, re.MULTILINE)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_goes_on_where_it_was(
    run, small, make_class, right, tmp_path, number, results
):
    folder = slow_class(make_class, right)
    whole, output = tmp_path / "whole", tmp_path / "out"
    process = start(small, folder, output)
    wait_until(lambda: stored(output) >= 2)
    descendants = [pid for pid, _ in children(process.pid)]
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert "the same command goes on from there" in errors
        assert "Traceback" not in errors
    wait_until(lambda: not any(alive(pid) for pid in descendants), seconds=20)
    kept = stored(output)
    assert 2 <= kept < 12
    again = run("grade", small, folder, "-o", output, "--json", "-j", "2")
    document = json.loads(again.stdout)
    assert document["skipped"] >= kept
    assert document["skipped"] + document["graded"] == 12
    assert stored(output) == 12
    run("grade", small, folder, "-o", whole, "-j", "2")
    assert results(output) == results(whole)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through ps")
@pytest.mark.parametrize(
    ("victim", "which"),
    [
        pytest.param("grade_worker", 0, id="template"),
        pytest.param("grade_worker", 1, id="worker"),
        pytest.param("nursery", 0, id="nursery"),
        pytest.param("nursery", 1, id="zygote"),
    ],
)
def test_a_process_of_ours_that_dies_is_replaced(small, make_class, right, tmp_path, victim, which):
    folder = slow_class(make_class, right)
    output = tmp_path / "out"
    process = start(small, folder, output, "--json")
    wait_until(lambda: stored(output) >= 1)
    found = [pid for pid, command in children(process.pid) if victim in command]
    os.kill(sorted(found)[which], signal.SIGKILL)
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    document = json.loads(printed)
    assert [one["score"] for one in document["results"]] == [10] * 12
