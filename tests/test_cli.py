"""The command line as its users type it: real processes, real folders."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys

import pytest


@pytest.fixture
def manifest(small):
    """The small assignment's manifest; the assignment itself makes room."""
    content = (small / "assignment.toml").read_text(encoding="utf-8")
    small.rename(small.with_name("unused"))
    return content


@pytest.fixture
def mixed(make_class, right):
    """A class with one submission of each kind."""
    return make_class(
        {
            "student-01.py": right,
            "student-02.py": right.replace("2 * x", "3 * x"),
            "student-03.py": "def double(x:\n",
            "student-04.py": "x = 1\n",
            "دانشجو-۵.py": right.replace("\n", "\r\n"),
            "student-06.ipynb": b"",
            "student-07/small.py": right,
            "student-08.py": "import os\nos._exit(0)\n",
            "student-09.py": right + "\nwhile True: pass\n",
        }
    )


SCORES = {
    "student-01": ("graded", 10),
    "student-02": ("graded", 5),
    "student-03": ("ungradable", 0),
    "student-04": ("ungradable", 0),
    "student-06": ("ungradable", 0),
    "student-07": ("graded", 10),
    "student-08": ("ungradable", 0),
    "student-09": ("ungradable", 0),
    "دانشجو-۵": ("graded", 10),
}


def test_grading_a_class_twice(run, small, mixed, tmp_path, results):
    output = tmp_path / "out"
    first = run("grade", small, mixed, "--output", output, "--jobs", "2")
    assert first.returncode == 0, first.stderr
    found = {name: (one["status"], one["score"]) for name, one in results(output).items()}
    assert found == SCORES
    assert "4 graded, 5 ungradable, 0 internal errors" in first.stderr
    for name in SCORES:
        assert "<html" in (output / name / "report.html").read_text(encoding="utf-8")
    assert "student-01" in (output / "summary.html").read_text(encoding="utf-8")

    before = results(output)
    second = run("grade", small, mixed, "--output", output, "--json")
    document = json.loads(second.stdout)
    assert document["schema"] == 1
    assert document["skipped"] >= 4
    assert document["graded"] == 0
    assert [one["submission"]["id"] for one in document["results"]] == sorted(SCORES)

    again = run("grade", small, mixed, "--output", output, "--regrade", "--jobs", "1")
    assert again.returncode == 0
    assert results(output) == before


def test_a_changed_submission_is_graded_again(run, small, make_class, right, tmp_path):
    folder = make_class({"a.py": right, "b.py": right})
    run("grade", small, folder, "-o", tmp_path / "out")
    (folder / "b.py").write_text(right.replace("2 * x", "0"))
    document = json.loads(run("grade", small, folder, "-o", tmp_path / "out", "--json").stdout)
    assert (document["skipped"], document["graded"]) == (1, 1)
    assert [one["score"] for one in document["results"]] == [10, 5]


def test_reports_that_were_removed_come_back_without_grading(
    run, small, make_class, right, tmp_path
):
    folder = make_class({"a.py": right})
    output = tmp_path / "out"
    run("grade", small, folder, "-o", output)
    (output / "a" / "report.html").unlink()
    document = json.loads(run("grade", small, folder, "-o", output, "--json").stdout)
    assert document["skipped"] == 1
    assert (output / "a" / "report.html").exists()


def test_persian_reports(run, small, make_class, right, tmp_path, results):
    folder = make_class({"a.py": right.replace("2 * x", "x")})
    run("grade", small, folder, "-o", tmp_path / "out", "--lang", "fa")
    page = (tmp_path / "out/a/report.html").read_text(encoding="utf-8")
    assert 'dir="rtl"' in page and "کوچک" in page
    assert results(tmp_path / "out")["a"]["language"] == "fa"
    again = run("report", tmp_path / "out", "--lang", "en")
    assert again.returncode == 0, again.stderr
    assert 'dir="rtl"' not in (tmp_path / "out/a/report.html").read_text(encoding="utf-8")


def test_hidden_checks_stay_out_of_a_students_report(run, small, make_class, right, tmp_path):
    folder = make_class({"a.py": right})
    run("grade", small, folder, "-o", tmp_path / "out")
    report = tmp_path / "out/a/report.html"
    assert "The mean of an array" not in report.read_text(encoding="utf-8")
    run("report", tmp_path / "out", "--audience", "instructor")
    assert "The mean of an array" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda root, tmp: (root / "nowhere", tmp), "no such folder"),
        (lambda root, tmp: (root, tmp / "nowhere"), "nowhere"),
        (lambda root, tmp: (root, tmp / "empty"), "empty"),
        (lambda root, tmp: (root, root / "assignment.toml"), "assignment.toml"),
    ],
)
def test_wrong_folders_get_one_line_and_status_two(run, small, tmp_path, make, message):
    (tmp_path / "empty").mkdir()
    done = run("grade", *make(small, tmp_path))
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_manifest_gets_one_line(run, small, tmp_path, make_class, right):
    (small / "assignment.toml").write_text("id = ")
    done = run("grade", small, make_class({"a.py": right}))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    debug = run("--debug", "grade", small, tmp_path)
    assert "Traceback" in debug.stderr


def test_broken_checks_get_one_line(run, small, tmp_path, make_class, right):
    (small / "checks" / "test_small.py").write_text("import nothing_of_that_name\n")
    done = run("grade", small, make_class({"a.py": right}), "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "nothing_of_that_name" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_output_inside_the_class_is_refused(run, small, make_class, right):
    folder = make_class({"a.py": right})
    done = run("grade", small, folder, "-o", folder / "out")
    assert done.returncode == 2
    assert "choose a place outside" in done.stderr


def test_an_error_of_a_check_is_internal_and_status_three(
    run, make_assignment, make_class, right, tmp_path
):
    checks = """
        import pytest

        @pytest.mark.points(1, question="q1")
        def test_it(student):
            raise RuntimeError("our own fault")
    """
    folder = make_class({"a.py": right})
    done = run("grade", make_assignment(checks), folder, "-o", tmp_path / "out", "--json")
    assert done.returncode == 3
    document = json.loads(done.stdout)
    assert document["internal_errors"] == 1
    assert document["results"][0]["checks"][0]["outcome"] == "internal_error"
    assert document["results"][0]["status"] == "internal_error"
    once_more = run("grade", tmp_path / "small", folder, "-o", tmp_path / "out", "--json")
    assert json.loads(once_more.stdout)["skipped"] == 0


LATE = """
due = 2026-12-01T23:59:00+03:30
late = { per_day = 0.1, grace_minutes = 10, max_days = 2 }
[submission]"""


def test_late_work_loses_its_part_of_the_points(
    run, make_assignment, make_class, right, tmp_path, manifest, results
):
    assignment = make_assignment(manifest=manifest.replace("\n[submission]", LATE, 1))
    names = ["early", "forgiven", "late", "too-late", "unknown"]
    folder = make_class({f"{name}.py": right for name in names})
    output, times = tmp_path / "out", tmp_path / "times.csv"
    arguments = ("grade", assignment, folder, "-o", output, "--json")
    untimed = run(*arguments)
    assert untimed.stderr.count("nobody is counted late") == 1
    assert {one["score"] for one in json.loads(untimed.stdout)["results"]} == {10}
    times.write_text(
        "id,time\nearly,2026-12-01T12:00+03:30\nforgiven,2026-12-02T00:09+03:30\n"
        "late,2026-12-01T21:00Z\ntoo-late.py,2026-12-04T12:00+03:30\n"
    )
    timed = run(*arguments, "--times", times)  # nothing is run again for it
    document = json.loads(timed.stdout)
    assert (document["graded"], document["skipped"]) == (0, 5)
    scores = {one["submission"]["id"]: one["score"] for one in document["results"]}
    assert scores == {"early": 10, "forgiven": 10, "late": 9, "too-late": 0, "unknown": 10}
    assert "1 of 5 submissions have no time and count as in time: unknown" in timed.stderr
    assert "(2 late)" in timed.stderr
    assert "late: −1" in (output / "summary.html").read_text(encoding="utf-8")
    before = results(output)
    afresh = run(*arguments, "--times", times, "--regrade")
    assert json.loads(afresh.stdout)["graded"] == 5
    assert results(output) == before
    with contextlib.closing(sqlite3.connect(output / "gradebook.sqlite")) as database:
        stored = dict(
            database.execute(
                "select submission.id, score from result join submission"
                " on submission.key = result.submission_key"
            )
        )
    assert stored == scores


def test_times_without_a_policy_are_refused(run, small, make_class, right, tmp_path):
    folder = make_class({"a.py": right})
    times = tmp_path / "times.csv"
    times.write_text("a,2026-12-01T12:00+03:30\n")
    done = run("grade", small, folder, "-o", tmp_path / "out", "--times", times)
    assert done.returncode == 2
    assert "has no [late] policy" in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_no_worker_survives_is_stored_for_a_human(
    run, make_assignment, make_class, right, tmp_path
):
    checks = """
        import os
        import signal

        import pytest

        @pytest.mark.points(1, question="q1")
        def test_it(student):
            if student.double(1.0) == 13.0:
                os.kill(os.getpid(), signal.SIGKILL)
    """
    deadly = right.replace("return 2 * x", "return 13.0")
    folder = make_class({"a.py": right, "deadly.py": deadly, "z.py": right})
    output = tmp_path / "out"
    arguments = ("grade", make_assignment(checks), folder, "-o", output, "--json")
    done = run(*arguments)
    assert done.returncode == 3, done.stderr
    document = json.loads(done.stdout)
    assert (document["graded"], document["internal_errors"]) == (2, 1)
    statuses = {one["submission"]["id"]: one["status"] for one in document["results"]}
    assert statuses == {"a": "graded", "deadly": "internal_error", "z": "graded"}
    assert "ended twice" in (output / "deadly" / "report.html").read_text(encoding="utf-8")
    assert "status -9" in json.loads((output / "deadly" / "result.json").read_bytes())["message"]
    with contextlib.closing(sqlite3.connect(output / "gradebook.sqlite")) as database:
        statuses = [status for (status,) in database.execute("select status from result")]
    assert sorted(statuses) == ["graded", "graded", "internal_error"]
    again = json.loads(run(*arguments).stdout)
    assert (again["skipped"], again["internal_errors"]) == (2, 1)


def test_names_of_our_own_files_are_no_names_of_result_folders(
    run, small, make_class, right, tmp_path, results
):
    folder = make_class(
        {
            "summary.html/small.py": right,
            "leaderboard.html/small.py": right,
            "gradebook.sqlite/small.py": right,
            "ok.py": right,
        }
    )
    output = tmp_path / "out"
    done = run("grade", small, folder, "-o", output)
    assert done.returncode == 0, done.stderr
    assert sorted(results(output)) == [
        "_gradebook.sqlite",
        "_leaderboard.html",
        "_summary.html",
        "ok",
    ]
    assert (output / "summary.html").is_file()


@pytest.mark.parametrize("json_wanted", [False, True], ids=["table", "json"])
def test_a_terminal_without_persian_does_not_stop_the_program(
    small, make_class, right, tmp_path, json_wanted
):
    folder = make_class({"دانشجو-۵.py": right, "دانشجو-۶.py": "def double(x:\n"})
    command = [sys.executable, "-m", "autograder", "grade", small, folder, "-o", tmp_path / "out"]
    done = subprocess.run(
        [*map(str, command), "--lang", "fa", *(["--json"] if json_wanted else [])],
        capture_output=True,
        timeout=240,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    if json_wanted:
        document = json.loads(done.stdout.decode("ascii"))
        assert document["results"][0]["submission"]["id"] == "دانشجو-۵"


def test_check_says_by_its_status_whether_all_is_right(run, small, tmp_path, right):
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(right)
    bad.write_text(right.replace("2 * x", "3 * x"))
    done = run("check", small, good)
    assert done.returncode == 0, done.stderr
    wrong = run("check", small, bad)
    assert wrong.returncode == 1
    assert "Doubling 3 gives 6" in wrong.stdout
    document = json.loads(run("check", small, bad, "--json").stdout)
    assert document["score"] == 5
    missing = run("check", small, tmp_path / "none.py")
    assert missing.returncode == 2
    assert "no such submission" in missing.stderr


def test_check_finds_the_students_file_in_the_assignments_folder(run, small, right):
    assert run("check", cwd=small).returncode == 2
    (small / "small.py").write_text(right)
    assert run("check", cwd=small).returncode == 0


def test_check_in_the_assignments_folder_takes_a_file_alone(run, small, right):
    (small / "mine.py").write_text(right)
    assert run("check", "mine.py", cwd=small).returncode == 0
    elsewhere = run("check", small / "mine.py", cwd=small.parent)
    assert elsewhere.returncode == 2 and "name the assignment's folder" in elsewhere.stderr


def test_doctor_says_what_this_machine_gives(run):
    done = run("doctor", "--json")
    document = json.loads(done.stdout)
    levels = document["levels"]
    assert set(levels) == {"full", "reduced", "container", "none"}
    assert levels["none"]["available"] is True
    assert levels["full"]["not_protected"] == {"en": [], "fa": []}
    for name in ("reduced", "container", "none"):
        gaps = levels[name]["not_protected"]
        assert len(gaps["en"]) == len(gaps["fa"]) > 1
    best = next(n for n, level in levels.items() if level["available"] and n != "container")
    assert document["isolation"] == best
    assert done.returncode == (1 if best == "none" else 0)
    assert "isolation" in run("doctor").stdout.lower()


def test_wrong_options_are_said(run, small, tmp_path):
    assert run("grade", small).returncode == 2
    assert run("grade", small, tmp_path, "--jobs", "0").returncode == 2
    assert run("grade", small, tmp_path, "--lang", "de").returncode == 2


def test_export_has_no_digest_of_what_could_not_be_read(run, small, make_class, right, tmp_path):
    folder = make_class({"student-01.py": right, "student-02.py": b""})
    assert run("grade", small, folder, "--output", tmp_path / "out").returncode == 0
    grades = json.loads(run("export", tmp_path / "out", "--json").stdout)["grades"]
    assert [bool(grade["sha256"]) for grade in grades] == [True, False]
