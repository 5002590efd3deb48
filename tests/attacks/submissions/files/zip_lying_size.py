"""A zip that states a size of ten bytes for a file of many megabytes."""

import struct
import zipfile


def build(folder):
    path = folder / "student-01.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        archive.writestr("data.bin", bytes(64 << 20))
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 64 << 20), struct.pack("<I", 10)))
