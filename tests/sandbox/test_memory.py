"""The memory limit that is watched from outside, where the limits of the process say nothing."""

import os
import subprocess
import sys
import time

import pytest

from autograder.errors import SubjectCrashed, SubmissionError
from autograder.records import Isolation
from autograder.sandbox import cgroup, memory
from autograder.sandbox.launch import launcher, probe
from autograder.sandbox.limits import MEGABYTE, SubjectLimits
from autograder.sandbox.memory import MemoryWatch

# Memory beyond 300 MB that a limit on address space allows: the room of what the libraries mapped
# is given back first, or the process has no such limit (`none`).
GREEDY = {
    "private": "mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)",
    "shared": "mmap.mmap(-1, size, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)",
}
TAKE = (
    "import mmap, time\n"
    "kept = []\n"
    "def take(megabytes):\n"
    "    for _ in range(megabytes // 16):\n"
    "        size = 16 << 20\n"
    "        block = {mapping}\n"
    "        for page in range(0, size, 4096): block[page] = 1\n"
    "        kept.append(block)\n"
    "        time.sleep(0.01)\n"
    "    time.sleep(20)\n"
)
FORK = (
    "import os, time\n"
    "def f():\n"
    "    for _ in range(4):\n"
    "        if os.fork() == 0:\n"
    "            block = bytearray(120 << 20)\n"
    "            time.sleep(20)\n"
    "    time.sleep(20)\n"
)
MEMFD = (
    "import os, time\n"
    "def f():\n"
    "    d = os.memfd_create('x')\n"
    "    for _ in range(100):\n"
    "        os.write(d, bytes(5 << 20))\n"
    "        time.sleep(0.005)\n"
    "    time.sleep(20)\n"
)


@pytest.fixture
def loose():
    """A launcher whose address-space limit is far above the memory limit that is watched."""
    if not probe(Isolation.FULL).available:
        pytest.skip("no full isolation here")
    with launcher(Isolation.FULL, limits=SubjectLimits(memory_mb=4000, disk_mb=64)) as made:
        yield made


@pytest.mark.parametrize("mapping", GREEDY.values(), ids=GREEDY)
def test_memory_without_a_wall_is_limited(start, call, mapping):
    subject = start(TAKE.format(mapping=mapping), Isolation.NONE)
    with pytest.raises(SubjectCrashed, match="memory limit of 300 MB") as crash:
        call(subject, "take", 600)
    assert "300 مگابایت" in crash.value.details.message["fa"]
    assert crash.value.details.hint is not None


@pytest.mark.parametrize("code", [FORK, MEMFD], ids=["children", "memfd"])
def test_what_no_address_space_holds_is_counted(start, call, code):
    with pytest.raises(SubjectCrashed, match="memory limit of 300 MB"):
        call(start(code, Isolation.NONE), "f")


@pytest.mark.parametrize("mapping", GREEDY.values(), ids=GREEDY)
def test_behind_the_wall_the_resident_set_is_watched_too(loose, mapping):
    connection = loose.launch()
    connection.memory.limit_bytes = 200 * MEGABYTE
    with pytest.raises(memory_exceeded()):
        ask(connection, TAKE.format(mapping=mapping), "take", 600)
    assert connection.end(5.0).over_memory


def test_files_in_the_private_file_system_count(loose):
    connection = loose.launch()
    connection.memory.limit_bytes = 50 * MEGABYTE
    code = (
        "import time\n"
        "def f(n):\n"
        "    with open('big', 'wb') as file:\n"
        "        for _ in range(n): file.write(bytes(1 << 20))\n"
        "    time.sleep(20)\n"
    )
    with pytest.raises(memory_exceeded()):
        ask(connection, code, "f", 60)
    assert connection.end().over_memory


def test_many_short_calls_are_watched_as_well(start, call):
    code = "kept = []\ndef f():\n    kept.append(bytearray(8 << 20))\n    return len(kept)\n"
    subject = start(code, Isolation.NONE)
    with pytest.raises(SubjectCrashed, match="memory limit"):
        for _ in range(200):
            call(subject, "f")
            time.sleep(0.002)


def test_a_file_that_takes_too_much_while_it_loads_is_ungradable(start):
    code = TAKE.format(mapping=GREEDY["private"]) + "take(600)\n"
    with pytest.raises(SubmissionError, match="memory limit of 300 MB"):
        start(code, Isolation.NONE)


@pytest.mark.parametrize("level", [Isolation.FULL, Isolation.REDUCED], ids=str)
def test_memory_within_the_limit_is_granted(start, call, level):
    """150 of 300 MB, held for many looks: the libraries' own pages are not charged."""
    code = (
        "import numpy as np, time\n"
        "def f():\n    x = np.ones(150 << 17)\n    time.sleep(0.3)\n    return float(x[-1])\n"
    )
    assert call(start(code, level), "f").value == 1.0


def test_shared_pages_of_the_zygote_are_not_charged(loose):
    connection = loose.launch()
    try:
        inherited = memory.resident_bytes(connection.pid)
        assert inherited > 10 * MEGABYTE
        assert memory.private_bytes(connection.pid) < inherited / 2
    finally:
        connection.end()


def test_a_process_that_ended_uses_nothing():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    watch = MemoryWatch(process.pid, 1, forked=False, scratch=None)
    watch.next_look = 0.0
    assert not watch.exceeded()


def test_looks_are_not_taken_all_the_time():
    watch = MemoryWatch(os.getpid(), 0, forked=True, scratch=None)
    assert not watch.exceeded()
    watch.next_look = 0.0
    assert watch.exceeded()
    assert not watch.exceeded()


# --- control groups, on a tree of files that looks like the kernel's ---------------------------

MOUNTS = "tmpfs /tmp tmpfs rw 0 0\ncgroup2 {root} cgroup2 rw,nosuid 0 0\n"


@pytest.fixture
def groups(tmp_path):
    parent = tmp_path / "user.slice"
    (parent / "session.scope").mkdir(parents=True)
    (parent / "cgroup.subtree_control").write_text("memory pids\n")
    (parent / "cgroup.procs").write_text("")
    return tmp_path


def test_a_group_is_made_beside_our_own(groups):
    found = cgroup.group_parent("0::/user.slice/session.scope\n", MOUNTS.format(root=groups))
    assert found == groups / "user.slice"


@pytest.mark.parametrize(
    ("membership", "controllers"),
    [
        ("0::/user.slice/session.scope\n", "pids\n"),
        ("4:memory:/somewhere\n", "memory\n"),
        ("0::/../elsewhere\n", "memory\n"),
    ],
    ids=["no memory controller", "version 1", "outside our view"],
)
def test_without_the_controller_there_is_no_group(groups, membership, controllers):
    (groups / "user.slice" / "cgroup.subtree_control").write_text(controllers)
    assert cgroup.group_parent(membership, MOUNTS.format(root=groups)) is None


def test_a_group_has_the_limit_and_goes_away(groups):
    group = cgroup.make_group(groups / "user.slice", 300 * MEGABYTE)
    group.add(42)
    assert (group.folder / "memory.max").read_text() == str(300 * MEGABYTE)
    assert (group.folder / "memory.swap.max").read_text() == "0"
    assert (group.folder / "cgroup.procs").read_text() == "42"
    assert not group.killed()
    (group.folder / "memory.events").write_text("low 0\noom 1\noom_kill 1\n")
    assert group.killed()
    for file in group.folder.iterdir():  # the kernel's files go with their folder
        file.unlink()
    group.remove()
    assert not group.folder.exists()


def test_a_group_that_the_kernel_refuses_is_none(tmp_path):
    assert cgroup.make_group(tmp_path / "absent", MEGABYTE) is None


def memory_exceeded():
    from autograder.sandbox.connection import MemoryExceeded

    return MemoryExceeded


def ask(connection, code, name, *arguments):
    """Load `code` and call one of its functions over a bare connection."""
    from autograder.sandbox import codec, protocol

    load = (protocol.LOAD, "work", "work.py", [["work.py", code]], ["."])
    called = (protocol.CALL, None, name, list(arguments), {}, False)
    nonce = bytes(16)
    connection.send(codec.encode([load, called]), nonce)
    return [connection.receive(15.0) for _ in range(2)][1]
