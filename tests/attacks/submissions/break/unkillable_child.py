"""Leaves a child that ignores every signal and holds the pipes of its parent open."""

import os
import signal
import time


def child():
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    time.sleep(3)
    os._exit(0)


def attempt(place):
    pid = os.fork()
    if pid == 0:
        child()
    time.sleep(0.2)
    os.kill(pid, signal.SIGTERM)
    time.sleep(0.1)
    return os.waitpid(pid, os.WNOHANG) == (0, 0)


def total(values):
    if os.fork() == 0:
        child()
    os._exit(0)
