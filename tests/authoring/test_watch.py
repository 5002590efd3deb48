"""`check --watch`: once at the start, and once for each save."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.commands.check import own_submission
from autograder.commands.watch import saves

ROOT = Path(__file__).resolve().parents[2]


class Steps:
    """Does one thing at each look, instead of waiting."""

    def __init__(self, *actions):
        self.actions = list(actions)

    def __call__(self):
        if not self.actions:
            raise StopWatching
        action = self.actions.pop(0)
        if action is not None:
            action()


class StopWatching(Exception):
    pass


def count(paths, *actions):
    """How often there was something to check."""
    found = 0
    try:
        for _ in saves(paths, wait=Steps(*actions)):
            found += 1
    except StopWatching:
        return found


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "work.py"
    path.write_text("x = 1")
    return path


def save(path, content):
    def action():
        before = path.stat().st_mtime_ns if path.exists() else 0
        path.write_text(content)
        os.utime(path, ns=(before + 10**6, before + 10**6))

    return action


def test_the_start_counts_and_quiet_does_not(file):
    assert count([file], None, None, None) == 1


def test_each_save_counts_once(file):
    assert count([file], None, save(file, "x = 2"), None, None, save(file, "x = 3"), None) == 3


def test_a_save_in_several_steps_counts_once(file):
    steps = [save(file, "x"), save(file, "x ="), save(file, "x = 4"), None, None]
    assert count([file], *steps) == 2


def test_an_editor_that_removes_and_makes_anew_counts_once(file):
    assert count([file], file.unlink, None, None, save(file, "x = 22"), None, None) == 2


def test_a_file_that_comes_later_and_files_of_a_folder_count(tmp_path, file):
    later = tmp_path / "later.ipynb"
    assert count([file, later], save(later, "{}"), None, None) == 2
    assert count([tmp_path], save(tmp_path / "new.py", "y"), None, None) == 2


def test_of_two_forms_the_one_saved_last_is_checked(released):
    from autograder.assignment import load_assignment

    assignment = load_assignment(released[1])
    notebook, python = released[1] / "course.ipynb", released[1] / "course.py"
    for first, last in ((notebook, python), (python, notebook)):
        os.utime(first, ns=(10**9, 10**9))
        os.utime(last, ns=(2 * 10**9, 2 * 10**9))
        assert own_submission(assignment) == last


def test_watch_and_json_do_not_go_together(course, run):
    done = run("check", course, "--watch", "--json")
    assert done.returncode == 2 and "choose one" in done.stderr


@pytest.mark.slow
def test_a_broken_save_is_one_line_and_ctrl_c_ends_quietly(released, tmp_path):
    work = tmp_path / "course.py"
    work.write_text((released[1] / "course.py").read_text())
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "autograder", "check", released[1], work, "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        # a shell's background job would hand down that Ctrl-C is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    seen = []

    def read_until(words):
        for line in process.stdout:
            seen.append(line)
            if words in line:
                return

    try:
        read_until("Waiting for the next save")
        assert any("not written yet" in line for line in seen)
        seen.clear()
        time.sleep(1.0)
        work.write_text("def mean(values:\n")
        read_until("Waiting for the next save")
        (line,) = [line for line in seen if "line 1" in line]
        assert "Python cannot read this" in line
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0 and errors == ""
