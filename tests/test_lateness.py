"""Times of submission: what a CSV file may look like, and one clear line for what it may not."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.lateness import read_times, times_of, without_time

TEHRAN = timezone(timedelta(hours=3, minutes=30))
NIGHT = datetime(2026, 12, 1, 23, 59, tzinfo=TEHRAN)


def write(folder, content):
    path = folder / "times.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("student-01,2026-12-01T23:59:00+03:30\n", id="two columns"),
        pytest.param("id,time\nstudent-01,2026-12-01T23:59:00+03:30\n", id="with a header"),
        pytest.param("\ufeffID,Time\r\nstudent-01,2026-12-01T20:29Z\r\n", id="Excel's UTF-8"),
        pytest.param(
            'name,time,id\n"Student, One",2026-12-01 23:59:00+03:30,student-01\n\n',
            id="more columns, by their names",
        ),
    ],
)
def test_times_are_read_with_their_offset(tmp_path, content):
    assert read_times(write(tmp_path, content)) == {"student-01": NIGHT}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("student-01\n", "line 1: an id and a time", id="one column"),
        pytest.param("a,tomorrow\n", "line 1: 'tomorrow' is no ISO 8601 time", id="no time"),
        pytest.param("a,2026-12-01T23:59\n", "has no offset; add one", id="no offset"),
        pytest.param(
            "a,2026-12-01T23:59Z\na,2026-12-02T23:59Z\n", "line 2: 'a' has a time", id="twice"
        ),
        pytest.param(b"\xff\xfea\n", "not UTF-8", id="UTF-16"),
        pytest.param('a,"2026\n', "not a CSV file", id="an open quote"),
    ],
)
def test_a_wrong_file_gets_one_clear_line(tmp_path, content, message):
    with pytest.raises(UsageError) as caught:
        read_times(write(tmp_path, content))
    assert message in str(caught.value)
    assert "times.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_gets_one_clear_line(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_times(tmp_path / "none.csv")


def test_times_may_name_the_id_or_the_file():
    ids = {Path("a.py"): "a", Path("b.ipynb"): "b", Path("c.py"): "c"}
    given = {"a": NIGHT, "b.ipynb": NIGHT, "who-never-submitted": NIGHT}
    found = times_of(ids, given, Path("times.csv"))
    assert found == {"a": NIGHT, "b": NIGHT}
    assert without_time(list(ids.values()), found) == (
        "1 of 3 submissions have no time and count as in time: c"
    )
    assert without_time(["a", "b"], found) is None


def test_a_file_of_another_class_is_refused():
    given = {"somebody": datetime.now(UTC)}
    with pytest.raises(UsageError, match=r"none of its ids is a submission's.*such as a"):
        times_of({Path("a.py"): "a"}, given, Path("times.csv"))
