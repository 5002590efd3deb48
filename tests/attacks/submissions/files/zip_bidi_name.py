"""A zip with a name that reads differently from what it is, by a right-to-left override."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w") as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        archive.writestr("data\u202etxt.py", "out")
