"""A folder with a FIFO in it, on which a reader waits for ever."""

import os


def build(folder):
    submission = folder / "student-01"
    submission.mkdir()
    (submission / "tiny.py").write_text("def total(values): return 0.5\n")
    os.mkfifo(submission / "data.csv")
