import pytest
from msgspec.structs import replace

from autograder.assignment import SubmissionSpec, load_assignment
from autograder.errors import AssignmentError, SubmissionError
from autograder.package import graded_files, read_package
from autograder.submission import read_submission

SPEC = SubmissionSpec(
    package="deep", names=("deep.losses.svm", "deep.losses.softmax", "deep.nets.small.Net")
)
LOSSES = b"def svm(): pass\n"
NET = b"from ..losses import *\nclass Net: pass\n"


def placed(files):
    return sorted(read_package(files, SPEC)[0])


def english(files):
    return [note["en"] for note in read_package(files, SPEC)[1]]


def test_graded_files_are_the_modules_of_the_names():
    assert graded_files(SPEC) == ("losses.py", "nets/small.py")


@pytest.mark.parametrize("root", ["deep/", "", "a/b/deep/", "deep-master/", "work/Deep/"])
def test_the_package_is_found_at_any_depth_and_by_any_name(root):
    files = {f"{root}losses.py": LOSSES, f"{root}nets/small.py": NET}
    assert placed(files) == ["deep/losses.py", "deep/nets/small.py"]


def test_the_folder_of_the_right_name_wins_over_a_copy():
    files = {f"{root}/losses.py": root.encode() for root in ("old", "deep", "zz")}
    assert read_package(files, SPEC)[0]["deep/losses.py"] == b"deep"


def test_files_loose_in_one_folder_are_put_in_their_place():
    files = {"work/losses.py": LOSSES, "work/small.py": NET}
    assert {"deep/losses.py", "deep/nets/small.py"} <= set(placed(files))


def test_what_lies_around_the_package_and_is_no_code_is_left_out():
    files = {"a1/deep/losses.py": LOSSES, "a1/deep/data.bin": b"\0", "a1/setup.py": b"1"}
    assert placed(files) == ["deep/losses.py"]


def test_nothing_that_is_graded_makes_it_ungradable():
    with pytest.raises(SubmissionError) as error:
        read_package({"setup.py": b"1"}, SPEC)
    assert "`deep/losses.py`" in error.value.message["en"]


def test_a_file_of_python_2_is_named_with_its_line_and_the_mend():
    (note,) = english({"deep/losses.py": b"def svm():\n    print 'x'\n", "deep/x.py": b"y = 1\n"})
    assert "`deep/losses.py`, line 2" in note and "Python 2" in note


def test_a_file_of_python_2_is_said_to_have_run_as_such_where_the_manifest_allows_it():
    spec = replace(SPEC, shims=("python2",))
    files = {"deep/losses.py": b"def svm():\n    print 'x'\n    for i in xrange(3): pass\n"}
    (note,) = [note["en"] for note in read_package(files, spec)[1]]
    assert "`deep/losses.py`, line 2" in note and "as Python 2 runs it" in note


def test_bare_xrange_and_old_numpy_names_are_named():
    notes = english({"deep/losses.py": b"import numpy as np\nfor i in xrange(3): np.float(i)\n"})
    assert len(notes) == 2
    assert "`xrange`" in notes[0] and "`np.float`" in notes[1]


def test_imported_xrange_needs_no_note():
    assert english({"deep/losses.py": b"from past.builtins import xrange\nxrange(3)\n"}) == []


def test_a_submission_holds_the_package_and_no_entry(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/losses.py").write_bytes(LOSSES)
    submission = read_submission(tmp_path, SPEC, id="s")
    assert (submission.package, submission.sources) == ("deep", ())
    assert dict(submission.files) == {"deep/losses.py": LOSSES}
    again = read_submission(tmp_path / "deep", SPEC, id="t")
    assert again.sha256 == submission.sha256


MANIFEST = """id = "x"
title.en = "X"
title.fa = "ایکس"
[submission]
package = {package}
names = ["deep.losses.svm"]
[imports]
shims = {shims}
[[questions]]
id = "q"
title.en = "Q"
title.fa = "پ"
"""


@pytest.mark.parametrize(
    ("package", "shims", "words"),
    [
        ('"deep"', '["python3"]', "imports.shims"),
        ('"a b"', "[]", "folder's name"),
        ('"other"', "[]", "submission.names"),
    ],
)
def test_a_manifest_that_does_not_fit_a_package_is_refused(tmp_path, package, shims, words):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks/test_x.py").write_text("")
    text = MANIFEST.format(package=package, shims=shims)
    (tmp_path / "assignment.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError, match=words):
        load_assignment(tmp_path)


@pytest.mark.parametrize("name", ["layer_utils", "im2col"])
def test_a_file_of_the_course_that_was_not_sent_is_said_to_be_stood_in_for(name):
    spec = replace(SPEC, shims=("starter",))
    using = {"deep/losses.py": f"from deep.{name} import *\n".encode()}
    (note,) = read_package(using, spec)[1]
    assert f"`deep/{name}.py` was not sent" in note["en"]
    assert read_package({**using, f"deep/{name}.py": b"x = 1\n"}, spec)[1] == ()
    assert read_package({"deep/losses.py": f"{name} = 1\n".encode()}, spec)[1] == ()
