"""The release of an assignment that has everything to tell apart, made by the command line."""

import io
import json
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.assignment import load_assignment
from autograder.authoring.release import make_release, zip_files
from autograder.errors import UsageError

COURSE = Path(__file__).resolve().parents[2] / "assignments"
WITH_SOLUTION = sorted(path.parent for path in COURSE.glob("*/solution"))

EXPECTED = {
    "README.md",
    "assignment.toml",
    "checks/frozen.json",
    "checks/test_loss.py",
    "course.ipynb",
    "course.py",
    "figures/plot.svg",
    "handout.en.md",
    "handout.fa.md",
}


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_folder_and_archive_hold_the_same_files(released):
    _, folder, archive, said = released
    files = everything(folder)
    assert set(files) == EXPECTED == set(said["files"])
    with zipfile.ZipFile(archive) as opened:
        packed = {name.removeprefix("course/"): opened.read(name) for name in opened.namelist()}
        assert opened.comment == b""
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert packed == files


@pytest.mark.parametrize(
    "secret",
    [
        "residual_of_the_fit",
        "np.sum(values) / len(values)",
        "HIDDEN_EXPECTATION",
        "123.456",
        "456.234",
        "secret",
        "SECRET",
        "test_mean_of_large_numbers",
        "private",
        "پنهان",
        "BEGIN SOLUTION",
        "STARTER",
        "import_paths",
        "from right_answers",
        "import right_answers",
        "student-01",
    ],
)
def test_no_secret_is_in_any_file(released, secret):
    for name, data in everything(released[1]).items():
        assert secret not in data.decode(), name


def test_starter_has_both_forms_with_the_same_code(released):
    folder = released[1]
    python = (folder / "course.py").read_text()
    notebook = nbformat.read(folder / "course.ipynb", as_version=4)
    nbformat.validate(notebook)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell in python for cell in cells)
    assert 'raise NotImplementedError("write your code here")' in python
    assert "    total = None  # your code\n    return total" in python


def test_manifest_of_the_release_loads(released):
    made, own = load_assignment(released[1]), load_assignment(released[0])
    assert (made.id, made.seed, made.submission, made.questions) == (
        own.id,
        own.seed,
        own.submission,
        own.questions,
    )
    assert made.import_paths == ()


def test_readme_says_in_both_languages_what_counts(released):
    words = (released[1] / "README.md").read_text(encoding="utf-8")
    assert "`course.py`" in words and "autograder check" in words
    assert "3 checks" in words and "5 of 10 points" in words
    assert "## " not in words and "# مربع‌ها" in words and "تحویل" in words
    assert "hypothesis==" in words  # frozen values belong to the inputs that this version draws


def verdicts(run, place, sample):
    document = json.loads(run("check", place, sample, "--json").stdout)
    return {
        check["id"]: (check["outcome"], check["points"], check["message"])
        for check in document["checks"]
        if check["visibility"] == "visible"
    }


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["student-01.py", "student-02.py"])
def test_visible_checks_judge_alike_in_both_folders(released, run, sample):
    assignment, folder, *_ = released
    path = assignment / "examples" / sample
    assert verdicts(run, assignment, path) == verdicts(run, folder, path)


def test_released_checks_judge_without_the_reference(released, run):
    assignment, folder, *_ = released
    found = verdicts(run, folder, assignment / "examples" / "student-02.py")
    assert {name: outcome for name, (outcome, *_) in found.items()} == {
        "test_loss.py::test_loss": "passed",
        "test_loss.py::test_any_loss": "passed",
        "test_loss.py::test_mean": "failed",
    }


def test_check_in_the_released_folder_needs_no_arguments(released, run):
    done = run("check", cwd=released[1])
    assert done.returncode == 1
    assert "This part is not written yet" in done.stdout
    assert "the file that was saved last" in done.stderr


@pytest.mark.slow
def test_the_same_assignment_makes_the_same_archive(released, run, tmp_path):
    run("release", released[0], "--output", tmp_path / "again", check=0)
    assert (tmp_path / "again" / "course.zip").read_bytes() == released[2].read_bytes()


def test_a_solution_line_in_the_handout_is_refused_and_nothing_is_written(make, run, tmp_path):
    careless = "# Squares\n\nWrite `mean`:\n\n    return np.sum( values )/len(values)\n"
    assignment = make({"course/handout.en.md": careless})
    done = run("release", assignment, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "handout.en.md: a line of the solution" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("assignment", WITH_SOLUTION, ids=lambda path: path.name)
def test_every_assignment_of_the_course_can_be_released(run, tmp_path, assignment):
    if load_assignment(assignment).submission.package is not None:
        done = run("release", assignment, "--output", tmp_path, check=2)
        assert "there is nothing to release" in done.stderr and not any(tmp_path.iterdir())
        return
    done = run("release", assignment, "--output", tmp_path, "--json", check=0)
    assert json.loads(done.stdout)["visible_checks"] > 0
    assert (tmp_path / f"{json.loads(done.stdout)['assignment']}.zip").is_file()


def test_archive_does_not_depend_on_the_order_of_its_files():
    first = zip_files("a", {"x": b"1", "y": b"2"})
    assert first == zip_files("a", {"y": b"2", "x": b"1"})
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["a/x", "a/y"]


@pytest.mark.parametrize("output", [".", "course/out"])
def test_release_never_overwrites_the_assignment(course, output):
    with pytest.raises(UsageError, match=r"outside it|another folder"):
        make_release(load_assignment(course), course.parent / output)
    assert (course / "solution" / "course.py").exists()


def test_release_into_a_folder_of_something_else_is_refused(course, tmp_path):
    other = tmp_path / "out" / "course"
    other.mkdir(parents=True)
    (other / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match="no earlier release"):
        make_release(load_assignment(course), tmp_path / "out")
    assert (other / "thesis.tex").exists()
