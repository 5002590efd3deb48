"""What the attacks run against: a grading worker for each level, and the naive graders."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import msgspec
import pytest

from autograder.assignment import load_assignment
from autograder.records import Isolation
from autograder.sandbox.launch import open_level, probe
from autograder.sandbox.subject import Subject
from autograder.submission import read_submission
from autograder.workers import BatchOptions, Crew, Job

HERE = Path(__file__).parent
SUBMISSIONS = HERE / "submissions"
ASSIGNMENTS = {
    "tiny": HERE / "tiny",
    **{
        name: HERE.parents[1] / "assignments" / name
        for name in ("linear_classifiers", "homework_concepts")
    },
}
HANGING_SECONDS = 5


def importable(name):
    """A module beside this file, made importable for the tests, which lie in no package."""
    spec = spec_from_file_location(name, HERE / f"{name}.py")
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


importable("attack_table")
around = importable("attack_surroundings")

collect_ignore = ["naive", "submissions", "tiny"]


@pytest.fixture(scope="session")
def available():
    """Skips, with the reason, what this machine does not give."""
    known = {}

    def check(level):
        if level not in known:
            known[level] = probe(level)
        if not known[level].available:
            pytest.skip(f"isolation {level} is not to be had here: {known[level].reason}")

    return check


class GradingWorker:
    """One of `grade`'s own worker processes, which grades one submission after another."""

    def __init__(self, assignment, level, work):
        self.level = level
        self.work = work
        self.temporary = work / "temporary"
        self.output = work / "graded"
        for folder in (work, self.temporary, self.output):
            folder.mkdir(parents=True, exist_ok=True)
        self.number = 0
        loaded = load_assignment(ASSIGNMENTS[assignment])
        options = BatchOptions(loaded, work, self.output, "", level.value)
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = str(self.temporary)
        try:
            self.crew = Crew()
            self.crew.configure(options)
            self.worker = self.crew.worker()
        finally:
            os.environ.pop("TMPDIR")
            if before is not None:
                os.environ["TMPDIR"] = before
        ready = self._read("isolation")
        self.worker.ready = True
        assert ready["isolation"] == level.value, ready

    def _read(self, key):
        """The next message that has `key`."""
        while True:
            messages = self.worker.read()
            assert messages is not None, "the grader's worker died"
            for message in messages:
                self.worker.pid = message.get("pid", self.worker.pid)
                if key in message:
                    return message

    def grade(self, path, name=None):
        """The result of one submission, as its `result.json`."""
        self.number += 1
        name = name or f"{path.stem}-{self.number}"
        self.worker.give(Job(path, name, None))
        answer = self._read("timings")
        return json.loads(answer["document"])

    def processes(self):
        """The worker and what it and its zygote are forked from."""
        started = [*(process for process, _ in self.crew._templates), self.crew._nursery]
        return {self.worker.pid, *(process.pid for process in started if process is not None)}

    def close(self):
        """End the worker, and with it its zygote."""
        self.worker.stop()
        self.crew.close()


@pytest.fixture(scope="session")
def open_temporary(tmp_path_factory):
    """A folder under the temporary one that other users may enter; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="attacks-"))
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        with contextlib.suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def graders(available, open_temporary):
    """Gives the worker of an assignment and a level; each is started once."""
    workers = {}

    def give(level, assignment="tiny"):
        available(level)
        key = (level, assignment)
        if key not in workers:
            workers[key] = GradingWorker(
                assignment, level, open_temporary / f"{assignment}-{level}"
            )
        return workers[key]

    yield give
    for worker in workers.values():
        worker.close()


@pytest.fixture(scope="session")
def subjects(available, outside):
    """Starts a subject of a submission at a level, behind one launcher a level."""
    with contextlib.ExitStack() as stack:
        launchers = {}
        assignment = load_assignment(ASSIGNMENTS["tiny"])

        def start(path, level):
            available(level)
            if level not in launchers:
                opened = open_level(level, assignment, hidden=(outside["folder"],))
                launchers[level] = stack.enter_context(opened)
            spec = msgspec.structs.replace(assignment.submission, names=("attempt", "total"))
            submission = read_submission(path, spec, id="student-01")
            subject = Subject(launchers[level], submission, assignment.limits)
            subject.start()
            return subject

        yield start


@pytest.fixture
def lay_out(tmp_path, open_temporary):
    """Makes a submission's folder from an attack: its file as tiny.py, and what it knows."""

    def make(attack, place=None, entry="tiny.py"):
        folder = tmp_path / "student-01"
        if attack.is_dir():
            shutil.copytree(attack, folder)
        else:
            folder.mkdir()
            (folder / entry).write_bytes(attack.read_bytes())
        if place is not None:
            (folder / "place.json").write_text(json.dumps(place))
        return folder

    return make


def run(command, folder, seconds=60):
    """What a canary printed; None if it did not end by itself."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", *map(str, command)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdout, process.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.close()
    return output.strip() or f"nothing: {errors.strip()[-300:]}"


@pytest.fixture
def naive_score(tmp_path):
    """What the naive grader gives, when it trusts `trust`: a score, None where it hangs."""

    def score(trust, folder):
        work = tmp_path / "naive"
        work.mkdir(exist_ok=True)
        victim = [SUBMISSIONS / "garbage.py"] if trust == "neighbor" else []
        hanging = trust == "hangs"
        seen = run(
            [
                HERE / "naive" / "grader.py",
                "results" if hanging else trust,
                work,
                folder / "tiny.py",
                *victim,
            ],
            work,
            HANGING_SECONDS if hanging else 60,
        )
        return seen if seen is None else seen.rsplit("\n", 1)[-1]

    return score


@pytest.fixture
def naive_attempt(tmp_path):
    """What an attack's `attempt` returns in a plain process, as text."""

    def attempt(attack, place, *victim):
        path = tmp_path / "place.json"
        path.write_text(json.dumps(place))
        return run([HERE / "naive" / "process.py", attack, path, *victim], tmp_path)

    return attempt


@pytest.fixture
def naive_reading(tmp_path):
    """What goes wrong when a submission is unpacked and read without a thought."""

    def read(submission):
        folder = tmp_path / "unpacked" / "in"
        folder.mkdir(parents=True)
        (folder.parent / "secret.txt").write_text("the secret\n")
        # an absolute name leads beside the class's folder, wherever that is
        stray = submission.parent.parent / "escaped.txt"
        stray.unlink(missing_ok=True)
        seen = run([HERE / "naive" / "reader.py", submission, folder], tmp_path)
        if stray.exists():
            stray.unlink()
            seen = f"escaped {seen}"
        return seen

    return read


@pytest.fixture(name="write_files", scope="session")
def give_write_files():
    """Writes a set of files of ours into a folder."""
    return around.write_files


@pytest.fixture(scope="session")
def levels():
    """The isolation levels by name."""
    return {level.value: level for level in Isolation}


HOLDER = """
import ctypes, sys, time
secret = ctypes.create_string_buffer(sys.argv[1].encode())
file = open(sys.argv[2])
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1 & (2**64 - 1)), 0, 0, 0)  # who may trace it
print(ctypes.addressof(secret), flush=True)
time.sleep(3600)
"""


@pytest.fixture(scope="session")
def outside(open_temporary):
    """What is none of a submission's business; each place holds the secret `token`."""
    token = secrets.token_hex(16)
    place = {"token": token, "echo": token, "bound": 20, "megabytes": 320}
    os.environ["ATTACK_SECRET"] = token
    with contextlib.ExitStack() as stack:
        stack.callback(os.environ.pop, "ATTACK_SECRET")
        place |= around.write_files(open_temporary / "outside", token)
        place |= around.open_servers(open_temporary / "outside", token, stack)
        place |= around.share_memory(token, stack)
        holder = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", HOLDER, token, place["checks"]],
                stdout=subprocess.PIPE,
                env={**os.environ, "ATTACK_SECRET": token},
            )
        )
        stack.callback(holder.kill)
        place |= around.what_the_kernel_has()
        place["holder"] = place["grader"] = holder.pid
        place["address"] = int(holder.stdout.readline())
        yield place
