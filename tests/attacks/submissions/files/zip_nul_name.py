"""A zip with a name that a NUL cuts short: data.txt to one reader, data.txt.py to another."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w") as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        info = zipfile.ZipInfo("x")
        info.filename = "data.txt\0.py"
        archive.writestr(info, "out")
