"""A zip whose entry has an absolute name."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w") as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        archive.writestr(str(folder.parent / "escaped.txt"), "out")
