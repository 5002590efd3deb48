"""Editions: what each asks for, what it is worth, and that no submission chooses its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import load_assignment
from autograder.editions import Edition, asked, edition_notes, looks_like
from autograder.errors import AssignmentError
from autograder.records import CheckSpec, Visibility
from autograder.scoring import total

TITLE = {"en": "a year", "fa": "سالی"}
OLD = Edition("old", TITLE, without=("hard", "test_two[b]"), signs={"old.py": "two_layer_net"})
NEW = Edition("new", TITLE)
BOTH = (OLD, NEW)
MANIFEST = """
id = "small"
title = { en = "Small", fa = "کوچک" }
edition = "new"
[submission]
package = "work"
names = ["work.layers.forward"]
[[questions]]
id = "q1"
title = { en = "First", fa = "یک" }
[[editions]]
id = "old"
title = { en = "Old", fa = "کهنه" }
without = ["test_b"]
signs = { "old.py" = "two_layer_net" }
[[editions]]
id = "new"
title = { en = "New", fa = "نو" }
"""


def spec(name: str, points: float, question: str = "easy", *requires: str) -> CheckSpec:
    title = {"en": name, "fa": name}
    return CheckSpec(f"test_a.py::{name}", title, question, Visibility.VISIBLE, points, requires)


SPECS = (
    spec("test_one", 2),
    spec("test_two[a]", 3),
    spec("test_two[b]", 4, "easy", "test_a.py::test_one"),
    spec("test_last", 5, "easy", "test_a.py::test_one", "test_a.py::test_layer"),
    spec("test_layer", 6, "hard"),
)


def test_what_an_edition_does_not_ask_for_is_gone_and_the_rest_is_scaled_to_the_same_sum() -> None:
    kept = asked(SPECS, BOTH, OLD)
    assert [each.id.partition("::")[2] for each in kept] == ["test_one", "test_two[a]", "test_last"]
    assert [each.points for each in kept] == pytest.approx([4, 6, 10])
    assert total(each.points for each in kept) == 20


def test_a_check_does_not_wait_for_one_that_is_not_asked() -> None:
    assert asked(SPECS, BOTH, OLD)[-1].requires == ("test_a.py::test_one",)


def test_an_edition_that_asks_for_all_changes_nothing() -> None:
    assert asked(SPECS, BOTH, NEW) == asked(SPECS, (), None) == SPECS


@given(
    points=st.lists(st.integers(1, 40), min_size=2, max_size=40),
    data=st.data(),
)
def test_the_sum_is_that_of_all_checks_whatever_is_left_out(
    points: list[int], data: st.DataObject
) -> None:
    specs = [spec(f"test_{at}", each / 4) for at, each in enumerate(points)]
    names = [each.id.partition("::")[2] for each in specs]
    without = data.draw(st.lists(st.sampled_from(names[1:]), unique=True), label="without")
    edition = Edition("some", TITLE, tuple(without))
    kept = asked(specs, (edition,), edition)
    assert len(kept) == len(specs) - len(without)
    assert total(each.points for each in kept) == total(each.points for each in specs)


@pytest.mark.parametrize(
    ("without", "message"),
    [
        (("test_nobody",), "old: without 'test_nobody', and no question or check"),
        (("easy", "hard"), "old asks for nothing"),
    ],
)
def test_an_edition_that_cannot_be_is_said(without: tuple[str, ...], message: str) -> None:
    edition = Edition("old", TITLE, without)
    with pytest.raises(AssignmentError, match=message):
        asked(SPECS, (edition,), edition)


def test_the_names_of_an_edition_that_is_not_graded_are_looked_at_too() -> None:
    with pytest.raises(AssignmentError, match="test_nobody"):
        asked(SPECS, (Edition("old", TITLE, ("test_nobody",)), NEW), NEW)


@pytest.mark.parametrize(
    ("files", "other"),
    [
        ({"work/old.py": b"def two_layer_net(X):\n  pass"}, OLD),
        ({"work/old.py": b"def two_layer_network(X):\n  pass"}, None),
        ({"work/other.py": b"two_layer_net"}, None),
        ({}, None),
    ],
)
def test_a_sign_is_a_word_in_its_file(files: dict[str, bytes], other: Edition | None) -> None:
    assert looks_like(NEW, BOTH, files, "work") is other
    assert looks_like(OLD, BOTH, files, "work") is None


def test_the_report_says_the_edition_and_what_a_folder_looks_like() -> None:
    (first,) = edition_notes(OLD, None)
    assert "a year" in first["en"] and "scaled up" in first["en"] and "سالی" in first["fa"]
    plain, hint = edition_notes(NEW, OLD)
    assert "scaled" not in plain["en"]
    assert "--edition old" in hint["en"] and "--edition old" in hint["fa"]
    assert edition_notes(None, None) == ()


@pytest.fixture
def write(tmp_path):
    def write(manifest):
        (tmp_path / "checks").mkdir(exist_ok=True)
        (tmp_path / "checks" / "test_a.py").write_text("def test_b(): pass\n")
        (tmp_path / "assignment.toml").write_text(manifest, encoding="utf-8")
        return tmp_path

    return write


def test_the_edition_is_the_manifests_or_the_one_that_is_asked_for(write):
    folder = write(MANIFEST)
    new, old = load_assignment(folder), load_assignment(folder, "old")
    assert (new.edition.id, old.edition.id) == ("new", "old")
    assert new.version != old.version  # a grade by one is no grade by the other
    assert old.version.endswith(".old")


@pytest.mark.parametrize(
    ("old", "new", "wanted", "message"),
    [
        ("", "", "2014", "edition = '2014'; it is one of old, new"),
        ('edition = "new"', "", None, "edition = None; it is one of old, new"),
        ('edition = "new"', 'edition = "odd"', "old", "edition = 'odd'; it is one of old, new"),
        ('id = "old"', 'id = "new"', None, "two \\[\\[editions\\]\\] have the same id"),
        (', fa = "نو"', "", None, r"editions\.new\.title\.fa is missing"),
        ('package = "work"', "", None, "need submission.package"),
    ],
)
def test_a_wrong_edition_is_said_with_the_mend(write, old, new, wanted, message):
    with pytest.raises(AssignmentError, match=message):
        load_assignment(write(MANIFEST.replace(old, new) if old else MANIFEST), wanted)


def test_an_assignment_without_editions_takes_none(write):
    plain = MANIFEST.partition("[[editions]]")[0].replace('edition = "new"', "")
    assert load_assignment(write(plain)).edition is None
    with pytest.raises(AssignmentError, match=r"'old': the assignment has no \[\[editions\]\]"):
        load_assignment(write(plain), "old")


CHECKS = """
import pytest

@pytest.mark.points(1, question="q1")
def test_a(student):
    "One is one.\\n\\nfa: یک یک است."
    assert student.call("work.layers.forward", 1) == 1

@pytest.mark.points(3, question="q1")
def test_b(student):
    "Two is two.\\n\\nfa: دو دو است."
    assert student.call("work.layers.forward", 2) == 2
"""


def test_a_class_of_another_edition_is_told_of_and_graded_by_it_when_asked(
    write, run, results, tmp_path
):
    folder, submissions = write(MANIFEST), tmp_path / "class"
    (folder / "checks" / "test_a.py").write_text(CHECKS, encoding="utf-8")
    for name, extra in (("student-01", "layers.py"), ("student-02", "old.py")):
        package = submissions / name / "work"
        package.mkdir(parents=True)
        (package / "layers.py").write_text("def forward(x):\n    return 1\n", encoding="utf-8")
        with (package / extra).open("a", encoding="utf-8") as file:
            file.write("\n\ndef two_layer_net():\n    pass\n")
    command = ("grade", folder, submissions, "--output")
    done = run(*command, tmp_path / "new")
    assert "1 of 2 look like edition old: student-02." in " ".join(done.stderr.split())
    graded = results(tmp_path / "new")
    assert [graded[name]["score"] for name in sorted(graded)] == [1, 1]
    seen = [graded[name]["assignment"]["edition"]["resembles"] for name in sorted(graded)]
    assert seen == [None, "old"]
    done = run(*command, tmp_path / "old", "--edition", "old")
    assert "look like" not in done.stderr
    assert [each["score"] for each in results(tmp_path / "old").values()] == [4, 4]
