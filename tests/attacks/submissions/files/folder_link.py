"""A folder with a symbolic link to a secret file in it."""


def build(folder):
    submission = folder / "student-01"
    submission.mkdir()
    (submission / "tiny.py").write_text("def total(values): return 0.5\n")
    (submission / "data.csv").symlink_to(folder.parent / "secret.txt")
