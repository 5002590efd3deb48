"""seccomp: which system calls a subject may make.

An allowlist. A refused call fails with EPERM, so that Python raises PermissionError and the
student's traceback shows where; calls that a C library tries first and then does without fail
with ENOSYS. A foreign architecture's calls kill the process. There is no fork, no exec, no
socket, no memfd, no System V memory, no signal to another process: so one process is all there
is, and its address space bounds its memory.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct
from functools import cache

from autograder.sandbox.kernel import (
    CLONE_THREAD,
    MACHINE,
    PR_SET_SECCOMP,
    SECCOMP_MODE_FILTER,
    prctl,
)

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# name: (x86_64, aarch64); None where the architecture has no such call
_CALLS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "open": (2, None),
    "close": (3, 57),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "poll": (7, None),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, None),
    "pipe": (22, None),
    "select": (23, None),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "msync": (26, 227),
    "mincore": (27, 232),
    "madvise": (28, 233),
    "dup": (32, 23),
    "dup2": (33, None),
    "pause": (34, None),
    "nanosleep": (35, 101),
    "getitimer": (36, 102),
    "alarm": (37, None),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "sendfile": (40, 71),
    "exit": (60, 93),
    "wait4": (61, 260),
    "uname": (63, 160),
    "flock": (73, 32),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "getdents": (78, None),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "rename": (82, None),
    "mkdir": (83, None),
    "rmdir": (84, None),
    "creat": (85, None),
    "unlink": (87, None),
    "readlink": (89, None),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "umask": (95, 166),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "getgroups": (115, 158),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "getpriority": (140, 141),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
    "gettid": (186, 178),
    "time": (201, None),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "epoll_create": (213, None),
    "getdents64": (217, 61),
    "set_tid_address": (218, 96),
    "restart_syscall": (219, 128),
    "fadvise64": (221, 223),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "epoll_wait": (232, None),
    "epoll_ctl": (233, 21),
    "waitid": (247, 95),
    "openat": (257, 56),
    "mkdirat": (258, 34),
    "newfstatat": (262, 79),
    "unlinkat": (263, 35),
    "renameat": (264, 38),
    "readlinkat": (267, 78),
    "fchmodat": (268, 53),
    "faccessat": (269, 48),
    "pselect6": (270, 72),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "get_robust_list": (274, 100),
    "utimensat": (280, 88),
    "epoll_pwait": (281, 22),
    "eventfd": (284, None),
    "fallocate": (285, 47),
    "eventfd2": (290, 19),
    "epoll_create1": (291, 20),
    "dup3": (292, 24),
    "pipe2": (293, 59),
    "preadv": (295, 69),
    "pwritev": (296, 70),
    "getcpu": (309, 168),
    "renameat2": (316, 276),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "copy_file_range": (326, 285),
    "preadv2": (327, 286),
    "pwritev2": (328, 287),
    "statx": (332, 291),
    "rseq": (334, 293),
    "close_range": (436, 436),
    "faccessat2": (439, 439),
    "futex_waitv": (449, 449),
}

# tried by C libraries, which do without them
_ABSENT = {"clone3": (435, 435), "set_mempolicy_home_node": (450, 450), "mseal": (462, 462)}

_BEYOND_LANDLOCK = ("chmod", "fchmod", "fchmodat", "utimensat")
"""Change files by path that may not even be read, or that lie open for reading."""

_CONDITIONAL = {
    "clone": (56, 220),
    "ioctl": (16, 29),
    "fcntl": (72, 25),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
}

_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS TIOCGWINSZ FIONREAD FIO*
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)  # DUPFD, flags, locks, GETPIPE_SZ
_PRCTLS = (15, 16, 3, 0x53564D41)  # SET_NAME, GET_NAME, GET_DUMPABLE, SET_VMA (malloc's names)
_CLONE_NEW_ANYTHING = 0x7E020080

# linux/filter.h: class | size or operation | source
_LOAD = 0x20
_JUMP_EQUAL = 0x15
_JUMP_GREATER_EQUAL = 0x35
_JUMP_SET = 0x45
_RETURN = 0x06
_RET_ALLOW = 0x7FFF0000
_RET_ERRNO = 0x00050000
_RET_KILL_PROCESS = 0x80000000

Instruction = tuple[int, int, int, int]
"""code, jump if true, jump if false, constant"""

_EPERM: Instruction = (_RETURN, 0, 0, _RET_ERRNO | errno.EPERM)
_ENOSYS: Instruction = (_RETURN, 0, 0, _RET_ERRNO | errno.ENOSYS)
_ALLOW: Instruction = (_RETURN, 0, 0, _RET_ALLOW)
_NOTHING: Instruction = (_RETURN, 0, 0, _RET_ERRNO)  # it seems to succeed: `shutil.copy` goes on


def _number(numbers: tuple[int | None, int | None], machine: str) -> int | None:
    return numbers[0 if machine == "x86_64" else 1]


def _load_argument(index: int, *, high: bool = False) -> Instruction:
    return (_LOAD, 0, 0, 16 + 8 * index + (4 if high else 0))


def _allow_values(index: int, values: tuple[int, ...]) -> list[Instruction]:
    """Allow if argument `index` (its low half: what an int parameter is) is one of `values`."""
    program = [_load_argument(index)]
    for position, value in enumerate(values):
        program.append((_JUMP_EQUAL, len(values) - position, 0, value & 0xFFFFFFFF))
    return [*program, _EPERM, _ALLOW]


def _allow_own_signals(pid: int, *, signal_argument: int) -> list[Instruction]:
    """Allow every signal to oneself but SIGKILL: who dies of that was killed from outside."""
    return [
        _load_argument(0),
        (_JUMP_EQUAL, 0, 3, pid),
        _load_argument(signal_argument),
        (_JUMP_EQUAL, 1, 0, signal.SIGKILL),
        _ALLOW,
        _EPERM,
    ]


def _condition(name: str, pid: int) -> list[Instruction]:
    if name == "clone":  # threads only
        return [
            _load_argument(0),
            (_JUMP_SET, 2, 0, _CLONE_NEW_ANYTHING),
            (_JUMP_SET, 0, 1, CLONE_THREAD),
            _ALLOW,
            _EPERM,
        ]
    if name == "prlimit64":  # reading one's own
        return [
            _load_argument(0),
            (_JUMP_EQUAL, 0, 5, 0),
            _load_argument(2),
            (_JUMP_EQUAL, 0, 3, 0),
            _load_argument(2, high=True),
            (_JUMP_EQUAL, 0, 1, 0),
            _ALLOW,
            _EPERM,
        ]
    if name in ("kill", "tgkill"):
        return _allow_own_signals(pid, signal_argument=1 if name == "kill" else 2)
    index, values = {
        "ioctl": (1, _IOCTLS),
        "fcntl": (1, _FCNTLS),
        "prctl": (0, _PRCTLS),
    }[name]
    return _allow_values(index, values)


@cache
def packed_program(pid: int, *, own_files: bool) -> bytes:
    """The filter as the kernel reads it; made once, before the fork."""
    return b"".join(
        struct.pack("<HBBI", *instruction) for instruction in program(pid, own_files=own_files)
    )


def program(pid: int, machine: str = MACHINE, *, own_files: bool = True) -> list[Instruction]:
    """The filter for a process that calls itself `pid`, as BPF instructions.

    Without `own_files` the process sees the file system of the machine, under an account that may
    own files there: then calls that Landlock does not look at do nothing.
    """
    code: list[Instruction] = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _RET_KILL_PROCESS),
        (_LOAD, 0, 0, 0),
    ]
    if machine == "x86_64":  # the x32 calls share the architecture and set a bit
        code += [(_JUMP_GREATER_EQUAL, 0, 1, 0x40000000), (_RETURN, 0, 0, _RET_KILL_PROCESS)]
    for name, numbers in _CONDITIONAL.items():
        body = _condition(name, pid)
        code += [(_JUMP_EQUAL, 0, len(body), _required(numbers, machine)), *body]
    for numbers in _ABSENT.values():
        code += [(_JUMP_EQUAL, 0, 1, _required(numbers, machine)), _ENOSYS]
    for name, call_numbers in _CALLS.items():
        number = _number(call_numbers, machine)
        if number is not None:
            allowed = own_files or name not in _BEYOND_LANDLOCK
            code += [(_JUMP_EQUAL, 0, 1, number), _ALLOW if allowed else _NOTHING]
    return [*code, _EPERM]


def _required(numbers: tuple[int | None, int | None], machine: str) -> int:
    number = _number(numbers, machine)
    if number is None:
        raise ValueError(f"no number for this call on {machine}")
    return number


def install(*, own_files: bool) -> None:
    """Put the filter over this process and all its threads-to-be. Needs no_new_privs."""
    packed = packed_program(os.getpid(), own_files=own_files)
    instructions = ctypes.create_string_buffer(packed, len(packed))
    header = struct.pack("<HxxxxxxQ", len(packed) // 8, ctypes.addressof(instructions))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header))
