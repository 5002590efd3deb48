"""Reads all files in the temporary folders: others may have left something."""

import os


def attempt(place):
    texts = []
    for folder in (place["temporary"], "/tmp", "/var/tmp"):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names[:2000]:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and os.path.getsize(path) < 1000:
                try:
                    texts.append(open(path, errors="replace").read())
                except OSError:
                    continue
    return " ".join(texts)
