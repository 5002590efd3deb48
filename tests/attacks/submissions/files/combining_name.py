"""Puts thousands of accents on one letter of a name, for Python to sort by hand."""


def build(folder):
    code = "def total(values): return 0.5\na" + "\u0301" * 15_000 + "\u0323" * 15_000 + " = 1\n"
    (folder / "student-01.py").write_text(code, encoding="utf-8")
