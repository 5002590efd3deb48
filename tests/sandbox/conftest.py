import contextlib

import pytest

from autograder.assignment import Limits
from autograder.records import Isolation, Source, Submission
from autograder.sandbox import protocol
from autograder.sandbox.launch import launcher, probe
from autograder.sandbox.limits import SubjectLimits
from autograder.sandbox.subject import Subject


@pytest.fixture(scope="session")
def launchers():
    """Opens launchers by level, each once; skips, with the reason, what is not to be had."""
    opened = {}
    with contextlib.ExitStack() as stack:

        def give(level):
            if level not in opened:
                found = probe(level)
                if not found.available:
                    pytest.skip(f"isolation {level} is not to be had here: {found.reason}")
                limits = SubjectLimits(memory_mb=300, disk_mb=8)
                opened[level] = stack.enter_context(launcher(level, limits=limits))
            return opened[level]

        yield give


@pytest.fixture(params=list(Isolation), ids=str)
def level(request):
    return request.param


@pytest.fixture
def start(launchers):
    """Starts a subject from source code and ends it after the test."""
    subjects = []

    def begin(code, level=Isolation.FULL, *, files=None, entry="work.py", **limits):
        given = {"call_seconds": 10.0, "memory_mb": 300, **limits}
        submission = Submission("s", "0" * 64, entry, (Source(entry, code),), files or {})
        subject = Subject(launchers(level), submission, Limits(**given))
        subjects.append(subject)
        subject.start()
        return subject

    yield begin
    for subject in subjects:
        subject.end()


@pytest.fixture
def call():
    """Calls a function of a subject by name; the whole reply."""

    def one(subject, name, *arguments, seconds=10.0, **keywords):
        message = (protocol.CALL, None, name, list(arguments), keywords, False)
        return subject.request([message], seconds, labels=[name])[0]

    return one
