"""Stops itself: it neither answers nor ends, and uses no time."""

import os
import signal


def attempt(place):
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    stopped = os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    os.kill(pid, signal.SIGKILL)
    return stopped


def total(values):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0.5
