"""A subject in this process: the same data as across the wall, and nothing left behind."""

import random
import time

import numpy as np
import pytest

from autograder.checks.calls import Call
from autograder.checks.student import Student
from autograder.errors import SandboxError, StudentError, SubjectTimeout
from autograder.records import Source
from autograder.sandbox.trusted import TrustedSubject

CODE = """
import random
import numpy as np

def total(x):
    x += 1
    print("adding")
    return x.sum(), [1, 2], {"a": None}

def drawn():
    return random.random(), np.random.rand(), np.random.default_rng().random()

def forever():
    while True:
        pass

class Counter:
    def __init__(self):
        self.value = 0
    def add(self, number):
        self.value += number
"""


@pytest.fixture
def student():
    subject = TrustedSubject({}, sources=[Source("code.py", CODE)])
    subject.start()
    made = Student()
    made.attach(subject)
    return made


def test_calls_answer_with_plain_data_and_leave_the_arguments_alone(student, capsys):
    x = np.zeros(3)
    assert student.total(x) == (3.0, [1, 2], {"a": None})
    assert not x.any()
    assert student.last_call.changed == ("x",)
    assert student.last_call.printed.strip() == "adding"
    assert capsys.readouterr().out == ""


def test_objects_stay_and_are_called_by_handle(student):
    counter = student.new("Counter")
    counter.add(3)
    counter.set("value", counter.get("value") + 1)
    assert counter.get("value") == 4


def test_errors_are_the_students_as_across_the_wall(student):
    with pytest.raises(StudentError) as raised:
        student.total("three")
    assert raised.value.kind == "TypeError"
    assert "code.py, line" in raised.value.details.traceback
    with pytest.raises(StudentError, match="defines no `nothing`"):
        student.nothing()


def test_several_calls_keep_the_answers_beside_the_errors(student):
    first, second = student.answers([Call("total", (3,)), Call("total", (np.zeros(2),))])
    assert isinstance(first, StudentError)
    assert second[0] == 2.0


def test_randomness_is_seeded_and_not_the_graders(student):
    random.seed(5)
    np.random.seed(5)
    before = random.getstate(), np.random.get_state()[1].tolist()
    student.begin_check(7, 10.0)
    first = student.drawn()
    student.begin_check(7, 10.0)
    assert student.drawn() == first
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    assert np.random.default_rng().random() != np.random.default_rng().random()


def test_names_given_replace_those_of_the_code():
    student = Student()
    subject = TrustedSubject({"total": lambda x: -x}, sources=[Source("code.py", CODE)])
    student.attach(subject)
    assert student.total(2.0) == -2.0
    assert student.has("Counter")


def test_a_call_that_does_not_end_is_interrupted(student):
    with pytest.raises(SubjectTimeout):
        student.call("forever", seconds=0.05)
    assert student.total(np.zeros(1))[0] == 1.0


def test_its_processor_time_is_that_of_this_process():
    subject = TrustedSubject({}, sources=[Source("a.py", "x = 1")])
    assert subject.processor_seconds() is None
    subject.start()
    before = time.process_time()
    assert before <= subject.processor_seconds() <= time.process_time()


def test_code_that_does_not_run_is_an_error_of_ours():
    with pytest.raises(SandboxError, match="ZeroDivisionError"):
        TrustedSubject({}, sources=[Source("bad.py", "1 / 0")]).start()
