"""A tar with a FIFO, on which a reader waits for ever."""

import io
import tarfile


def build(folder):
    with tarfile.open(folder / "student-01.tar", "w") as archive:
        info = tarfile.TarInfo("tiny.py")
        info.size = 12
        archive.addfile(info, io.BytesIO(b"total = sum\n"))
        pipe = tarfile.TarInfo("data.csv")
        pipe.type = tarfile.FIFOTYPE
        archive.addfile(pipe)
