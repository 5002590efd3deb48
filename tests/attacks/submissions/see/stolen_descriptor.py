"""Takes an open file out of another process: no path is ever opened."""

import ctypes
import os

PIDFD_OPEN, PIDFD_GETFD = 434, 438


def attempt(place):
    libc = ctypes.CDLL(None, use_errno=True)
    holder = libc.syscall(PIDFD_OPEN, place["holder"], 0)
    if holder < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    seen = b""
    for number in range(3, 20):
        taken = libc.syscall(PIDFD_GETFD, holder, number, 0)
        if taken >= 0:
            try:
                seen += os.pread(taken, 1000, 0)
            except OSError:
                continue
    return seen.decode("latin-1")
