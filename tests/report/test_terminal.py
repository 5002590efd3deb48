import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from autograder.records import Grade, Outcome, Status
from autograder.report.terminal import render_terminal

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def shown(grade: Grade, language: str = "en", *, colour: bool = False, width: int = 80) -> str:
    out = StringIO()
    system = "truecolor" if colour else None
    console = Console(file=out, width=width, force_terminal=colour, color_system=system)
    console.print(render_terminal(grade, language=language))
    return out.getvalue()


def test_report_reads_without_colours(sample: Grade) -> None:
    text = shown(sample)
    assert "\x1b" not in text
    assert re.search(r"✓ The L1 distance of the course's 4x4 images is 456 +Passed  2 of 2", text)
    assert re.search(r"✗ L1 distances of `uint8` images do not wrap around", text)
    assert "Called: l1_distances(X, Y)" in text
    assert re.search(r"\[300\. 251\.\] +\[212\. 261\.\]", text)
    assert "Where to start: The gradient of the SVM loss" in text
    assert "Score of the checks shown so far: 5.5 of 22" in text


def test_colours_change_no_word(sample: Grade) -> None:
    assert COLOUR.sub("", shown(sample, colour=True)) == shown(sample)


def test_persian_report(sample: Grade) -> None:
    text = shown(sample, "fa")
    assert "✗ فاصلهٔ L1 تصویرهای `uint8` سرریز نمی‌کند  پاسخ نادرست  ۰ از ۲" in text
    assert "۵٫۵ از ۲۲" in text
    assert "\n      l1_distances(X, Y)" in text


@pytest.mark.parametrize(
    "payload",
    [
        "[red]owned[/red] [link=http://evil.example]x[/link]",
        "[/] [not closed",
        "\x1b[2J\x1b[31mred\x1b]8;;http://evil.example\x07x\x1b]8;;\x07\x9b2J\x07",
        "\x1b]0;title\x1b\\ \x1bP1$r\x1b\\ \x1bc",
        "\r\x08\x08overwritten \u202e",
    ],
)
def test_markup_and_escape_sequences_of_a_student_do_nothing(
    poisoned: Callable[[str], Grade], payload: str
) -> None:
    grade = poisoned(payload)
    for language in ("en", "fa"):
        plain = COLOUR.sub("", shown(grade, language, colour=True))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", plain)
        assert plain == shown(grade, language)
        if payload.startswith("["):
            assert payload.split()[0] in plain


@pytest.mark.parametrize("width", [20, 40, 200])
def test_any_width_holds_every_number(sample: Grade, width: int) -> None:
    text = shown(sample, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "251." in text and "212." in text


def test_report_without_a_score(ungradable: Grade) -> None:
    text = shown(ungradable)
    assert "Could not be graded" in text and "hw1.ipynb" in text
    broken = replace(ungradable, status=Status.INTERNAL_ERROR)
    assert "Waiting for the instructor" in shown(broken)


def test_every_outcome_has_its_word(sample: Grade) -> None:
    checks = tuple(replace(sample.checks[0], outcome=outcome) for outcome in Outcome)
    text = shown(replace(sample, checks=checks))
    for word in ("Passed", "Partly right", "Took too long", "Your program stopped", "Not judged"):
        assert word in text
