"""A zip whose entry's name leads out of the submission's folder with dots."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w") as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        archive.writestr("../escaped.txt", "out")
