"""Starts a program that reads for it: what it may not do, a child may."""

import subprocess


def attempt(place):
    return subprocess.run(["/bin/cat", place["checks"]], capture_output=True, text=True).stdout
