"""What the attacks run against: a grading worker for each level, and the naive graders."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
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
    return write_files


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
        place |= write_files(open_temporary / "outside", token)
        place |= open_servers(open_temporary / "outside", token, stack)
        place |= share_memory(token, stack)
        holder = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", HOLDER, token, place["checks"]],
                stdout=subprocess.PIPE,
                env={**os.environ, "ATTACK_SECRET": token},
            )
        )
        stack.callback(holder.kill)
        place |= what_the_kernel_has()
        place["holder"] = place["grader"] = holder.pid
        place["address"] = int(holder.stdout.readline())
        yield place


def write_files(folder, token):
    """Files of ours, readable by everybody: only the wall keeps them."""
    content = {
        "checks/test_hidden.py": f"ANSWER = '{token}'\nFACTOR = 3.719\n",
        "submissions/student-02.py": f"NOTE = '{token}'\n\n\ndef total(values):\n    return 1\n",
        "reference/solution_of_the_instructor.py": f"ANSWER = '{token}'\n",
        "home/.netrc": f"password {token}\n",
        "temporary/left": token,
        "victim/state": "as it was",
    }
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(0o666)
        (folder / name).parent.chmod(0o777)
    book = folder / "gradebook.sqlite"
    with contextlib.closing(sqlite3.connect(book)) as connection:
        connection.execute("CREATE TABLE marks (student TEXT, score REAL)")
        connection.execute("INSERT INTO marks VALUES (?, 1)", (token,))
        connection.commit()
    book.chmod(0o666)
    folder.chmod(0o777)
    known = {
        "folder": folder,
        "checks": folder / "checks" / "test_hidden.py",
        "secret": folder / "checks" / "test_hidden.py",
        "victim": folder / "victim" / "state",
        "gradebook": book,
        "submissions": folder / "submissions",
        "reference": folder / "reference",
        "home": folder / "home",
        "temporary": folder / "temporary",
    }
    return {name: str(path) for name, path in known.items()} | handle_of(known["checks"])


def handle_of(path):
    """What open_by_handle_at needs."""
    data = ctypes.create_string_buffer(136)
    ctypes.cast(data, ctypes.POINTER(ctypes.c_uint))[0] = 128
    mount = ctypes.c_int()
    libc = ctypes.CDLL(None)
    done = libc.name_to_handle_at(-100, str(path).encode(), data, ctypes.byref(mount), 0)
    size, kind = ctypes.cast(data, ctypes.POINTER(ctypes.c_uint))[0:2]
    known = done == 0
    return {
        "handle": list(data.raw[8 : 8 + size]) if known else [],
        "handle_kind": kind if known else 0,
        "mount": str(path.parent),
    }


def open_servers(folder, token, stack):
    """Servers of every family that tell the secret to whoever asks."""
    abstract = f"attack-{token[:8]}"
    servers = {"tcp4": (socket.AF_INET, ("127.0.0.1", 0)), "tcp6": (socket.AF_INET6, ("::1", 0))}
    servers["unix"] = (socket.AF_UNIX, str(folder / "local.sock"))
    servers["abstract"] = (socket.AF_UNIX, "\0" + abstract)
    place = {"unix": str(folder / "local.sock"), "abstract": abstract}
    for name, (family, address) in servers.items():
        server = stack.enter_context(socket.socket(family))
        with contextlib.suppress(OSError):  # a machine without IPv6
            server.bind(address)
            server.listen()
            if family != socket.AF_UNIX:
                place[name] = server.getsockname()[1]
            threading.Thread(target=tell, args=(server, token), daemon=True).start()
    (folder / "local.sock").chmod(0o777)
    datagrams = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    datagrams.bind(("127.0.0.1", 0))
    place["udp"] = datagrams.getsockname()[1]
    threading.Thread(target=reply, args=(datagrams, token), daemon=True).start()
    return place


def tell(server, token):
    with contextlib.suppress(OSError):
        while True:
            with server.accept()[0] as line:
                line.sendall(token.encode())


def reply(server, token):
    with contextlib.suppress(OSError):
        while True:
            server.sendto(token.encode(), server.recvfrom(100)[1])


def share_memory(token, stack):
    """The secret in shared memory of both kinds, in a message queue and in a keyring."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    secret = token.encode()
    segment = libc.shmget(0, 4096, 0o1666)
    ctypes.memmove(libc.shmat(segment, None, 0), secret, len(secret))
    stack.callback(libc.shmctl, segment, 0, None)  # IPC_RMID
    shared = Path("/dev/shm") / f"attack-{token[:8]}"
    shared.write_text(token)
    stack.callback(shared.unlink)
    queue = f"/attack-{token[:8]}".encode()
    descriptor = libc.mq_open(queue, os.O_RDWR | os.O_CREAT, 0o666, None)
    libc.mq_send(descriptor, secret, len(secret), 0)
    stack.callback(libc.mq_unlink, queue)
    key = libc.syscall(248, b"user", shared.name.encode(), secret, len(secret), -4)
    libc.syscall(250, 5, key, 0x3F3F3F3F)  # KEYCTL_SETPERM
    stack.callback(libc.syscall, 250, 9, key, -4)  # KEYCTL_UNLINK
    return {
        "keyring": key > 0,
        "mqueue": descriptor >= 0,
        "segment": segment,
        "shared": shared.name,
        "queue": queue.decode(),
        "key": shared.name,
    }


IA32 = """
import ctypes, mmap, os
low = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40, 7)
low[:12] = bytes.fromhex("53 b8 14000000 cd80 5b c3 90 90")  # getpid of 32-bit programs
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(low)))
assert call() == os.getpid()
os._exit(0)
"""


def what_the_kernel_has():
    """What a plain process may do here; not every kernel or container lets it."""
    vsock = "import socket; socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)"
    call = "import ctypes, sys; sys.exit(ctypes.CDLL(None).{} < 0)"
    tries = {
        "vsock": vsock,
        "io_uring": call.format("syscall(425, 1, ctypes.create_string_buffer(120))"),
        "userns": call.format("unshare(0x10020000)"),
        "ia32": IA32,
    }
    return {
        name: subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
        for name, code in tries.items()
    }
