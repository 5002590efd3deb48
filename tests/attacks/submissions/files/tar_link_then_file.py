"""A tar with a link to a folder outside, and then a file to be written through it."""

import io
import tarfile


def build(folder):
    with tarfile.open(folder / "student-01.tar", "w") as archive:
        link = tarfile.TarInfo("lib")
        link.type, link.linkname = tarfile.SYMTYPE, str(folder.parent)
        archive.addfile(link)
        for name in ("tiny.py", "lib/escaped.txt"):
            info = tarfile.TarInfo(name)
            info.size = 12
            archive.addfile(info, io.BytesIO(b"total = sum\n"))
