"""What validation says of an assignment without running anything."""

import pytest

from autograder.assignment import load_assignment
from autograder.authoring.contents import (
    points_finding,
    prerequisites_finding,
    source_finding,
    texts_finding,
)
from autograder.authoring.solution import find_solution
from autograder.errors import AssignmentError
from autograder.records import CheckSpec, Visibility

FULL = {"en": "The loss.", "fa": "هزینه."}


def spec(name, points=5.0, visibility="visible", title=FULL, hint=None, requires=()):
    return CheckSpec(f"t.py::{name}", title, "loss", Visibility(visibility), points, requires, hint)


def details(finding):
    assert finding.fit is (not finding.details)
    assert finding.fit or finding.mend
    return "\n".join(finding.details)


def test_a_whole_assignment_is_fit(course):
    assignment = load_assignment(course)
    solution = find_solution(assignment)
    assert source_finding(assignment, solution).fit
    assert points_finding(assignment, [spec("test_a"), spec("test_b")]).fit
    assert texts_finding(assignment, [spec("test_a", hint=FULL)]).fit


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ((1.0, 0.3), "question loss has 1.3 points"),
        ((0.0, 1.0), "t.py::test_0 is worth nothing"),
        ((1.5,), "not a whole number"),
        ((), "question loss has no points"),
    ],
)
def test_points_that_do_not_add_up(course, points, said):
    specs = [spec(f"test_{at}", each) for at, each in enumerate(points)]
    assert said in details(points_finding(load_assignment(course), specs))


def test_points_that_the_handout_promises(make):
    handout = "# مربع‌ها\n\n## ۱. هزینه (۱۲٫۵ نمره)\n"
    assignment = load_assignment(make({"course/handout.fa.md": handout}))
    said = details(points_finding(assignment, [spec("test_a")]))
    assert "handout.fa.md promises 12.5 points for loss, its checks give 5" in said


@pytest.mark.parametrize(
    ("title", "hint", "said"),
    [
        ({"en": "Only English.", "fa": "Only English."}, None, "test_a, title: no Persian text"),
        ({"en": "هزینه", "fa": "هزینه"}, None, "Persian in the English text"),
        (FULL, {"en": "Look.", "fa": "Look."}, "test_a, hint: no Persian text"),
        ({"en": "TODO", "fa": "هزینه"}, None, "TODO left in it"),
    ],
)
def test_texts_that_are_missing(course, title, hint, said):
    finding = texts_finding(load_assignment(course), [spec("test_a", title=title, hint=hint)])
    assert said in details(finding)


def test_handouts_that_are_missing_empty_or_silent(make):
    assignment = load_assignment(make({"course/handout.en.md": "# Squares\n"}))
    (assignment.root / "handout.fa.md").unlink()
    said = details(texts_finding(assignment, [spec("test_a")]))
    assert "handout.fa.md is missing" in said
    assert "handout.en.md has next to nothing in it" in said
    assert "handout.en.md does not mention squared_loss" in said


def test_names_that_nobody_defines(make):
    manifest = 'id = "course"\ntitle.en = "a"\ntitle.fa = "b"\nquestions = [{id = "loss", title = '
    manifest += '{en = "a", fa = "b"}}]\nsubmission = {names = ["mean", "median"]}\n'
    assignment = load_assignment(make({"course/assignment.toml": manifest}))
    said = details(source_finding(assignment, find_solution(assignment)))
    assert "the solution does not define median" in said
    assert "mean" not in said.replace("median", "")


def test_markers_that_do_not_pair(make):
    code = "def mean(values):\n    ### BEGIN SOLUTION\n    return 1\n"
    assignment = load_assignment(make({"course/solution/course.py": code}))
    assert "course.py:2: this solution has no end" in details(
        source_finding(assignment, find_solution(assignment))
    )


def test_a_visible_check_on_a_hidden_one():
    specs = [spec("test_h", visibility="hidden"), spec("test_v", requires=("t.py::test_h",))]
    finding = prerequisites_finding(specs)
    assert "t.py::test_v is visible and requires t.py::test_h" in details(finding)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"course/solution/course.ipynb": "{}"}, "keep one"),
        ({"course/solution/course.py": "x = 1\n"}, "no ### BEGIN SOLUTION"),
    ],
)
def test_a_solution_that_cannot_be_released(make, files, said):
    from autograder.authoring.solution import make_starter

    assignment = load_assignment(make(files))
    with pytest.raises(AssignmentError, match=said):
        make_starter(assignment, find_solution(assignment))
