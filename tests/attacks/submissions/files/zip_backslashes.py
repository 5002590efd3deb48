"""A zip whose entry leads out with the separators of Windows."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w") as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        info = zipfile.ZipInfo("x")
        info.filename = "..\\escaped.txt"
        archive.writestr(info, "out")
