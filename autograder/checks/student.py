"""`student`: the submission, as a check sees it.

Calls look like calls of local functions and answer with plain data::

    loss, gradient = student.svm_loss_naive(W, X, y, 0.1)
    classifier = student.new("LinearClassifier")
    classifier.train(X, y, learning_rate=1e-3)

What the student's code raises arrives as `StudentError`; a time limit or a dead process as
`SubjectLost`, which no check catches.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.checks.allowance import Allowance
from autograder.checks.calls import SHOWN_CALLS, Assigned, Call, CallRecord
from autograder.checks.raised import missing_in_package, raised_hint, raised_message
from autograder.errors import (
    CheckTimeout,
    FailureDetails,
    SandboxError,
    StudentError,
    SubjectCrashed,
)
from autograder.records import Isolation, Submission
from autograder.sandbox import protocol
from autograder.sandbox.codec import CodecError, Handle, NotDataError
from autograder.sandbox.subject import Reply, Subject
from autograder.texts import text


class RemoteObject:
    """An object that stays in the student's process: `obj.method(…)`, `obj.get("W")`."""

    def __init__(self, student: Student, handle: Handle, generation: int, description: str):
        self.student = student
        self.handle = handle
        self.generation = generation
        self.description = description
        self.history: list[CallRecord | Assigned] = []
        """What was done with it; of much, only the beginning."""

    def __repr__(self) -> str:
        """As messages show it."""
        return f"<{self.description}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments, **keywords: self.call(name, *arguments, **keywords)

    def call(
        self, name: str, *arguments: Any, seconds: float | None = None, **keywords: Any
    ) -> Any:
        """Call the method `name`; `seconds` replaces the time limit of one call."""
        message = self.student.message(name, arguments, keywords, owner=self)
        record = self._record(name, arguments, keywords)
        return self.student.send([message], [record], seconds)[0]

    def keep(self, name: str, *arguments: Any) -> RemoteObject:
        """What the method `name` returns, kept in the student's process."""
        message = self.student.message(name, arguments, {}, owner=self, keep=True)
        record = self._record(name, arguments, {})
        value = self.student.send([message], [record], None)[0]
        return RemoteObject(self.student, _handle(value), self.generation, self.description)

    def get(self, name: str) -> Any:
        """The attribute `name`."""
        message = (protocol.GET, self.student.local(self), name, False)
        record = self.student.record(f"{self.description}.{name}", (), {}, ())
        return self.student.send([message], [record], None)[0]

    def set(self, name: str, value: Any) -> None:
        """Set the attribute `name`."""
        message = (protocol.SET, self.student.local(self), name, self.student.localize(value))
        record = self.student.record(f"{self.description}.{name} = …", (), {}, ())
        self._remember(Assigned(f"{self.description}.{name}", value))
        self.student.send([message], [record], None)

    def _record(
        self, name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]
    ) -> CallRecord:
        before = tuple(self.history) if len(self.history) < SHOWN_CALLS else ()
        parameters = self.student.parameters_of(f"{self.description.partition('(')[0]}.{name}")
        record = self.student.record(
            f"{self.description}.{name}", arguments, keywords, parameters, before
        )
        self._remember(replace(record, before=()))
        return record

    def _remember(self, done: CallRecord | Assigned) -> None:
        if len(self.history) < SHOWN_CALLS:
            self.history.append(done)


class Student:
    """The submission under test: one for all checks, attached to one subject after another."""

    def __init__(self) -> None:
        self._subject: Subject | None = None
        self._seed: int | None = None
        self._deadline = float("inf")
        self._check_seconds = 0.0
        self._allowance: Allowance | None = None
        self.last_call: CallRecord | None = None
        self.example_calls: list[CallRecord] = []
        self.failure_seen: StudentError | None = None
        self.called: set[str] = set()
        """The names of the submission that the check has called so far."""
        self.overwritten: dict[str, set[str]] = {}
        """Function of the submission -> the arrays among its arguments that it changed."""

    # --- for the plugin ---------------------------------------------------------------------

    def attach(self, subject: Subject) -> None:
        """Speak with `subject` from now on."""
        self._subject = subject
        self.last_call = None
        self.overwritten = {}

    def begin_check(self, seed: int, seconds: float) -> None:
        """Start a check: seed the student's randomness, start the check's clock."""
        self._seed = seed
        self._check_seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._allowance = None
        self.called = set()
        self.begin_example()

    # --- for training checks ----------------------------------------------------------------

    def reseed(self, seed: int) -> None:
        """Seed the student's randomness anew, before the next call."""
        self._seed = seed

    def restart(self) -> None:
        """End the process and start a fresh one: what was kept in memory or in files is gone."""
        subject = self._running()
        subject.end()
        subject.start()

    @contextlib.contextmanager
    def within(self, seconds: float, device: str = "cpu") -> Iterator[Allowance]:
        """Calls inside use at most `seconds` together, instead of the limit of each call."""
        if self._running().connection is None:  # starting a process is nobody's training
            self._running().start()
        self._allowance = Allowance(seconds, device)
        try:
            yield self._allowance
        finally:
            self._allowance = None

    def wait(self, seconds: float) -> None:
        """Move the check's deadline: the grader itself kept the student waiting."""
        self._deadline += seconds

    @property
    def check_seconds(self) -> float:
        """The limit of all calls of this check."""
        return self._check_seconds

    @property
    def walled(self) -> bool:
        """Whether there is a wall around the submission: none of the machine's devices is seen."""
        return self._running().launcher.level is not Isolation.NONE

    def begin_example(self) -> None:
        """Start an example of a property: its calls are shown together where it fails."""
        self.last_call = None
        self.example_calls = []

    # --- for checks -------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments, **keywords: self.call(name, *arguments, **keywords)

    def call(
        self, name: str, *arguments: Any, seconds: float | None = None, **keywords: Any
    ) -> Any:
        """Call the student's function `name`; `seconds` replaces the time limit of one call."""
        message = self.message(name, arguments, keywords)
        return self.send([message], [self._record(name, arguments, keywords)], seconds)[0]

    def calls(self, calls: Sequence[Call], *, seconds: float | None = None) -> list[Any]:
        """Several calls in one message; raises for the first that failed."""
        messages = [self.message(call.name, call.arguments, call.keywords) for call in calls]
        records = [self._record(call.name, call.arguments, call.keywords) for call in calls]
        return self.send(messages, records, seconds)

    def answers(self, calls: Sequence[Call]) -> list[Any]:
        """Several calls in one message; in the place of each that failed, its `StudentError`."""
        messages = [self.message(call.name, call.arguments, call.keywords) for call in calls]
        records = [self._record(call.name, call.arguments, call.keywords) for call in calls]
        replies = self.exchange(messages, records, None)
        return [self._answer(*each) for each in zip(replies, records, strict=True)]

    def _answer(self, reply: Reply, record: CallRecord) -> Any:
        try:
            return self._value(reply, record)
        except StudentError as error:
            return error

    def new(
        self, name: str, *arguments: Any, seconds: float | None = None, **keywords: Any
    ) -> RemoteObject:
        """An object of the student's class `name`, or what a function of it makes."""
        message = self.message(name, arguments, keywords, keep=True)
        record = self._record(name, arguments, keywords)
        return self._remote(self.send([message], [record], seconds)[0], record.call)

    def function(self, name: str) -> RemoteObject:
        """The student's function (or class) itself, to be passed to a trusted expression."""
        self.called.add(name)
        message = (protocol.GET, None, name, True)
        return self._remote(self.send([message], [self._record(name, (), {})], None)[0], name)

    def define(self, expression: str) -> RemoteObject:
        """A trusted Python expression evaluated beside the student's code, to be passed to it.

        `np` is numpy: `student.define("lambda x: np.sum(x ** 2)")`.
        """
        message = (protocol.DEFINE, expression, True)
        record = self.record(expression, (), {}, ())
        return self._remote(self.send([message], [record], None)[0], expression)

    def keep(self, value: Any) -> RemoteObject:
        """Plain data that stays in the student's process, to be passed to many calls."""
        keeper = self.define("lambda value: value")
        message = self.message("__call__", [value], {}, owner=keeper, keep=True)
        record = self.record("keep", (), {}, ())
        return self._remote(self.send([message], [record], None)[0], "data")

    def has(self, name: str) -> bool:
        """Whether the submission defines `name`."""
        return name in self._running().loaded.names

    @property
    def submission(self) -> Submission:
        """What was submitted, as plain data."""
        return self._running().submission

    def processor_seconds(self) -> float:
        """The processor time that the submission's process has used, which others cannot lengthen.

        For differences, once it has answered a call; where it cannot be read, the clock's time.
        """
        used = self._running().processor_seconds()
        return time.perf_counter() if used is None else used

    # --- the work ---------------------------------------------------------------------------

    def _running(self) -> Subject:
        if self._subject is None:
            raise SandboxError("no submission is attached")
        return self._subject

    def _remote(self, value: object, description: str) -> RemoteObject:
        return RemoteObject(self, _handle(value), self._running().generation, description)

    def _record(
        self, name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]
    ) -> CallRecord:
        return self.record(name, arguments, keywords, self.parameters_of(name))

    def parameters_of(self, name: str) -> Sequence[str]:
        """What the submission calls the parameters of a function, a class or `Class.method`."""
        names = self._running().loaded.names
        return names.get(name) or names.get(f"{name}.__init__") or ()

    def record(
        self,
        name: str,
        arguments: Sequence[Any],
        keywords: Mapping[str, Any],
        parameters: Sequence[str],
        before: tuple[CallRecord | Assigned, ...] = (),
    ) -> CallRecord:
        """What messages say of a call."""
        return CallRecord(name, arguments, keywords, parameters, before=before)

    def message(
        self,
        name: str,
        arguments: Sequence[Any],
        keywords: Mapping[str, Any],
        *,
        owner: RemoteObject | None = None,
        keep: bool = False,
    ) -> protocol.RequestedCall:
        """One call as the subject reads it."""
        self.called.add(name if owner is None else owner.description.partition("(")[0])
        return (
            protocol.CALL,
            None if owner is None else self.local(owner),
            name,
            [self.localize(value) for value in arguments],
            {key: self.localize(value) for key, value in keywords.items()},
            keep,
        )

    def local(self, remote: RemoteObject) -> int:
        """The number of an object in the running process."""
        if remote.generation != self._running().generation:
            raise CheckTimeout(
                FailureDetails(
                    text("An object that this check uses was lost when the process ended.")
                )
            )
        return remote.handle.number

    def localize(self, value: Any) -> Any:
        """`value` with remote objects replaced by their handles."""
        if isinstance(value, RemoteObject):
            return Handle(self.local(value))
        if isinstance(value, (list, tuple)):
            return type(value)([self.localize(item) for item in value])
        return value

    def send(
        self,
        messages: list[protocol.RequestedCall],
        records: list[CallRecord],
        seconds: float | None,
    ) -> list[Any]:
        """Send calls; their values, or the first failure."""
        replies = self.exchange(messages, records, seconds)
        return [self._value(*each) for each in zip(replies, records, strict=True)]

    def exchange(
        self,
        messages: list[protocol.RequestedCall],
        records: list[CallRecord],
        seconds: float | None,
    ) -> list[Reply]:
        """Send calls, within the limits of a call and of the check; the replies as they came."""
        subject = self._running()
        limit = subject.limits.call_seconds if seconds is None else seconds
        left = self._deadline - time.monotonic()
        self.last_call = records[-1]
        if left <= 0:
            raise CheckTimeout(_check_timed_out(self._check_seconds))
        seeding: list[protocol.RequestedCall] = []
        if self._seed is not None:
            seeding = [(protocol.SEED, self._seed)]
            self._seed = None
        charged: contextlib.AbstractContextManager[None] = contextlib.nullcontext()
        if self._allowance is not None:
            limit, charged = self._allowance.limit(subject), self._allowance.charged(subject)
        try:
            with charged:
                replies = subject.request(
                    [*seeding, *messages],
                    min(limit, left),
                    labels=[record.name for record in records],
                )
        except (NotDataError, CodecError) as error:
            raise SandboxError(f"the check passed what cannot be sent: {error}") from None
        return replies[len(seeding) :]

    def _value(self, reply: Reply, record: CallRecord) -> Any:
        self.last_call = record = replace(
            record,
            changed=tuple(_named(name, record) for name in reply.changed),
            printed=reply.printed or None,
        )
        if record.changed:
            name = record.name.partition("(")[0]
            self.overwritten.setdefault(name, set()).update(record.changed)
        if len(self.example_calls) <= SHOWN_CALLS:
            self.example_calls.append(record)
        if reply.status == protocol.OK:
            return reply.value
        if reply.status == protocol.MISSING:
            notes = (*self.submission.notes, *self._running().loaded.notes)
            raise StudentError(
                _missing(reply.missing, record, passed_over=bool(notes)), kind="MissingName"
            )
        if reply.status == protocol.NOT_DATA:
            raise StudentError(_not_data(reply.type_name), kind="NotData")
        if reply.raised is None:
            raise SandboxError("an answer without a status")
        details = FailureDetails(
            raised_message(reply.raised.type, reply.raised.message),
            traceback=reply.raised.traceback(),
            hint=raised_hint(reply.raised),
        )
        raise StudentError(details, kind=reply.raised.type)


def _handle(value: object) -> Handle:
    """The handle of an object that was to be kept; without one, our code did not answer."""
    if type(value) is not Handle:
        raise SubjectCrashed(
            FailureDetails(
                text("Your code wrote to the grader's own channel; the call counts as crashed.")
            )
        )
    return value


def _named(changed: str, record: CallRecord) -> str:
    prefix = "argument "
    if changed.startswith(prefix) and changed[len(prefix) :].isdigit():
        return record.parameter(int(changed[len(prefix) :]) - 1)
    return changed


def _missing(name: str, record: CallRecord, *, passed_over: bool) -> FailureDetails:
    if "." in name:
        return missing_in_package(name)
    if "." in record.name:
        return FailureDetails(
            text(
                "`{name}` does not exist: the object has no attribute or method of that name.",
                name=record.name,
            )
        )
    hint = text("Keep the names of the handout: the checks find your code by them.")
    if passed_over:
        hint = text(
            "A part of your file was passed over, as the note on your files says: does it define "
            "this name? If not, is it misspelt?"
        )
    return FailureDetails(text("Your file defines no `{name}`.", name=name), hint=hint)


def _not_data(type_name: str) -> FailureDetails:
    return FailureDetails(
        text(
            "Your code returned something that is not a number, an array, a string, or a list, "
            "tuple or dict of these: `{type_name}`.",
            type_name=type_name,
        ),
        got=type_name,
    )


def _check_timed_out(seconds: float) -> FailureDetails:
    return FailureDetails(
        text(
            "All calls of this check together took longer than its limit of {seconds:g} seconds.",
            seconds=seconds,
        )
    )
