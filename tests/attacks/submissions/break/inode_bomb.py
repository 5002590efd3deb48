"""Makes empty files without end."""

import os


def attempt(place):
    folder = os.path.join(place["folder"], "many")
    os.mkdir(folder)
    for number in range(3000):
        open(os.path.join(folder, str(number)), "w").close()
    return len(os.listdir(folder)) == 3000


def total(values):
    for number in range(100_000):
        open(f"empty{number}", "w").close()
