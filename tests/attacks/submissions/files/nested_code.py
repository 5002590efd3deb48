"""A file whose expressions are nested deeper than a parser's stack."""


def build(folder):
    code = "def total(values): return 0.5\nx = " + "-" * 100_000 + "1\n"
    (folder / "student-01.py").write_text(code)
