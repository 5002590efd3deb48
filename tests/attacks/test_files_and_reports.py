"""Attacks by files, on whoever reads them, and by words, on whoever reads the report."""

from __future__ import annotations

import csv
import io
import json
import os
from html.parser import HTMLParser

import pytest
from attack_table import SUBMISSIONS, TABLE, allowed, at_levels, attacks, load, outcome, path_of
from rich.console import Console

from autograder.report.document import grade_from_json
from autograder.report.html import render_html
from autograder.report.markdown import render_markdown
from autograder.report.terminal import render_terminal
from autograder.tables import csv_table

# --- files --------------------------------------------------------------------------------------


def build(attack, folder):
    """Let an attack write its hostile file into `folder`; its path."""
    module = load(attack)
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
    module = load(attack)
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
