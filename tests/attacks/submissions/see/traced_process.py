"""Stops another process as a debugger does, and reads its memory word by word."""

import ctypes
import os
import struct

PEEKDATA, ATTACH, DETACH = 2, 16, 17


def attempt(place):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    if libc.ptrace(ATTACH, place["holder"], None, None):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    try:
        os.waitpid(place["holder"], 0x40000000)  # __WALL
        words = [
            libc.ptrace(PEEKDATA, place["holder"], place["address"] + 8 * number, None)
            for number in range(4)
        ]
        return struct.pack("<4q", *words).decode("latin-1")
    finally:
        libc.ptrace(DETACH, place["holder"], None, None)
