"""A zip with two files of one name: one for whoever looks, one for whoever grades."""

import warnings
import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        archive.writestr("tiny.py", "def total(values): return sum(values)\n")
