"""A file of one line of a megabyte."""


def build(folder):
    code = "def total(values): return 0.5\nx = [" + "1," * 150_000 + "]\n"
    (folder / "student-01.py").write_text(code)
