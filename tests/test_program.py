"""The program as it starts: what is started early, and that it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder import workers

PROJECT = Path(__file__).resolve().parents[1]


def start(*arguments):
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )


def group_is_empty(group):
    """Whether no process of the program's session is left, within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    "arguments", [("grade",), ("grade", "nowhere", "nothing"), ("--debug", "grade", "--wrong")]
)
def test_a_wrong_command_line_is_one_clear_line_and_leaves_no_process(arguments):
    process = start(*arguments)
    printed, problem = process.communicate()
    assert process.returncode in (1, 2)
    assert not printed
    if "--debug" not in arguments:
        assert "Traceback" not in problem
    assert group_is_empty(process.pid)


def test_help_starts_nothing(monkeypatch, capsys):
    from autograder.__main__ import main

    monkeypatch.setattr(sys, "argv", ["autograder", "grade", "--help"])
    monkeypatch.setattr(workers, "start_early", lambda: pytest.fail("started"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "SUBMISSIONS" in capsys.readouterr().out.upper()


def test_a_crew_that_was_started_early_is_used_once():
    workers.start_early()
    crew = workers.crew()
    other = workers.crew()
    try:
        assert crew is not other
    finally:
        crew.kill()
        other.kill()


def test_a_crew_that_nobody_used_is_ended():
    workers.start_early()
    (crew,) = workers._early
    workers.stop_early()
    assert workers._early == []
    assert all(process.poll() is not None for process, _ in crew._templates)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
@pytest.mark.parametrize("seconds", [0, 0.1, 0.5])
def test_an_interrupt_at_the_start_is_no_traceback(seconds):
    process = start("grade", "nowhere", "nothing")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and not children.read_text().split():
        time.sleep(0.005)  # before that, Python itself is starting
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, problem = process.communicate()
    assert process.returncode in (2, 130, -signal.SIGINT)  # the last: Python was ending already
    assert "Traceback" not in problem
    assert group_is_empty(process.pid)
