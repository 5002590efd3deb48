"""The text of `examples.toml`: rows are changed one by one, and the rest stays as it was."""

import tomllib

import pytest

from autograder.authoring.proposals import KEYS
from autograder.authoring.table_file import assigned, is_wide, quoted, read_table
from autograder.errors import AssignmentError

TABLE = """\
# What each gets.

[student-01]
about = "right"
score = 100  # of 100

# the hard one
[student-03]
about = "a [bracket] and\\n[student-02] in words"
score = 90
not_passed = [
    "test_a[x]",  # as the handout says
    "test_b",
]
# nothing more
"""


def test_a_text_that_nobody_changes_comes_back_to_the_letter():
    assert read_table(TABLE).text() == TABLE
    assert read_table("").text() == ""
    assert read_table("[a]\nscore = 1").text() == "[a]\nscore = 1\n"


def test_a_changed_row_keeps_its_words_comments_and_what_still_holds():
    table = read_table(TABLE)
    block = table.block("student-03")
    values = {"score": 91, "not_passed": ["test_a[x]", "test_b"], "causes": ["a.b"]}
    block.update(values, KEYS, wide=False)
    changed = TABLE.replace("score = 90", "score = 91")
    changed = changed.replace('_b",\n]\n', '_b",\n]\ncauses = ["a.b"]\n')
    assert table.text() == changed


def test_keys_that_do_not_hold_any_more_go_and_the_others_keep_their_order():
    table = read_table('[a]\nabout = "x"\nslow = true\nfailed = ["b"]\ncauses = ["c"]\n')
    table.block("a").update({"score": 5, "error": ["b"], "causes": ["c"]}, KEYS, wide=True)
    expected = '[a]\nabout = "x"\nscore = 5\nslow = true\nerror = ["b"]\ncauses = ["c"]\n'
    assert tomllib.loads(table.text()) == tomllib.loads(expected)
    assert list(tomllib.loads(table.text())["a"])[:2] == ["about", "score"]


@pytest.mark.parametrize(
    ("id", "before", "order"),
    [
        ("student-00", [], ["student-00", "student-01", "student-03"]),
        ("student-02", ["student-01"], ["student-01", "student-02", "student-03"]),
        ("student-04", ["student-01", "student-03"], ["student-01", "student-03", "student-04"]),
    ],
)
def test_a_new_row_stands_between_the_others_with_an_empty_line(id, before, order):
    table = read_table(TABLE)
    table.insert(id, before).update({"about": "?", "score": 1.5}, KEYS, wide=True)
    text = table.text()
    assert list(tomllib.loads(text)) == order
    assert f'[{id}]\nabout = "?"\nscore = 1.5\n' in text
    assert f"\n\n[{id}]" in text and (text.endswith("1.5\n") or "score = 1.5\n\n" in text)
    assert "# the hard one\n" in text and "\n\n\n" not in text


def test_a_name_that_is_no_bare_key_is_quoted():
    table = read_table("")
    table.insert('تمرین "یک"', []).update({"about": "?"}, KEYS, wide=True)
    assert tomllib.loads(table.text()) == {'تمرین "یک"': {"about": "?"}}


@pytest.mark.parametrize("text", ["a = {score = 1}\n", "[a.b]\nscore = 1\n"])
def test_a_table_that_is_written_in_another_way_is_refused(text):
    with pytest.raises(AssignmentError, match=r"must each begin with a line such as"):
        read_table(text)


def test_lists_are_written_as_the_table_writes_them():
    two = ["test_a", "test_b"]
    assert assigned("failed", two, wide=True) == 'failed = ["test_a", "test_b"]\n'
    assert assigned("failed", two, wide=False) == 'failed = [\n    "test_a",\n    "test_b",\n]\n'
    assert assigned("failed", ["test_a"], wide=False) == 'failed = ["test_a"]\n'
    assert assigned("score", [66, 72.5], wide=False) == "score = [66, 72.5]\n"
    assert len(assigned("failed", ["t" * 95], wide=True).splitlines()) == 3
    assert is_wide('failed = ["a", "b"]') and not is_wide('failed = [\n    "a",\n    "b",\n]')
    assert is_wide("")


@pytest.mark.parametrize("words", ['a "b" \\ c', "tab\tand\nline", "فارسی ٫", "\x7f\x01"])
def test_any_words_come_back(words):
    assert tomllib.loads(f"a = {quoted(words)}") == {"a": words}
