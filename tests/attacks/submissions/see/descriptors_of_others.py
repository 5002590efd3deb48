"""Opens another process's files by the links in its /proc/PID/fd."""

import os


def attempt(place):
    folder = f"/proc/{place['holder']}/fd"
    texts = []
    for name in os.listdir(folder):
        try:
            if os.path.isfile(f"{folder}/{name}"):
                texts.append(open(f"{folder}/{name}").read())
        except (OSError, ValueError):
            continue
    return " ".join(texts)
