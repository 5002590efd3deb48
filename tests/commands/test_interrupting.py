"""An interrupt of a long command becomes one line, wherever it comes."""

import gc
import signal
import sys
import time

import pytest

from autograder.commands.interrupting import interruptible
from autograder.errors import Interrupted


def handlers():
    return signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), sys.unraisablehook


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_says_what_is_left_and_handlers_are_put_back(number):
    before = handlers()
    with (
        pytest.raises(Interrupted, match=r"^interrupted; nothing was written$"),
        interruptible("nothing was written"),
    ):
        signal.raise_signal(number)
    assert handlers() == before


def test_what_is_inside_cleans_up_undisturbed_by_a_second_interrupt():
    cleaned = []
    with pytest.raises(Interrupted), interruptible("nothing"):
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            cleaned.append(True)
    assert cleaned


def test_an_interrupt_where_python_drops_exceptions_comes_again(capsys):
    """A callback of the garbage collector may be what it meets; Hypothesis has one."""
    came = []

    def callback(phase, info):
        if not came:
            came.append(phase)
            signal.raise_signal(signal.SIGINT)

    gc.callbacks.append(callback)
    try:
        with pytest.raises(Interrupted), interruptible("nothing"):
            gc.collect()
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                time.sleep(0.01)
    finally:
        gc.callbacks.remove(callback)
    assert came == ["start"] and capsys.readouterr().err == ""


def test_other_errors_that_python_drops_are_told_as_before(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    class Failing:
        def __del__(self):
            raise OSError("lost")

    with interruptible("nothing"):
        made = Failing()
        del made
    assert [each.exc_type for each in told] == [OSError]


def test_a_program_that_was_told_to_ignore_interrupts_goes_on():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible("nothing"):
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
