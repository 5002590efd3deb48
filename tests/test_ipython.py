from __future__ import annotations

import pytest

from autograder.ipython import has_ipython_syntax, plain_python, without_get_ipython
from autograder.source import parse


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("%matplotlib inline", "pass"),
        ("%load_ext autoreload", "pass"),
        ("    %autoreload 2", "    pass"),
        ("%pip install numpy", "pass"),
        ("!pip install numpy", "pass"),
        ("!!ls", "pass"),
        ("pip install numpy", "pass"),
        ("pip install -q numpy", "pass"),
        ("cd ../data", "pass"),
        ("?help", "pass"),
        ("help?", "pass"),
        ("np.dot??", "pass"),
        ("%time?  ", "pass"),
        ("%time x = f(1)", "x = f(1)"),
        ("  %time x = f(1)", "  x = f(1)"),
        ("%time", "pass"),
        ("%timeit f(1)", "pass"),
        ("%prun -q f(1)", "f(1)"),
        ("files = !ls", "files = []"),
        ("here = %pwd", "here = None"),
        ("x = %time f(2)", "x = f(2)"),
        ("x = 5 % 3", None),
        ("x = a != b", None),
        ("cd = 3", None),
        ("pip = f(1)", None),
        ("# what?", None),
        ("'what?'", None),
    ],
)
def test_one_line_becomes_plain_python(line: str, plain: str | None) -> None:
    code = plain_python(line).code
    assert code == (line if plain is None else plain)
    parse(code if not code.startswith(" ") else f"if 1:\n{code}")


def test_line_numbers_stay() -> None:
    cell = "%%time\n%matplotlib inline\nx = 1\n!ls \\\n  -l \\\n  -a\ny = 2"
    assert plain_python(cell).code == "\npass\nx = 1\npass\n\n\ny = 2"


@pytest.mark.parametrize(
    "cell",
    [
        "x = (a\n% b)",
        'text = """\n%matplotlib\n!ls\nhelp?\n"""',
        "text = '''\n!ls \\''' \n%a\n'''",
        "x = [1,  # (\n     2\n]\ny = 1 \\\n% 2",
        "x = '(' + \"'''\" # '''\ny = 3 % 2",
        "x = {\n'a?': 1,\n}",
    ],
)
def test_what_looks_like_a_magic_inside_a_statement_stays(cell: str) -> None:
    assert plain_python(cell + "\n!ls").code == cell + "\npass"


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%prun", "%%time\n\n%%capture"])
def test_a_transparent_cell_magic_keeps_the_rest(magic: str) -> None:
    plain = plain_python(f"\n{magic}\nx = 1")
    assert plain.code.strip() == "x = 1"
    assert plain.code.count("\n") == magic.count("\n") + 2
    assert not plain.left_out


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%timeit x=1", "%%javascript", "%%R -i x"])
def test_any_other_cell_magic_leaves_the_cell_out_and_says_so(magic: str) -> None:
    plain = plain_python(f"{magic}\nrm -rf /\n")
    assert plain.code == ""
    assert plain.left_out == [(1, magic.split()[0])]


@pytest.mark.parametrize(
    "magic", ["%%writefile helper.py", "%%file helper.py", "%%writefile -a 'helper.py'"]
)
def test_what_a_cell_would_write_becomes_a_file(magic: str) -> None:
    plain = plain_python(f"{magic}\nx = 1\n")
    assert plain.code == ""
    assert plain.files == {"helper.py": "x = 1\n"}


def test_a_magic_that_may_be_missed_is_noted() -> None:
    plain = plain_python("%run helper.py\nfiles = !ls\n%matplotlib inline\n")
    assert plain.left_out == [(1, "%run"), (2, "!ls")]


def test_plain_python_is_known_cheaply() -> None:
    assert not has_ipython_syntax("import numpy as np\nx = np.dot(a, b)\n")
    assert has_ipython_syntax("x\npip install y")


def test_an_exported_notebook_loses_its_ipython_calls() -> None:
    code = (
        "# coding: utf-8\n"
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "if 1:\n    get_ipython().system(\n        'ls')\n"
        "x = get_ipython().getoutput('ls')\n"
        "get_ipython().magic('ls'); y = 2\n"
    )
    plain = without_get_ipython(code, parse(code))
    assert plain == (
        "# coding: utf-8\n"
        "pass\n"
        "if 1:\n    pass\n\n"
        "x = get_ipython().getoutput('ls')\n"
        "get_ipython().magic('ls'); y = 2\n"
    )
    parse(plain)
    assert without_get_ipython("x = 1", parse("x = 1")) == "x = 1"


@pytest.mark.parametrize(
    "unit",
    [" ", "?", "%", "a ", "= ", "'", '"""', "(", "\\", "!", "pip ", "- ", "--a ", "a?", "a? "],
)
def test_a_line_of_a_quarter_megabyte_is_read(unit: str) -> None:
    # A pattern that backtracks would take minutes here.
    for before in ("", "x", "%time ", "x? "):
        plain = plain_python(before + unit * (250_000 // len(unit)) + "x\ny = 1")
        assert plain.code.count("\n") == 1
