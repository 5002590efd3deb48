"""A tar with a hard link to a secret outside."""

import io
import tarfile


def build(folder):
    with tarfile.open(folder / "student-01.tar", "w") as archive:
        info = tarfile.TarInfo("tiny.py")
        info.size = 12
        archive.addfile(info, io.BytesIO(b"total = sum\n"))
        link = tarfile.TarInfo("data.csv")
        link.type, link.linkname = tarfile.LNKTYPE, "../secret.txt"
        archive.addfile(link)
