"""Sets up an io_uring, which opens files past a filter of system calls."""

import ctypes


def attempt(place):
    parameters = ctypes.create_string_buffer(120)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(425, 1, parameters) < 0:
        raise OSError(ctypes.get_errno(), "io_uring_setup")
    return place["echo"]
