"""Dies of a signal, to look like a fault of the machine."""

import ctypes


def attempt(place):
    return place["dies"](lambda: ctypes.string_at(0))


def total(values):
    ctypes.string_at(0)
