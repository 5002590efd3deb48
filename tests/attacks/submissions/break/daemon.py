"""Leaves a daemon behind: a grandchild in a session of its own."""

import os
import time


def attempt(place):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writer, str(os.getsid(0)).encode())
            time.sleep(2)
        os._exit(0)
    os.wait()
    return int(os.read(reader, 20)) != os.getsid(0)


def total(values):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                time.sleep(1)
        os._exit(0)
    return float(values.sum())
