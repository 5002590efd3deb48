"""The Linux calls that Python does not offer, by ctypes.

Every call raises `OSError` with the call's name when the kernel refuses. `PyDLL` keeps the GIL:
the processes that use this are single-threaded, and between a raw `clone` and the end of the
set-up nothing else may run.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from typing import Any

MACHINE = platform.machine()
SUPPORTED = sys.platform == "linux" and MACHINE in ("x86_64", "aarch64")

# sched.h
CLONE_PARENT = 0x00008000
CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
CLONE_THREAD = 0x00010000
# sys/mount.h
MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2
_MOUNT_ATTR_RDONLY = 0x1
_MOUNT_ATTR_NOSUID = 0x2
_MOUNT_ATTR_NODEV = 0x4
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
# sys/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
# malloc.h
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_CAPABILITY_VERSION_3 = 0x20080522

_NUMBERS = {
    "x86_64": {"clone": 56, "pivot_root": 155, "capset": 126},
    "aarch64": {"clone": 220, "pivot_root": 41, "capset": 91},
}.get(MACHINE, {})
# the same on every architecture
_MOUNT_SETATTR = 442
LANDLOCK_CREATE_RULESET = 444
LANDLOCK_ADD_RULE = 445
LANDLOCK_RESTRICT_SELF = 446

_libc: Any = ctypes.PyDLL(None, use_errno=True) if SUPPORTED else None


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def syscall(name: str, number: int, *arguments: Any) -> int:
    """The system call `number`; ints are passed as longs."""
    longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _checked(name, _libc.syscall(ctypes.c_long(number), *longs))


def prctl(option: int, argument: int = 0, pointer: Any = 0) -> int:
    """See `man 2 prctl`."""
    second = ctypes.c_ulong(pointer) if isinstance(pointer, int) else pointer
    zero = ctypes.c_ulong(0)
    return _checked(
        "prctl",
        _libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), second, zero, zero),
    )


def unshare(flags: int) -> None:
    """See `man 2 unshare`."""
    _checked("unshare", _libc.unshare(ctypes.c_int(flags)))


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """See `man 2 mount`."""
    _checked(
        f"mount {target}",
        _libc.mount(
            os.fsencode(source),
            os.fsencode(target),
            kind.encode() if kind else None,
            ctypes.c_ulong(flags),
            options.encode() if options else None,
        ),
    )


def bind_read_only(source: str, target: str) -> None:
    """Show `source` (a folder or a file, with what is mounted in it) read-only at `target`."""
    mount(source, target, None, MS_BIND | MS_REC)
    attributes = _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID
    if not source.startswith("/dev/"):
        attributes |= _MOUNT_ATTR_NODEV
    record = ctypes.create_string_buffer(struct.pack("<QQQQ", attributes, 0, 0, 0))
    path = os.fsencode(target)
    syscall("mount_setattr", _MOUNT_SETATTR, _AT_FDCWD, path, _AT_RECURSIVE, record, 32)


def pivot_root(new_root: str) -> None:
    """Make `new_root` the root of this mount namespace and let go of the old one."""
    os.chdir(new_root)
    # the old root is stacked over the new one and then unmounted: no folder for it is needed
    syscall("pivot_root", _NUMBERS["pivot_root"], b".", b".")
    _checked("umount2", _libc.umount2(b".", ctypes.c_int(MNT_DETACH)))
    os.chdir("/")


def keep_freed_memory() -> None:
    """Let malloc keep up to 64 MB that was freed: fetching pages anew costs more than copying.

    Arrays of some megabytes come and go with every call. A C library without `mallopt` (musl) goes
    on as it does.
    """
    if hasattr(_libc, "mallopt"):
        _libc.mallopt(ctypes.c_int(_M_MMAP_THRESHOLD), ctypes.c_int(32 << 20))
        _libc.mallopt(ctypes.c_int(_M_TRIM_THRESHOLD), ctypes.c_int(64 << 20))


def drop_capabilities() -> None:
    """Give up every capability of this process, for good."""
    header = ctypes.create_string_buffer(struct.pack("<Ii", _CAPABILITY_VERSION_3, 0))
    data = ctypes.create_string_buffer(24)
    syscall("capset", _NUMBERS["capset"], header, data)


def fork_with(flags: int) -> int:
    """Fork into new namespaces: `clone(flags | SIGCHLD)`. Returns 0 in the child, else its pid.

    Like os.fork(), for a process with one thread. `flags` may be 0.
    """
    api: Any = ctypes.pythonapi
    api.PyOS_BeforeFork()
    pid: int = _libc.syscall(
        ctypes.c_long(_NUMBERS["clone"]),
        ctypes.c_long(flags | signal.SIGCHLD),
        *[ctypes.c_long(0)] * 4,
    )
    if pid == 0:
        api.PyOS_AfterFork_Child()
        return 0
    number = ctypes.get_errno()
    api.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, f"clone: {os.strerror(number)}")
    return pid
