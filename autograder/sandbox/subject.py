"""One submission in its locked-down process, as the grader sees it.

A `Subject` starts a process, loads the submission, sends calls and checks the form of every
answer. When the process is lost (a time limit, a crash, a broken protocol) it says so once; the
next request starts a fresh process.
"""

from __future__ import annotations

import os
import posixpath
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from autograder.assignment import Limits
from autograder.errors import (
    FailureDetails,
    SandboxError,
    SubjectCrashed,
    SubjectTimeout,
    SubmissionError,
)
from autograder.records import Isolation, Submission
from autograder.sandbox import codec, protocol
from autograder.sandbox.codec import CodecError
from autograder.sandbox.connection import (
    GRACE_SECONDS,
    ChannelClosed,
    ChannelTimeout,
    Connection,
    Ending,
    Launcher,
)
from autograder.submission import import_folders
from autograder.texts import Text, clean, text

_FORGIVEN_TIMEOUTS = 2
"""After so many a function is not called again: each call would cost its time limit."""
_NAME_CHARACTERS = 200
_MAX_PARAMETERS = 100
_MAX_NAMES = 10_000
_MAX_NOTES = 20


@dataclass(frozen=True)
class Frame:
    """One of the student's own lines in a traceback."""

    label: str
    line: int
    function: str
    source: str


@dataclass(frozen=True)
class Raised:
    """An exception in the student's code."""

    type: str
    message: str
    frames: tuple[Frame, ...]
    memory: bool = False
    """Whether it ran out of memory."""

    def traceback(self) -> str:
        """The student's own lines, as Python would show them."""
        lines = []
        for frame in self.frames:
            lines.append(f"{frame.label}, line {frame.line}, in {frame.function}")
            if frame.source:
                lines.append(f"    {frame.source}")
        last = f"{self.type}: {self.message}" if self.message else self.type
        return "\n".join([*lines, last])


@dataclass(frozen=True)
class Reply:
    """The checked answer to one call."""

    status: int
    value: Any = None
    changed: tuple[str, ...] = ()
    printed: str = ""
    raised: Raised | None = None
    type_name: str = ""
    """What the value was, when it is not data."""
    missing: str = ""
    """The name that is not there."""


@dataclass(frozen=True)
class Loaded:
    """What loading a submission found."""

    names: dict[str, tuple[str, ...] | None]
    """What it defines: name -> parameters, or None for what cannot be called."""
    notes: tuple[Text, ...] = field(default=())


class Subject:
    """A submission that answers calls."""

    def __init__(
        self,
        launcher: Launcher,
        submission: Submission,
        limits: Limits,
        rules: dict[str, Any] | None = None,
    ) -> None:
        self.launcher = launcher
        self.rules = rules
        """What its process keeps the submission from importing and calling."""
        self.submission = submission
        self.limits = limits
        self.connection: Connection | None = None
        self.loaded = Loaded({})
        self.generation = 0
        """Counts the processes: a handle is good in its own generation only."""
        self.late: Counter[str] = Counter()
        self.seconds = 0.0
        """Spent in this submission's process so far."""

    def start(self) -> None:
        """Start the process and load the submission.

        Raises `SubmissionError` if it cannot be loaded and `SandboxError` for our own faults.
        """
        self.connection = self.launcher.launch()
        self.generation += 1
        limit = self.limits.load_seconds
        try:
            placed, reply = self._exchange(_load_calls(self.submission, self.rules), limit)
        except ChannelTimeout:
            self.end()
            raise SubmissionError(
                text(
                    "Running the file took longer than {seconds:g} seconds, so nothing could be "
                    "graded. Move training and demonstrations into functions, or under "
                    '`if __name__ == "__main__":`.',
                    seconds=limit,
                )
            ) from None
        except ChannelClosed:
            ending = self._ended()
            raise SubmissionError(
                text(
                    "The process ended while the file was running ({reason}), so nothing could "
                    "be graded. Keep calls that end the program out of the file's top level.",
                    reason=describe_ending(ending, self.limits.memory_mb),
                )
            ) from None
        if placed.status != protocol.OK:  # sent before any submitted code ran
            self.end()
            raise SandboxError(f"the submission's files could not be written: {placed.raised}")
        if reply.status != protocol.OK:
            self.end()
            raise _changed_loading()
        self.loaded = _check_loaded(reply.value)

    def end(self, *, grace: float = 0.0) -> Ending | None:
        """End the process, if there is one, once it had `grace` seconds to end by itself."""
        if self.connection is None:
            return None
        connection, self.connection = self.connection, None
        return connection.end(grace)

    def leave(self) -> None:
        """End the process, if there is one, without waiting for it."""
        if self.connection is not None:
            connection, self.connection = self.connection, None
            connection.leave()

    def processor_seconds(self) -> float | None:
        """The processor time that the running process has used; None without one."""
        return None if self.connection is None else self.connection.processor_seconds()

    def _ended(self) -> Ending | None:
        """How the process ended by itself. Raises `SandboxError` if it was none of its doing.

        Behind a wall no subject can kill itself: as the first process of its namespace at `full`,
        by the list of system calls elsewhere. A kill that we did not order came from outside: an
        operator, or a machine out of memory.
        """
        ending = self.end(grace=GRACE_SECONDS)
        if ending is not None and ending.by_us:  # it broke the channel, and lived on
            return ending
        wall = self.launcher.level is not Isolation.NONE
        own_doing = ending is None or ending.out_of_cpu or ending.over_memory
        if wall and not own_doing and ending is not None and ending.exit == -signal.SIGKILL:
            raise SandboxError("the subject was killed from outside; is the machine out of memory?")
        return ending

    def request(
        self, calls: list[protocol.RequestedCall], seconds: float, *, labels: Sequence[str] = ()
    ) -> list[Reply]:
        """Send `calls` in one message; `seconds` is the limit of each.

        `labels` name what is called, to know it again when it runs out of time. Raises
        `SubjectTimeout` or `SubjectCrashed` when the process is lost.
        """
        for name in labels:
            if self.late[name] >= _FORGIVEN_TIMEOUTS:
                raise SubjectTimeout(_given_up(name))
        left = self.limits.submission_seconds - self.seconds
        if left <= 0:
            raise SubjectTimeout(_out_of_time(self.limits.submission_seconds))
        if self.connection is None:
            self.start()
        seconds = min(seconds, left)
        try:
            replies = self._exchange(calls, seconds)
        except ChannelTimeout:
            self.end()
            self.late.update(set(labels))
            raise SubjectTimeout(_too_slow(labels, seconds)) from None
        except ChannelClosed as closed:
            ending = self._ended()
            raise SubjectCrashed(_crashed(ending, closed, self.limits.memory_mb)) from None
        for reply in replies:
            if reply.raised is not None and reply.raised.memory:
                self.end()
                raise SubjectCrashed(_out_of_memory(reply.raised, self.limits.memory_mb))
        return replies

    def _exchange(self, calls: list[protocol.RequestedCall], seconds: float) -> list[Reply]:
        connection = self.connection
        if connection is None:
            raise SandboxError("no process to speak with")
        nonce = os.urandom(16)
        started = time.monotonic()
        try:
            connection.send(codec.encode(calls), nonce)
            replies = []
            for index in range(len(calls)):
                payload, answered = connection.receive(seconds)
                if answered != nonce:
                    raise ChannelClosed("an answer to no question")
                replies.append(check_reply(payload, index))
            return replies
        finally:
            self.seconds += time.monotonic() - started


def _load_calls(
    submission: Submission, rules: dict[str, Any] | None
) -> list[protocol.RequestedCall]:
    entry = submission.entry
    stem, ending = posixpath.splitext(posixpath.basename(entry))
    files = dict(submission.files)
    python = ending == ".py"
    if python:
        files[entry] = "\n".join(source.code for source in submission.sources).encode()
    load = (
        protocol.LOAD,
        stem if python and stem.isidentifier() else "submission",
        entry,
        [[source.label, source.code] for source in submission.sources],
        list(import_folders(submission)),
        rules,
        None if submission.package is None else (submission.package, list(submission.shims)),
    )
    return [(protocol.PLACE, files), load]


def check_reply(payload: bytearray, index: int) -> Reply:
    """The answer in `payload`; anything unexpected is a broken protocol."""
    try:
        number, status, *content = codec.decode(payload)
        if type(number) is not int or number != index or type(status) is not int:
            raise ValueError
        return _REPLIES[status](*content)
    except (CodecError, ValueError, TypeError, KeyError):
        raise ChannelClosed("an answer that is none") from None


def _printed(value: object) -> str:
    return clean(_string(value), limit=protocol.MAX_TEXT) if value else ""


def _string(value: object) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _integer(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _ok(value: Any, changed: list[str], printed: str) -> Reply:
    names = tuple(clean(_string(name), limit=80) for name in changed[:_MAX_PARAMETERS])
    return Reply(protocol.OK, value, names, _printed(printed))


def _not_data(type_name: str, printed: str) -> Reply:
    name = clean(_string(type_name), limit=200)
    return Reply(protocol.NOT_DATA, printed=_printed(printed), type_name=name)


def _missing(name: str, printed: str) -> Reply:
    return Reply(protocol.MISSING, missing=clean(_string(name), limit=200))


def _raised(error: dict[str, Any], printed: str) -> Reply:
    return Reply(protocol.RAISED, printed=_printed(printed), raised=_check_raised(error))


def _check_raised(reply: dict[str, Any]) -> Raised:
    frames = tuple(
        Frame(
            clean(_string(label), limit=200),
            _integer(line),
            clean(_string(function), limit=200),
            clean(_string(source), limit=300),
        )
        for label, line, function, source in reply["frames"][:50]
    )
    message = clean(_string(reply["message"]))
    return Raised(
        clean(_string(reply["type"]), limit=200), message, frames, reply["memory"] is True
    )


_REPLIES: dict[int, Callable[..., Reply]] = {
    protocol.OK: _ok,
    protocol.NOT_DATA: _not_data,
    protocol.MISSING: _missing,
    protocol.RAISED: _raised,
}


def _check_loaded(value: object) -> Loaded:
    try:
        if type(value) is not dict:
            raise TypeError
        names = {
            clean(_string(name), limit=_NAME_CHARACTERS): _parameters(parameters)
            for name, parameters in islice(value["names"].items(), _MAX_NAMES)
        }
        notes = tuple(_load_note(error) for error in value["errors"][:_MAX_NOTES])
    except (TypeError, KeyError, ValueError):
        raise _changed_loading() from None
    return Loaded(names, notes)


def _parameters(names: object) -> tuple[str, ...] | None:
    """Names for messages, which repeat them: what is too long for one is cut."""
    if names is None:
        return None
    if type(names) is not list:
        raise TypeError
    return tuple(_string(name)[:_NAME_CHARACTERS] for name in names[:_MAX_PARAMETERS])


def _changed_loading() -> SubmissionError:
    return SubmissionError(text("The file changed how it is loaded, so nothing could be graded."))


def _load_note(error: dict[str, Any]) -> Text:
    raised = _check_raised(error)
    return text(
        "A statement of the file raised an error when it ran and was passed over "
        "({label}, line {line}): `{error}`. The rest of the file is graded.",
        label=clean(_string(error["label"]), limit=200),
        line=_integer(error["line"]),
        error=f"{raised.type}: {raised.message}"[:300].replace("`", "'"),
    )


def describe_ending(ending: Ending | None, memory_mb: int) -> Text:
    """Why a subject's process ended, in words."""
    if ending is not None and ending.over_memory:
        return text("it took more than the memory limit of {mb} MB", mb=memory_mb)
    if ending is not None and ending.by_us:
        return text("it closed the grader's channel and went on")
    code = 0 if ending is None else ending.exit
    if code >= 0:
        return text("it ended itself with status {code}", code=code)
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = ""
    if name in ("SIGSEGV", "SIGBUS"):
        return text("a segmentation fault, as from endless recursion or a wild pointer")
    if name == "SIGABRT":
        return text("it aborted")
    if name == "SIGFPE":
        return text("an arithmetic fault")
    if name == "SIGXCPU" or (ending is not None and ending.out_of_cpu):
        return text("it used too much processor time")
    if name == "SIGKILL":
        return text("it was killed, most likely at the memory limit of {mb} MB", mb=memory_mb)
    return text("signal {number}", number=-code)


def _crashed(ending: Ending | None, closed: ChannelClosed, memory_mb: int) -> FailureDetails:
    if "answer" in str(closed):
        return FailureDetails(
            text("Your code wrote to the grader's own channel; the call counts as crashed.")
        )
    return FailureDetails(
        text(
            "The process that ran your code ended during the call: {reason}.",
            reason=describe_ending(ending, memory_mb),
        ),
        hint=_crash_hint(ending),
    )


def _crash_hint(ending: Ending | None) -> Text | None:
    if ending is None:
        return None
    if ending.over_memory:
        return _memory_hint()
    if ending.exit >= 0 and not ending.by_us:
        return text("A function answers with `return`: remove `os._exit`, `exit` and `quit`.")
    return None


def _out_of_memory(raised: Raised, memory_mb: int) -> FailureDetails:
    return FailureDetails(
        text(
            "Your code asked for more memory than the memory limit of {mb} MB allows.",
            mb=memory_mb,
        ),
        traceback=raised.traceback(),
        hint=_memory_hint(),
    )


def _memory_hint() -> Text:
    return text(
        "Look for an array that grows with the product of two sizes, or for broadcasting "
        "`(N, 1)` against `(N,)`."
    )


def _too_slow(functions: Sequence[str], seconds: float) -> FailureDetails:
    return FailureDetails(
        text(
            "Your code did not answer within the time limit of {seconds:g} seconds.",
            seconds=seconds,
        ),
        call=", ".join(dict.fromkeys(functions)) or None,
        hint=text(
            "Either a loop never ends, or too much is done one number at a time: let numpy work "
            "on whole arrays at once."
        ),
    )


def _given_up(name: str) -> FailureDetails:
    return FailureDetails(
        text(
            "`{name}` was not called again: it had already run out of time {count} times.",
            name=name,
            count=_FORGIVEN_TIMEOUTS,
        ),
        call=name,
        example="",  # the call before it had nothing to do with it
    )


def _out_of_time(seconds: float) -> FailureDetails:
    return FailureDetails(
        text(
            "The time for all checks of one submission ({seconds:g} seconds) was used up before "
            "this check.",
            seconds=seconds,
        )
    )
