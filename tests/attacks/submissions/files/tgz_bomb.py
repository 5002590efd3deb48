"""A tar whose gzip stream never seems to end."""

import gzip
import io
import tarfile


def build(folder):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        info = tarfile.TarInfo("tiny.py")
        info.size = 12
        archive.addfile(info, io.BytesIO(b"total = sum\n"))
        big = tarfile.TarInfo("data.bin")
        big.size = 64 << 20
        archive.addfile(big, io.BytesIO(bytes(64 << 20)))
    (folder / "student-01.tgz").write_bytes(gzip.compress(data.getvalue()))
