"""Takes ever more anonymous shared memory."""

import mmap


def attempt(place):
    whole = mmap.mmap(-1, place["megabytes"] << 20)
    whole[::4096] = b"x" * (len(whole) // 4096)
    return whole[4096] == ord("x")


def total(values):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 16 << 20))
        kept[-1][::4096] = b"x" * 4096
