"""The leaderboard: places, ties, names, hostile names, both languages."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from autograder.records import Outcome, Status, Training
from autograder.report.leaderboard import (
    Naming,
    Order,
    leaderboard_table,
    make_leaderboard,
    render_leaderboard,
    training_checks,
)

HOSTILE = '=1+1<script>alert("1")</script>\x1b[31m\u202e'


@pytest.fixture
def made(sample):
    """A grade whose first check trained a network: `made("student-01", 0.97, ...)`."""

    def make(
        who,
        *accuracies,
        parameters=1000,
        seconds=1.0,
        name=None,
        outcome=Outcome.PASSED,
        status=Status.GRADED,
    ):
        training = Training(
            accuracies=accuracies,
            interval=(0.0, 1.0),
            confidence=99.9,
            at_least=0.9,
            passed=outcome is Outcome.PASSED,
            parameters=parameters,
            name=name,
        )
        check = replace(sample.checks[0], training=training, outcome=outcome, seconds=seconds)
        digest = f"{who:0<64}"
        return replace(
            sample, submission_id=who, submission_sha256=digest, status=status, checks=(check,)
        )

    return make


def board(grades, language="en", **keywords):
    return make_leaderboard(grades, training_checks(grades)[0], language=language, **keywords)


def ranks(grades, **keywords):
    places = board(grades, naming=Naming.IDS, **keywords).places
    return [(place.rank, place.name) for place in places]


def test_the_highest_mean_accuracy_comes_first(made):
    grades = [made("a", 0.95), made("b", 0.9, 1.0), made("c", 0.97)]
    assert ranks(grades) == [(1, "c"), (2, "a"), (2, "b")]


def test_equal_ones_share_a_place_and_the_next_is_left_out(made):
    grades = [made("a", 0.95), made("b", 0.95004), made("c", 0.9), made("d", 0.99)]
    assert ranks(grades) == [(1, "d"), (2, "a"), (2, "b"), (4, "c")]


def test_places_by_parameters_and_by_seconds(made):
    grades = [
        made("a", 0.99, parameters=500, seconds=2.0),
        made("b", 0.9, parameters=100, seconds=2.04),
        made("c", 0.95, parameters=None, seconds=7.0),
    ]
    assert ranks(grades, order=Order.PARAMETERS) == [(1, "b"), (2, "a"), (3, "c")]
    assert ranks(grades, order=Order.SECONDS) == [(1, "b"), (1, "a"), (3, "c")]


def test_only_those_who_passed_and_are_graded_stand_there(made):
    grades = [
        made("a", 0.99, outcome=Outcome.FAILED),
        made("b", 0.99, outcome=Outcome.PARTIAL),
        made("c", 0.99, status=Status.INTERNAL_ERROR),
        made("d", 0.95),
    ]
    assert ranks(grades) == [(1, "d")]
    assert board(grades).submissions == 4


def test_without_a_chosen_name_nothing_tells_who_it_is(made):
    grades = [made("student-01", 0.95), made("student-02", 0.96, name="Falcon")]
    found = board(grades)
    names = [place.name for place in found.places]
    assert names[0] == "Falcon"
    assert names[1].startswith("Anonymous ")
    for language in ("en", "fa"):
        assert "student-0" not in render_leaderboard(board(grades, language), language=language)
    other = replace(grades[0], submission_sha256="f" * 64)
    assert board([other, grades[1]]).places[1].name != names[1]


def test_nobody_takes_anothers_name(made):
    grades = [made("a", 0.95, name="Falcon"), made("b", 0.96, name="FALCON"), made("c", 0.97)]
    names = [place.name for place in board(grades).places]
    assert len(set(names)) == 3
    assert all(name not in ("Falcon", "FALCON") for name in names)


def test_a_hostile_name_stays_text(made):
    page = render_leaderboard(board([made("a", 0.95, name=HOSTILE)]), language="en")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page and "\u202e" not in page


def test_the_persian_page_reads_right_to_left_with_persian_digits(made):
    grades = [made("a", 0.9725, parameters=12806, seconds=1.52)]
    page = render_leaderboard(board(grades, "fa"), language="fa")
    assert 'dir="rtl"' in page
    assert "۹۷٫۲۵٪" in page and "۱۲٬۸۰۶" in page and "۱٫۵" in page
    assert "جدول برترین‌ها" in page


def test_the_page_has_no_script_and_asks_for_nothing(made):
    page = render_leaderboard(board([made("a", 0.95)]), language="en")
    assert "default-src 'none'" in page
    assert "<script" not in page and "http" not in page.split("<body>")[1]


def test_a_class_in_which_nobody_passed_has_a_page(made):
    found = board([made("a", 0.5, outcome=Outcome.FAILED)])
    assert "Nobody has passed this check yet." in render_leaderboard(found, language="en")


@pytest.mark.parametrize(("language", "words"), [("en", "Accuracy"), ("fa", "۹۵٫۰۰٪")])
def test_the_table_of_the_terminal(made, language, words):
    console = Console(width=100, file=io.StringIO())
    name = "[bold]Falcon"
    console.print(
        leaderboard_table(board([made("a", 0.95, name=name)], language), language=language)
    )
    shown = console.file.getvalue()
    assert words in shown and "[bold]Falcon" in shown


def test_a_check_that_no_grade_has_is_refused(made):
    with pytest.raises(ValueError, match="no submission has the check"):
        make_leaderboard([made("a", 0.95)], "test_x.py::test_y", language="en")
