"""`checks/components.py`: what a component says, and how the file is read."""

import textwrap

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.checks.student import Student
from autograder.components import Component, WrongVersion, load_components, wrong_versions
from autograder.errors import AssignmentError
from autograder.records import Misconception
from autograder.sandbox.trusted import TrustedSubject
from reference.misconceptions import COMPONENTS as KNOWN

TEXT = {"en": "Twice as much", "fa": "دو برابر"}
TWICE = WrongVersion(Misconception("double.twice", TEXT, TEXT), lambda x: 4 * x)
FILE = """
from autograder.components import Component, WrongVersion
from autograder.records import Misconception

TEXT = {"en": "Twice as much", "fa": "دو برابر"}
COMPONENTS = [
    Component(
        "double",
        question="q1",
        right=lambda x: 2 * x,
        wrong=[WrongVersion(Misconception("double.twice", TEXT, TEXT), lambda x: 4 * x)],
        probe=lambda rng: [(rng.normal(),)],
    ),
]
"""


@pytest.fixture
def load(small):
    def load(source):
        (small / "checks" / "components.py").write_text(textwrap.dedent(source), encoding="utf-8")
        return load_components(load_assignment(small))

    return load


def component(**fields):
    given = {"question": "q1", "right": np.abs, "wrong": [TWICE], "probe": lambda rng: []}
    return Component("double", **{**given, **fields})


def test_an_assignment_without_the_file_has_no_components(small):
    assert load_components(load_assignment(small)) == ()


def test_components_are_read_from_the_file(load):
    (found,) = load(FILE)
    assert (found.name, found.question) == ("double", "q1")
    assert [each.id for each in found.known] == ["double.twice"]


def test_the_file_counts_into_the_version_of_the_assignment(small, load):
    before = load_assignment(small).version
    load(FILE)
    assert load_assignment(small).version != before


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("", "COMPONENTS"),
        ("COMPONENTS = [3]", "no Component"),
        (FILE.replace('"q1"', '"q7"'), "none of the manifest's: q1, q2"),
        (FILE + "COMPONENTS *= 2", "two components are called 'double'"),
        (FILE.replace('"دو برابر"', '""'), "no text in 'fa'"),
        (FILE.replace("probe=lambda rng: [(rng.normal(),)],", ""), "a probe or a session"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(load, source, message):
    with pytest.raises(AssignmentError, match=message):
        load(source)


def test_left_out_versions_do_not_count_and_must_exist():
    assert component(left_out={"double.twice": "a reason"}).known == ()
    with pytest.raises(ValueError, match=r"names double\.thrice, which is none"):
        component(left_out={"double.thrice": "a reason"})


def test_a_component_has_a_probe_or_a_session_and_not_both():
    with pytest.raises(ValueError, match="give one of them"):
        component(session=lambda student, rng: iter(()))


def test_catalogued_versions_take_the_students_signature():
    versions = wrong_versions(
        KNOWN["hinge"], lambda hinge: lambda scores, y: hinge(scores, y, delta=2.0)
    )
    assert [each.id for each in versions] == [each.id for each in KNOWN["hinge"].known]
    scores = np.array([[1.0, 2.0]])
    swapped = next(each for each in versions if each.id == "hinge.sign_swapped")
    assert swapped.version(scores, np.array([0]))[0] == 1.0


def test_a_version_may_replace_several_names():
    pair = {"forward": lambda x: (x, x), "backward": lambda dout, cache: dout * cache}

    def session(student, rng):
        _, cache = student.forward(3.0)
        yield student.backward(2.0, cache)

    made = Component("backward", question="q1", right=pair, wrong=[], session=session)
    student = Student()
    student.attach(TrustedSubject(made.names(made.right)))
    (stage,) = made.stages
    assert list(stage(student, np.random.default_rng(0))) == [6.0]


def test_texts_use_the_students_words_for_things():
    versions = wrong_versions(KNOWN["svm_loss"], words={"strength": "reg", "delta": "1"})
    texts = {each.id: each.misconception.hint for each in versions}
    assert "`max(0, s_j - s_y + 1)`" in texts["svm_loss.delta_missing"]["fa"]
    assert "`reg * sum(W**2)`" in texts["svm_loss.penalty_half_convention"]["en"]
