import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError
from autograder.questions.reading import read_answers
from autograder.submission import read_submission

ONLY_ANSWERS = SubmissionSpec(answers=True)
WITH_CODE = SubmissionSpec(answers=True, names=("f",))


def written(**files):
    names = {name.replace("__", "."): content.encode() for name, content in files.items()}
    return dict(read_answers(names).written)


@pytest.mark.parametrize(
    "line",
    [
        "answer: size",
        "# answer: size",
        "### Answer: `size`",
        "<!-- answer: size -->",
        "**answer: size**",
        "پاسخ: size",
        "## پاسخ : size",
        "  %% answer: SIZE",
        "> answer: size",
    ],
)
def test_a_mark_starts_an_answer(line):
    assert written(a__md=f"text before\n{line}\n\n28\n\n") == {"size": "28"}


@pytest.mark.parametrize("line", ["answer: size = 28", "answer size: 28", "پاسخ size: 28"])
def test_an_answer_may_stand_on_the_line_of_its_mark(line):
    assert written(a__md=line) == {"size": "28"}


def test_an_answer_ends_at_the_next_mark():
    page = "answer: a\n1\n\n2\r\nanswer: b\r\n3\r\n"
    assert written(a__md=page) == {"a": "1\n\n2", "b": "3"}


def test_toml_keeps_its_types_and_bent_quotes_are_mended():
    page = 'size = 28\nok = true\ntable = [[1, 2]]\nlast = "۲۸"\n'
    assert written(answers__toml=page) == {
        "size": 28,
        "ok": True,
        "table": [[1, 2]],
        "last": "۲۸",
    }
    assert written(answers__toml="size = “28”") == {"size": "28"}
    assert written(answers__toml="[answers]\nsize = 28") == {"size": 28}


def test_the_last_of_two_answers_counts_and_is_said():
    answers = read_answers({"a.md": b"answer: x\n1\n", "answers.toml": b"x = 2"})
    assert answers.written == {"x": 2}
    assert "`x`" in answers.notes[0]["en"]
    assert read_answers({"a.md": b"answer: x\n1", "b.md": b"answer: x\n1"}).notes == ()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("answers.toml", b"x = = 3", "not valid TOML"),
        ("answers.toml", b"x = " + b"[" * 5000, "not valid TOML"),
        ("answers.toml", b"\xff\xfe", "not UTF-8"),
        ("a.md", b"\xff\xfe", "not UTF-8"),
        ("a.md", b" " * 400_000, "larger than"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name, data, message):
    with pytest.raises(SubmissionError, match=message):
        read_answers({name: data})


@given(st.text(max_size=500))
def test_any_text_is_read(page):
    for name, answer in written(a__md=page).items():
        assert name and isinstance(answer, str)


def notebook(*cells):
    made = [
        {"cell_type": kind, "source": source, "metadata": {}, "outputs": []}
        for kind, source in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def test_cells_of_every_kind_hold_answers(tmp_path):
    path = tmp_path / "student-01.ipynb"
    path.write_text(
        notebook(
            ("markdown", "## answer: size\n28"),
            ("raw", "answer: depth\n10"),
            ("code", "# answer: name\n# two\n# words"),
            ("markdown", "no answer"),
        ),
        encoding="utf-8",
    )
    submission = read_submission(path, ONLY_ANSWERS, id="student-01")
    assert submission.answers == {"size": "28", "depth": "10", "name": "two\n words"}
    assert submission.sources == ()


def test_code_and_answers_come_together(tmp_path):
    folder = tmp_path / "student-01"
    folder.mkdir()
    (folder / "code.py").write_text("def f(): return 1\n")
    (folder / "answers.toml").write_text("size = 28\n")
    submission = read_submission(folder, WITH_CODE, id="student-01")
    assert submission.answers == {"size": 28}
    assert submission.entry == "code.py"
    (folder / "code.py").unlink()
    with pytest.raises(SubmissionError, match=r"no `\.py` file"):
        read_submission(folder, WITH_CODE, id="student-01")


def test_answers_change_the_digest(tmp_path):
    path = tmp_path / "answers.toml"
    digests = set()
    for content in ("a = 1", "a = 2", "a = 1 "):
        path.write_text(content)
        digests.add(read_submission(path, ONLY_ANSWERS, id="x").sha256)
    assert len(digests) == 3


def test_without_answers_there_is_nothing_to_grade(tmp_path):
    path = tmp_path / "student-01.py"
    path.write_text("x = 1")
    with pytest.raises(SubmissionError, match="no answers in it"):
        read_submission(path, ONLY_ANSWERS, id="student-01")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(SubmissionError, match=r"Send `answers.toml`, a Markdown file"):
        read_submission(tmp_path / "picture.png", ONLY_ANSWERS, id="student-01")


@pytest.mark.parametrize(
    "written",
    ["a = 0x" + "f" * 100_000, "a = " + "[" * 300 + "]" * 300, "a." + "b." * 300 + "c = 1"],
    ids=["a number of many digits", "lists in lists", "tables in tables"],
)
def test_what_could_not_be_shown_is_refused(written: str) -> None:
    with pytest.raises(SubmissionError, match="not valid TOML"):
        read_answers({"answers.toml": written.encode()})
