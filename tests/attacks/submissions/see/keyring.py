"""Reads a key from the user's keyring in the kernel."""

import ctypes

USER_KEYRING, SEARCH, READ = -4, 10, 11


def attempt(place):
    libc = ctypes.CDLL(None, use_errno=True)
    key = libc.syscall(250, SEARCH, USER_KEYRING, b"user", place["key"].encode(), 0)
    buffer = ctypes.create_string_buffer(100)
    if key < 0 or libc.syscall(250, READ, key, buffer, 100, 0) < 0:
        raise OSError(ctypes.get_errno(), "keyctl")
    return buffer.value.decode()
