"""What a row of `examples.toml` should say of what came."""

import msgspec
import pytest

from autograder.assignment import load_assignment
from autograder.authoring.examples import merged
from autograder.authoring.expectations import Expected, load_expectations, trial_problems
from autograder.authoring.proposals import Style, differences, proposed, style_of, undecided
from autograder.authoring.runs import Trial, TrialCheck
from autograder.records import CheckSpec, Outcome, Status, Visibility

LISTS = Style(by_outcome=True, causes=True, answers=False)
IN_ONE = Style(by_outcome=False, causes=True, answers=False)
SHEET = Style(by_outcome=False, causes=False, answers=True)
NAMES = ("t.py::test_a[x]", "t.py::test_a[y]", "t.py::test_b", "t.py::test_c")
SPECS = [CheckSpec(name, {"en": ""}, "q", Visibility.VISIBLE, 1.0) for name in NAMES]


def trial(*outcomes, score=0.0, causes=(), message="", said=""):
    ended = {
        name: TrialCheck(Outcome(outcome), 0.0, 0.0, said)
        for name, outcome in zip(NAMES, outcomes, strict=bool(outcomes))
    }
    status = Status.GRADED if outcomes else Status.UNGRADABLE
    return Trial("student-01", status, score, 100.0, 0.0, message, ended, tuple(causes))


@pytest.mark.parametrize(
    ("style", "came", "row"),
    [
        (LISTS, ("passed",) * 4, {"score": 0}),
        (
            LISTS,
            ("failed", "failed", "error", "passed"),
            {"score": 0, "failed": ["test_a"], "error": ["test_b"]},
        ),
        (LISTS, ("failed", "passed", "passed", "passed"), {"score": 0, "failed": ["test_a[x]"]}),
        (
            IN_ONE,
            ("failed", "error", "passed", "not_run"),
            {"score": 0, "not_passed": ["test_a", "test_c"]},
        ),
        (IN_ONE, ("failed",) * 4, {"score": 0, "none_passed": True}),
        (
            LISTS,
            ("error", "error", "not_run", "error"),
            {"score": 0, "every": ["error", "not_run"]},
        ),
        (SHEET, ("passed", "pending", "failed", "passed"), {"waiting": 1, "not_right": ["test_b"]}),
        (SHEET, ("failed",) * 4, {"waiting": 0, "not_right_count": 4}),
    ],
)
def test_a_new_row_says_what_came_and_agrees_with_it(style, came, row):
    made = proposed(None, trial(*came), style)
    assert made == {"about": "?", "score": 0, **row}
    assert trial_problems(msgspec.convert(made, Expected), trial(*came)) == []


def test_a_submission_that_cannot_be_graded_keeps_the_words_that_are_still_said():
    came = trial(message="Line 3: this is Python 2. Mend it.")
    new = proposed(None, came, LISTS)
    assert new == {"about": "?", "status": "ungradable", "message": came.message}
    old = Expected(status=Status.UNGRADABLE, message="this is Python 2.")
    assert proposed(old, came, LISTS)["message"] == "this is Python 2."
    assert proposed(Expected(message="tabs"), came, LISTS)["message"] == came.message


def test_what_still_holds_of_a_row_is_kept():
    came = trial("passed", "failed", "failed", "passed", score=71.5, causes=("b", "a"))
    old = Expected(score=(60, 70), either=("test_a",), failed=("test_c",), causes=("c",))
    made = proposed(old, came, IN_ONE)
    assert made["score"] == [60, 71.5] and made["either"] == ["test_a"]
    assert made["failed"] == ["test_b"] and made["causes"] == ["a", "b"]
    assert "about" not in made
    crashed = trial("crashed", "failed", "passed", "passed", score=2)
    assert proposed(old, crashed, IN_ONE)["score"] == 2
    assert "either" not in proposed(old, crashed, IN_ONE)
    allowed = proposed(Expected(every=("error", "failed")), trial(*["failed"] * 4), LISTS)
    assert allowed["every"] == ["error", "failed"]


def test_words_that_every_failure_must_say_are_kept_while_they_do():
    came = trial("failed", "passed", "passed", "passed", said="the sum is wrong")
    assert proposed(Expected(message="sum"), came, LISTS)["message"] == "sum"
    assert "message" not in proposed(Expected(message="mean"), came, LISTS)


def test_the_style_is_that_of_the_rows():
    assert style_of({}, answers=False) == LISTS
    rows = {"a": Expected(none_passed=True), "b": Expected(not_passed=("t",))}
    assert style_of(rows, answers=False) == Style(False, False, False)
    rows = {"a": Expected(failed=("t",)), "b": Expected(every=("error",), causes=("c",))}
    assert style_of(rows, answers=True) == Style(True, True, True)


def test_a_check_that_is_no_more_is_a_difference():
    came = trial(*["passed"] * 4, score=4)
    assert differences(Expected(score=4), came, SPECS, IN_ONE) == []
    gone = Expected(score=4, failed=("test_gone",))
    assert differences(gone, came, SPECS, IN_ONE) == ["there is no check test_gone"]


def test_an_error_of_ours_becomes_no_row():
    assert "t.py::test_b: oh" in undecided(
        trial("passed", "failed", "internal_error", "passed", said="oh")
    )
    assert undecided(trial("passed", "failed", "error", "passed")) == ""


TABLE = """\
# read by a person

[student-01]
about = "right"
score = 4

# kept
[student-02]
about = "wrong in b"
score = 4
failed = ["test_a[x]", "test_c"]
"""


def test_a_table_is_mended_where_it_is_wrong_and_nowhere_else(make):
    course = make({})
    path = course / "examples.toml"
    path.write_text(TABLE, encoding="utf-8")
    expected = load_expectations(load_assignment(course))
    came = {
        "student-01": trial(*["passed"] * 4, score=4),
        "student-02": trial("passed", "passed", "failed", "passed", score=3),
        "student-03": trial(*["error"] * 4),
    }
    style = style_of(expected, answers=False)
    made = merged(path, expected, came, SPECS, style)
    assert (made.same, list(made.changed), made.new) == (
        ["student-01"],
        ["student-02"],
        ["student-03"],
    )
    assert made.text == TABLE.replace("score = 4\nfailed", "score = 3\nfailed").replace(
        '["test_a[x]", "test_c"]', '["test_b"]'
    ) + ('\n[student-03]\nabout = "?"\nscore = 0\nevery = ["error"]\n')
    made.write()
    again = load_expectations(load_assignment(course))
    assert merged(path, again, came, SPECS, style).text == made.text
    assert not path.with_name("examples.toml.new").exists()
    del came["student-01"]
    came["student-02"] = trial("passed", "passed", "passed", "internal_error")
    left = merged(path, again, came, SPECS, style)
    assert left.left.keys() == {"student-01", "student-02"} and left.text == made.text


def test_the_program_writes_what_the_submissions_get(make, run):
    """A row that is wrong, one that is missing, and one that is right."""
    table = """
        # kept
        [student-02]
        about = "a sum instead of a mean"
        score = 5  # not so
        failed = ["test_mean"]

        [student-03]
        about = "the first once more"
        score = 10
        """
    first = make({"course/examples.toml": table}) / "examples" / "student-01.py"
    course = first.parent.parent
    first.with_name("student-03.py").write_bytes(first.read_bytes())
    done = run("examples", course, "--jobs", "2", check=0)
    assert "1 rows as they were, 1 changed, 1 new" in done.stdout
    assert "test_private.py::test_private_matter: failed instead of passed" in done.stdout
    assert (course / "examples.toml").read_text(encoding="utf-8") == (
        '# kept\n\n[student-01]\nabout = "?"\nscore = 10\n\n'
        '[student-02]\nabout = "a sum instead of a mean"\nscore = 4\n'
        'failed = [\n    "test_mean",\n    "test_mean_of_large_numbers",\n'
        '    "test_private_matter",\n]\n\n'
        '[student-03]\nabout = "the first once more"\nscore = 10\n'
    )
    assert "Traceback" not in done.stderr and done.stderr == ""
