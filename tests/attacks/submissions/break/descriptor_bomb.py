"""Opens descriptors without end."""

import os


def attempt(place):
    return len([os.open("/dev/null", os.O_RDONLY) for _ in range(200)]) == 200


def total(values):
    while True:
        os.open("/dev/null", os.O_RDONLY)
