"""Landlock: which files a process may touch, whatever user it is.

See landlock(7). The rights handled grow with the kernel's ABI, so that an older kernel gives
what it has.
"""

from __future__ import annotations

import ctypes
import os
import struct

from autograder.sandbox.kernel import (
    LANDLOCK_ADD_RULE,
    LANDLOCK_CREATE_RULESET,
    LANDLOCK_RESTRICT_SELF,
    SUPPORTED,
    syscall,
)

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
REMOVE_DIR = 1 << 4
REMOVE_FILE = 1 << 5
MAKE_DIR = 1 << 7
MAKE_REG = 1 << 8
REFER = 1 << 13
TRUNCATE = 1 << 14
IOCTL_DEV = 1 << 15

READ = READ_FILE | READ_DIR
READ_WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE
_FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

_CREATE_VERSION = 1
_RULE_PATH_BENEATH = 1
_NET_TCP = 0b11
_SCOPE_ABSTRACT_AND_SIGNAL = 0b11


def abi() -> int:
    """The kernel's Landlock ABI version, 0 where there is none."""
    if not SUPPORTED:
        return 0
    try:
        return syscall("landlock", LANDLOCK_CREATE_RULESET, 0, 0, _CREATE_VERSION)
    except OSError:
        return 0


def _handled(version: int) -> int:
    rights = (1 << 13) - 1
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        if version >= since:
            rights |= right
    return rights


def restrict(read_only: list[str], read_write: list[str]) -> None:
    """Allow this process these paths only, and no TCP, abstract socket or signal beyond itself.

    Paths that do not exist are passed over. Needs no_new_privs or CAP_SYS_ADMIN.
    """
    version = abi()
    handled = _handled(version)
    attributes = struct.pack(
        "<QQQ",
        handled,
        _NET_TCP if version >= 4 else 0,
        _SCOPE_ABSTRACT_AND_SIGNAL if version >= 6 else 0,
    )
    size = 8 if version < 4 else 16 if version < 6 else 24
    buffer = ctypes.create_string_buffer(attributes)
    ruleset = syscall("landlock_create_ruleset", LANDLOCK_CREATE_RULESET, buffer, size, 0)
    try:
        for paths, rights in ((read_only, READ), (read_write, READ_WRITE)):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        syscall("landlock_restrict_self", LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _FILE_RIGHTS
        rule = ctypes.create_string_buffer(struct.pack("<Qi", rights, descriptor))
        syscall("landlock_add_rule", LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
