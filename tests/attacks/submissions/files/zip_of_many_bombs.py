"""A zip of many files that are each small enough, and together are not."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        for number in range(200):
            archive.writestr(f"data{number}.bin", bytes(300_000))
