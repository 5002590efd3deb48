"""The budget of seconds at every isolation level: work counts, waiting does not."""

import pytest

from autograder.assignment import Limits
from autograder.checks.student import Student
from autograder.errors import SubjectTimeout
from autograder.records import Isolation, Source, Submission
from autograder.sandbox.launch import launcher, probe
from autograder.sandbox.limits import SubjectLimits
from autograder.sandbox.subject import Subject

CODE = """
import time

def work(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds

def sleep(seconds):
    time.sleep(seconds)
    return seconds

def forever():
    while True:
        pass
"""


@pytest.fixture(scope="module", params=list(Isolation), ids=str)
def subject(request):
    found = probe(request.param)
    if not found.available:
        pytest.skip(f"isolation {request.param} is not to be had here: {found.reason}")
    source = (Source("busy.py", CODE),)
    submission = Submission("student-01", "0" * 64, "busy.py", source)
    with launcher(request.param, limits=SubjectLimits()) as made:
        made_subject = Subject(made, submission, Limits())
        made_subject.start()
        yield made_subject
        made_subject.end()


@pytest.fixture
def student(subject):
    student = Student()
    student.attach(subject)
    student.begin_check(1, 60.0)
    return student


def test_processor_time_is_seen_from_outside(student, subject):
    before = subject.processor_seconds()
    student.work(0.1)
    assert subject.processor_seconds() - before >= 0.1
    student.restart()
    assert subject.processor_seconds() is not None
    subject.end()
    assert subject.processor_seconds() is None


def test_many_short_calls_use_up_the_seconds_together(student):
    with student.within(0.2), pytest.raises(SubjectTimeout, match=r"0\.2 seconds on `cpu`"):
        for _ in range(20):
            assert student.work(0.03) == 0.03
    assert student.work(0.03) == 0.03  # the budget is over, and the student's code goes on


def test_a_call_without_end_is_ended(student):
    with student.within(0.2), pytest.raises(SubjectTimeout) as caught:
        student.forever()
    details = caught.value.details
    assert details.message["fa"] == "آموزش روی `cpu` بیش از زمان مجاز 0.2 ثانیه طول کشید."
    assert "Python loops over samples" in details.hint["en"]


def test_waiting_is_no_work(student):
    with student.within(0.25):
        assert [student.sleep(0.1) for _ in range(4)] == [0.1] * 4


def test_on_a_gpu_the_clock_counts(student):
    with student.within(0.25, "cuda:0"), pytest.raises(SubjectTimeout, match="on `cuda:0`"):
        for _ in range(4):
            student.sleep(0.1)
