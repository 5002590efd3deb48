"""A zip with two files whose names differ in case only."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w") as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        archive.writestr("TINY.PY", "def total(values): return sum(values)\n")
