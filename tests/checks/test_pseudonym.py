"""The name that a submission chooses for a leaderboard."""

import pytest

from autograder.checks.pseudonym import LONGEST, chosen_name
from autograder.records import Source, Submission


class Submitted:
    """Stands for a student of whom only the submission is read."""

    def __init__(self, *cells):
        sources = tuple(Source(f"cell {at}", code) for at, code in enumerate(cells))
        self.submission = Submission("student-01", "0" * 64, "x.ipynb", sources)


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (['LEADERBOARD_NAME = "Falcon"'], "Falcon"),
        (['LEADERBOARD_NAME: str = " شبکهٔ\\n من "'], "شبکهٔ من"),
        (['LEADERBOARD_NAME = "a"', 'LEADERBOARD_NAME = "b"'], "b"),
        (["def broken(:", 'LEADERBOARD_NAME = "Falcon"'], "Falcon"),
        (['LEADERBOARD_NAME = ""'], None),
        (["LEADERBOARD_NAME = 'a' + 'b'"], None),
        (["def f():\n    LEADERBOARD_NAME = 'a'"], None),
        (["x = 1"], None),
    ],
)
def test_a_plain_string_at_the_top_level_counts(cells, name):
    assert chosen_name(Submitted(*cells)) == name


def test_a_name_is_short_and_on_one_line():
    name = chosen_name(Submitted(f"LEADERBOARD_NAME = {'a b' * 5000 + chr(0x202E)!r}"))
    assert len(name) <= LONGEST
    assert chosen_name(Submitted("LEADERBOARD_NAME = 'a\\x1b[31m\\u202e'")).isprintable()
