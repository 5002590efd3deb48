"""The CS231n packs: handouts, checks in both languages, solution, starter, sample class, kills.

The quick run grades the solution, the starter and two samples of each pack in one go, and runs the
wrong versions of one component; the slow one does all of it.
"""

import ast
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
from autograder.authoring.contents import source_finding
from autograder.authoring.release import make_release
from autograder.authoring.solution import find_solution
from autograder.errors import AssignmentError, IsolationError
from autograder.sandbox.launch import choose_isolation
from autograder.submission import find_submissions, submission_ids

ROOT = Path(__file__).parents[2]
FOLDERS = sorted((ROOT / "assignments").glob("cs231n_assignment*"))
PERSIAN = re.compile("[\u0600-\u06ff]")
TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫", "0123456789.")
QUICK = {
    "cs231n_assignment1": ("student-11", "student-35"),
    "cs231n_assignment2": ("student-08", "student-39"),
}
REPLACED = {
    "cs231n_assignment1": ("svm_loss_vectorized",),
    "cs231n_assignment2": ("layernorm_forward", "spatial_groupnorm_forward"),
}
"""What an edition does not have: its checks once fell back on something else there."""
OVERWRITES = {"cs231n_assignment1": "student-11", "cs231n_assignment2": "student-08"}
NOBODY_DEFINES = {
    "cs231n_assignment1": "cs231n.classifiers.softmax.nobody",
    "cs231n_assignment2": "cs231n.layers.nobody",
}
QUICK_COMPONENT = {
    "cs231n_assignment1": "cs231n.classifiers.linear_svm.svm_loss_vectorized",
    "cs231n_assignment2": "cs231n.layers.max_pool_backward_naive",
}

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

matrix = kill_matrix(
    load_assignment(Path(sys.argv[1])), only=set(sys.argv[2:]) or None, early_stop=True
)
print(json.dumps({
    "problems": list(matrix.problems),
    "killed": len(matrix.kills) - len(matrix.survivors),
    "survivors": [(kill.component, kill.misconception.id) for kill in matrix.survivors],
}))
"""

RIGHTS = """
import json, sys
from pathlib import Path
from autograder.assignment import load_assignment
from autograder.components import load_components
from autograder.sandbox.trusted import TrustedPackage, TrustedSubject
from autograder.session import with_checks

assignment = load_assignment(Path(sys.argv[1]))
package = TrustedPackage(str(assignment.root / "solution"), "cs231n")
failed = []

def body(checks):
    for component in load_components(assignment):
        names = component.names(component.right)
        subject = TrustedSubject(names, package=package, limits=assignment.limits)
        asked = {spec.id for spec in checks.specs if spec.question == component.question}
        failed.extend(
            (component.name, result.spec.id)
            for result in checks.run_each(subject, asked)
            if result.points < result.spec.points
        )

with_checks(assignment, body)
print(json.dumps(failed))
"""

pytestmark = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def run(*arguments):
    """Run Python in a process of its own: collecting checks starts a pytest session."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def grade(folder, submissions, output, edition=None):
    try:
        choose_isolation("auto")
    except IsolationError as error:
        pytest.skip(f"code of the sample class runs, and there is no wall here: {error}")
    command = ["-m", "autograder", "grade", folder, submissions, "--output", output]
    command += [] if edition is None else ["--edition", edition]
    document = run(*command, "--jobs", 2, "--json")
    return {result["submission"]["id"]: result for result in document["results"]}


@cache
def specs_of(folder):
    return run("-c", SPECS, folder)


def table_of(folder):
    return tomllib.loads((folder / "examples.toml").read_text(encoding="utf-8"))


def starter_of(code):
    """A file of the solution without its solved parts."""
    lines, solved = [], False
    for line in code.splitlines():
        if line.strip() == "### BEGIN SOLUTION":
            solved = True
            lines.append(line.partition("###")[0] + "pass")
        elif line.strip() == "### END SOLUTION":
            solved = False
        elif not solved:
            lines.append(line)
    return "\n".join(lines) + "\n"


def test_handouts_promise_the_points_that_the_checks_give(folder):
    specs = specs_of(folder)
    assignment = load_assignment(folder)
    questions = [question.id for question in assignment.questions]
    given = [sum(s["points"] for s in specs if s["question"] == q) for q in questions]
    assert sum(given) == pytest.approx(100)
    for language in ("en", "fa"):
        page = (folder / f"handout.{language}.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| [\d۰-۹]+\. .* \| (\S+) \|$", page, re.MULTILINE)
        assert [float(points.translate(TO_LATIN)) for points in rows] == pytest.approx(given)
        for name in assignment.submission.names:
            assert f"`{name.rpartition('.')[2]}`" in page, (language, name)


def test_checks_are_many_and_speak_both_languages(folder):
    specs = specs_of(folder)
    assert len({spec["id"].partition("[")[0] for spec in specs}) >= 20
    assert {"visible", "hidden"} <= {spec["visibility"] for spec in specs}
    for spec in specs:
        for text in filter(None, (spec["title"], spec["hint"])):
            assert PERSIAN.search(text["fa"]), spec["id"]
            assert not PERSIAN.search(text["en"]), spec["id"]


def put_solution_and_starter(folder, submissions):
    for path in (folder / "solution").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        for name, content in (("solved", code), ("starter", starter_of(code))):
            copy = submissions / name / path.relative_to(folder / "solution")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(content, encoding="utf-8")


def test_the_table_has_a_row_for_each_submission(folder):
    ids = submission_ids(find_submissions(folder / "examples"))
    table = table_of(folder)
    assert sorted(ids.values()) == sorted(table)
    assert len(table) >= 20
    assert all(row["about"] for row in table.values())
    right = [row for row in table.values() if row["about"].startswith("right")]
    assert all(row["score"] == 100 for row in right)


@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["a part", "all"]
)
def test_solution_starter_and_sample_class_get_what_they_should(folder, whole, tmp_path):
    table, results = table_of(folder), {}
    put_solution_and_starter(folder, tmp_path / "None")
    ids = submission_ids(find_submissions(folder / "examples"))
    for path, name in ids.items():
        if whole or name in QUICK[folder.name]:
            copy = shutil.copytree if path.is_dir() else shutil.copy
            place = tmp_path / str(table[name].get("edition"))
            place.mkdir(exist_ok=True)
            copy(path, place / path.name)
    for place in list(tmp_path.iterdir()):
        edition = None if place.name == "None" else place.name
        results |= grade(folder, place, tmp_path / f"graded-{place.name}", edition)
    solved, starter = results.pop("solved"), results.pop("starter")
    assert [c["id"] for c in solved["checks"] if c["outcome"] != "passed"] == []
    assert solved["score"] == solved["max_score"]
    assert starter["score"] == 0
    differing = {
        name: found
        for name, result in results.items()
        if (found := differences(table[name], result))
    }
    assert differing == {}
    assert len(results) == (len(table) if whole else len(QUICK[folder.name]))
    overwriting = results[OVERWRITES[folder.name]]
    assert overwriting["score"] == overwriting["max_score"]
    assert any("overwrite" in note for note in overwriting["notes"])


def definitions(folder):
    """Every graded function and class of the solution: its file and its lines there."""
    for name in load_assignment(folder).submission.names:
        *module, short = name.split(".")
        path = folder / "solution" / Path(*module).with_suffix(".py")
        if path.is_file() and path.stem != "layer_utils":  # the course gives that file
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in tree.body:
                if getattr(node, "name", None) == short:
                    yield short, path.relative_to(folder / "solution"), node


def without(node, code, *, broken):
    """The code with that definition taken out, or put there to raise."""
    lines = code.splitlines(keepends=True)
    keyword = "class" if isinstance(node, ast.ClassDef) else "def"
    body = f"{keyword} {node.name}"
    body += ":\n    loss = None\n" if keyword == "class" else "(*given):\n    return None\n"
    lines[node.lineno - 1 : node.end_lineno] = [body if broken else ""]
    return "".join(lines)


@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["a part", "all"]
)
def test_nobody_gains_by_deleting_what_is_wrong(folder, whole, tmp_path):
    """A function or a file that is not there costs as much as one that is wrong all over."""
    solution, submissions, gone = folder / "solution", tmp_path / "submissions", set()
    for name, inner, node in definitions(folder):
        if whole or name in REPLACED[folder.name]:
            kinds = ("broken", "deleted") if inner in gone else ("broken", "deleted", "gone")
            gone.add(inner)
            for kind in kinds:
                copied = submissions / f"{name}-{inner.stem}-{kind}"
                shutil.copytree(solution, copied, ignore=shutil.ignore_patterns("__pycache__"))
                code = without(node, (copied / inner).read_text(), broken=kind == "broken")
                (copied / inner).write_text(code)
                if kind == "gone":  # and it dresses up as another year's
                    (copied / inner).unlink()
                    old = copied / "cs231n/classifiers/convnet.py"
                    old.write_text("def two_layer_convnet(X, model, y=None, reg=0.0):\n    pass\n")
    scores = {
        name: result["score"]
        for name, result in grade(folder, submissions, tmp_path / "graded").items()
    }
    wholes = {name.removesuffix("-broken") for name in scores if name.endswith("-broken")}
    assert len(wholes) >= (8 if whole else 1)
    for name in wholes:
        assert scores[f"{name}-deleted"] <= scores[f"{name}-broken"] < 100, name
        assert scores.get(f"{name}-gone", 0) <= scores[f"{name}-deleted"], name


@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["one component", "all"]
)
def test_every_known_mistake_is_caught_by_its_own_question(folder, whole):
    only = [] if whole else [QUICK_COMPONENT[folder.name]]
    matrix = run("-c", KILLS, folder, *only)
    assert matrix["problems"] == matrix["survivors"] == []
    assert matrix["killed"] >= (140 if whole else 2)


@pytest.mark.slow
def test_the_right_version_of_every_component_passes_its_question(folder):
    assert run("-c", RIGHTS, folder) == []


def test_validation_finds_the_names_of_a_package_and_release_says_why_there_is_none(
    folder, tmp_path
):
    assignment = load_assignment(folder)
    finding = source_finding(assignment, find_solution(assignment))
    assert finding.fit, finding.details
    with pytest.raises(AssignmentError, match="starter students have from its own course"):
        make_release(assignment, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_the_package_does_not_define_is_unfit(folder, tmp_path):
    copied = tmp_path / folder.name
    shutil.copytree(folder, copied, ignore=shutil.ignore_patterns("examples"))
    manifest = copied / "assignment.toml"
    changed = manifest.read_text(encoding="utf-8").replace(
        "names = [", f'names = [\n    "{NOBODY_DEFINES[folder.name]}",', 1
    )
    manifest.write_text(changed.replace('"../.."', f'"{ROOT}"'), encoding="utf-8")
    assignment = load_assignment(copied)
    finding = source_finding(assignment, find_solution(assignment))
    assert not finding.fit
    assert any(
        "does not define" in each and NOBODY_DEFINES[folder.name] in each
        for each in finding.details
    )


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
    if wrong != expected or result["score"] != pytest.approx(row["score"], abs=1e-4):
        return result["score"], sorted(wrong ^ expected)
    return None
