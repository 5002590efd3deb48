"""`autograder validate` from end to end."""

import json

import pytest

from autograder.authoring.documents import validation_document, validation_page
from autograder.authoring.findings import Finding, Validation

COMPONENTS = """
    import numpy as np

    from autograder.components import Component, WrongVersion
    from autograder.records import Misconception

    NAME = {"en": "A sum", "fa": "مجموع"}


    def mean(values):
        return np.mean(values)


    COMPONENTS = [
        Component(
            "mean",
            question="loss",
            right=mean,
            wrong=[
                WrongVersion(Misconception("mean.sum", NAME, NAME), lambda values: np.sum(values)),
                WrongVersion(Misconception("mean.large", NAME, NAME), SURVIVOR),
            ],
            probe=lambda rng: [([1.0, 2.0],), ([1e9, 3e9],)],
        )
    ]
"""


def with_components(survivor):
    return {"course/checks/components.py": COMPONENTS.replace("SURVIVOR", survivor)}


@pytest.mark.slow
def test_a_sound_assignment_is_fit(make, run, tmp_path):
    course = make(with_components("lambda values: np.mean(values) * 1.5"))
    page = tmp_path / "page.html"
    done = run("validate", course, "--seeds", "3", "--json", "--html", page, check=0)
    document = json.loads(done.stdout)
    assert document["fit"] and document["schema"] == 1
    found = {each["id"]: each["summary"] for each in document["findings"]}
    assert found["seeds"] == "full marks on 3 seeds"
    assert found["forms"] == "full marks as py, ipynb, zip, crlf, folder"
    assert "frozen values" in found["release"]
    assert "fit to publish" in done.stderr
    html = page.read_text(encoding="utf-8")
    assert "Fit to publish" in html and "mean.sum" in html and "<script" not in html
    assert not list(course.rglob("__pycache__"))


@pytest.mark.slow
def test_an_unsound_assignment_is_not(make, run):
    """A misconception that no check sees, points for the starter, and a check of luck."""
    changes = with_components("lambda values: np.mean(values) + (np.max(values) > 1e8)")
    changes["course/checks/test_luck.py"] = '''
        import pytest

        from autograder.checks import check_value


        @pytest.mark.points(2, question="loss")
        def test_luck(student, rng):
            """Luck.

            fa: شانس.
            """
            assert rng.random() < 0.5
        '''
    done = run("validate", make(changes), "--seeds", "8", "--json", check=1)
    document = json.loads(done.stdout)
    unfit = {each["id"]: each for each in document["findings"] if not each["fit"]}
    assert not document["fit"]
    assert {"seeds", "kill"} <= set(unfit)
    assert any("mean.large" in line for line in unfit["kill"]["details"])
    assert all(each["mend"] for each in unfit.values())


@pytest.mark.slow
def test_the_untouched_part_of_a_check_that_needs_the_answer_cannot_be_frozen(make, run):
    """The reference is asked for something that the student's answer decides."""
    checks = '''
        import numpy as np
        import pytest

        from autograder.checks import check_value
        from right_answers.losses import squared


        @pytest.mark.points(8, question="loss")
        def test_of_an_answer(student):
            """A rule about the answer.

            fa: قاعده‌ای دربارهٔ پاسخ.
            """
            got = float(np.asarray(student.mean([1.0, 2.0])))
            expected = squared(np.array([got]), np.eye(1), np.array([1.5])).loss
            check_value(expected, 0.0)
        '''
    done = run("validate", make({"course/checks/test_own.py": checks}), "--seeds", "1", "--json")
    document = json.loads(done.stdout)
    released = next(each for each in document["findings"] if each["id"] == "released")
    assert any(
        "student-02: test_own.py::test_of_an_answer: internal_error instead of failed" in line
        and "was not frozen" in line
        for line in released["details"]
    )


def test_what_cannot_be_validated_is_one_line(course, run):
    (course / "solution" / "course.py").unlink()
    done = run("validate", course)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "the solution lives there" in done.stderr


def test_page_and_document_say_the_same_and_escape_what_they_quote():
    bad = Finding("points", "Points", False, "1 thing", ("<b>q</b> has 1.3 points",), "mend it")
    validation = Validation("a", "1", "T & T", [bad], [("q", "Question", 2, 3.5)])
    document = validation_document(validation)
    assert (document["fit"], document["findings"][0]["details"]) == (False, list(bad.details))
    page = validation_page(validation)
    assert "&lt;b&gt;q&lt;/b&gt; has 1.3 points" in page and "T &amp; T" in page
    assert "Not fit to publish" in page and "→ mend it" in page
