"""A small zip that is a thousand times as large unpacked."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        archive.writestr("data.bin", bytes(64 << 20))
