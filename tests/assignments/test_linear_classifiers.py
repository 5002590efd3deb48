"""The assignment `linear_classifiers`: its handouts, solution, checks and sample class."""

import io
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.errors import IsolationError
from autograder.sandbox.launch import choose_isolation
from autograder.submission import find_submissions, submission_ids

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assignments" / "linear_classifiers"
CHECKS = FOLDER / "checks"
SOLUTION = FOLDER / "solution" / "linear_classifiers.py"
STARTER = FOLDER / "examples" / "student-12.py"
TABLE = tomllib.loads((FOLDER / "examples.toml").read_text(encoding="utf-8"))
HANDOUTS = {
    lang: (FOLDER / f"handout.{lang}.md").read_text(encoding="utf-8") for lang in ("en", "fa")
}
WORKED_NUMBERS = (
    *("456", "162.1111", "1128", "-96.8", "437.9", "60.75", "61.95"),
    *("2.9", "12.9", "5.27", "6.27", "2.0404", "0.0791", "6.1565", "2.7587", "1.0986", "2.3026"),
    *("0, 1, 0.5, 0.5", "0, 0.5, 1, 1", "0.625", "(0.5, 0, 0.75, 0.25)"),
)
OUTCOMES = ("failed", "error", "timeout", "crashed", "not_run")
PERSIAN = re.compile("[\u0600-\u06ff]")
TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")

SPECS = """
import json, sys
from pathlib import Path
from autograder.assignment import load_assignment
from autograder.session import with_checks

def body(checks):
    rows = [
        {"id": s.id, "title": s.title, "hint": s.hint, "question": s.question,
         "points": s.points, "visibility": s.visibility}
        for s in checks.specs
    ]
    print(json.dumps(rows))

with_checks(load_assignment(Path(sys.argv[1])), body)
"""


KILL = """
import json, sys
from pathlib import Path
from autograder.assignment import load_assignment
from autograder.authoring.kill import kill_matrix

root, *only = sys.argv[1:]
matrix = kill_matrix(load_assignment(Path(root)), only=only or None, early_stop=True)
survivors = [f"{kill.component}: {kill.misconception.id}" for kill in matrix.survivors]
unnamed = [f"{kill.component}: {kill.misconception.id}" for kill in matrix.kills if not kill.named]
print(json.dumps([len(matrix.kills), survivors, matrix.problems, unnamed]))
"""


def run(*arguments):
    """Run Python in a process of its own: collecting checks starts a pytest session."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def grade(submissions, output):
    try:
        choose_isolation("auto")
    except IsolationError as error:
        pytest.skip(f"the sample class is hostile, and there is no wall here: {error}")
    command = ["-m", "autograder", "grade", FOLDER, submissions, "--output", output]
    document = run(*command, "--jobs", 2, "--json")
    return {result["submission"]["id"]: result for result in document["results"]}


@pytest.fixture(scope="module")
def specs():
    return run("-c", SPECS, FOLDER)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The sample class, graded with the command line."""
    return grade(FOLDER / "examples", tmp_path_factory.mktemp("graded"))


def function_of(check_id):
    """`test_svm.py::test_value[naive]` -> (`test_value[naive]`, `test_value`)."""
    name = check_id.partition("::")[2]
    return name, name.partition("[")[0]


def listed(row, key, check_id):
    return any(name in row.get(key, ()) for name in function_of(check_id))


# --- the handouts and the starter ---------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fa"])
def test_handout_names_all_that_is_graded(language):
    for name in load_assignment(FOLDER).submission.names:
        assert f"`{name}" in HANDOUTS[language] or f" {name}" in HANDOUTS[language], name


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("number", WORKED_NUMBERS)
def test_handout_has_the_worked_numbers(language, number):
    assert number in HANDOUTS[language]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_handout_says_the_points_that_the_checks_give(language, specs):
    rows = re.findall(r"^\| (\S+)\. .* \| (\S+) \|$", HANDOUTS[language], re.MULTILINE)
    promised = [int(points.translate(TO_LATIN)) for _, points in rows]
    questions = [question.id for question in load_assignment(FOLDER).questions]
    given = [sum(s["points"] for s in specs if s["question"] == q) for q in questions]
    assert promised == given
    headings = re.findall(r"^## .*\((\S+) (?:points|نمره)\)$", HANDOUTS[language], re.MULTILINE)
    assert [int(points.translate(TO_LATIN)) for points in headings] == given
    assert sum(given) == 100


def test_handouts_show_the_same_code():
    blocks = {
        language: re.findall(r"^(?: {4}.*\n)+", text, re.MULTILINE)
        for language, text in HANDOUTS.items()
    }
    assert blocks["en"] == blocks["fa"]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_gradient_check_of_the_handout_agrees_for_the_solution(language):
    (block,) = re.findall(r"```python\n(.*?)```", HANDOUTS[language], re.DOTALL)
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(block, runpy.run_path(str(SOLUTION)))
    pairs = [line.rpartition(")")[2].split() for line in printed.getvalue().splitlines()]
    analytic, numeric = np.array(pairs, dtype=float).T
    assert len(analytic) == 12
    np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-8)


def test_starter_is_the_solution_without_its_solved_parts():
    kept, solved = [], False
    for line in SOLUTION.read_text(encoding="utf-8").splitlines():
        if line.strip() == "### BEGIN SOLUTION":
            solved = True
        elif line.strip() == "### END SOLUTION":
            solved = False
        elif not solved:
            kept.append(line)
    starter = STARTER.read_text(encoding="utf-8").splitlines()
    placeholders = [line for line in starter if line.lstrip().startswith("raise NotImpl")]
    assert [line for line in starter if line not in placeholders] == kept
    assert len(placeholders) == len(load_assignment(FOLDER).submission.names) + 1


# --- the checks ---------------------------------------------------------------------------------


def test_checks_are_many_and_of_every_visibility(specs):
    assert len({function_of(spec["id"])[1] for spec in specs}) >= 25
    assert {spec["visibility"] for spec in specs} == {
        "visible",
        "after_due_date",
        "after_published",
        "hidden",
    }


def test_checks_speak_both_languages(specs):
    for spec in specs:
        for text in filter(None, (spec["title"], spec["hint"])):
            assert PERSIAN.search(text["fa"]), spec["id"]
            assert not PERSIAN.search(text["en"]), spec["id"]


def test_files_of_visible_checks_hold_nothing_secret(specs):
    """A student may have them: no check that is not visible, and no need of the reference."""
    for path in sorted(CHECKS.glob("test_*.py")):
        seen = {s["visibility"] for s in specs if s["id"].startswith(f"{path.name}::")}
        if path.stem.endswith("_properties"):
            assert "visible" not in seen
        elif "from reference" in path.read_text(encoding="utf-8"):
            pytest.fail(f"{path.name} imports the reference")


@pytest.mark.parametrize("path", sorted(CHECKS.glob("test_*.py")), ids=lambda path: path.stem)
def test_files_are_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


def test_checks_catch_every_wrong_version_of_the_small_components():
    kills, survivors, problems, _ = run("-c", KILL, FOLDER, "predict_labels", "add_bias")
    assert kills >= 19
    assert (survivors, problems) == ([], [])


@pytest.mark.slow
def test_checks_catch_every_wrong_version_of_every_component():
    kills, survivors, problems, unnamed = run("-c", KILL, FOLDER)
    assert kills >= 245
    assert (survivors, problems) == ([], [])
    # it looks labels up by distances, which raises, and an exception may have any reason
    assert unnamed == ["predict_labels: k_smallest.values_for_indices"]


# --- the sample class ---------------------------------------------------------------------------


def test_table_has_a_row_for_each_submission():
    ids = submission_ids(find_submissions(FOLDER / "examples"))
    assert sorted(ids.values()) == sorted(TABLE)
    assert len(TABLE) >= 34


def test_table_names_checks_that_exist(specs):
    known = {name for spec in specs for name in function_of(spec["id"])}
    for submission, row in TABLE.items():
        for key in (*OUTCOMES, "not_passed", "either"):
            assert set(row.get(key, ())) <= known, submission


def test_solution_gets_full_marks(tmp_path):
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    (submissions / SOLUTION.name).write_bytes(SOLUTION.read_bytes())
    (result,) = grade(submissions, tmp_path / "graded").values()
    assert [c["id"] for c in result["checks"] if c["outcome"] != "passed"] == []
    assert result["score"] == result["max_score"] == 100


@pytest.mark.parametrize("submission", TABLE)
def test_submission_gets_what_the_table_says(graded, submission):
    row, result = TABLE[submission], graded[submission]
    assert result["status"] == row.get("status", "graded")
    if "message" in row:
        assert row["message"] in result["message"]
        assert (result["score"], result["checks"]) == (0, [])
        return
    lowest, highest = row["score"] if isinstance(row["score"], list) else [row["score"]] * 2
    wrong = {
        check["id"]: check["outcome"]
        for check in result["checks"]
        if not fits(row, check["id"], check["outcome"])
    }
    assert wrong == {}
    assert lowest <= result["score"] <= highest


@pytest.mark.parametrize("submission", TABLE)
def test_report_names_the_causes_that_the_table_says_and_no_other(graded, submission):
    found = [check["misconception"] for check in graded[submission]["checks"]]
    named = {cause["id"] for cause in found if cause is not None}
    assert named == set(TABLE[submission].get("causes", ()))


def fits(row, check_id, outcome):
    if "every" in row:
        return outcome in row["every"]
    if listed(row, "either", check_id):
        return outcome in ("passed", "failed")
    if listed(row, "not_passed", check_id):
        return outcome in OUTCOMES
    expected = [key for key in OUTCOMES if listed(row, key, check_id)] or ["passed"]
    return [outcome] == expected


def test_each_check_is_failed_by_a_known_mistake(graded, specs):
    mistakes = [name for name, row in TABLE.items() if "every" not in row]
    for spec in specs:
        outcomes = {
            check["outcome"]
            for name in mistakes
            for check in graded[name]["checks"]
            if check["id"] == spec["id"]
        }
        assert "failed" in outcomes or "error" in outcomes or "timeout" in outcomes, spec["id"]
        assert "passed" in outcomes, spec["id"]
