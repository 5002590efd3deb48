"""Sleeps without end, and uses no processor time that could run out."""

import time


def attempt(place):
    time.sleep(0.05)
    return True


def total(values):
    time.sleep(10_000)
