"""A tar whose member leads out of the folder."""

import io
import tarfile


def build(folder):
    with tarfile.open(folder / "student-01.tar", "w") as archive:
        for name, content in (("tiny.py", b"total = sum\n"), ("../escaped.txt", b"out")):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
