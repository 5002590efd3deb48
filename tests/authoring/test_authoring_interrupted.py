"""Ctrl-C in an instructor's command: one line, status 130, no process and no folder left."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")

SLOW = '''
    import time
    from pathlib import Path

    import pytest


    @pytest.mark.points(2, question="loss")
    def test_slow(student):
        """A check that takes long.

        fa: سنجشی طولانی.
        """
        student.mean([1.0])
        with Path({mark!r}).open("a") as mark:
            mark.write("here\\n")
        time.sleep({seconds})
    '''


def slow_course(make, mark, seconds):
    return make({"course/checks/test_slow.py": SLOW.format(mark=str(mark), seconds=seconds)})


def start(temporary, *arguments):
    """The program in a session of its own, whose processes a terminal's Ctrl-C would reach."""
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
        start_new_session=True,
    )


def session_of(leader):
    """The processes of a session that have not ended; [(pid, command)]."""
    columns = ["ps", "-wweo", "pid,sid,stat,args"]
    lines = subprocess.run(columns, capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 3) for line in lines.splitlines()[1:]]
    return [
        (int(pid), command)
        for pid, session, state, command in rows
        if int(session) == leader and not state.startswith("Z")
    ]


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def lines_of(path):
    return len(path.read_text().splitlines()) if path.exists() else 0


def check_gone(process, temporary):
    """One line, and nothing left of the process's session or in its temporary folder."""
    printed, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert re.fullmatch(r"autograder: interrupted; [^\n]+\n", errors) and printed == ""
    wait_until(lambda: not session_of(process.pid))
    assert list(temporary.glob("autograder-*")) == []


@pytest.fixture
def temporary(tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir(mode=0o755)
    for above in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        above.chmod(0o755)  # subjects have another user, and their folders lie here
    return folder


@pytest.mark.parametrize(
    ("command", "number"),
    [
        ("validate", signal.SIGINT),
        pytest.param("validate", signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param("examples", signal.SIGINT, marks=pytest.mark.slow),
    ],
)
def test_an_interrupt_while_workers_grade(make, tmp_path, temporary, command, number):
    mark = tmp_path / "mark"
    # release runs each visible check once, in the program itself
    course = slow_course(make, mark, seconds=0.5)
    wanted = 4 if command == "validate" else 1
    process = start(temporary, command, course, "--jobs", "2", "--isolation", "reduced")
    wait_until(lambda: lines_of(mark) >= wanted)
    os.killpg(process.pid, number)
    check_gone(process, temporary)


@pytest.mark.slow
def test_a_second_interrupt_changes_nothing(make, tmp_path, temporary):
    course = slow_course(make, tmp_path / "mark", seconds=0.5)
    process = start(temporary, "examples", course, "--jobs", "2")
    wait_until(lambda: lines_of(tmp_path / "mark") >= 1)
    for _ in range(3):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.02)
    check_gone(process, temporary)


@pytest.mark.parametrize("command", ["release", pytest.param("validate", marks=pytest.mark.slow)])
def test_an_interrupt_while_the_program_itself_runs_checks(make, tmp_path, temporary, command):
    """While it records what the released checks ask."""
    mark = tmp_path / "mark"
    course = slow_course(make, mark, seconds=30)
    output = ["--output", tmp_path / "out"] if command == "release" else []
    process = start(temporary, command, course, *output)
    wait_until(lambda: lines_of(mark) >= 1)
    os.killpg(process.pid, signal.SIGINT)
    check_gone(process, temporary)
    assert not (tmp_path / "out").exists()


def test_an_interrupt_while_the_checks_are_collected(make, tmp_path, temporary):
    mark = tmp_path / "mark"
    slow = f"import time\nfrom pathlib import Path\nPath({str(mark)!r}).touch()\ntime.sleep(30)\n"
    process = start(temporary, "validate", make({"course/checks/test_slow.py": slow}))
    wait_until(mark.exists)
    process.send_signal(signal.SIGINT)
    check_gone(process, temporary)


@pytest.mark.slow
def test_workers_of_a_killed_program_end(make, tmp_path, temporary):
    course = slow_course(make, tmp_path / "mark", seconds=0.5)
    process = start(temporary, "examples", course, "--jobs", "2")
    wait_until(lambda: lines_of(tmp_path / "mark") >= 1)
    process.kill()
    process.communicate(timeout=60)
    wait_until(lambda: not session_of(process.pid))


@pytest.mark.slow
def test_an_interrupt_of_a_calibration(tmp_path, temporary):
    folder = ROOT / "assignments" / "linear_classifiers"
    process = start(temporary, "calibrate", folder, "--runs", "2000")
    wait_until(lambda: any("zygote" in command for _, command in session_of(process.pid)))
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGINT)
    check_gone(process, temporary)
