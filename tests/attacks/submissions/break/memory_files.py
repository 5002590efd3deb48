"""Takes memory by files in memory, which no limit on the address space counts."""

import os


def attempt(place):
    return os.write(os.memfd_create("x"), bytes(place["megabytes"] << 20)) > 0


def total(values):
    while True:
        os.write(os.memfd_create("x"), bytes(16 << 20))
