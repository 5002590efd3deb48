from __future__ import annotations

import ast
import codecs
import threading
import tracemalloc
import warnings

import pytest

from autograder.errors import SubmissionError
from autograder.source import (
    MAX_CODE_CHARACTERS,
    Definitions,
    SyntaxProblem,
    decode,
    defined_names,
    parse,
)

CODE = "def f():\n    return 'سلام'\n"


def problem_of(code: str) -> SyntaxProblem:
    with pytest.raises(SyntaxProblem) as caught:
        parse(code)
    return caught.value


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (CODE.encode(), CODE),
        (codecs.BOM_UTF8 + CODE.encode(), CODE),
        (CODE.replace("\n", "\r\n").encode(), CODE),
        (CODE.replace("\n", "\r").encode(), CODE),
        ("# -*- coding: cp1256 -*-\nx = 'سلام'\n".encode("cp1256"), None),
        ("#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\nx = 'é'\n".encode("latin-1"), None),
        ("# coding: UTF_8-unix\nx = 'é'\n".encode(), None),
        (b"\n# coding: ascii\nx = 1\n", None),
        (b"x = 1\n# coding: rot13 is only a comment here\n", None),
    ],
)
def test_source_is_decoded(data: bytes, expected: str | None) -> None:
    code = decode("a.py", data)
    if expected is not None:
        assert code == expected
    assert "\r" not in code
    assert isinstance(parse(code), ast.Module)
    assert "\ufffd" not in code


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "`a.py` is empty (0 bytes)"),
        (b" \n\t\r\n\x0c", "nothing in it but blank lines"),
        (codecs.BOM_UTF8, "nothing in it but blank lines"),
        (codecs.BOM_UTF16_LE + CODE.encode("utf-16-le"), "is saved as UTF-16"),
        (codecs.BOM_UTF16_BE + CODE.encode("utf-16-be"), "is saved as UTF-16"),
        (CODE.encode("utf-32"), "is saved as UTF-16 or UTF-32"),
        (b"x = 1\0", "zero bytes in it (the first is byte 6)"),
        (b"x = 1\ny = '\xe9'\n", "is not UTF-8 (byte 12, line 2)"),
        (codecs.BOM_UTF8 + b"x = '\xe9'\n", "is not UTF-8 (byte 9, line 1)"),
        (b"# coding: ascii\nx = '\xe9'\n", "is not `ascii`, although"),
        (b"# coding: rot13\nk = 1\n", "names the encoding `rot13`"),
        (b"\n# coding: unicode_escape\nk = 1\n", "names the encoding `unicode-escape`"),
        (b"# coding: os\nk = 1\n", "names the encoding `os`"),
        (b"# coding: ../../evil\nk = 1\n", "names the encoding `..`"),
    ],
)
def test_bytes_that_are_no_source_are_refused_with_the_mend(data: bytes, message: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        decode("a.py", data)
    assert message in caught.value.message["en"]


@pytest.mark.parametrize(
    ("code", "line", "cause"),
    [
        ("print 'x'\n", 1, "Python 2"),
        ("x = 1\nexec 'x'\n", 2, "Python 2"),
        ("try:\n    pass\nexcept ValueError, e:\n    pass\n", 3, "Python 2"),
        ("x = `1`\n", 1, "Python 2"),
        ("if 1 <> 2:\n    pass\n", 1, "Python 2"),
        ("raise ValueError, 'x'\n", 1, "Python 2"),
        ("x = 0777\n", 1, "Python 2"),
        ("x = 10L\n", 1, "Python 2"),
        ("x = ur'a'\n", 1, "Python 2"),
        ("if 1:\n        x = 1\n\ty = 1\n", 3, "Tabs and spaces"),
        ("if 1:\n\tx = 1\n        y = 1\n", 3, "Tabs and spaces"),
        ("def f():\n\nx = 1\n", 3, "has no body"),
        ("def f():\n    x = 1\n  y = 2\n", 3, "under its block"),
        ("x = 1\n    y = 2\n", 2, "under its block"),
        ("def f()\n    return 1\n", 1, "A colon"),
        ("for i in range(3)\n    pass\n", 1, "A colon"),
        ("x = (1,\n", 1, "A bracket"),
        ("x = 1)\n", 1, "A bracket"),
        ("x = (1]\n", 1, "A bracket"),
        ("x = 'abc\n", 1, "no closing quote"),
        ('x = """abc\n', 1, "no closing quote"),
        ("x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> b\n", 2, "A merge"),
        ("x = “a”\n", 1, "another keyboard"),
        ("x = f(1، 2)\n", 1, "another keyboard"),
        ("x =\u00a01\n", 1, "another keyboard"),
        ("%matplotlib inline\n", 1, "notebook syntax"),
        ("x = 1\n!pip install numpy\n", 2, "notebook syntax"),
        ("for i in range(...) ... :\n    pass\n", 1, "placeholder"),
        ("x = = 1\n", 1, "Look at this line"),
    ],
)
def test_a_syntax_error_is_told_with_its_usual_cause(code: str, line: int, cause: str) -> None:
    problem = problem_of(code)
    assert (problem.line, cause in problem.cause["en"]) == (line, True), problem.cause["en"]
    assert problem.problem
    assert problem.cause["fa"] != problem.cause["en"]


@pytest.mark.parametrize(
    "code",
    [
        "(" * 100_000 + ")" * 100_000,
        "x = " + "[" * 150 + "]" * 150 + "(" * 100,
        "-" * 100_000 + "1",
        "not " * 50_000 + "1",
        "a" + ".b" * 100_000,
        "a" + "()" * 100_000,
        "a" + "[0]" * 80_000,
        "1" + "+1" * 100_000,
        "1" + "**1" * 50_000,
        "lambda:" * 30_000 + "1",
        "1 if 1 else " * 20_000 + "1",
        "if 1: pass\n" + "elif 1: pass\n" * 20_000,
        "x = " + "9" * 100_000,
        "x = '\ud800'",
        "x\0",
        "a = 1\n" * 100_000,
    ],
    ids=lambda code: repr(code[:12]),
)
def test_code_that_python_gives_up_on_is_a_problem_and_no_crash(code: str) -> None:
    problem = problem_of(code)
    assert problem.line >= 1
    assert problem.cause["en"]


@pytest.mark.slow
def test_the_longest_code_takes_bounded_memory() -> None:
    code = "a;" * (MAX_CODE_CHARACTERS // 2)
    tracemalloc.start()
    assert len(parse(code).body) == MAX_CODE_CHARACTERS // 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300_000_000


def test_code_that_is_too_long_is_not_parsed() -> None:
    assert "longer than 256 kB" in problem_of("#" * (MAX_CODE_CHARACTERS + 1)).cause["en"]


def test_a_warning_about_the_code_does_not_leak() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parse(r"x = '\d'" + "\ny = 1if x else 2\nz = x is 1\n")


def test_threads_parse_side_by_side_and_leave_the_warning_filters_alone() -> None:
    before = list(warnings.filters)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(50):
                parse(r"x = '\d'")
                problem_of("-" * 10_000 + "1")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert list(warnings.filters) == before


def test_every_name_that_the_top_level_binds_is_found() -> None:
    tree = parse(
        "import numpy as np, os.path\n"
        "from m import g as h\n"
        "def f(a):\n    inner = 1\n    def deep(): pass\n"
        "async def c(): pass\n"
        "class K:\n    attribute = 1\n"
        "a = b = 1\n(d, [e, *r]) = v\nx.y = 1\nz[0] = 1\nt: int = 1\nu: int\n"
        "if 1:\n    i1 = 1\nelif 2:\n    i2 = 1\nelse:\n    i3 = 1\n"
        "try:\n    t1 = 1\nexcept E:\n    t2 = 1\nelse:\n    t3 = 1\nfinally:\n    t4 = 1\n"
        "for l1 in v:\n    l2 = 1\nwhile 1:\n    l3 = 1\n"
        "with v as w1:\n    w2 = 1\n"
        "match v:\n    case 1:\n        m1 = 1\n"
    )
    found = defined_names(tree)
    own = "f c K a b d e r t i1 i2 i3 t1 t2 t3 t4 l1 l2 l3 w1 w2 m1"
    assert found.own == frozenset(own.split())
    assert found.imported == {"np", "os", "h"}
    assert not found.everything


def test_a_star_import_may_bring_any_name() -> None:
    found = defined_names(parse("from m import *\nx = 1\n"))
    assert found == Definitions(frozenset({"x"}), frozenset(), everything=True)
    assert (found | Definitions(imported=frozenset({"y"}))).count(["x", "y", "z"]) == (1, 2)


@pytest.mark.parametrize(
    "code",
    [
        'x = f"' + "{a}" * 20_000 + '"',
        "x = rF'''" + "{a}\n" * 20_000 + "'''",
        'x = f"' + "{a}" * 20_000,
    ],
    ids=["one line", "many lines", "not closed"],
)
def test_an_f_string_that_takes_seconds_to_parse_is_refused(code):
    with pytest.raises(SyntaxProblem, match="too long an f-string"):
        parse(code)


@pytest.mark.parametrize(
    "code",
    [
        'x = "' + "{a}" * 20_000 + '"',
        '# f"' + "{a}" * 20_000,
        "x = (" + 'f"{a}" ' * 10_000 + ")",
        "x = [" + "{1: 2}, " * 20_000 + "]",
    ],
    ids=["no f-string", "comment", "short ones", "dicts"],
)
def test_other_braces_are_no_f_string(code):
    parse(code)


def test_a_tower_of_accents_is_refused_before_python_sorts_it() -> None:
    name = "a" + "\u0301" * 60_000 + "\u0323" * 60_000
    with pytest.raises(SyntaxProblem, match="too many accents"):
        parse(f"{name} = 1")
    assert parse("نُمرَه = 1  # " + "سلام " * 1000)
