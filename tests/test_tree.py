from __future__ import annotations

import pytest

from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError
from autograder.tree import MAX_DEPTH, MAX_ENTRIES, Tree, is_ignored, safe_parts, shown

SPEC = SubmissionSpec(max_bytes=100, max_files=3)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../evil.py", "leads out"),
        ("a/../../evil.py", "leads out"),
        ("/etc/passwd", "leads out"),
        ("C:/evil.py", "leads out"),
        ("c:evil.py", "leads out"),
        ("a\\b.py", "leads out"),
        ("a/..\\b.py", "leads out"),
        ("a\0b.py", "cannot be seen"),
        ("a\u202egnp.py", "cannot be seen"),
        ("a\u2066b.py", "cannot be seen"),
        ("a\nb.py", "cannot be seen"),
        ("a\x1b[31m.py", "cannot be seen"),
        ("a\udcff.py", "cannot be seen"),
        ("d/" * MAX_DEPTH + "a.py", "folders deep"),
        ("a" * 300 + ".py", "too long"),
        ("ب" * 130 + ".py", "too long"),
    ],
)
def test_a_dangerous_name_is_refused(name: str, message: str) -> None:
    with pytest.raises(SubmissionError, match=message):
        safe_parts(name)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.py", ["a.py"]),
        ("./a//b/./c.py", ["a", "b", "c.py"]),
        ("تمرین ۱/پاسخ\u200cها.py", ["تمرین ۱", "پاسخ\u200cها.py"]),
        ("e\u0301.py", ["é.py"]),
        ("", []),
        ("./", []),
    ],
)
def test_a_harmless_name_is_kept_in_composed_form(name: str, parts: list[str]) -> None:
    assert safe_parts(name) == parts


@pytest.mark.parametrize(
    "name",
    [".git/config", "__MACOSX/._a.py", "a/__pycache__/a.pyc", "Thumbs.db", ".DS_Store", "Icon\r"],
)
def test_what_systems_leave_behind_is_passed_over(name: str) -> None:
    assert Tree(SPEC).admit(name) is None


def test_an_ordinary_name_is_not_passed_over() -> None:
    assert not is_ignored("venv.py")
    assert Tree(SPEC).admit("cs231n/classifiers/softmax.py") == "cs231n/classifiers/softmax.py"


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("a.py", "a.py", "twice"),
        ("a.py", "A.py", "same file"),
        ("a.py", "a.py.", "same file"),
        ("straße.py", "STRASSE.py", "same file"),
        ("Lib/x.py", "lib/y.py", "same file"),
        ("a", "a/b.py", "twice|same file"),
        ("a/b.py", "a", "twice|same file"),
        ("A/b.py", "a", "same file"),
    ],
)
def test_names_that_are_one_file_somewhere_are_refused(
    first: str, second: str, message: str
) -> None:
    tree = Tree(SPEC)
    tree.reserve(first, 1)
    with pytest.raises(SubmissionError, match=message):
        tree.reserve(second, 1)


def test_files_in_one_folder_do_not_clash() -> None:
    tree = Tree(SPEC)
    for name in ("lib/a.py", "lib/b.py", "a.py"):
        tree.reserve(name, 1)
        tree.add(name, b"1")
    assert list(tree.files()) == ["a.py", "lib/a.py", "lib/b.py"]


def test_sizes_are_counted_together() -> None:
    tree = Tree(SPEC)
    tree.reserve("a", 60)
    assert tree.left() == 40
    with pytest.raises(SubmissionError, match=r"larger than 0.0001 MB"):
        tree.reserve("b", 41)


def test_one_file_too_many_is_refused() -> None:
    tree = Tree(SPEC)
    for name in "abc":
        tree.reserve(name, 1)
    with pytest.raises(SubmissionError, match="more than 3 files"):
        tree.reserve("d", 1)


def test_entries_that_are_passed_over_count_against_their_own_limit() -> None:
    tree = Tree(SPEC)
    for number in range(MAX_ENTRIES):
        assert tree.admit(f".git/{number}") is None
    with pytest.raises(SubmissionError, match="more than 10000 files"):
        tree.admit(".git/one-more")


def test_a_shown_name_cannot_break_a_message() -> None:
    assert shown("a`b\n\u202e\x1b.py") == "a'b\ufffd\ufffd\ufffd.py"
    assert len(shown("x" * 10_000)) == 120


def test_a_name_of_many_accents_is_refused_before_it_is_normalised() -> None:
    with pytest.raises(SubmissionError, match="too long"):
        safe_parts(("a" + "\u0301\u0323" * 2) * 10_000)
