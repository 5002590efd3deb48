"""Makes a file that is larger than the disk by a seek, and reserves its blocks."""

import os


def attempt(place):
    with open(os.path.join(place["folder"], "sparse"), "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 16 << 20)
    return os.path.getsize(file.name) == 16 << 20


def total(values):
    with open("sparse", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 1 << 34)
