"""One submission in its process, at every level that this machine gives."""

import numpy as np
import pytest

from autograder.errors import SandboxError, SubjectCrashed, SubjectTimeout, SubmissionError
from autograder.records import Isolation
from autograder.sandbox import protocol


def test_a_call_answers_with_plain_data(start, call, level):
    subject = start("def double(x, by=2):\n    return x * by, 'text', [1, None]\n", level)
    reply = call(subject, "double", np.arange(3.0), by=3)
    array, *rest = reply.value
    assert array.tolist() == [0, 3, 6]
    assert rest == ["text", [1, None]]


def test_an_exception_arrives_with_the_students_own_lines(start, call, level):
    subject = start("import math\n\ndef f(x):\n    return math.sqrt(x)\n", level)
    raised = call(subject, "f", -1.0).raised
    assert raised.type == "ValueError"
    assert [(frame.label, frame.line, frame.source) for frame in raised.frames] == [
        ("work.py", 4, "return math.sqrt(x)")
    ]


def test_lines_of_a_helper_module_are_the_students_own(start, call, level):
    files = {"helper.py": b"def g():\n    return {}['key']\n"}
    subject = start("from helper import g\ndef f():\n    return g()\n", level, files=files)
    raised = call(subject, "f").raised
    assert [frame.label for frame in raised.frames] == ["work.py", "helper.py"]


def test_a_missing_name_is_said(start, call, level):
    reply = call(start("x = 1\n", level), "nothing")
    assert (reply.status, reply.missing) == (protocol.MISSING, "nothing")


def test_what_is_not_data_is_said(start, call, level):
    code = "class Yes:\n    def __eq__(self, other): return True\ndef f(): return [1, Yes()]\n"
    reply = call(start(code, level), "f")
    assert reply.status == protocol.NOT_DATA
    assert reply.type_name.endswith("Yes")


def test_an_endless_loop_ends_at_the_limit_and_the_next_call_works(start, call, level):
    subject = start("def loop():\n    while True: pass\ndef f(): return 7\n", level)
    with pytest.raises(SubjectTimeout, match="time limit"):
        call(subject, "loop", seconds=0.3)
    assert call(subject, "f").value == 7


def test_a_sleeper_ends_too(start, call, level):
    subject = start("import time\ndef f(): time.sleep(1000)\n", level)
    with pytest.raises(SubjectTimeout):
        call(subject, "f", seconds=0.2)


def test_a_function_that_ran_out_of_time_twice_is_not_called_again(start, call):
    subject = start("def loop():\n    while True: pass\n")
    for _ in range(2):
        with pytest.raises(SubjectTimeout, match="time limit"):
            call(subject, "loop", seconds=0.2)
    with pytest.raises(SubjectTimeout, match="not called again"):
        call(subject, "loop")


def test_a_process_that_ends_itself_crashed_and_is_started_anew(start, call, level):
    subject = start("import os\ndef die(code): os._exit(code)\ndef f(): return 7\n", level)
    with pytest.raises(SubjectCrashed, match="status 3"):
        call(subject, "die", 3)
    assert call(subject, "f").value == 7


def test_sys_exit_is_an_exception_like_any_other(start, call, level):
    reply = call(start("import sys\ndef f(): sys.exit(0)\n", level), "f")
    assert reply.raised.type == "SystemExit"


def test_a_segmentation_fault_is_named(start, call, level):
    subject = start("import ctypes\ndef f(): ctypes.string_at(0)\n", level)
    with pytest.raises(SubjectCrashed, match="segmentation fault"):
        call(subject, "f")


def test_too_much_memory_is_said(start, call):
    for level in (Isolation.FULL, Isolation.REDUCED):
        subject = start("import numpy as np\ndef f(): return np.ones(10**9).sum()\n", level)
        with pytest.raises(SubjectCrashed, match="memory limit of 300 MB"):
            call(subject, "f")


def test_what_is_printed_is_kept_up_to_a_limit(start, call, level):
    subject = start("def f(n):\n    for i in range(n): print('line', i)\n    return n\n", level)
    assert call(subject, "f", 2).printed == "line 0\nline 1\n"
    flood = call(subject, "f", 20_000)
    assert flood.value == 20_000
    assert len(flood.printed) <= protocol.MAX_TEXT


def test_an_argument_changed_in_place_is_named(start, call, level):
    code = "def f(x, y):\n    y += 1\n    return float(y.sum())\ndef g(x): return x.sum()\n"
    subject = start(code, level)
    assert call(subject, "f", np.zeros(3), np.zeros(3)).changed == ("argument 2",)
    assert call(subject, "f", np.zeros(3), y=np.zeros(3)).changed == ("y",)
    assert call(subject, "g", np.zeros(3)).changed == ()


def test_several_calls_travel_in_one_message(start):
    subject = start("def f(x): return x + 1\n")
    messages = [(protocol.CALL, None, "f", [i], {}, False) for i in range(5)]
    assert [reply.value for reply in subject.request(messages, 5.0)] == [1, 2, 3, 4, 5]


def test_unseeded_randomness_is_seeded_by_the_grader(start, call, level):
    code = (
        "import random, numpy as np\n"
        "def f(): return [random.random(), np.random.rand(), np.random.default_rng().random()]\n"
    )
    subject = start(code, level)
    drawn = []
    for seed in (1, 1, 2):
        subject.request([(protocol.SEED, seed)], 5.0)
        drawn.append(call(subject, "f").value)
    assert drawn[0] == drawn[1]
    assert all(one != other for one, other in zip(drawn[0], drawn[2], strict=True))


def test_a_statement_that_raises_is_noted_and_the_rest_is_loaded(start, call, level):
    subject = start("1 / 0\ndef f(): return 7\nopen('missing.csv')\nz = 5\n", level)
    assert call(subject, "f").value == 7
    assert [note["en"].count("ZeroDivisionError") for note in subject.loaded.notes] == [1, 0]
    assert "work.py, line 1" in subject.loaded.notes[0]["en"]
    assert "z" in subject.loaded.names


def test_the_guard_of_a_script_does_not_run(start, level):
    subject = start("if __name__ == '__main__':\n    raise SystemExit\n", level)
    assert subject.loaded.notes == ()


def test_future_annotations_hold_for_the_whole_file(start, call):
    subject = start("from __future__ import annotations\ndef f(x: Unknown) -> Nothing: return 1\n")
    assert call(subject, "f", 0).value == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os\nos._exit(0)\n", "The process ended"),
        ("while True: pass\n", "longer than 0.5 seconds"),
    ],
)
def test_a_file_that_does_not_finish_loading_is_ungradable(start, code, reason, level):
    with pytest.raises(SubmissionError, match=reason):
        start(code, level, load_seconds=0.5)


FORGERIES = {
    "noise": "os.write(d, b'x' * 100)",
    "a huge frame": "os.write(d, struct.pack('<QQ16s', 2**60, 0, bytes(16)))",
    "an empty frame": "os.write(d, struct.pack('<QQ16s', 0, 0, bytes(16)))",
    "a frame with a nonce of its own": (
        "p = codec.encode((0, 0, 42, [], ''));protocol.write_all(d, protocol.frame(p, bytes(16)))"
    ),
    "a closed channel": "os.close(d)",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("sandbox", [Isolation.FULL, Isolation.REDUCED], ids=str)
def test_writing_to_the_graders_channel_is_a_crash(start, call, forgery, sandbox):
    code = (
        "import os, struct, stat\nfrom autograder.sandbox import codec, protocol\n"
        "def f():\n    for d in range(3, 100):\n"
        "        try:\n"
        "            if not stat.S_ISSOCK(os.fstat(d).st_mode): continue\n"
        "        except OSError: continue\n"
        f"        {forgery}\n"
        "    return 1\n"
        "def g(): return 7\n"
    )
    subject = start(code, sandbox)
    with pytest.raises(SubjectCrashed):
        call(subject, "f")
    assert call(subject, "g").value == 7


def test_an_answer_kept_for_the_next_question_is_no_answer(start, call):
    """The nonce of one request is worth nothing for the next."""
    code = (
        "import gc\nfrom autograder.sandbox import codec, protocol\n"
        "from autograder.sandbox import worker as w\n"
        "def f(): return 1\n"
        "def arm():\n"
        "    me = next(o for o in gc.get_objects() if type(o) is w.Worker)\n"
        "    old = protocol.frame\n"
        "    kept = []\n"
        "    def frame(parts, nonce):\n"
        "        kept.append(nonce)\n"
        "        return old(parts, kept[0])\n"
        "    w.protocol.frame = frame\n"
        "    return 0\n"
    )
    subject = start(code)
    call(subject, "arm")
    with pytest.raises(SubjectCrashed):
        call(subject, "f")


def test_the_death_of_the_zygote_is_our_fault_and_is_mended(start, call, launchers):
    launcher = launchers(Isolation.FULL)
    subject = start("def f(): return 7\n")
    launcher.process.kill()
    launcher.process.wait()
    with pytest.raises(SandboxError):
        call(subject, "f")
    subject.end()
    assert call(subject, "f").value == 7


@pytest.mark.parametrize("wall", [Isolation.FULL, Isolation.REDUCED], ids=str)
def test_a_kill_from_outside_is_our_fault(start, call, wall):
    import os
    import signal

    subject = start("import time\ndef f(): time.sleep(20)\n", wall)
    os.kill(subject.connection.pid, signal.SIGKILL)
    with pytest.raises(SandboxError, match="killed from outside"):
        call(subject, "f")


@pytest.mark.parametrize("wall", [Isolation.FULL, Isolation.REDUCED], ids=str)
def test_a_subject_cannot_kill_itself_to_look_like_our_fault(start, call, wall):
    code = (
        "import os, signal, threading\n"
        "def f(): os.kill(os.getpid(), 9)\n"
        "def g(): signal.pthread_kill(threading.get_ident(), 9)\n"
        "def h(): return 'alive'\n"
    )
    subject = start(code, wall)
    for name in "fg":
        assert call(subject, name).raised.type == "PermissionError"
    assert call(subject, "h").value == "alive"


def test_the_time_of_a_whole_submission_is_limited(start, call):
    subject = start("import time\ndef f(): time.sleep(0.3)\n", submission_seconds=0.5)
    call(subject, "f")
    with pytest.raises(SubjectTimeout):
        for _ in range(3):
            call(subject, "f")


BROKEN_CHANNELS = {
    "closed": "os.closerange(0, 256)",
    "flooded": "[os.write(d, bytes(100)) for d in range(3, 256) if is_socket(d)]",
}


@pytest.mark.parametrize("breaking", BROKEN_CHANNELS.values(), ids=BROKEN_CHANNELS)
@pytest.mark.parametrize("sandbox", [Isolation.FULL, Isolation.REDUCED], ids=str)
def test_breaking_the_channel_and_living_on_is_no_fault_of_ours(start, call, breaking, sandbox):
    code = (
        "import os, stat, time\n"
        "def is_socket(d):\n"
        "    try: return stat.S_ISSOCK(os.fstat(d).st_mode)\n"
        "    except OSError: return False\n"
        f"def f():\n    {breaking}\n    time.sleep(60)\n"
    )
    with pytest.raises(SubjectCrashed, match="channel"):
        call(start(code, sandbox), "f")


def test_a_loader_that_the_submission_broke_is_no_fault_of_ours(start, level):
    code = "import builtins\nbuiltins.callable = None\ndef f(): return 1\n"
    with pytest.raises(SubmissionError, match="changed how it is loaded"):
        start(code, level)


def test_names_of_parameters_are_cut_where_messages_repeat_them(start, call, level):
    code = (
        "def f(x): return x\n"
        "f.__code__ = f.__code__.replace(co_varnames=('x' * 1_000_000,))\n"
        "def g(): pass\n"
        "g.__code__ = eval('lambda ' + ', '.join(f'a{n}' for n in range(200)) + ': 0').__code__\n"
    )
    names = start(code, level).loaded.names
    assert names["f"] == ("x" * 200,)
    assert len(names["g"]) == 100


def test_an_answer_names_few_changed_arguments(start, call, level):
    code = (
        "def f(values):\n"
        "    worker = __import__('autograder.sandbox.worker', fromlist=['x'])\n"
        "    worker._changed_arguments = lambda *arguments: ['argument 1'] * 5_000\n"
        "    values[:] = 0\n"
    )
    reply = call(start(code, level), "f", np.ones(3))
    assert reply.changed == ("argument 1",) * 100


def test_a_mapping_that_does_not_fit_into_memory_counts_as_out_of_memory(start, call):
    code = "import mmap\ndef f():\n    return len(mmap.mmap(-1, 1 << 33))\n"
    with pytest.raises(SubjectCrashed, match="memory limit of 300 MB"):
        call(start(code), "f")


def test_rights_and_dates_of_files_stay_as_they_are_at_reduced(start, call, tmp_path):
    path = tmp_path / "file"
    path.write_text("content")
    path.chmod(0o640)
    before = path.stat()
    code = (
        "import os, shutil\n"
        "def f(path):\n"
        "    for change in (os.chmod, os.utime):\n"
        "        try:\n"
        "            change(path, 0) if change is os.chmod else change(path, (0, 0))\n"
        "        except OSError:\n"
        "            pass\n"
        "def copied():\n"
        "    open('a', 'w').close()\n"
        "    return shutil.copy('a', 'b')\n"
    )
    subject = start(code, Isolation.REDUCED)
    call(subject, "f", str(path))
    assert (path.stat().st_mode, path.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert call(subject, "copied").value == "b"
