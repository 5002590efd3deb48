"""Subjects started as plain processes, without a wall, on every operating system."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import threading
import time

from autograder.errors import SandboxError
from autograder.records import Isolation
from autograder.sandbox import codec, kernel, protocol
from autograder.sandbox.codec import Buffer, CodecError
from autograder.sandbox.connection import (
    CLEAN_ENVIRONMENT,
    START_SECONDS,
    ChannelClosed,
    ChannelTimeout,
    Ending,
    MemoryExceeded,
    processor_seconds,
    python_command,
)
from autograder.sandbox.memory import POLL_SECONDS, MemoryWatch
from autograder.sandbox.scratch import make_scratch

_SELECTS = os.name == "posix"  # elsewhere only sockets can be waited for


class PipeConnection:
    """A subject started as a plain process, on pipes; works on every operating system."""

    def __init__(
        self, process: subprocess.Popen[bytes], scratch: str, *, memory_mb: int | None = None
    ) -> None:
        self.process = process
        self.scratch = scratch
        self.memory_mb = memory_mb
        self.memory: MemoryWatch | None = None
        self.over_memory = False
        assert process.stdin is not None and process.stdout is not None  # noqa: S101
        self.input = process.stdin.fileno()
        self.output = process.stdout.fileno()

    def send(self, parts: list[Buffer], nonce: bytes) -> None:
        """Send one frame."""
        try:
            protocol.write_all(self.input, protocol.frame(parts, nonce))
        except OSError as error:
            raise ChannelClosed(str(error)) from None

    def receive(self, seconds: float) -> tuple[bytearray, bytes]:
        """One frame within `seconds`; past it the process is ended.

        Its end is seen by itself, not by the end of what it writes: processes that it left
        behind may hold the pipe open for ever.
        """
        end = time.monotonic() + seconds
        timer = threading.Timer(seconds, self.process.kill)
        if not _SELECTS:
            timer.start()
        try:
            header = self._read(protocol.HEADER.size, end)
            length, nonce = protocol.parse_header(header, protocol.MAX_REPLY)
            return self._read(length, end), nonce
        except CodecError as error:
            raise ChannelClosed(str(error)) from None
        finally:
            timer.cancel()

    def _read(self, size: int, end: float) -> bytearray:
        buffer = bytearray()
        while len(buffer) < size:
            if _SELECTS:
                self._wait_for_output(end)
            chunk = os.read(self.output, min(size - len(buffer), 1 << 20))
            if not chunk:
                raise ChannelTimeout if time.monotonic() >= end else ChannelClosed("it ended")
            buffer += chunk
        return buffer

    def _wait_for_output(self, end: float) -> None:
        while True:
            ended = self.process.poll() is not None
            wait = 0.0 if ended else min(POLL_SECONDS, max(0.0, end - time.monotonic()))
            readable = bool(select.select([self.output], [], [], wait)[0])
            self.over_memory = self.memory is not None and self.memory.exceeded()
            if self.over_memory:
                self.kill()
                raise MemoryExceeded("over the memory limit")
            if readable:
                return
            if ended:
                raise ChannelClosed("the process ended")
            if time.monotonic() >= end:
                raise ChannelTimeout

    def kill(self) -> None:
        """End the process and those of its children that did not leave its session."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def watch_memory(self) -> None:
        """From now on the memory that it takes counts, where this system tells it (Linux)."""
        if self.memory_mb is not None and kernel.SUPPORTED:
            pid = self.process.pid
            self.memory = MemoryWatch(pid, self.memory_mb, forked=False, scratch=None)
            self.memory.take_base()

    def processor_seconds(self) -> float | None:
        """The processor time that the process has used."""
        return processor_seconds(self.process.pid)

    def end(self, grace: float = 0.0) -> Ending:
        """End the process; how it ended."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()  # type: ignore[union-attr]
        try:
            self.process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
        self.kill()  # what it left behind
        self.process.stdout.close()  # type: ignore[union-attr]
        shutil.rmtree(self.scratch, ignore_errors=True)
        return Ending(self.process.returncode, over_memory=self.over_memory)

    def leave(self) -> None:
        """End the process."""
        self.end()


class PlainLauncher:
    """Starts a Python process for each subject, without a wall (`--isolation none`)."""

    level = Isolation.NONE

    def __init__(
        self,
        *,
        output_bytes: int,
        memory_mb: int | None = None,
        preload: tuple[str, ...] = ("numpy",),
    ) -> None:
        self.output_bytes = output_bytes
        self.memory_mb = memory_mb
        self.preload = preload
        self.open: list[PipeConnection] = []
        self._versions: dict[str, str | None] = {}

    @property
    def versions(self) -> dict[str, str | None]:
        """The versions of the preloaded libraries, once one subject has started."""
        if not self._versions:
            self.launch().end()
        return self._versions

    def launch(self) -> PipeConnection:
        """Start a process and wait until it has imported the libraries."""
        scratch = make_scratch()
        environment = {**os.environ, **CLEAN_ENVIRONMENT}
        process = subprocess.Popen(  # noqa: S603
            [*python_command("plain", self.output_bytes), scratch, *self.preload],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            bufsize=0,
            start_new_session=True,
        )
        connection = PipeConnection(process, scratch, memory_mb=self.memory_mb)
        try:
            message = codec.decode(connection.receive(START_SECONDS)[0])
        except (ChannelClosed, ChannelTimeout, CodecError) as error:
            connection.end()
            raise SandboxError(f"a subject did not start: {error}") from None
        if "versions" not in message:
            connection.end()
            raise SandboxError(f"a subject did not start: {message.get('error')}")
        connection.watch_memory()
        self._versions = dict(message["versions"])
        self.open = [known for known in self.open if known.process.poll() is None]
        self.open.append(connection)
        return connection

    def close(self) -> None:
        """End every process still running."""
        for connection in self.open:
            connection.end()
