"""A file of 256 KB that is one f-string: Python 3.11 parses it for seconds."""


def build(folder):
    code = "def total(values): return 0.5\nx = f'" + "{a}" * 80_000 + "'\n"
    (folder / "student-01.py").write_text(code)
