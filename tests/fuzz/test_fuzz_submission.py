"""Random and mutated submissions: a `Submission` or a `SubmissionError`, and nothing else."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
import tracemalloc
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError
from autograder.ipython import plain_python
from autograder.records import Submission
from autograder.source import SyntaxProblem, decode, parse
from autograder.submission import read_submission
from autograder.tree import safe_parts

SPEC = SubmissionSpec(names=("f",), files=("hw.py",), max_bytes=100_000, max_files=10)
PEAK_BYTES = 30_000_000
CORPUS = Path(__file__).parent / "corpus"
ENDINGS = (".py", ".ipynb", ".zip", ".tar", ".tgz")
CODE = "import numpy as np\n\ndef f(x):\n    return x\n"

QUICK = settings(
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(QUICK, max_examples=2000, derandomize=False)

Case = tuple[str, bytes]
"""The ending of a file, and its content."""

PIECES = [
    *("def f(x):", "    return x", "f = 1", "\n", "(", ")", "[", "]", "{", "}", '"""', "'''", "'"),
    *(
        "%%time\n",
        "%matplotlib inline",
        "!ls",
        "x = !ls",
        "help?",
        "%%writefile a.py\n",
        "%%bash\n",
    ),
    *(
        "\\\n",
        "#",
        "\t",
        " ",
        "\r",
        "\x0c",
        "\0",
        "ünï",
        "سلام",
        "\u202e",
        "coding: latin-1",
        "...",
    ),
    *("get_ipython().system('ls')", "import x", "from x import *", "if 1:\n", "lambda:", "-" * 99),
]
GOOD_NAMES = ["hw.py", "a.py", "b.ipynb", "lib/a.py", "lib/__init__.py", "lib/", "پاسخ.py", "d.csv"]
NAMES = [
    *("HW.PY", "a", "a/b.py", "../x.py", "/x.py", "C:\\x.py", "a\\b.py", "x\u202ey.py", "x\0y.py"),
    *("__MACOSX/._a", ".git/a", "d/" * 20 + "a.py", "n" * 300, "e\u0301.py", "./hw.py", "", "a//b"),
]

codes = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)
sources = st.just(CODE) | codes | codes.map(lambda code: f"{CODE}\n{code}")
contents = sources.map(lambda code: code.encode("utf-8", "surrogatepass")) | st.binary(max_size=200)
names = st.sampled_from(GOOD_NAMES) | st.sampled_from(GOOD_NAMES) | st.sampled_from(NAMES)
members = st.lists(st.tuples(names, contents), max_size=4, unique_by=lambda member: member[0])
members |= st.lists(st.tuples(names, contents), max_size=6)
scalars = st.none() | st.booleans() | st.integers(-1, 6) | st.floats() | sources
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@st.composite
def notebooks(draw: st.DrawFn) -> bytes:
    """A notebook, now and then with something else where its parts belong."""

    def rarely(usual: st.SearchStrategy[Any]) -> Any:
        return draw(values if draw(st.integers(0, 15)) == 7 else usual)

    cell_type = st.sampled_from(["code", "code", "code", "markdown", "raw"])
    source = sources | st.lists(sources, max_size=3)
    cells = [
        {"cell_type": rarely(cell_type), "source": rarely(source), "outputs": draw(values)}
        for _ in range(draw(st.integers(0, 5)))
    ]
    cells = rarely(st.just(cells))
    layout = {"cells": cells, "worksheets": rarely(st.just([{"cells": cells}]))}
    return json.dumps({"nbformat": rarely(st.integers(2, 4))} | layout).encode()


@st.composite
def zips(draw: st.DrawFn) -> bytes:
    data = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(data, "w") as archive:
        warnings.simplefilter("ignore")  # of names that come twice
        for name, content in draw(members):
            info = zipfile.ZipInfo(name or "x")
            info.filename = name  # as it is, with what the constructor cuts off
            info.compress_type = draw(st.sampled_from([0, 8] * 9 + [12, 14]))
            info.external_attr = (
                draw(st.sampled_from([0, 0o100644] * 9 + [0o120777, 0o010644])) << 16
            )
            archive.writestr(info, content)
    return data.getvalue()


@st.composite
def tars(draw: st.DrawFn) -> bytes:
    data = io.BytesIO()
    form = draw(st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
    with tarfile.open(fileobj=data, mode="w", format=form) as archive:
        for name, content in draw(members):
            info = tarfile.TarInfo(name)
            info.type = draw(st.sampled_from([b"0"] * 40 + [b"1", b"2", b"5", b"6", b"S", b"x"]))
            info.size = len(content)
            if len(name) < 100 or form != tarfile.USTAR_FORMAT:
                archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


@st.composite
def mutated(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Valid bytes with a few of them overwritten, left out or doubled, or the end cut off."""
    data = draw(whole)
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 4]))):
        start = draw(st.integers(0, len(data)))
        stop = min(start + draw(st.integers(0, 8)), len(data))
        new = draw(st.binary(max_size=8) | st.just(data[start:stop] * 2))
        data = data[:start] + new + data[stop:]
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 5 else data


CASES = st.one_of(
    st.tuples(st.sampled_from(ENDINGS), st.binary(max_size=2000)),
    st.tuples(st.just(".py"), contents),
    st.tuples(st.just(".ipynb"), notebooks()),
    st.tuples(st.just(".ipynb"), mutated(notebooks())),
    st.tuples(st.just(".zip"), mutated(zips())),
    st.tuples(st.just(".tar"), mutated(tars())),
    st.tuples(st.just(".tgz"), mutated(tars()).map(gzip.compress)),
    st.tuples(st.just(".tgz"), mutated(tars().map(gzip.compress))),
)


def read(ending: str, data: bytes) -> Submission | None:
    """What comes of `data` in a file with that ending, in bounded memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"student-01{ending}"
        path.write_bytes(data)
        tracemalloc.start()
        try:
            submission = read_submission(path, SPEC, id="student-01")
            again = read_submission(path, SPEC, id="student-01")
        except SubmissionError as error:
            assert "\n" not in error.message["en"]
            assert error.message["fa"] != error.message["en"]
            return None
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < PEAK_BYTES
    assert submission == again
    assert_sound(submission)
    return submission


def assert_sound(submission: Submission) -> None:
    """What holds of every submission that was read."""
    assert sum(map(len, submission.files.values())) <= SPEC.max_bytes
    assert len(submission.files) < SPEC.max_files
    assert submission.entry not in submission.files
    for name in (submission.entry, *submission.files):
        assert "/".join(safe_parts(name)) == name
    assert submission.sources
    for source in submission.sources:
        parse(source.code)


@QUICK
@given(CASES)
def test_whatever_is_sent_is_read_or_refused(case: Case) -> None:
    read(*case)


@pytest.mark.slow
@LONG
@given(CASES)
def test_whatever_is_sent_is_read_or_refused_for_long(case: Case) -> None:
    read(*case)


@QUICK
@given(st.binary(max_size=300) | contents)
def test_bytes_become_text_or_are_refused(data: bytes) -> None:
    try:
        code = decode("a.py", data)
    except SubmissionError:
        return
    assert code.strip()
    assert "\r" not in code
    assert "\0" not in code


@QUICK
@given(sources)
def test_a_plain_cell_keeps_its_lines(cell: str) -> None:
    cell = cell.replace("\r", "")
    plain = plain_python(cell)
    if plain.code or not cell:
        assert plain.code.count("\n") == cell.count("\n")
    again = plain_python(plain.code)
    try:
        parse(plain.code)
    except SyntaxProblem as problem:
        assert 1 <= problem.line <= plain.code.count("\n") + 1
    else:
        assert again.code.count("\n") == plain.code.count("\n") or not again.code


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_a_case_of_the_corpus_is_read_or_refused(path: Path) -> None:
    form, *_ = data = path.read_bytes()
    assert path.name.startswith(ENDINGS[form % len(ENDINGS)].removeprefix("."))
    read(ENDINGS[form % len(ENDINGS)], data[1:])
