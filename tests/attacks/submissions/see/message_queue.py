"""Receives from another process's POSIX message queue."""

import ctypes
import os


def attempt(place):
    libc = ctypes.CDLL(None, use_errno=True)
    queue = libc.mq_open(place["queue"].encode(), os.O_RDONLY | os.O_NONBLOCK)
    buffer = ctypes.create_string_buffer(8192)
    if queue < 0 or libc.mq_receive(queue, buffer, 8192, None) < 0:
        raise OSError(ctypes.get_errno(), "mq")
    libc.mq_send(libc.mq_open(place["queue"].encode(), os.O_WRONLY), buffer.raw[:32], 32, 0)
    return buffer.value.decode()
