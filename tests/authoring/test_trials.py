"""What runs say of an assignment: the words, from trials made here."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from autograder.assignment import load_assignment
from autograder.authoring.expectations import (
    Expected,
    load_expectations,
    samples,
    table_problems,
    trial_problems,
)
from autograder.authoring.findings import Finding, Validation
from autograder.authoring.runs import KillRun, Run, Trial, TrialCheck
from autograder.authoring.screen import validation_screen
from autograder.authoring.solution import find_solution
from autograder.authoring.trials import Trials, differences
from autograder.errors import AssignmentError
from autograder.records import CheckSpec, Outcome, Status, Visibility

IDS = ("test_loss.py::test_loss", "test_loss.py::test_mean")
SPECS = [CheckSpec(name, {"en": name, "fa": name}, "loss", Visibility.VISIBLE, 5.0) for name in IDS]


def trial(name, *outcomes, seconds=0.1, status="graded", message=""):
    checks = {
        check: TrialCheck(Outcome(outcome), 5.0 if outcome == "passed" else 0.0, seconds, "words")
        for check, outcome in zip(IDS, outcomes, strict=False)
    }
    score = sum(check.points for check in checks.values())
    return Trial(name, Status(status), score, 10.0, seconds, message, checks)


@pytest.fixture
def trials(course, tmp_path):
    """Trials of which each test changes one."""
    assignment = load_assignment(course)
    made = Trials(assignment, SPECS, find_solution(assignment), tmp_path / "scratch")
    made.expected = {
        "student-01": Expected(score=10),
        "student-02": Expected(score=5, failed=("test_mean",)),
    }
    made.found = {name: Path(f"{name}.py") for name in made.expected}
    right = {"passed": ("passed", "passed"), "wrong": ("passed", "failed")}
    made.runs = [
        Run("seeds", course, [], trials=[trial("seed-5", *right["passed"])]),
        Run("forms", course, [], trials=[trial("py", *right["passed"])]),
        Run("starter", course, [], trials=[trial("starter.py", "error", "not_run")]),
        Run("slow", course, [], trials=[trial("slow", *right["passed"])]),
        Run(
            "examples",
            course,
            [],
            trials=[trial("student-01", *right["passed"]), trial("student-02", *right["wrong"])],
        ),
        Run("released", course, [], trials=[trial("student-02", *right["wrong"])]),
    ]
    return made


def change(trials, name, *new):
    (run,) = [run for run in trials.runs if run.name == name]
    run.trials = list(new)


def found(trials):
    return {each.id: each for each in trials.findings(release=object())}


def test_a_sound_assignment_is_fit_in_every_respect(trials):
    findings = found(trials)
    assert set(findings) == {
        *("seeds", "forms", "starter", "examples", "alternatives", "kill", "time", "released"),
    }
    assert all(each.fit for each in findings.values())
    assert findings["kill"].optional


@pytest.mark.parametrize(
    ("run", "made", "finding", "said"),
    [
        ("seeds", trial("seed-9", "passed", "failed"), "seeds", "seed-9: test_loss.py::test_mean"),
        ("forms", trial("crlf", "error", "passed"), "forms", "crlf: test_loss.py::test_loss"),
        (
            "forms",
            trial("zip", status="ungradable", message="cut off"),
            "forms",
            "zip: ungradable: cut off",
        ),
        (
            "starter",
            trial("starter.py", "passed", "error"),
            "starter",
            "starter.py gets 5 for test_loss.py::test_loss",
        ),
        ("slow", trial("slow", "passed", "timeout"), "time", "10 ms more a call): test_loss.py"),
        ("slow", trial("slow", "passed", "passed", seconds=31.0), "time", "takes 31.0 s of 30"),
        (
            "released",
            trial("student-02", "passed", "passed"),
            "released",
            "student-02: test_loss.py::test_mean: passed instead of failed",
        ),
        (
            "released",
            trial("student-02", "passed", "internal_error"),
            "released",
            "internal_error instead of failed (words)",
        ),
    ],
)
def test_what_is_wrong_is_said_with_a_mend(trials, run, made, finding, said):
    change(trials, run, made)
    findings = found(trials)
    assert [name for name, each in findings.items() if not each.fit] == [finding]
    assert any(said in line for line in findings[finding].details), findings[finding].details
    assert findings[finding].mend


def test_a_sample_that_gets_something_else_is_unfit(trials):
    change(
        trials, "examples", trial("student-01", "passed", "failed"), trial("student-02", "passed")
    )
    findings = found(trials)
    assert not findings["examples"].fit and not findings["alternatives"].fit
    assert "failed instead of passed" in findings["examples"].details[0]


def test_a_run_that_came_to_nothing_is_unfit(trials):
    trials.runs[0].problem, trials.runs[0].trials = "a worker process ended", []
    assert found(trials)["seeds"].details == ("a worker process ended",)


def test_checks_that_cannot_be_run_are_said_once_with_nothing_that_follows(trials):
    for run in trials.runs:
        run.problem, run.trials = "components.py: no such question", []
    (only,) = trials.findings(release=object())
    assert only.id == "checks" and only.details == ("components.py: no such question",)


def test_a_check_that_fails_of_itself_is_said_once_with_nothing_that_follows(trials):
    change(trials, "seeds", trial("seed-5", "internal_error", "passed"), trial("seed-6", "failed"))
    (only,) = trials.findings(release=object())
    assert only.details == ("test_loss.py::test_loss: internal_error (words)",)
    assert "pytest checks --submission" in only.mend


def test_seeds_that_end_the_same_way_share_a_line(trials):
    wrong = [trial(f"seed-{number}", "failed", "passed") for number in range(6, 25)]
    change(trials, "seeds", trial("seed-5", "passed", "passed"), *wrong)
    (line,) = found(trials)["seeds"].details
    assert line.startswith("seed-6, seed-7, seed-8 and 16 more of 20: test_loss.py::test_loss")


def test_a_surviving_misconception_is_unfit(trials, course):
    row = {
        "component": "mean",
        "question": "loss",
        "misconception": "mean.sum",
        "name": "A sum",
        "caught_by": [],
        "by_question": False,
        "named": True,
    }
    trials.kill = KillRun("kill", course, [], rows=[row])
    finding = found(trials)["kill"]
    assert not finding.fit
    assert finding.details == ("mean: no check of question loss catches mean.sum (A sum)",)
    row["by_question"] = True
    assert found(trials)["kill"].summary.startswith("1 wrong version of 1 component,")


def test_no_samples_and_no_alternative_are_unfit(trials):
    trials.expected, trials.found = {}, {}
    findings = found(trials)
    assert not findings["examples"].fit and not findings["alternatives"].fit


def test_hidden_checks_may_differ_in_the_released_folder():
    here, there = trial("a", "passed", "failed"), trial("a", "passed")
    assert differences(here, there, {IDS[0]}) == []
    assert differences(here, there, set(IDS)) == [f"{IDS[1]} is missing"]
    broken = trial("a", status="ungradable", message="words")
    assert "ungradable instead of graded" in differences(here, broken, set(IDS))[0]
    assert differences(broken, broken, set(IDS)) == []


# --- examples.toml ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "made", "said"),
    [
        (Expected(score=10), trial("a", "passed", "passed"), None),
        (Expected(score=(3, 6), either=("test_mean",)), trial("a", "passed", "failed"), None),
        (Expected(not_passed=("test_mean",)), trial("a", "passed", "crashed"), None),
        (Expected(every=(Outcome.ERROR, Outcome.NOT_RUN)), trial("a", "error", "not_run"), None),
        (Expected(score=9), trial("a", "passed", "passed"), "score 10 instead of 9"),
        (Expected(failed=("test_mean",)), trial("a", "passed", "error"), "instead of failed"),
        (Expected(failed=("test_mean",)), trial("a", "passed", "passed"), "passed instead"),
        (Expected(not_passed=("test_mean",)), trial("a", "passed", "internal_error"), "instead"),
        (
            Expected(status=Status.UNGRADABLE, message="empty"),
            trial("a", status="ungradable", message="cut off"),
            "does not say 'empty'",
        ),
        (Expected(), trial("a", status="ungradable", message="x"), "ungradable instead of graded"),
        (Expected(failed=("test_mean",), message="wor"), trial("a", "passed", "failed"), None),
        (
            Expected(failed=("test_mean",), message="no"),
            trial("a", "passed", "failed"),
            "test_loss.py::test_mean does not say 'no': words",
        ),
    ],
)
def test_rows_are_held_against_trials(row, made, said):
    problems = trial_problems(row, made)
    assert (said in problems[0]) if said else problems == []


def test_causes_are_held_against_the_report():
    made = trial("a", "passed", "failed")
    made = Trial(
        **{name: getattr(made, name) for name in made.__struct_fields__} | {"causes": ("x",)}
    )
    row = Expected(failed=("test_mean",))
    assert trial_problems(row, made) == []
    assert trial_problems(row, made, causes=True) == ["its report names x instead of none"]
    right = Expected(failed=("test_mean",), causes=("x",))
    assert trial_problems(right, made, causes=True) == []


def test_answers_that_wait_and_those_that_are_not_right():
    made = trial("a", "pending", "failed")
    assert trial_problems(Expected(waiting=1, not_right=("test_mean",)), made) == []
    assert trial_problems(Expected(waiting=1, not_right_count=1), made) == []
    said = trial_problems(Expected(waiting=2, not_right=("test_loss",)), made)
    assert said == [
        "1 answers wait for a person instead of 2",
        "test_mean is not right",
        "test_loss is right",
    ]


def test_table_and_folder_must_agree(course):
    assignment = load_assignment(course)
    expected, there = load_expectations(assignment), samples(assignment)
    assert set(expected) == set(there) == {"student-01", "student-02"}
    expected["student-07"] = Expected(failed=("test_nothing",))
    del expected["student-01"]
    said = "\n".join(table_problems(expected, there, SPECS))
    assert "[student-07] has no submission" in said
    assert "student-01.py has no row" in said
    assert "names test_nothing" in said


def test_a_table_that_cannot_be_read_is_said(make):
    assignment = load_assignment(make({"course/examples.toml": "[a]\nfailled = []\n"}))
    with pytest.raises(AssignmentError, match=r"examples\.toml: .*failled"):
        load_expectations(assignment)


# --- the screen ---------------------------------------------------------------------------------


def screen(validation):
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(validation_screen(validation))
    return console.export_text()


def test_screen_says_fit_or_what_to_mend():
    good = Finding("a", "Points", True, "100 points")
    bad = Finding("b", "Texts", False, "9 things", tuple(f"line {n}" for n in range(9)), "write")
    fit = Validation("id", "1", "Title", [good], [("q", "Question", 3, 10.0)])
    assert "fit to publish" in screen(fit) and "not fit" not in screen(fit)
    unfit = screen(Validation("id", "1", "Title", [good, bad]))
    assert "not fit: Texts" in unfit and "→ write" in unfit
    assert "line 5" in unfit and "line 6" not in unfit and "and 3 more" in unfit
