"""What submitted code can reach. Each attempt is tried at `none` too, where it must succeed:
otherwise the wall would get the credit for an attempt that never worked.
"""

import os
import socket
import subprocess
import sys
import threading

import pytest

from autograder.records import Isolation

WALLS = [Isolation.FULL, Isolation.REDUCED]


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """Things of ours that a submission should not get at."""
    tmp_path.chmod(0o777)
    for folder in tmp_path.parents:
        if folder.stat().st_uid == os.getuid() and folder != folder.parent:
            folder.chmod(folder.stat().st_mode | 0o055)
        if folder.name.startswith("pytest-of"):
            break
    secret = tmp_path / "hidden_checks.py"
    secret.write_text("ANSWER = 456\n")
    secret.chmod(0o666)
    monkeypatch.setenv("GRADEBOOK_PASSWORD", "correct horse")
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=accept, args=(server,), daemon=True).start()
        with socket.socket(socket.AF_UNIX) as local:
            local.bind(str(tmp_path / "local.sock"))
            (tmp_path / "local.sock").chmod(0o777)
            local.listen()
            yield {
                "secret": str(secret),
                "folder": str(tmp_path),
                "port": port,
                "socket": str(tmp_path / "local.sock"),
                "pid": sleeper.pid,
                "tests": os.path.dirname(__file__),
                "us": os.getpid(),
            }
    sleeper.kill()
    sleeper.wait()


def accept(server):
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return


ATTEMPTS = {
    "read a file outside": "return open(o['secret']).read() == 'ANSWER = 456\\n'",
    "list a folder outside": "return 'hidden_checks.py' in os.listdir(o['folder'])",
    "write to a file outside": "return open(o['secret'], 'a').write('x') == 1",
    "make a file outside": "return open(o['folder'] + '/new', 'w').write('x') == 1",
    "remove a file outside": "os.remove(o['secret']); return True",
    "link to a file outside": (
        "os.link(o['secret'], 'copy'); return 'ANSWER' in open('copy').read()"
    ),
    "follow a link outside": (
        "os.symlink(o['secret'], 'way'); return 'ANSWER' in open('way').read()"
    ),
    "read the grader's tests": "return len(os.listdir(o['tests'])) > 3",
    "read the password file": "return 'root' in open('/etc/passwd').read()",
    "read the environment of another process": (
        "return len(open(f\"/proc/{o['us']}/environ\").read()) > 0"
    ),
    "list processes": "return str(o['pid']) in os.listdir('/proc')",
    "kill another process": "os.kill(o['pid'], 15); return True",
    "connect by TCP": "return socket.create_connection(('127.0.0.1', o['port'])) is not None",
    "send by UDP": (
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
        "return s.sendto(b'x', ('127.0.0.1', o['port'])) == 1"
    ),
    "connect to a socket file": (
        "s = socket.socket(socket.AF_UNIX); s.connect(o['socket']); return True"
    ),
    "make a netlink socket": "return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) is not None",
    "start a program": "return subprocess.run([sys.executable, '-c', '']).returncode == 0",
    "fork": (
        "pid = os.fork()\n    if pid == 0: os._exit(0)\n    return os.waitpid(pid, 0)[0] == pid"
    ),
    "make memory that no limit counts": "return os.memfd_create('x') >= 0",
    "make shared memory": "return libc.shmget(0, 4096, 0o1600) >= 0",
    "trace another process": "return libc.ptrace(16, o['pid'], 0, 0) == 0",
    "make a user namespace": "return libc.unshare(0x10000000) == 0",
    "use a keyring": "return libc.syscall(248, b'user', b'k', b'v', 1, -2) > 0",
    "raise one's own limits back": (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); return True"
    ),
}

PRELUDE = (
    "import ctypes, os, socket, subprocess, sys\n"
    "libc = ctypes.CDLL(None, use_errno=True)\n"
    "def attempt(o):\n    "
)


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_the_wall_stops_it(outside, start, call, attempt, wall):
    reply = call(start(PRELUDE + attempt + "\n", wall), "attempt", outside)
    assert reply.value is not True
    assert os.path.exists(outside["secret"])


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_without_the_wall_it_works(outside, start, call, attempt):
    if "syscall(248" in attempt and os.uname().machine != "x86_64":
        pytest.skip("the number of add_key is x86_64's")
    reply = call(start(PRELUDE + attempt + "\n", Isolation.NONE), "attempt", outside)
    if "ptrace" in attempt and reply.value is False:
        pytest.skip("this kernel lets no process trace another")
    assert reply.value is True, reply.raised


@pytest.mark.parametrize("wall", [*WALLS, Isolation.NONE], ids=str)
def test_the_environment_is_empty_of_ours(outside, start, call, wall):
    code = (
        "import os\n"
        "def f():\n"
        "    text = repr(dict(os.environ))\n"
        "    try: text += open('/proc/self/environ').read()\n"
        "    except OSError: pass\n"
        "    return 'correct horse' in text\n"
    )
    assert call(start(code, wall), "f").value is (wall is Isolation.NONE)


@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_only_the_channel_and_dev_null_are_open(start, call, wall):
    code = (
        "import os, stat\n"
        "def f():\n"
        "    kinds = []\n"
        "    for d in range(1024):\n"
        "        try: mode = os.fstat(d).st_mode\n"
        "        except OSError: continue\n"
        "        kinds.append('socket' if stat.S_ISSOCK(mode) else 'device' "
        "if stat.S_ISCHR(mode) else 'other')\n"
        "    return sorted(kinds)\n"
    )
    assert call(start(code, wall), "f").value == ["device", "device", "device", "socket"]


def test_the_root_shows_libraries_only(outside, start, call):
    code = "import os\ndef f(p): return [os.path.exists(one) for one in p]\n"
    paths = [outside["secret"], outside["tests"], "/proc", "/sys", "/home", "/var", "/etc/passwd"]
    assert call(start(code), "f", paths).value == [False] * len(paths)


def test_only_the_library_of_the_grader_is_in_memory(start, call):
    code = (
        "import sys\n"
        "def f(): return sorted(m for m in sys.modules if m.startswith('autograder'))\n"
        "def g(): return [m for m in ('pytest', 'hypothesis', 'reference') if m in sys.modules]\n"
    )
    subject = start(code)
    loaded = call(subject, "f").value
    assert "autograder.sandbox.worker" in loaded
    assert not [name for name in loaded if not name.startswith("autograder.sandbox")][1:]
    assert call(subject, "g").value == []


@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_the_disk_is_small(start, call, wall):
    code = (
        "def f():\n"
        "    for i in range(40):\n"
        "        with open(f'big{i}', 'wb') as file: file.write(bytes(1 << 20))\n"
    )
    subject = start(code, wall)
    raised = call(subject, "f").raised
    if wall is Isolation.FULL:
        assert raised.type == "OSError"


@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_threads_run_out(start, call, wall):
    code = (
        "import threading, time\n"
        "def f():\n"
        "    for i in range(5000):\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    reply = call(start(code, wall), "f")
    assert reply.raised.type == "RuntimeError"


def test_nothing_stays_behind(outside, start, call):
    subject = start("import os\ndef f(): open('left', 'w').write('x'); return os.getcwd()\n")
    assert call(subject, "f").value.startswith("/scratch")
    subject.end()
    again = start("import os\ndef f(): return os.listdir('.')\n")
    assert call(again, "f").value == ["work.py"]


@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_temporary_files_have_a_place(start, call, wall):
    code = (
        "import tempfile\n"
        "def f():\n"
        "    with tempfile.TemporaryDirectory() as folder:\n"
        "        with open(folder + '/x', 'w') as file: return file.write('abc')\n"
    )
    assert call(start(code, wall), "f").value == 3


@pytest.mark.slow
def test_libraries_may_lie_under_tmp(tmp_path):
    """A virtual environment in a temporary folder, inside a project that must stay hidden."""
    from autograder.sandbox.launch import probe

    if not probe(Isolation.FULL).available:
        pytest.skip("no full isolation here")
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    place = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    site = next((place / "lib").glob("python*")) / "site-packages"
    own = os.path.dirname(os.path.dirname(sys.modules["numpy"].__file__))
    for name in os.listdir(own):
        if name.split("-")[0].split(".")[0] in {"numpy", "msgspec", "babel"}:
            os.symlink(os.path.join(own, name), site / name)
    code = (
        "from autograder.sandbox.launch import probe\n"
        "from autograder.records import Isolation\n"
        "print(probe(Isolation.FULL))\n"
    )
    done = subprocess.run(
        [place / "bin" / "python", "-c", code],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
    )
    assert "available=True" in done.stdout, done.stdout + done.stderr
