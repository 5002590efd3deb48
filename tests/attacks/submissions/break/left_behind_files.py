"""Leaves files, folders without permission and names with line ends behind."""

import os


def attempt(place):
    folder = os.path.join(place["folder"], "deep")
    os.makedirs(f"{folder}/" + "d/" * 50)
    open(f"{folder}/a\nb", "w").close()
    return True


def total(values):
    os.makedirs("d/" * 50)
    open("a\nb\x1b[31m", "w").close()
    os.makedirs("closed/inner")
    open("closed/inner/file", "w").close()
    os.chmod("closed/inner", 0)
    os.chmod("closed", 0)
    os.chdir("/")
    return float(values.sum())
