"""What holds for every assignment with code: handouts, checks, solution, sample class, kill matrix.

The quick run grades the solution, the starter and a part of each sample class; the slow one grades
all of it, and runs every known wrong version.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.errors import IsolationError
from autograder.sandbox.launch import choose_isolation
from autograder.submission import find_submissions, submission_ids

ROOT = Path(__file__).parents[2]
OWN_TESTS = {"linear_classifiers"}
FOLDERS = sorted(
    path.parent.parent
    for path in (ROOT / "assignments").glob("*/solution/*.py")
    if path.parent.parent.name not in OWN_TESTS
)
PERSIAN = re.compile("[\u0600-\u06ff]")
TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫", "0123456789.")
QUICK = 5  # every so-manieth submission of a sample class

SPECS = """
import json, sys
from pathlib import Path
from autograder.assignment import load_assignment
from autograder.session import with_checks

def body(checks):
    print(json.dumps([
        {"id": s.id, "title": s.title, "hint": s.hint, "question": s.question,
         "points": s.points, "visibility": s.visibility}
        for s in checks.specs
    ]))

with_checks(load_assignment(Path(sys.argv[1])), body)
"""

KILLS = """
import json, sys
from pathlib import Path
from autograder.assignment import load_assignment
from autograder.authoring.kill import kill_matrix

matrix = kill_matrix(load_assignment(Path(sys.argv[1])), Path(sys.argv[2]), early_stop=True)
print(json.dumps({
    "problems": list(matrix.problems),
    "killed": len(matrix.kills) - len(matrix.survivors),
    "survivors": [each.misconception.id for each in matrix.survivors],
}))
"""

pytestmark = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def run(*arguments):
    """Run Python in a process of its own: collecting checks starts a pytest session."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def specs_of(folder):
    return run("-c", SPECS, folder)


def grade(folder, submissions, output):
    try:
        choose_isolation("auto")
    except IsolationError as error:
        pytest.skip(f"the sample class is hostile, and there is no wall here: {error}")
    command = ["-m", "autograder", "grade", folder, submissions, "--output", output]
    document = run(*command, "--jobs", 2, "--json")
    return {result["submission"]["id"]: result for result in document["results"]}


def table_of(folder):
    return tomllib.loads((folder / "examples.toml").read_text(encoding="utf-8"))


def solution_of(folder):
    (solution,) = (folder / "solution").glob("*.py")
    return solution


def starter_of(folder):
    """The solution without its solved parts."""
    lines, solved = [], False
    for line in solution_of(folder).read_text(encoding="utf-8").splitlines():
        if line.strip() == "### BEGIN SOLUTION":
            solved = True
            lines.append(line.partition("###")[0] + "raise NotImplementedError")
        elif line.strip() == "### END SOLUTION":
            solved = False
        elif not solved:
            lines.append(line)
    return "\n".join(lines) + "\n"


def test_handouts_promise_the_points_that_the_checks_give(folder):
    specs = specs_of(folder)
    questions = [question.id for question in load_assignment(folder).questions]
    given = [sum(s["points"] for s in specs if s["question"] == q) for q in questions]
    assert sum(given) == pytest.approx(100)
    for language in ("en", "fa"):
        page = (folder / f"handout.{language}.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| [\d۰-۹]+\. .* \| (\S+) \|$", page, re.MULTILINE)
        assert [float(points.translate(TO_LATIN)) for points in rows] == pytest.approx(given)
        for name in load_assignment(folder).submission.names:
            assert f"`{name}" in page, (language, name)


def test_checks_are_many_and_speak_both_languages(folder):
    specs = specs_of(folder)
    assert len({spec["id"].partition("[")[0] for spec in specs}) >= 20
    assert {"visible", "hidden"} <= {spec["visibility"] for spec in specs}
    for spec in specs:
        for text in filter(None, (spec["title"], spec["hint"])):
            assert PERSIAN.search(text["fa"]), spec["id"]
            assert not PERSIAN.search(text["en"]), spec["id"]


def test_the_solution_gets_all_points_and_the_starter_none(folder, tmp_path):
    submissions, solution = tmp_path / "submissions", solution_of(folder)
    for name, content in (
        ("solved", solution.read_text(encoding="utf-8")),
        ("starter", starter_of(folder)),
    ):
        (submissions / name).mkdir(parents=True)
        (submissions / name / solution.name).write_text(content, encoding="utf-8")
    results = grade(folder, submissions, tmp_path / "graded")
    assert [c["id"] for c in results["solved"]["checks"] if c["outcome"] != "passed"] == []
    assert results["solved"]["score"] == results["solved"]["max_score"]
    assert results["starter"]["score"] == 0


def test_the_table_has_a_row_for_each_submission(folder):
    ids = submission_ids(find_submissions(folder / "examples"))
    table = table_of(folder)
    assert sorted(ids.values()) == sorted(table)
    assert len(table) >= 20
    assert all(row["about"] for row in table.values())


@pytest.mark.parametrize(
    "every", [QUICK, pytest.param(1, marks=pytest.mark.slow)], ids=["a part", "all"]
)
def test_the_sample_class_gets_what_the_table_says(folder, every, tmp_path):
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    table = table_of(folder)
    ids = submission_ids(find_submissions(folder / "examples"))
    taken = list(ids) if every == 1 else [path for path in ids if not table[ids[path]].get("slow")]
    for path in taken[::every]:
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, submissions / path.name)
    results = grade(folder, submissions, tmp_path / "graded")
    differing = {
        name: found
        for name, result in results.items()
        if (found := differences(table[name], result))
    }
    assert differing == {}


def differences(row, result):
    """What a result has otherwise than its row of the table."""
    if result["status"] != row.get("status", "graded"):
        return result["status"], result["message"]
    if result["status"] != "graded":
        return None
    names = [check["id"].partition("::")[2] for check in result["checks"]]
    wrong = {
        check["id"].partition("::")[2] for check in result["checks"] if check["outcome"] != "passed"
    }
    listed = row.get("not_passed", names if row.get("none_passed") else ())
    expected = {name for name in names if name in listed or name.partition("[")[0] in listed}
    either = row.get("either", ())  # as chance in a training has it
    unsaid = {
        check["id"]
        for check in result["checks"]
        if check["outcome"] != "passed" and row.get("message", "") not in (check["message"] or "")
    }
    apart = {n for n in wrong ^ expected if n not in either and n.partition("[")[0] not in either}
    lowest, highest = row["score"] if isinstance(row["score"], list) else [row["score"]] * 2
    in_range = lowest - 1e-4 <= result["score"] <= highest + 1e-4
    named = [check["misconception"] for check in result["checks"]]
    causes = {each["id"] for each in named if each}
    if (
        unsaid
        or apart
        or not in_range
        or causes != set(row.get("causes", causes if either else ()))
    ):
        return result["score"], sorted(apart), sorted(causes), sorted(unsaid)
    return None


@pytest.mark.slow
def test_every_known_wrong_version_is_caught(folder):
    matrix = run("-c", KILLS, folder, solution_of(folder))
    assert matrix["problems"] == []
    assert matrix["survivors"] == []
    assert matrix["killed"] >= 20
