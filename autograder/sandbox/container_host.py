"""What runs in the container: forks subjects there, and carries their frames out and in.

It is on our side of the wall, as a zygote is: subjects are other processes. Its first message is
the configuration; then `{"launch": true}`, `{"send": nonce}` with a frame behind it,
`{"receive": seconds}` (answered with `{"nonce"}` and a frame, or with how the subject was lost),
`{"used": true}` and `{"end": grace}`. All but `send` are answered.
"""

from __future__ import annotations

import os
from typing import Any

from autograder.errors import SandboxError
from autograder.records import Isolation
from autograder.sandbox import codec, protocol
from autograder.sandbox.codec import Buffer
from autograder.sandbox.connection import ChannelClosed, ChannelTimeout, MemoryExceeded
from autograder.sandbox.forked import SocketConnection, ZygoteLauncher
from autograder.sandbox.limits import SubjectLimits

Message = dict[str, Any]


class Host:
    """Answers the grader, whose descriptors are `reader` and `writer`."""

    def __init__(self, launcher: ZygoteLauncher, reader: int, writer: int) -> None:
        self.launcher = launcher
        self.reader = reader
        self.writer = writer
        self.subject: SocketConnection | None = None
        self.lost: Message | None = None
        """Why sending failed, to be said with the next answer."""

    def serve(self) -> None:
        """Answer until the grader is gone."""
        while (frame := protocol.read_frame(self.reader, protocol.MAX_REQUEST)) is not None:
            message = codec.decode(frame[0])
            if "send" in message:
                self.send(message["send"])
            elif "receive" in message:
                self.receive(message["receive"])
            elif "launch" in message:
                self.say(self.launch())
            elif "used" in message:
                used = None if self.subject is None else self.subject.processor_seconds()
                self.say({"seconds": used})
            else:
                self.say(self.end(message["end"]))

    def say(self, message: Message) -> None:
        """Answer."""
        self.write(codec.encode(message))

    def write(self, parts: list[Buffer]) -> None:
        """Write one frame to the grader."""
        protocol.write_all(self.writer, protocol.frame(parts, bytes(16)))

    def launch(self) -> Message:
        """Fork a subject in place of the last one."""
        self.end(0.0)
        self.lost = None
        try:
            self.subject = self.launcher.launch()
        except SandboxError as error:
            return {"error": str(error)}
        return {"launched": True}

    def send(self, nonce: bytes) -> None:
        """Pass the frame that follows on to the subject."""
        frame = protocol.read_frame(self.reader, protocol.MAX_REQUEST)
        if frame is None:
            return
        try:
            self._current().send([frame[0]], nonce)
        except (ChannelClosed, ChannelTimeout) as error:
            self.lost = _loss(error)

    def receive(self, seconds: float) -> None:
        """Pass the subject's next frame on to the grader."""
        try:
            if self.lost is None:
                payload, nonce = self._current().receive(seconds)
                self.say({"nonce": nonce})
                self.write([payload])
                return
        except (ChannelClosed, ChannelTimeout) as error:
            self.lost = _loss(error)
        self.say(self.lost)

    def end(self, grace: float) -> Message:
        """End the subject; how it ended."""
        subject, self.subject = self.subject, None
        if subject is None:
            return {"error": "there is no subject"}
        try:
            ending = subject.end(grace)
        except SandboxError as error:
            return {"error": str(error)}
        return {
            "exit": ending.exit,
            "peak_kb": ending.peak_kb,
            "out_of_cpu": ending.out_of_cpu,
            "over_memory": ending.over_memory,
        }

    def _current(self) -> SocketConnection:
        if self.subject is None:
            raise ChannelClosed("there is no subject")
        return self.subject


def _loss(error: ChannelClosed | ChannelTimeout) -> Message:
    return {
        "lost": str(error),
        "late": isinstance(error, ChannelTimeout),
        "memory": isinstance(error, MemoryExceeded),
    }


def main() -> None:
    """Run the host on standard input and output."""
    reader, writer = os.dup(0), os.dup(1)
    quiet = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(quiet, standard)
    frame = protocol.read_frame(reader, protocol.MAX_REQUEST)
    if frame is None:
        return
    config = codec.decode(frame[0])
    launcher = ZygoteLauncher(
        Isolation.REDUCED,
        limits=SubjectLimits(**config["limits"]),
        preload=tuple(config["preload"]),
    )
    host = Host(launcher, reader, writer)
    try:
        host.say({"versions": launcher.versions})
        host.serve()
    except SandboxError as error:
        host.say({"error": str(error)})
    finally:
        launcher.close()
