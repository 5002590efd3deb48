"""A zip with a symbolic link to a secret file, as Info-ZIP packs them."""

import zipfile


def build(folder):
    with zipfile.ZipFile(folder / "student-01.zip", "w") as archive:
        archive.writestr("tiny.py", "def total(values): return 0.5\n")
        info = zipfile.ZipInfo("data.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, str(folder.parent / "secret.txt"))
