"""Dies of a signal, to look like a fault of the machine."""

import ctypes


def total(values):
    ctypes.string_at(0)
