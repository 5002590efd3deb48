"""Prints without end, by Python and past it."""

import os


def attempt(place):
    path = os.path.join(place["folder"], "out")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    for _ in range(100):
        os.write(descriptor, b"x" * 100_000)
    return os.path.getsize(path) == 10_000_000


def total(values):
    while True:
        print("x" * 1000)
        os.write(1, b"x" * 1000)
