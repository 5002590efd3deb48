"""What lies around a submission and is none of its business: files, servers, shared memory.

Each place holds the secret `token`. `conftest.py` makes it importable.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path


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
