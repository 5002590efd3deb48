"""`autograder validate` of an assignment that asks questions and no code."""

import json
import textwrap

import pytest

from autograder.assignment import load_assignment
from autograder.authoring.question_trials import (
    QuestionTrials,
    answers_finding,
    mistakes_finding,
    question_findings,
)
from autograder.authoring.runs import Run, Trial, TrialCheck
from autograder.errors import AssignmentError
from autograder.questions.items import QUESTIONS, read_items
from autograder.records import CheckSpec, Outcome, Status, Visibility

MANIFEST = """
id = "sizes"
title.en = "Sizes"
title.fa = "اندازه‌ها"
seed = 3

[submission]
files = ["answers.toml"]

[[questions]]
id = "sizes"
title.en = "Sizes"
title.fa = "اندازه‌ها"
"""
ITEMS = """
[[item]]
id = "output"
question = "sizes"
type = "numeric"
points = 2
prompt.en = "The output size of 7 with a filter of 3, stride 2?"
prompt.fa = "اندازهٔ خروجی برای 7 با فیلتر 3 و گام 2؟"
answer = 3
[[item.mistakes]]
answer = 5
name.en = "The stride is left out."
name.fa = "گام از قلم افتاده است."

[[item]]
id = "parameters"
question = "sizes"
type = "numeric"
points = 2
variant = "layer"
title.en = "Parameters of a layer"
title.fa = "پارامترهای یک لایه"
prompt.en = "Parameters of {filters} filters of 3x3x3?"
prompt.fa = "شمار پارامترهای {filters} فیلتر 3x3x3؟"
[[item.mistakes]]
answer = 0
name.en = "The biases are missing."
name.fa = "بایاس‌ها از قلم افتاده‌اند."
"""
VARIANTS = """
from autograder.questions.variants import Variant


def layer(rng):
    filters = int(rng.integers(2, 30))
    return Variant({"filters": filters}, 28 * filters, [27 * filters])
"""
HANDOUTS = {
    "handout.en.md": "# Sizes\n\n## 1. Sizes (4 points)\n\n" + "Answer in `answers.toml`. " * 5,
    "handout.fa.md": "# اندازه‌ها\n\n## ۱. اندازه‌ها (۴ نمره)\n\n" + "پاسخ‌ها در `answers.toml`. " * 5,
}
EXAMPLES = """
[student-01]
about = "right, in Persian digits"
waiting = 0

[student-02]
about = "forgets the stride"
waiting = 0
not_right = ["output"]
"""


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "sizes"
    files = {
        "assignment.toml": MANIFEST,
        f"checks/{QUESTIONS}": ITEMS,
        "checks/variants.py": VARIANTS,
        "examples.toml": EXAMPLES,
        **HANDOUTS,
    }
    for name, words in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(words), encoding="utf-8")
    return root


def fill_in(root):
    """The sample submissions, each with the numbers that its name draws."""
    from autograder.questions.variants import for_student, load_variants

    items = read_items(root / "checks" / QUESTIONS)
    draws = load_variants(root / "checks", items)
    for name, output in (("student-01", '"۳"'), ("student-02", "5")):
        mine = for_student(items.items[1], draws, name, 3)
        answers = f"output = {output}\nparameters = {mine.answer}\n"
        path = root / "examples" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(answers, encoding="utf-8")


def specs(folder):
    return [
        CheckSpec(f"{QUESTIONS}::{name}", {"en": "A", "fa": "ا"}, "sizes", Visibility.VISIBLE, 2.0)
        for name in ("output", "parameters")
    ]


def findings(folder):
    found = question_findings(load_assignment(folder), specs(folder), students=5)
    return {each.id: each for each in found}


def replace(folder, name, old, new):
    path = folder / name
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")


def test_sound_questions_are_fit(folder):
    found = findings(folder)
    assert [each.details for each in found.values() if not each.fit] == []
    assert found["answers"].summary == "2 questions on 5 sheets"
    assert found["mistakes"].summary.startswith("2 mistakes")


@pytest.mark.parametrize(
    ("name", "old", "new", "unfit", "said"),
    [
        ("checks/variants.py", "28 * filters", "float('nan')", "answers", "parameters: its own"),
        ("checks/variants.py", "27 * filters", "28 * filters", "mistakes", "does not name"),
        (
            f"checks/{QUESTIONS}",
            "answer = 5",
            "answer = 3",
            "mistakes",
            "earns points",
        ),
        (f"checks/{QUESTIONS}", "گام از قلم افتاده است.", "Forgot.", "texts", "output, mistake"),
        (f"checks/{QUESTIONS}", "The output size", "TODO", "texts", "TODO left in it"),
        ("handout.en.md", "(4 points)", "(5 points)", "points", "promises 5 points"),
    ],
)
def test_what_is_wrong_with_questions_is_said(folder, name, old, new, unfit, said):
    replace(folder, name, old, new)
    found = findings(folder)[unfit]
    assert not found.fit and found.mend
    assert any(said in line for line in found.details)


def test_an_assignment_without_names_and_questions_is_refused(folder):
    (folder / "checks" / QUESTIONS).rename(folder / "checks" / "test_nothing.py")
    with pytest.raises(AssignmentError, match="no name is graded and there is no"):
        findings(folder)


def test_answers_of_one_sheet_are_enough_where_nothing_is_drawn(folder):
    items = read_items(folder / "checks" / QUESTIONS)
    assert answers_finding(items, [items.items[:1]]).fit
    assert not mistakes_finding(items, [items.items[:1]]).fit  # the second mistake is on no sheet


# --- what the runs say --------------------------------------------------------------------------


def trial(name, *outcomes, status="graded"):
    checks = {
        spec.id: TrialCheck(Outcome(outcome), 2.0 if outcome == "passed" else 0.0, 0.1, "words")
        for spec, outcome in zip(specs(None), outcomes, strict=False)
    }
    score = sum(check.points for check in checks.values())
    return Trial(name, Status(status), score, 4.0, 0.1, "", checks)


@pytest.fixture
def trials(folder, tmp_path):
    fill_in(folder)
    made = QuestionTrials(load_assignment(folder), specs(folder), tmp_path / "scratch")
    made.plan(None, seeds=2)
    samples = [trial("student-01", "passed", "passed"), trial("student-02", "failed", "passed")]
    made.runs = [
        Run("starter", folder, [], trials=[trial("answers.toml", "failed", "failed")]),
        Run("examples", folder, [], trials=samples),
        Run("released", folder, [], trials=[trial("student-02", "passed", "passed")]),
    ]
    return made


def said(trials):
    return {each.id: each for each in trials.findings(release=object())}


def test_sound_runs_are_fit(trials):
    assert [each.details for each in said(trials).values() if not each.fit] == []


@pytest.mark.parametrize(
    ("run", "made", "unfit", "words"),
    [
        (0, trial("answers.toml", "passed", "failed"), "starter", "gets 2 for"),
        (1, trial("student-02", "passed", "passed"), "examples", "output is right"),
        (2, trial("student-01", "failed", "passed"), "released", "cannot be read there"),
        (2, trial("student-01", "internal_error", "passed"), "released", "error of the grader"),
        (2, trial("student-01", status="ungradable"), "released", "ungradable instead of graded"),
    ],
)
def test_what_is_wrong_with_the_runs_is_said(trials, run, made, unfit, words):
    trials.runs[run].trials = [
        *(each for each in trials.runs[run].trials if each.id != made.id),
        made,
    ]
    found = said(trials)[unfit]
    assert not found.fit
    assert any(words in line for line in found.details)


def test_a_table_without_a_right_sheet_is_unfit(trials):
    del trials.expected["student-01"]
    del trials.found["student-01"]
    assert "every answer right" in said(trials)["alternatives"].details[0]


def test_an_assignment_of_questions_is_validated(folder, run):
    fill_in(folder)
    document = json.loads(run("validate", folder, "--seeds", "2", "--json", check=0).stdout)
    assert document["fit"], document["findings"]
    found = {each["id"]: each["summary"] for each in document["findings"]}
    assert found["examples"] == "2 get what examples.toml says"
    assert found["released"] == "2 sheets are read without the answers"
