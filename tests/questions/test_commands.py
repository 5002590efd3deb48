import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

RIGHT = """
memory = "24 MB"
which = ["a", "c"]
faster = { value = false, reason = "=HYPERLINK(1) each batch is slower" }
sizes = [[55, "conv"], ["", "pool"]]
formula = "2xy"
essay = "«متن» <script>alert(1)</script>"
"""


def autograder(*arguments, status=0):
    run = subprocess.run(
        [sys.executable, "-m", "autograder.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert run.returncode == status, run.stderr
    return run


@pytest.fixture
def submissions(tmp_path, assignment):
    sheets = tmp_path / "sheets"
    autograder("questions", assignment, "-o", sheets, "--student", "student-01")
    page = (sheets / "student-01/questions.en.md").read_text(encoding="utf-8")
    filters = int(page.split(" filters of ")[0].split()[-1])
    kernel = int(page.split(" filters of ")[1].split("x")[0])
    folder = tmp_path / "submissions"
    folder.mkdir()
    answer = (kernel**2 * 3 + 1) * filters
    (folder / "student-01.toml").write_text(
        f"parameters = {answer}\n" + RIGHT, encoding="utf-8", newline="\r\n"
    )
    (folder / "student-02.md").write_text("answer: which\nb\n", encoding="utf-8")
    return folder


def results(output):
    found = {}
    for path in output.glob("*/result.json"):
        document = json.loads(path.read_bytes())
        checks = {check["id"].partition("::")[2]: check for check in document["checks"]}
        found[document["submission"]["id"]] = (document, checks)
    return found


def test_a_class_is_graded_read_by_a_person_and_exported(tmp_path, assignment, submissions):
    output = tmp_path / "graded"
    grade = ("grade", assignment, submissions, "--output", output, "--jobs", 1)
    autograder(*grade)
    document, checks = results(output)["student-01"]
    assert {name: check["outcome"] for name, check in checks.items()} == {
        **dict.fromkeys(["parameters", "memory", "which", "sizes", "formula"], "passed"),
        **dict.fromkeys(["faster", "essay"], "pending"),
    }
    assert document["score"] == 10 and document["max_score"] == 17
    assert results(output)["student-02"][0]["score"] == 0
    page = (output / "student-01/report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "Waiting for a person" in page

    table = tmp_path / "reviews.csv"
    autograder("review", assignment, submissions, "-o", table)
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline="")))
    assert [(row["submission"], row["item"]) for row in rows] == [
        ("student-01", "essay"),
        ("student-01", "faster"),
    ]
    assert rows[1]["keywords"] == "slower"
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    rows[0].update(points="3.5", comment="Where is the pruning?")
    rows[1].update(points="2")
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    autograder("review", assignment, submissions, "-o", table)
    assert "Where is the pruning?" in table.read_text(encoding="utf-8-sig")

    autograder(*grade, "--reviews", table)
    document, checks = results(output)["student-01"]
    assert checks["faster"]["outcome"] == "passed"
    assert checks["essay"]["points"] == 3.5
    assert "Where is the pruning?" in checks["essay"]["message"]
    assert document["score"] == 15.5

    exported = autograder("export", output).stdout.lstrip("\ufeff")
    lines = list(csv.DictReader(io.StringIO(exported)))
    assert [(row["submission"], float(row["score"])) for row in lines] == [
        ("student-01", 15.5),
        ("student-02", 0),
    ]
    assert float(lines[0]["concepts"]) == 7.5
    assert len(lines[0]["sha256"]) == 64
    assert autograder("export", output, "--file", "-").stdout.lstrip("\ufeff") == exported
    assert json.loads(autograder("export", output, "--json").stdout)["grades"][0]["score"] == 15.5


def test_bad_reviews_are_one_line(tmp_path, assignment, submissions):
    table = tmp_path / "reviews.csv"
    for content, message in [
        ("submission,item\n", "no column 'points'"),
        ("submission,item,points\nstudent-01,essay,9\n", "has 0 to 5"),
        ("submission,item,points\nstudent-01,which,1\n", "no question that a human reads"),
        ("submission,item,points\nstudent-01,essay,x\n", "is not a number"),
        ("submission,item,points\nstudent-01,essay,1\nstudent-01,essay,2\n", "a second review"),
        ("submission,item,points\nstudent-01,essay,1" + "0" * 200_000, "not a CSV file"),
    ]:
        table.write_text(content)
        run = autograder("review", assignment, submissions, "-o", table, status=2)
        assert message in run.stderr and run.stderr.count("\n") == 1


def test_numbers_of_ones_own_need_a_student(tmp_path, assignment):
    run = autograder("questions", assignment, "-o", tmp_path / "sheets", status=2)
    assert "--roster" in run.stderr
    roster = tmp_path / "roster.txt"
    roster.write_text("student-01\n\nstudent-02\n# a comment\n", encoding="utf-8")
    autograder("questions", assignment, "-o", tmp_path / "sheets", "--roster", roster)
    pages = [(tmp_path / f"sheets/student-0{n}/questions.fa.md").read_text("utf-8") for n in (1, 2)]
    assert pages[0] != pages[1]
    run = autograder(
        "questions", assignment, "-o", tmp_path / "sheets", "--student", "../x", status=2
    )
    assert "cannot be the name" in run.stderr


def test_a_released_copy_looks_at_the_form_alone(tmp_path, assignment, submissions):
    path = assignment / "checks/questions.toml"
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith(("answer = ", "variant = "))
    ]
    text = "form_only = true\n" + "\n".join(kept).split("[[item.mistakes]]")[0]
    path.write_text(text, encoding="utf-8")
    run = autograder("check", assignment, submissions / "student-01.toml", "--json")
    assert json.loads(run.stdout)["max_score"] == 0
