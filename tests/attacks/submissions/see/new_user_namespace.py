"""Becomes root of a new user namespace, to mount what it likes."""

import ctypes
import os


def attempt(place):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10020000) < 0:
        raise OSError(ctypes.get_errno(), "unshare")
    return place["echo"] if os.geteuid() >= 0 else ""
