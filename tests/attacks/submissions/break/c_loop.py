"""Computes without end inside of C code, where no Python signal handler runs."""

import re
import signal


def attempt(place):
    signal.signal(signal.SIGALRM, lambda *arguments: None)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    return re.match("(a+)+b", "a" * 22) is None


def total(values):
    re.match("(a+)+b", "a" * 60)
