"""Hostile submissions, the outcome that each must get, and a canary that each would succeed.

The table is outcomes.toml. At `full` and `reduced` nothing may be gained, seen or broken; `none`
has no wall, and the table says what comes of it there.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import tomllib
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from rich.console import Console

from autograder.errors import SubjectLost
from autograder.records import Isolation
from autograder.report.document import grade_from_json
from autograder.report.html import render_html
from autograder.report.markdown import render_markdown
from autograder.report.terminal import render_terminal
from autograder.sandbox import protocol
from autograder.tables import csv_table

HERE = Path(__file__).parent
SUBMISSIONS = HERE / "submissions"
LEVELS = ("full", "reduced", "none")
TABLE = {
    f"{group}/{name}": row
    for group, rows in tomllib.loads((HERE / "outcomes.toml").read_text()).items()
    for name, row in rows.items()
}
GROUPS = ("gain", "see", "break", "files", "reports")


def path_of(attack):
    """The file of an attack, or its folder."""
    folder = SUBMISSIONS / attack
    return folder if folder.is_dir() else folder.with_suffix(".py")


def marked(attack, *values):
    """A parameter of the quick run, if the table says so."""
    slow = () if TABLE[attack].get("quick") else pytest.mark.slow
    return pytest.param(attack, *values, marks=slow, id="-".join([attack, *values]))


def attacks(*groups):
    """The attacks of these groups."""
    return [marked(attack) for attack in TABLE if attack.startswith(groups)]


def at_levels(*groups):
    """The attacks of these groups with each level that they are run at."""
    return [
        marked(attack, level)
        for attack in TABLE
        if attack.startswith(groups)
        for level in LEVELS
        if TABLE[attack][level] != "not run"
    ]


def outcome(result):
    """`2 failed passed`: the score and the outcomes of the checks."""
    if result["status"] != "graded":
        return result["status"]
    kinds = sorted({check["outcome"] for check in result["checks"]})
    return " ".join([f"{result['score']:g}", *kinds])


def allowed(attack, level):
    """The outcomes that the table allows."""
    return TABLE[attack][level].split(" | ")


def names_the_memory_limit(result):
    """Whether every check that crashed says why: the memory limit."""
    crashed = [check for check in result["checks"] if check["outcome"] == "crashed"]
    return crashed and all("memory limit of 200 MB" in str(check) for check in crashed)


def comparable(result):
    """A result without the times, which differ."""
    checks = [{**check, "seconds": 0} for check in result["checks"]]
    return {**result, "seconds": 0, "submission": "", "checks": checks}


def needs(attack, outside):
    """Skip what this machine or user cannot do even without a wall."""
    wanted = TABLE[attack].get("needs")
    if wanted == "root" and os.geteuid() != 0:
        pytest.skip("only root can do this even without a wall")
    if wanted and wanted != "root" and not outside.get(wanted):
        pytest.skip(f"this machine has no {wanted}")


def known_to(attack, outside):
    """What an attack is told of the places: the secret itself only where it has to echo it."""
    withheld = (
        {"token", "echo"} if 'place["echo"]' not in path_of(attack).read_text() else {"token"}
    )
    return {name: value for name, value in outside.items() if name not in withheld}


# --- the table ----------------------------------------------------------------------------------


def test_every_attack_is_in_the_table_and_says_what_it_tries():
    found = {f"{group}/{path.stem}" for group in GROUPS for path in (SUBMISSIONS / group).iterdir()}
    assert found == set(TABLE)
    assert len(found) >= 80
    for attack in TABLE:
        path = path_of(attack)
        code = (path / "tiny.py" if path.is_dir() else path).read_text()
        assert code.startswith('"""'), attack


def test_the_table_lets_nothing_be_gained_or_seen_behind_the_wall():
    for attack, row in TABLE.items():
        honest = row.get("honest", 0)
        for level in ("full", "reduced"):
            if attack.startswith("gain/"):
                assert row[level].split()[0] in ("0", "ungradable", str(honest)), attack
            if attack.startswith("see/"):
                assert row[level] != "seen", attack


# --- gain ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("attack", "level"), at_levels("gain"))
def test_nothing_is_gained(attack, level, graders, levels, lay_out, outside):
    assignment = TABLE[attack].get("assignment", "tiny")
    entry = f"{assignment}.py"
    folder = lay_out(path_of(attack), outside, entry)
    result = graders(levels[level], assignment).grade(folder)
    assert outcome(result) in allowed(attack, level)


@pytest.mark.parametrize("attack", attacks("gain"))
def test_what_is_gained_without_a_wall(attack, naive_score, lay_out, outside):
    canary = TABLE[attack]["canary"]
    folder = lay_out(path_of(attack), outside)
    if canary == "none":  # the level without a wall is the canary
        assert TABLE[attack]["none"].split()[0] != "0"
        return
    assert float(naive_score(canary, folder)) > 0


@pytest.mark.parametrize("trust", ["results", "output", "channel", "pickle"])
def test_without_a_trick_the_naive_grader_gives_nothing(trust, naive_score, lay_out):
    assert float(naive_score(trust, lay_out(SUBMISSIONS / "garbage.py"))) == 0


@pytest.mark.parametrize("level", LEVELS)
def test_honest_submissions_get_what_they_are_worth(level, graders, levels, lay_out):
    right = graders(levels[level]).grade(lay_out(SUBMISSIONS / "right.py"))
    assert outcome(right) == "10 passed"


def test_garbage_without_a_trick_gets_nothing(graders, lay_out):
    assert outcome(graders(Isolation.FULL).grade(lay_out(SUBMISSIONS / "garbage.py"))) == "0 failed"


# --- see ----------------------------------------------------------------------------------------


def seen_by(subject, place, token):
    """What came of an attack's `attempt`: `seen`, `nothing`, an exception's name, `crashed`."""
    message = (protocol.CALL, None, "attempt", [place], {}, False)
    try:
        (reply,) = subject.request([message], 10.0)
    except SubjectLost:
        return "crashed"
    finally:
        subject.end()
    if reply.raised is not None:
        return reply.raised.type
    return "seen" if token in str(reply.value) else "nothing"


@pytest.mark.parametrize(("attack", "level"), at_levels("see"))
def test_nothing_is_seen(attack, level, subjects, levels, lay_out, outside):
    needs(attack, outside)
    earlier = subjects(Path(outside["submissions"], "student-02.py"), levels[level])
    earlier.end()
    subject = subjects(lay_out(path_of(attack)), levels[level])
    seen = seen_by(subject, known_to(attack, outside), outside["token"])
    assert seen in TABLE[attack][level].split(" | ")


@pytest.mark.parametrize("attack", attacks("see"))
def test_what_is_seen_without_a_wall(attack, naive_attempt, outside):
    needs(attack, outside)
    if TABLE[attack]["canary"] == "none":
        assert TABLE[attack]["none"] == "seen"
        return
    victim = Path(outside["submissions"], "student-02.py")
    seen = naive_attempt(path_of(attack), known_to(attack, outside), victim)
    assert outside["token"] in seen


# --- break --------------------------------------------------------------------------------------


def leftovers(grader):
    """Processes, files and mounts that a submission may have left on the machine."""
    family, parents = grader.processes(), {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                command = (entry / "cmdline").read_bytes()
                parents[int(entry.name)] = (int(fields[1]), b"autograder.sandbox import" in command)
    for _ in range(3):
        family |= {pid for pid, (parent, _) in parents.items() if parent in family}
    orphans = [pid for pid, (parent, ours) in parents.items() if ours and parent == 1]
    mounts = [
        line
        for line in Path("/proc/self/mountinfo").read_text().splitlines()
        if str(grader.work) in line
    ]
    return len(family), orphans, sorted(grader.temporary.iterdir()), mounts


SETTLING_SECONDS = 10


def settle(grader, clean):
    """Wait for the processes that are ended while the grader goes on."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while leftovers(grader) != clean and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.fixture(scope="session")
def undisturbed(graders):
    """The neighbours' results, and the state of the machine, before any attack."""
    known = {}

    def state(level):
        if level not in known:
            grader = graders(level)
            results = neighbors(grader)
            time.sleep(1)  # the last of their processes ends while the grader goes on
            known[level] = (results, leftovers(grader))
        return known[level]

    return state


def neighbors(grader):
    """The results of the two honest submissions."""
    return [
        comparable(grader.grade(SUBMISSIONS / f"{name}.py", name)) for name in ("right", "half")
    ]


@pytest.mark.parametrize(("attack", "level"), at_levels("break"))
def test_nothing_is_broken(attack, level, graders, levels, lay_out, outside, undisturbed):
    grader = graders(levels[level])
    before, clean = undisturbed(levels[level])
    victim = Path(outside["victim"]).stat()
    folder = lay_out(path_of(attack), outside)
    for _ in range(2 if TABLE[attack].get("twice") else 1):
        result = grader.grade(folder)
        assert outcome(result) in allowed(attack, level)
    assert names_the_memory_limit(result) or not TABLE[attack].get("memory")
    assert neighbors(grader) == before
    settle(grader, clean)
    assert leftovers(grader) == clean
    left = Path(outside["victim"]).stat()
    assert (left.st_mode, left.st_mtime_ns) == (victim.st_mode, victim.st_mtime_ns)
    assert Path(outside["victim"]).read_text() == "as it was"
    assert marks(outside["gradebook"]) == 1


def marks(gradebook):
    """The score in the small gradebook."""
    with contextlib.closing(sqlite3.connect(gradebook)) as book:
        return book.execute("SELECT score FROM marks").fetchone()[0]


@pytest.mark.parametrize("attack", attacks("break"))
def test_what_is_broken_without_a_wall(
    attack, naive_attempt, naive_score, lay_out, tmp_path, write_files
):
    canary = TABLE[attack]["canary"]
    if canary == "attempt":
        sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        place = {**write_files(tmp_path / "own", "x"), "folder": str(tmp_path)}
        place |= {"bound": 20, "megabytes": 320, "sleeper": sleeper.pid}
        try:
            assert naive_attempt(path_of(attack), place) == "True"
        finally:
            sleeper.kill()
            sleeper.wait()
        return
    seen = naive_score(canary, lay_out(path_of(attack), {}))
    if canary == "hangs":
        assert seen is None
    elif canary == "channel":
        assert seen.startswith("nothing")
    else:
        assert float(seen) > 0


# --- files --------------------------------------------------------------------------------------


def build(attack, folder):
    """Let an attack write its hostile file into `folder`; its path."""
    spec = spec_from_file_location(Path(attack).name, path_of(attack))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    folder.mkdir(parents=True)
    (folder.parent / "secret.txt").write_text("the secret\n")
    module.build(folder)
    (made,) = folder.iterdir()
    return made


def listed(folder):
    """Every path under `folder`."""
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize(("attack", "level"), at_levels("files"))
def test_no_file_leads_out_or_holds_the_grader_up(attack, level, graders, levels, tmp_path):
    made = build(attack, tmp_path / "in" / "class")
    before = listed(tmp_path)
    result = graders(levels[level], TABLE[attack].get("assignment", "tiny")).grade(made)
    assert outcome(result) in allowed(attack, level)
    assert TABLE[attack].get("says", "") in ((result.get("message") or {}).get("en") or "")
    assert "the secret" not in json.dumps(result)
    assert listed(tmp_path) == before


@pytest.mark.parametrize("attack", attacks("files"))
def test_what_a_file_does_to_a_careless_reader(attack, naive_reading, tmp_path):
    made = build(attack, tmp_path / "in" / "class")
    assert TABLE[attack]["canary"] in naive_reading(made).split()


# --- reports ------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and the attributes that act."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.acting = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.acting += [
            (name, value)
            for name, value in attributes
            if name.startswith("on")
            or (name in ("href", "src", "action") and not (value or "").startswith("#"))
        ]


def rendered(result):
    """The report as an HTML page, as Markdown and as a terminal shows it."""
    grade = grade_from_json(json.dumps(result).encode())
    console = Console(record=True, width=100, file=open(os.devnull, "w"), force_terminal=False)
    with console.file:
        console.print(render_terminal(grade, language="en"))
    page = render_html(grade, language="en")
    return page, render_markdown(grade, language="en"), console.export_text(styles=False)


def texts_of(result, name, payload):
    """What a table of results may take up: names, messages, what was printed."""
    texts = [("name", name), ("payload", payload)]
    for check in result["checks"]:
        for field, value in check.items():
            words = value.get("en", "") if isinstance(value, dict) else value
            if isinstance(words, str):
                texts.append((field, words))
    return texts


def payload_of(attack):
    """What the attack wants to get into the report."""
    spec = spec_from_file_location(Path(attack).name, path_of(attack))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, "PAYLOAD", None) or module.NAME


@pytest.mark.parametrize(("attack", "level"), at_levels("reports"))
def test_no_report_runs_or_hides_anything(attack, level, graders, levels, tmp_path):
    name = "student-01.py" if attack != "reports/hostile_file_name" else payload_of(attack)
    path = tmp_path / name.replace("/", "_")
    path.write_bytes(path_of(attack).read_bytes())
    grader = graders(levels[level])
    result = grader.grade(path)
    plain = grader.grade(SUBMISSIONS / "garbage.py")
    assert outcome(result) in allowed(attack, level)
    page, markdown, terminal = rendered(result)
    harmless = Page(rendered(plain)[0])
    seen = Page(page)
    assert seen.elements <= harmless.elements | {"pre", "bdi", "table", "tr", "td", "th", "mark"}
    assert seen.acting == harmless.acting
    table = csv_table(["from", "text"], texts_of(result, path.name, payload_of(attack)))
    cells = [cell for row in csv.reader(io.StringIO(table.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@"))]
    shown = page + markdown + terminal + "".join(cells)
    assert not set("\x1b\x07\x08\x9b\u202e\u2066\u200b") & set(shown)


@pytest.mark.parametrize("attack", attacks("reports"))
def test_what_a_careless_report_lets_through(attack):
    payload = payload_of(attack)
    seen = Page(f"<html><body><p>{payload}</p></body></html>")
    canary = TABLE[attack]["canary"]
    if canary == "elements":
        assert seen.elements - {"html", "body", "p"}
    else:
        assert canary.encode().decode("unicode_escape") in payload
