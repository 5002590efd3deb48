"""Hostile submissions, the outcome that each must get, and a canary that each would succeed.

The table is outcomes.toml. At `full` and `reduced` nothing may be gained, seen or broken; `none`
has no wall, and the table says what comes of it there. Here: what is gained and seen.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attack_table import (
    GROUPS,
    LEVELS,
    SUBMISSIONS,
    TABLE,
    allowed,
    at_levels,
    attacks,
    outcome,
    path_of,
)

from autograder.errors import SubjectLost
from autograder.records import Isolation
from autograder.sandbox import protocol


def known_to(attack, outside):
    """What an attack is told of the places: the secret itself only where it has to echo it."""
    withheld = (
        {"token", "echo"} if 'place["echo"]' not in path_of(attack).read_text() else {"token"}
    )
    return {name: value for name, value in outside.items() if name not in withheld}


def needs(attack, outside):
    """Skip what this machine or user cannot do even without a wall."""
    wanted = TABLE[attack].get("needs")
    if wanted == "root" and os.geteuid() != 0:
        pytest.skip("only root can do this even without a wall")
    if wanted and wanted != "root" and not outside.get(wanted):
        pytest.skip(f"this machine has no {wanted}")


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
