"""Ignores every signal that can be ignored, and never returns."""

import signal
import time


def ignore():
    ignored = 0
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
            ignored += 1
        except (OSError, ValueError):
            continue
    return ignored


def total(values):
    ignore()
    while True:
        time.sleep(1)
