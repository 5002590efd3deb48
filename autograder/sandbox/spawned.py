"""Subjects started as plain processes, without a wall, on every operating system."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading

from autograder.errors import SandboxError
from autograder.records import Isolation
from autograder.sandbox import codec, protocol
from autograder.sandbox.codec import Buffer, CodecError
from autograder.sandbox.connection import (
    CLEAN_ENVIRONMENT,
    START_SECONDS,
    ChannelClosed,
    ChannelTimeout,
    Ending,
    processor_seconds,
    python_command,
)


class PipeConnection:
    """A subject started as a plain process, on pipes; works on every operating system."""

    def __init__(self, process: subprocess.Popen[bytes], scratch: str) -> None:
        self.process = process
        self.scratch = scratch
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
        """One frame within `seconds`; past it the process is ended, which ends the read."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            message = protocol.read_frame(self.output, protocol.MAX_REPLY)
        except CodecError as error:
            raise ChannelClosed(str(error)) from None
        finally:
            timer.cancel()
        if late.is_set():
            raise ChannelTimeout
        if message is None:
            raise ChannelClosed("the process ended")
        return message

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
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()  # type: ignore[union-attr]
        shutil.rmtree(self.scratch, ignore_errors=True)
        return Ending(self.process.returncode)


class PlainLauncher:
    """Starts a Python process for each subject, without a wall (`--isolation none`)."""

    level = Isolation.NONE

    def __init__(self, *, output_bytes: int, preload: tuple[str, ...] = ("numpy",)) -> None:
        self.output_bytes = output_bytes
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
        scratch = tempfile.mkdtemp(prefix="autograder-")
        environment = {**os.environ, **CLEAN_ENVIRONMENT}
        process = subprocess.Popen(  # noqa: S603
            [*python_command("plain", self.output_bytes), scratch, *self.preload],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            bufsize=0,
        )
        connection = PipeConnection(process, scratch)
        try:
            message = codec.decode(connection.receive(START_SECONDS)[0])
        except (ChannelClosed, ChannelTimeout, CodecError) as error:
            connection.end()
            raise SandboxError(f"a subject did not start: {error}") from None
        if "versions" not in message:
            connection.end()
            raise SandboxError(f"a subject did not start: {message.get('error')}")
        self._versions = dict(message["versions"])
        self.open = [known for known in self.open if known.process.poll() is None]
        self.open.append(connection)
        return connection

    def close(self) -> None:
        """End every process still running."""
        for connection in self.open:
            connection.end()
