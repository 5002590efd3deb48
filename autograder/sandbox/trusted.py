"""A subject in this very process, for the instructor's own code alone.

The solution, and right and wrong versions of its functions, are trusted: they need no wall, and
without one a call costs a tenth of a millisecond. Calls and answers still go through the codec,
so a check sees the very data that it would see of a student's process.
"""

from __future__ import annotations

import contextlib
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from autograder.assignment import Limits
from autograder.errors import FailureDetails, SandboxError, SubjectTimeout
from autograder.records import Isolation, Source, Submission
from autograder.sandbox import codec, protocol
from autograder.sandbox.connection import Connection
from autograder.sandbox.package import Package
from autograder.sandbox.shims import StandIns
from autograder.sandbox.subject import Loaded, Reply, Subject, check_reply
from autograder.sandbox.worker import Worker
from autograder.texts import plain

_OUTPUT_BYTES = 65_536
_BUSY = 10.0


@dataclass(frozen=True)
class TrustedPackage:
    """A package of the instructor's own: `cs231n` in the folder where it lies."""

    folder: str
    name: str
    shims: tuple[str, ...] = ()

    def opened(self, names: Mapping[str, Callable[..., Any]], worker: Worker) -> Package:
        """The package, its modules to be imported anew; `names` stand for what they define."""
        for finder in [each for each in sys.meta_path if isinstance(each, (Package, StandIns))]:
            sys.meta_path.remove(finder)
        for module in [each for each in sys.modules if each.partition(".")[0] == self.name]:
            del sys.modules[module]
        package = _Replaced(self.folder, self.name, (), worker.run_module)
        package.names_put_over = names
        sys.meta_path[:0] = [package, StandIns(self.shims, self.name)]
        return package


class _Replaced(Package):
    names_put_over: Mapping[str, Callable[..., Any]]

    def find(self, dotted: str) -> Any:
        """What was put over the name, or the package's own."""
        return (
            self.names_put_over[dotted] if dotted in self.names_put_over else super().find(dotted)
        )


class TrustedSubject(Subject):
    """Answers calls with `sources`, run in this process, and `names` put over what they define."""

    def __init__(
        self,
        names: Mapping[str, Callable[..., Any]],
        *,
        sources: Sequence[Source] = (),
        package: TrustedPackage | None = None,
        limits: Limits | None = None,
    ) -> None:
        submission = Submission("trusted", "0" * 64, "trusted.py", tuple(sources))
        super().__init__(_NoLauncher(), submission, limits or Limits())
        self.names = names
        self.package = package
        self.worker: Worker | None = None
        self.randomness: tuple[Any, ...] | None = None

    def start(self) -> None:
        """Run the sources in a fresh module, and replace the names."""
        self.worker = worker = Worker(-1, -1, folder="", output_bytes=_OUTPUT_BYTES)
        self.generation += 1
        with self._surroundings():
            for source in self.submission.sources:
                worker.labels.add(source.label)
                if errors := worker.execute(source.label, source.code):
                    raised = f"{errors[0]['type']}: {errors[0]['message']}"
                    raise SandboxError(f"{source.label} does not run: {raised}")
        worker.module.__dict__.update(self.names)
        if self.package is not None:
            worker.package = self.package.opened(self.names, worker)
        self.loaded = Loaded(
            {
                name: None if parameters is None else tuple(parameters)
                for name, parameters in self._defined(worker).items()
            }
        )

    def _defined(self, worker: Worker) -> dict[str, list[str] | None]:
        package = {} if worker.package is None else worker.package.names()
        return {**package, **worker.names()}

    def processor_seconds(self) -> float | None:
        """The processor time that this process has used: the code runs in it."""
        return None if self.worker is None else time.process_time()

    def end(self, *, grace: float = 0.0) -> None:
        """Forget everything."""
        self.worker = None

    def request(
        self, calls: list[protocol.RequestedCall], seconds: float, *, labels: Sequence[str] = ()
    ) -> list[Reply]:
        """Run `calls` one after the other; in the main thread, `seconds` is the limit of each."""
        if self.worker is None:
            self.start()
        payload = _joined(codec.encode(calls))
        with self._surroundings():
            return [
                self._answer(index, call, payload, seconds)
                for index, call in enumerate(codec.decode(payload))
            ]

    def _answer(
        self, index: int, call: protocol.RequestedCall, payload: bytearray, seconds: float
    ) -> Reply:
        worker = self.worker
        if worker is None:
            raise SandboxError("no code to ask")
        if index == 0:
            worker.original = bytes(payload)
        with _alarm(seconds) as late:
            answer = _joined(worker.answer(index, call, payload))
        if late:
            self.end()
            raise SubjectTimeout(FailureDetails(plain("The call ran out of time.")))
        return check_reply(answer, index)

    @contextlib.contextmanager
    def _surroundings(self) -> Iterator[None]:
        """The code's own output and random state; the grader's are left as they were."""
        ours = _random_state()
        if self.randomness is not None:
            _set_random_state(self.randomness)
        worker = self.worker
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(np.errstate(all="ignore"))
                stack.enter_context(warnings.catch_warnings())
                warnings.simplefilter("ignore")
                if worker is not None:
                    stack.enter_context(contextlib.redirect_stdout(worker.output))
                yield
        finally:
            self.randomness = _random_state()
            _set_random_state(ours)


class _NoLauncher:
    """Stands where a subject keeps what starts its process: there is none to start."""

    level = Isolation.NONE

    @property
    def versions(self) -> dict[str, str | None]:
        """None: no library was preloaded."""
        return {}

    def launch(self) -> Connection:
        """Raises `SandboxError`."""
        raise SandboxError("trusted code runs in the grader's own process")

    def close(self) -> None:
        """Nothing was started."""


def _joined(parts: list[codec.Buffer]) -> bytearray:
    return bytearray(b"".join(bytes(part) for part in parts))


def _random_state() -> tuple[Any, ...]:
    torch = sys.modules.get("torch")
    numpys = np.random.get_state()  # numpy imports this part of itself at its first use
    entropy = sys.modules["numpy.random.bit_generator"]
    return (
        random.getstate(),
        numpys,
        entropy.randbits,
        None if torch is None else torch.get_rng_state(),
    )


def _set_random_state(state: tuple[Any, ...]) -> None:
    ours, numpys, entropy, torchs = state
    random.setstate(ours)
    np.random.set_state(numpys)
    sys.modules["numpy.random.bit_generator"].randbits = entropy  # type: ignore[attr-defined]
    if torchs is not None:
        sys.modules["torch"].set_rng_state(torchs)


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[list[bool]]:
    """Interrupt what runs after `seconds` of processor time; the list is not empty if it did.

    By the clock it has `_BUSY` times as long: a busy machine is no fault of the code.
    """
    late: list[bool] = []
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        yield late
        return

    def ring(number: int, frame: FrameType | None) -> None:
        late.append(True)
        raise TimeoutError

    timers = (
        (signal.SIGPROF, signal.ITIMER_PROF, seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, _BUSY * seconds),
    )
    before = [(number, signal.signal(number, ring)) for number, _, _ in timers]
    for _, timer, limit in timers:
        signal.setitimer(timer, limit)
    try:
        yield late
    finally:
        for _, timer, _ in timers:
            signal.setitimer(timer, 0)
        for number, handler in before:
            signal.signal(number, handler)
