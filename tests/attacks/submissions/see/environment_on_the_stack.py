"""Reads the process's first environment where the kernel put it, whatever os.environ says."""

import ctypes


def attempt(place):
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    found, start = [], None
    for index in range(200):
        if not environ[index]:
            break
        start = ctypes.cast(environ, ctypes.POINTER(ctypes.c_void_p))[index] if not start else start
        found.append(environ[index])
    if start:  # what was unset leaves its bytes
        found.append(ctypes.string_at(start, sum(map(len, found))))
    return b" ".join(found).decode("latin-1")
