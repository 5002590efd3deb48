r"""Coverage-guided fuzzing of the submission readers with atheris.

Run from the repository's root, in an environment with atheris, msgspec and babel:

    python -m tests.fuzz.fuzz_submission FOLDER tests/fuzz/corpus -max_total_time=600 \
        -max_len=20480 -rss_limit_mb=1024 -timeout=20

The first byte of an input chooses the form; the rest is the file. New inputs go to FOLDER;
`--seeds FOLDER` puts one good submission of each form there. The tests read tests/fuzz/corpus.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed; pip install atheris")

with atheris.instrument_imports(include=["autograder", "zipfile", "gzip"]):
    from autograder.assignment import SubmissionSpec
    from autograder.errors import SubmissionError
    from autograder.ipython import plain_python
    from autograder.submission import read_submission

SPEC = SubmissionSpec(names=("f",), files=("hw.py",), max_bytes=100_000, max_files=10)
ENDINGS = (".py", ".ipynb", ".zip", ".tar", ".tgz")
CODE = "import numpy as np\n\ndef f(x):\n    return x\n"
CELLS = [CODE, "%%time\n%matplotlib inline\nx = !ls\nhelp?", "%%writefile a.py\nx = 1", "def g(:"]

# Memory is quicker than a disk, where the system has such a folder.
FOLDER = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)


def read_one(data: bytes) -> None:
    """Read the file that `data` stands for; anything but a `SubmissionError` is a finding."""
    if not data:
        return
    path = Path(FOLDER) / f"student-01{ENDINGS[data[0] % len(ENDINGS)]}"
    path.write_bytes(data[1:])
    try:
        read_submission(path, SPEC, id="student-01")
    except SubmissionError as error:
        if "\n" in error.message["en"]:
            raise AssertionError(error.message) from None
    if path.suffix == ".py":
        plain_python(data[1:].decode("utf-8", "replace"))


def seeds() -> dict[str, bytes]:
    """One good submission of each form."""
    cells = [{"cell_type": "code", "source": cell, "outputs": []} for cell in CELLS]
    members = {"hw/hw.py": CODE.encode(), "hw/lib/a.py": b"x = 1", "__MACOSX/._a": b"x"}
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with tarfile.open(fileobj=tarred, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in (members | {"n" * 60 + "/" + "پ" * 60: b"x"}).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": [CODE]}]}]}
    return {
        "plain.py": CODE.encode(),
        "latin.py": "# coding: latin-1\nf = 'é'\n".encode("latin-1"),
        "new.ipynb": json.dumps({"nbformat": 4, "cells": cells}).encode(),
        "old.ipynb": json.dumps(old).encode(),
        "some.zip": zipped.getvalue(),
        "some.tar": tarred.getvalue(),
        "some.tgz": gzip.compress(tarred.getvalue()),
    }


def main() -> None:
    """Write seeds, or fuzz."""
    if len(sys.argv) == 3 and sys.argv[1] == "--seeds":
        for name, data in seeds().items():
            form = ENDINGS.index(Path(name).suffix)
            (Path(sys.argv[2]) / name).write_bytes(bytes([form]) + data)
    else:
        atheris.Setup(sys.argv, read_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
