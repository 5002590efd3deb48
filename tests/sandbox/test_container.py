"""Containers, with a runtime that is none: it reads the command line as Docker does, and runs the
command that the container would run, on this machine and without a container around it.
"""

import itertools
import os
import stat
import sys

import pytest

from autograder.assignment import Limits
from autograder.errors import SandboxError, SubjectCrashed, SubjectTimeout
from autograder.records import Isolation, Source, Submission
from autograder.sandbox import container, protocol
from autograder.sandbox.container import IMAGE, RUNTIME, ContainerLauncher, run_command
from autograder.sandbox.launch import launcher, probe
from autograder.sandbox.limits import SubjectLimits
from autograder.sandbox.subject import Subject

FAKE = """#!{python}
import os, sys
WITH_VALUE = {{"--name", "--network", "--cap-drop", "--security-opt", "--pids-limit", "--memory",
              "--memory-swap", "--user", "--workdir", "--tmpfs", "--volume", "--env"}}
arguments = sys.argv[2:]
environment, shown = {{"PATH": os.environ["PATH"]}}, ()
if sys.argv[1] != "run":
    sys.exit(0)
while arguments[0].startswith("--"):
    option = arguments.pop(0)
    if option in WITH_VALUE:
        value = arguments.pop(0)
        if option == "--env":
            name, _, content = value.partition("=")
            environment[name] = content
        if option == "--volume":
            outside, inside, how = value.split(":")
            assert how == "ro"
            shown = (os.path.dirname(inside), os.path.dirname(outside))
    else:
        assert option in ("--rm", "--interactive", "--read-only"), option
image = arguments.pop(0)
if image != "course:1":
    print("Unable to find image", image, file=sys.stderr)
    sys.exit(125)
command = [part.replace(*shown) for part in arguments]
assert command[0] == "python3"
os.execve({python!r}, command, environment)
"""


@pytest.fixture(scope="module")
def fake_runtime(tmp_path_factory):
    if not probe(Isolation.REDUCED).available:
        pytest.skip("what runs in the container needs Landlock and seccomp")
    program = tmp_path_factory.mktemp("runtime") / "fakedocker"
    program.write_text(FAKE.format(python=sys.executable))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(RUNTIME, str(program))
        patched.setenv(IMAGE, "course:1")
        yield program


@pytest.fixture(scope="module")
def contained(fake_runtime):
    with launcher(Isolation.CONTAINER, limits=SubjectLimits(memory_mb=300, disk_mb=8)) as made:
        yield made


def subject_of(made, code):
    submission = Submission("s", "0" * 64, "work.py", (Source("work.py", code),), {})
    subject = Subject(made, submission, Limits(memory_mb=300, call_seconds=5.0))
    subject.start()
    return subject


def call(subject, name, *arguments, seconds=5.0):
    message = (protocol.CALL, None, name, list(arguments), {}, False)
    return subject.request([message], seconds, labels=[name])[0]


def test_the_command_line_leaves_a_container_nothing_that_it_does_not_need():
    command = run_command("docker", "autograder-1-0", "course:1", SubjectLimits(memory_mb=300))
    assert command[:5] == ["docker", "run", "--rm", "--interactive", "--read-only"]
    pairs = dict(itertools.pairwise(command))
    assert pairs["--network"] == "none"
    assert pairs["--cap-drop"] == "ALL"
    assert pairs["--security-opt"] == "no-new-privileges"
    assert pairs["--memory"] == pairs["--memory-swap"] == "1388m"
    assert pairs["--user"] == "65532:65532"
    assert pairs["--volume"].endswith(":/opt/autograder/autograder:ro")
    assert "noexec" in pairs["--tmpfs"]
    assert command[command.index("course:1") + 1] == "python3"
    assert not [part for part in command if part in ("--privileged", "--cap-add", "--device")]


def test_subjects_answer_from_one_container(contained):
    assert contained.versions["numpy"]
    process = contained.process
    first = subject_of(contained, "def f(x): return x * 2\n")
    assert call(first, "f", 21).value == 42
    assert first.connection.processor_seconds() > 0
    first.end()
    second = subject_of(contained, "import os\ndef f(): return os.listdir('.'), os.getppid()\n")
    files, parent = call(second, "f").value
    assert files == ["work.py"]
    assert parent != os.getpid()
    assert contained.process is process
    second.end()


def test_time_memory_and_death_are_told_apart(contained):
    code = (
        "import os, time\n"
        "def late(): time.sleep(60)\n"
        "def die(): os._exit(3)\n"
        "def take(): return bytearray(1 << 30)\n"
        "def fine(): return 7\n"
    )
    subject = subject_of(contained, code)
    with pytest.raises(SubjectTimeout):
        call(subject, "late", seconds=0.2)
    with pytest.raises(SubjectCrashed, match="status 3"):
        call(subject, "die")
    with pytest.raises(SubjectCrashed, match="memory limit of 300 MB"):
        call(subject, "take")
    assert call(subject, "fine").value == 7
    subject.end()


def test_large_arrays_travel_whole(contained):
    import numpy as np

    subject = subject_of(contained, "def f(x): return x + 1\n")
    values = np.arange(1 << 18, dtype=float)
    assert np.array_equal(call(subject, "f", values).value, values + 1)
    subject.end()


def test_a_container_that_dies_is_our_fault_and_is_replaced(contained):
    subject = subject_of(contained, "def f(): return 7\n")
    contained.process.kill()
    contained.process.wait()
    with pytest.raises(SandboxError, match="the container"):
        call(subject, "f")
    subject.connection = None
    assert call(subject, "f").value == 7
    subject.end()


def test_closing_leaves_no_process(fake_runtime):
    made = ContainerLauncher(limits=SubjectLimits())
    made.launch().end()
    process = made.process
    made.close()
    assert process.returncode == 0


def test_what_is_missing_is_said(fake_runtime, monkeypatch):
    assert probe(Isolation.CONTAINER).available
    monkeypatch.setenv(IMAGE, "absent:1")
    assert "Unable to find image absent:1" in probe(Isolation.CONTAINER).reason
    monkeypatch.delenv(IMAGE)
    assert IMAGE in probe(Isolation.CONTAINER).reason
    monkeypatch.setenv(RUNTIME, "no-such-program")
    assert "not installed" in probe(Isolation.CONTAINER).reason
    monkeypatch.delenv(RUNTIME)
    monkeypatch.setattr(container.shutil, "which", lambda name: None)
    assert "neither docker nor podman" in probe(Isolation.CONTAINER).reason
