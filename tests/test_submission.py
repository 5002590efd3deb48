from __future__ import annotations

import ast
import io
import json
import string
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import source
from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError, UsageError
from autograder.records import Source, Submission
from autograder.submission import (
    find_submissions,
    import_folders,
    read_submission,
    submission_id,
    submission_ids,
)
from autograder.texts import catalogue

SPEC = SubmissionSpec(
    names=("svm_loss", "Classifier"), files=("linear.py", "linear.ipynb"), max_bytes=1_000_000
)
CODE = "import numpy as np\n\n\ndef svm_loss(W):\n    return 0.0\n"
MODULES = ("archive", "entry", "folder", "ipython", "notebook", "source", "submission", "tree")


def read(path: Path, spec: SubmissionSpec = SPEC) -> Submission:
    return read_submission(path, spec, id="student-01")


def refusal(path: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(path)
    return caught.value.message["en"]


def notebook(*cells: str, **more: object) -> str:
    code = [{"cell_type": "code", "source": cell, **more} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code})


def write(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return root


def zip_of(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_every_child_is_a_submission_but_what_systems_leave_behind(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "b.py": "",
            "a.zip": "",
            "c/x.py": "",
            "پاسخ.py": "",
            ".hidden": "",
            "Thumbs.db": "",
            ".ipynb_checkpoints/b.ipynb": "",
            "__MACOSX/x": "",
        },
    )
    (tmp_path / "link.py").symlink_to("b.py")
    found = [path.name for path in find_submissions(tmp_path)]
    assert found == ["a.zip", "b.py", "c", "link.py", "پاسخ.py"]


def test_no_folder_of_submissions_is_one_line_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_text("")
    with pytest.raises(UsageError, match="no submissions in it; each file, archive or folder"):
        find_submissions(tmp_path)
    with pytest.raises(UsageError, match="no such folder; name the folder"):
        find_submissions(tmp_path / "gone")
    with pytest.raises(UsageError, match="a file; name the folder"):
        find_submissions(tmp_path / ".DS_Store")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("student-01.py", "student-01"),
        ("student-01.tar.gz", "student-01"),
        ("student.v2.TGZ", "student.v2"),
        ("student-01", "student-01"),
        ("پاسخ\u200cهای من.ipynb", "پاسخ\u200cهای من"),
        ("e\u0301.py", "é"),
        ("a\u202eb:c*?\x1b[1m|.py", "a_b_c_[1m_"),
        ("student-01.rar", "student-01"),
        ("CON.py", "_CON"),
        ("a..b .py", "a_b"),
        ("...py", "_"),
        ("a\\b.py", "a_b"),
        ("x" * 250 + ".py", "x" * 200),
        ("پ" * 125 + ".py", "پ" * 100),
    ],
)
def test_an_id_is_the_name_without_its_ending_safe_as_a_folder(name: str, expected: str) -> None:
    assert submission_id(Path("submissions") / name) == expected


def test_the_id_of_a_folder_keeps_its_dots(tmp_path: Path) -> None:
    (tmp_path / "student.01").mkdir()
    assert submission_id(tmp_path / "student.01") == "student.01"


def test_ids_of_a_listing_are_unique_whatever_the_order_and_case() -> None:
    names = ["s.py", "s.ipynb", "S.zip", "t.py", "T.PY", "t-1.py", "x:.py", "x?.py", "u.py"]
    paths = [Path(name) for name in names]
    ids = submission_ids(paths)
    assert list(ids) == paths
    assert submission_ids(paths[::-1]) == ids
    assert len({identifier.casefold() for identifier in ids.values()}) == len(names)
    assert ids[Path("s.py")] == "s.py"
    assert ids[Path("s.ipynb")] == "s.ipynb"
    assert ids[Path("u.py")] == "u"
    assert ids[Path("t-1.py")] == "t-1"


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(
    st.lists(
        st.text(min_size=1)
        | st.text("sS.-1_:", min_size=1)
        | st.sampled_from(["s.py", "S.py", "s.ipynb", "s.tar.gz", "CON.py", "x" * 300]),
        max_size=12,
    )
)
def test_ids_are_unique_and_safe_for_any_names(names: list[str]) -> None:
    paths = [Path("s") / name for name in names if "/" not in name and "\0" not in name]
    ids = submission_ids(paths)
    assert ids == submission_ids(paths[::-1])
    assert len({identifier.casefold() for identifier in ids.values()}) == len(set(paths))
    for identifier in ids.values():
        assert 0 < len(identifier.encode()) < 255
        assert not set(identifier) & set('/\\:*?"<>|\0\n')
        assert identifier == identifier.strip(" ").rstrip(".")
        assert not identifier.startswith(".")


def test_a_file_is_one_source(tmp_path: Path) -> None:
    write(tmp_path, {"student-01.py": CODE})
    submission = read(tmp_path / "student-01.py")
    assert submission == Submission(
        id="student-01",
        sha256=submission.sha256,
        entry="student-01.py",
        sources=(Source("student-01.py", CODE),),
    )
    assert import_folders(submission) == (".",)


def test_a_notebook_is_one_source_a_cell(tmp_path: Path) -> None:
    write(tmp_path, {"n.ipynb": notebook("%matplotlib inline", CODE, "print 'x'")})
    submission = read(tmp_path / "n.ipynb")
    assert [piece.label for piece in submission.sources] == ["cell 1", "cell 2"]
    assert submission.notes[0]["en"].startswith("Cell 3 does not parse (line 1: `Missing paren")
    assert "This is Python 2." in submission.notes[0]["en"]


@pytest.mark.parametrize("form", ["folder", "zip", "tar.gz"])
def test_a_folder_or_archive_may_hold_the_file_some_levels_down(tmp_path: Path, form: str) -> None:
    files = {
        "homework 1/mine/linear.py": CODE,
        "homework 1/mine/helper.py": "x = 1",
        "__MACOSX/homework 1/._linear.py": "junk",
    }
    path = write(tmp_path / "folder", files)
    if form == "zip":
        path = zip_of(tmp_path / "s.zip", files)
    elif form == "tar.gz":
        with tarfile.open(tmp_path / "s.tar.gz", "w:gz") as archive:
            archive.add(path / "homework 1", "homework 1")
        path = tmp_path / "s.tar.gz"
    submission = read(path)
    assert submission.entry == "linear.py"
    assert submission.files == {"helper.py": b"x = 1"}
    assert submission.sha256 == read(write(tmp_path / "other", files)).sha256


def test_a_package_is_not_stripped_and_its_root_is_importable(tmp_path: Path) -> None:
    files = {
        "cs231n/__init__.py": "",
        "cs231n/classifiers/__init__.py": "",
        "cs231n/classifiers/linear.py": CODE,
        "cs231n/data.py": "x = 1",
    }
    submission = read(write(tmp_path / "s", files))
    assert submission.entry == "cs231n/classifiers/linear.py"
    assert set(submission.files) == files.keys() - {submission.entry}
    assert import_folders(submission) == ("cs231n/classifiers", ".")
    wrapped = read(zip_of(tmp_path / "s.zip", {f"hw/{name}": files[name] for name in files}))
    assert (wrapped.entry, wrapped.sha256) == (submission.entry, submission.sha256)


def test_a_file_beside_others_keeps_its_own_folder_first_on_the_path(tmp_path: Path) -> None:
    files = {"src/linear.py": CODE, "src/helper.py": "x = 1", "data/x.csv": "1"}
    submission = read(write(tmp_path / "s", files))
    assert submission.entry == "src/linear.py"
    assert import_folders(submission) == ("src", ".")


def test_one_archive_alone_in_a_folder_is_opened(tmp_path: Path) -> None:
    folder = write(tmp_path / "Student 01_123_assignsubmission_file", {})
    folder.mkdir()
    zip_of(folder / "hw.zip", {"hw/linear.py": CODE})
    assert read(folder).entry == "linear.py"
    zip_of(folder / "hw2.zip", {"hw/linear.py": CODE})
    assert "has no `.py` file and no notebook" in refusal(folder)


def test_a_written_file_joins_the_others(tmp_path: Path) -> None:
    cells = notebook("%%writefile helper.py\nx = 2", "%%writefile linear.ipynb\nx", CODE)
    path = write(tmp_path / "s", {"linear.ipynb": cells, "helper.py": "x = 1"})
    submission = read(path)
    assert submission.files == {"helper.py": b"x = 2"}
    path = write(tmp_path / "t", {"linear.ipynb": notebook("%%writefile A/b.py\nx", CODE), "a": ""})
    assert "would be the same file" in refusal(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.rar", b"Rar!", "`a.rar` is not a kind of file that can be graded"),
        ("a.docx", b"PK\x03\x04", "`a.docx` is not a kind of file that can be graded"),
        ("a.py.txt", CODE.encode(), "Send a `.py` file, a notebook (`.ipynb`), or a `.zip`"),
        ("noending", CODE.encode(), "is not a kind of file that can be graded"),
        ("a.py", b"PK\x03\x04 zip", "`a.py` ends in `.py`, but its content is `zip`"),
        ("a.py", b"<!DOCTYPE html>", "but its content is `HTML`"),
        ("a.py", b"{\\rtf1 x}", "but its content is `RTF`"),
        ("a.py", notebook(CODE).encode(), "but its content is `.ipynb`"),
        ("a.ipynb", b"PK\x03\x04", "`a.ipynb` ends in `.ipynb`, but its content is `zip`"),
        ("a.ipynb", CODE.encode(), "The notebook `a.ipynb` is damaged"),
        ("a.py", b"", "`a.py` is empty (0 bytes)"),
        ("a.ipynb", b"", "The notebook `a.ipynb` is empty"),
        ("a.zip", b"", "`a.zip` is damaged or cut off"),
        ("a.py", b" \n", "nothing in it but blank lines"),
        ("a.py", "سلام = 1".encode("cp1256"), "`a.py` is not UTF-8 (byte 1, line 1)"),
        ("a.py", CODE.encode("utf-16"), "is saved as UTF-16"),
        ("a.py", b"print 'x'\n", "`a.py`, line 1: Python cannot read this"),
        ("a.py", b"x = 1\n", "defines none of the names that are graded"),
        ("پاسخ.py", b"x = 1\n", "`پاسخ.py` defines none of the names"),
        ("a.py", b"x" * 1_000_001, "larger than 1 MB unpacked"),
        ("a.py", b"#" * 300_000, "longer than 256 kB"),
    ],
)
def test_a_bad_file_gets_one_clear_line(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    said = refusal(tmp_path / name)
    assert message in said
    assert "\n" not in said


def test_an_empty_folder_or_archive_says_what_to_send(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert "Send `linear.py` or `linear.ipynb`." in refusal(tmp_path / "s")
    assert "Send `linear.py` or `linear.ipynb`." in refusal(zip_of(tmp_path / "s.zip", {}))


def test_a_submission_that_is_a_link_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"real.py": CODE})
    (tmp_path / "link.py").symlink_to("real.py")
    assert refusal(tmp_path / "link.py").startswith("`link.py` is a link")


def test_a_file_name_cannot_disturb_a_message(tmp_path: Path) -> None:
    name = "a\u202e\x1b[31m`<b>.py"
    (tmp_path / name).write_text("x = 1")
    said = refusal(tmp_path / name)
    assert said.startswith("`a\ufffd\ufffd[31m'<b>.py` defines none")


def test_the_digest_is_of_all_that_counts_and_of_nothing_else(tmp_path: Path) -> None:
    files = {"linear.ipynb": notebook(CODE), "helper.py": "x = 1"}
    digest = read(write(tmp_path / "a", files)).sha256
    executed = notebook(CODE, execution_count=7, outputs=[{"data": "x"}])
    same = {"helper.py": "x = 1", ".git/x": "1", "linear.ipynb": executed}
    assert read(write(tmp_path / "b", same)).sha256 == digest
    for number, change in enumerate(
        [
            {"helper.py": "x = 2"},
            {"other.txt": "x"},
            {"linear.ipynb": notebook(CODE + " ")},
            {"linear.ipynb": notebook(CODE, "x = = 1")},
        ]
    ):
        assert read(write(tmp_path / str(number), files | change)).sha256 != digest
    renamed = {"helper2.py": "x = 1", "linear.ipynb": notebook(CODE)}
    assert read(write(tmp_path / "r", renamed)).sha256 != digest


def test_the_order_and_dates_of_an_archive_do_not_count(tmp_path: Path) -> None:
    files = {"linear.py": CODE, "helper.py": "x = 1"}
    first = zip_of(tmp_path / "a.zip", files)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in reversed(files):
            archive.writestr(zipfile.ZipInfo(name, (1999, 1, 1, 0, 0, 0)), files[name])
    (tmp_path / "b.zip").write_bytes(other.getvalue())
    assert read(first).sha256 == read(tmp_path / "b.zip").sha256


def _messages() -> set[str]:
    """Every sentence that the readers say."""
    found = {cause for _, _, cause in source.CAUSES} | {source._OTHER_CAUSE}
    for module in MODULES:
        path = Path(source.__file__).with_name(f"{module}.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text":
                if isinstance(node.args[0], ast.Constant):
                    found.add(node.args[0].value)
    return found


@pytest.mark.parametrize("sentence", sorted(_messages()))
def test_every_sentence_exists_in_persian_with_the_same_fields(sentence: str) -> None:
    def fields(template: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name}

    persian = catalogue("fa")[sentence]
    assert any("\u0600" <= letter <= "\u06ff" for letter in persian)
    if sentence not in {cause for _, _, cause in source.CAUSES}:  # these are never filled in
        assert fields(persian) == fields(sentence)
    assert persian.count("`") == sentence.count("`")


def test_the_sentences_are_found() -> None:
    assert len(_messages()) > 50
