"""Our own faults: tried once more, then left for a human, never a zero; nothing graded is lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.gradebook import open_gradebook
from autograder.grading import Grader, open_launcher
from autograder.outputs import write_outputs
from autograder.records import Status
from autograder.running import is_running
from autograder.sandbox.scratch import _sweep, make_scratch
from autograder.session import with_checks

ROOT = Path(__file__).resolve().parents[1]

SLOW = """
import time
import numpy as np

def double(x):
    time.sleep(0.1)
    return 2 * x

def mean(values):
    return np.mean(values)
"""


def grade_while(folder, path, attack):
    """Grade one submission while `attack(launcher, stop)` runs in another thread."""
    grades = []
    assignment = load_assignment(folder)
    with open_launcher(assignment, "auto") as launcher:

        def body(checks):
            stop = threading.Event()
            attacker = threading.Thread(target=attack, args=(launcher, stop))
            attacker.start()
            try:
                grades.append(Grader(assignment, checks, launcher).grade(path, "student-01").grade)
            finally:
                stop.set()
                attacker.join()

        with_checks(assignment, body)
    return grades[0]


@pytest.fixture
def slow_submission(tmp_path):
    path = tmp_path / "student-01.py"
    path.write_text(SLOW)
    return path


def kill_zygote_once(launcher, stop):
    time.sleep(0.4)
    launcher.process.kill()


def kill_zygotes(launcher, stop):
    while not stop.wait(0.25):
        launcher.process.kill()


def test_a_zygote_that_dies_once_costs_nothing(small, slow_submission):
    grade = grade_while(small, slow_submission, kill_zygote_once)
    assert (grade.status, grade.score) == (Status.GRADED, 10.0)


def test_zygotes_that_die_again_and_again_leave_it_to_a_human(small, slow_submission):
    grade = grade_while(small, slow_submission, kill_zygotes)
    assert grade.status is Status.INTERNAL_ERROR


REFUSED = """
import sys
from pathlib import Path
from autograder.errors import SandboxError
from autograder.records import Isolation
from autograder.sandbox.launch import launcher
from autograder.sandbox.limits import SubjectLimits

allowed = Path("/proc/sys/user/max_pid_namespaces")
with launcher(Isolation.FULL, limits=SubjectLimits()) as made:
    made.launch().end()
    before = allowed.read_text()
    allowed.write_text("0")
    try:
        made.launch()
    except SandboxError as error:
        print("refused:", error)
    allowed.write_text(before)
    made.launch().end()
    print("and given again")
"""


def test_a_kernel_that_refuses_a_namespace_midway_is_our_fault():
    """The limit on pid namespaces is the own one of a user namespace made for this test."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here")
    done = subprocess.run(
        [
            "unshare",
            "--map-user=1000",
            "--map-group=1000",
            "--keep-caps",
            sys.executable,
            "-c",
            REFUSED,
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    if "refused" not in done.stdout:
        pytest.skip(f"no limit can be set here: {done.stderr[-300:]}")
    assert "clone" in done.stdout
    assert "and given again" in done.stdout, done.stderr


def grade_in_small_disk(script, **paths):
    """Run `script` where a small file system may be mounted, seen by nobody else."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("mounting a small disk needs root")
    grade = f"{sys.executable} -m autograder grade"
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        env={**os.environ, **{k: str(v) for k, v in paths.items()}, "GRADE": grade},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def small_class(make_class, right):
    return make_class({f"student-{number:02}.py": right for number in range(1, 7)})


def test_a_full_disk_for_reports_is_no_zero_and_the_next_run_goes_on(small, small_class, tmp_path):
    """The reports' disk is full, the gradebook's is not; then there is room again."""
    out = tmp_path / "out"
    out.mkdir()
    book = tmp_path / "book.sqlite"
    script = (
        "set -u; mount -t tmpfs -o size=96k none $OUT || exit 77\n"
        "$GRADE $SMALL $CLASS -o $OUT --gradebook sqlite:///$BOOK -j 1; echo first $?\n"
        "mount -o remount,size=8m $OUT\n"
        "$GRADE $SMALL $CLASS -o $OUT --gradebook sqlite:///$BOOK -j 1 --json; echo second $?\n"
    )
    done = grade_in_small_disk(script, SMALL=small, CLASS=small_class, OUT=out, BOOK=book)
    if done.returncode == 77:
        pytest.skip("no mounting here")
    assert "first 3" in done.stdout, done.stdout + done.stderr
    assert "second 0" in done.stdout, done.stdout + done.stderr
    result = json.loads(done.stdout.partition("first 3")[2].partition("second 0")[0])
    assert result["skipped"] > 0  # what had been stored is not graded again
    assert result["skipped"] + result["graded"] == 6
    assert {one["score"] for one in result["results"]} == {10.0}
    with open_gradebook(f"sqlite:///{book}") as gradebook:
        assert {stored.status for stored in gradebook.results("small")} == {"graded"}


@pytest.mark.slow
def test_a_full_disk_for_the_gradebook_stops_the_run_and_loses_nothing(
    small, make_class, right, tmp_path
):
    folder = make_class({f"student-{number:02}.py": right for number in range(1, 41)})
    out, disk = tmp_path / "out", tmp_path / "disk"
    disk.mkdir()
    script = (
        "set -u; mount -t tmpfs -o size=256k none $DISK || exit 77\n"
        "$GRADE $SMALL $CLASS -o $OUT --gradebook sqlite:///$DISK/b.sqlite -j 1; echo first $?\n"
        "mount -o remount,size=8m $DISK\n"
        "$GRADE $SMALL $CLASS -o $OUT --gradebook sqlite:///$DISK/b.sqlite -j 1 --json\n"
        "echo second $?\n"
    )
    done = grade_in_small_disk(script, SMALL=small, CLASS=folder, OUT=out, DISK=disk)
    if done.returncode == 77:
        pytest.skip("no mounting here")
    assert "first 2" in done.stdout, done.stdout + done.stderr
    assert "disk is full" in done.stderr
    assert "second 0" in done.stdout, done.stdout + done.stderr
    result = json.loads(done.stdout.partition("first 2")[2].partition("second 0")[0])
    assert result["skipped"] + result["graded"] == 40
    assert {one["score"] for one in result["results"]} == {10.0}


@pytest.fixture
def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_process_runs_until_it_is_dead(dead_pid):
    assert is_running(os.getpid())
    assert not is_running(dead_pid)


def test_what_a_killed_program_left_half_written_goes_away(
    small, slow_submission, tmp_path, dead_pid
):
    grade = grade_while(small, slow_submission, lambda launcher, stop: None)
    folder = tmp_path / "student-01"
    folder.mkdir()
    for name in (f".result.json.{dead_pid}.x", f".report.html.{dead_pid}.y", ".keep.1.z"):
        (folder / name).write_text("half")
    (folder / f".result.json.{os.getpid()}.x").write_text("another thread writes this")
    write_outputs(grade, folder, "en")
    assert sorted(os.listdir(folder)) == sorted(
        [".keep.1.z", f".result.json.{os.getpid()}.x", "report.html", "result.json"]
    )


def test_folders_of_dead_graders_are_removed(tmp_path, monkeypatch, dead_pid):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    left = tmp_path / f"autograder-{dead_pid}-abc"
    left.mkdir()
    (left / "link").symlink_to(outside)
    running = tmp_path / f"autograder-{os.getpid()}-abc"
    running.mkdir()
    _sweep.cache_clear()
    made = make_scratch()
    assert not left.exists()
    assert running.exists()
    assert (outside / "kept").exists()
    assert os.path.basename(made).startswith(f"autograder-{os.getpid()}-")


def test_a_worker_that_dies_before_it_is_ready_is_replaced(small, small_class, tmp_path):
    """The first worker is killed while it starts; the class is graded all the same."""
    command = [sys.executable, "-m", "autograder", "grade", small, small_class, "-j", "1"]
    run = subprocess.Popen(
        [*map(str, command), "-o", str(tmp_path / "out"), "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    killed = False
    while not killed and run.poll() is None:
        for child in children(run.pid):
            if b"grade_worker" in command_of(child):
                os.kill(child, signal.SIGKILL)
                killed = True
        time.sleep(0.005)
    output, _ = run.communicate(timeout=60)
    assert killed
    assert run.returncode == 0
    assert json.loads(output)["graded"] == 6


def command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def children(pid):
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        path = Path(f"/proc/{pid}/task/{thread}/children")
        found += [int(child) for child in path.read_text().split()] if path.exists() else []
    return found


def test_a_worker_that_runs_out_of_memory_is_replaced_and_costs_nobody_a_grade(
    small, make_class, right, tmp_path
):
    """After its first result the worker gets no more memory; a fresh one grades the rest."""
    import resource

    code = right.replace("return 2 * x", "import time; time.sleep(0.05); return 2 * x")
    folder = make_class({f"student-{number:02}.py": code for number in range(1, 6)})
    command = [sys.executable, "-m", "autograder", "grade", small, folder, "-j", "1"]
    run = subprocess.Popen(
        [*map(str, command), "-o", str(tmp_path / "out"), "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not list((tmp_path / "out").glob("*/report.html")) and run.poll() is None:
        time.sleep(0.01)
    worker = [child for child in children(run.pid) if b"grade_worker" in command_of(child)][-1]
    limit = (1 << 20, resource.getrlimit(resource.RLIMIT_AS)[1])
    resource.prlimit(worker, resource.RLIMIT_AS, limit)
    output, _ = run.communicate(timeout=60)
    results = json.loads(output)["results"]
    assert [result["score"] for result in results] == [10.0] * 5
