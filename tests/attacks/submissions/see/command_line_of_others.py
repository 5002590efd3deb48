"""Reads the command lines of all processes in /proc."""

import os


def attempt(place):
    lines = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                lines.append(open(f"/proc/{name}/cmdline").read())
            except OSError:
                continue
    return " ".join(lines)
