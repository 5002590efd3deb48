"""A submission that is itself a link to a secret file."""


def build(folder):
    (folder / "student-01.py").symlink_to(folder.parent / "secret.txt")
