"""A file of one line that a parser takes hundreds of times its size of memory for."""


def build(folder):
    code = "def total(values): return 0.5\nx = [" + "a," * 180_000 + "]\n"
    (folder / "student-01.py").write_text(code)
