"""Subjects forked by a zygote, behind the wall. Linux only."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.errors import SandboxError
from autograder.records import Isolation
from autograder.sandbox import cgroup, codec, control, kernel, protocol
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
from autograder.sandbox.limits import MEGABYTE, SubjectLimits
from autograder.sandbox.lockdown import SCRATCH
from autograder.sandbox.memory import POLL_SECONDS, MemoryWatch
from autograder.sandbox.scratch import make_scratch

_LARGE = 1 << 16
_BUFFER_BYTES = 1 << 22
_SEND_SECONDS = 60.0
_CACHE_MB = 32
"""What the kernel charges a control group for beside the subject's own memory."""
_UNPRIVILEGED = range(61184, 65520)  # uids that systemd too gives to services it makes up


class SocketConnection:
    """A subject forked by a zygote, on a socket."""

    def __init__(self, zygote: ZygoteLauncher, channel: socket.socket, pid: int, scratch: str):
        self.zygote = zygote
        self.channel = channel
        self.pid = pid
        self.scratch = scratch
        self.ending: Ending | None = None
        self.received = bytearray()
        own_files = scratch if scratch == SCRATCH else None
        self.memory = MemoryWatch(pid, zygote.limits.memory_mb, forked=True, scratch=own_files)
        self.over_memory = False
        self.group: cgroup.MemoryGroup | None = None

    def send(self, parts: list[Buffer], nonce: bytes) -> None:
        """Send one frame; a subject that does not read has 60 seconds."""
        self.channel.settimeout(POLL_SECONDS)
        end = time.monotonic() + _SEND_SECONDS
        views = [memoryview(part).cast("B") for part in protocol.frame(parts, nonce) if len(part)]
        while views:
            try:
                sent = self.channel.sendmsg(views[:64])
            except TimeoutError:
                self._look_at_memory()
                if time.monotonic() > end:
                    raise ChannelTimeout from None
                continue
            except OSError as error:
                raise ChannelClosed(str(error)) from None
            while views and sent >= len(views[0]):
                sent -= len(views.pop(0))
            if sent:
                views[0] = views[0][sent:]

    def receive(self, seconds: float) -> tuple[bytearray, bytes]:
        """One frame within `seconds` of the subject's time.

        On a busy machine a subject may not have got the processor: while it has used less
        processor time than the limit, it is given up to three times the limit by the clock.
        """
        deadline = None
        try:
            if len(self.received) < protocol.HEADER.size:
                deadline = _Deadline(seconds, self.pid)
                self._fill(protocol.HEADER.size, deadline)
            header = self.received[: protocol.HEADER.size]
            length, nonce = protocol.parse_header(header, protocol.MAX_REPLY)
            end = protocol.HEADER.size + length
            if length > _LARGE:
                return self._read_large(length, deadline or _Deadline(seconds, self.pid)), nonce
            if len(self.received) < end:  # else it came with an answer before it
                self._fill(end, deadline or _Deadline(seconds, self.pid))
        except (CodecError, OSError) as error:
            raise ChannelClosed(str(error)) from None
        self._look_at_memory()
        payload = self.received[protocol.HEADER.size : end]
        del self.received[:end]
        return payload, nonce

    def _fill(self, size: int, deadline: _Deadline) -> None:
        """Receive until at least `size` bytes are there; several answers may come at once."""
        while len(self.received) < size:
            self._look_at_memory()
            self.channel.settimeout(min(deadline.remaining(), POLL_SECONDS))
            try:
                chunk = self.channel.recv(_LARGE)
            except TimeoutError:
                continue
            if not chunk:
                raise ChannelClosed("the process ended")
            self.received += chunk

    def _read_large(self, length: int, deadline: _Deadline) -> bytearray:
        """A large payload, received straight into its own buffer."""
        payload = bytearray(length)
        position = len(self.received) - protocol.HEADER.size
        payload[: min(position, length)] = self.received[protocol.HEADER.size :][:length]
        del self.received[: protocol.HEADER.size + length]
        view = memoryview(payload)
        while position < length:
            self._look_at_memory()
            self.channel.settimeout(min(deadline.remaining(), POLL_SECONDS))
            try:
                count = self.channel.recv_into(view[position:])
            except TimeoutError:
                continue
            if count == 0:
                raise ChannelClosed("the process ended")
            position += count
        return payload

    def processor_seconds(self) -> float | None:
        """The processor time that the subject has used."""
        return processor_seconds(self.pid)

    def end(self, grace: float = 0.0) -> Ending:
        """Close the channel, end the process, and say how it ended."""
        if self.ending is None:
            self.channel.close()
            try:
                ending = self.zygote.reap(self.pid, 0.0 if self.over_memory else grace)
                killed = self.group is not None and self.group.killed()
                self.ending = replace(ending, over_memory=self.over_memory or killed)
            finally:
                if self.group is not None:
                    self.group.remove()
                if self.scratch != SCRATCH:
                    shutil.rmtree(self.scratch, ignore_errors=True)
        return self.ending

    def leave(self) -> None:
        """Close the channel and have the process ended, while the grader goes on."""
        if self.ending is None and self.scratch == SCRATCH and self.group is None:
            self.channel.close()
            self.ending = Ending(0)
            self.zygote.reap_later(self.pid)
        else:
            self.end()

    def _look_at_memory(self) -> None:
        if self.memory.exceeded():
            self.over_memory = True
            raise MemoryExceeded("over the memory limit")


class _Deadline:
    """A time limit that does not count the time for which the machine was busy with others."""

    def __init__(self, seconds: float, pid: int) -> None:
        self.started = time.monotonic()
        self.limit = seconds
        self.clock = (~pid << 3) | 2  # the CPU-time clock of another process
        self.used = self._processor_seconds()
        self.end = self.started + seconds

    def _processor_seconds(self) -> float:
        try:
            return time.clock_gettime(self.clock)
        except OSError:  # it has ended: the read will say so
            return float("inf")

    def remaining(self) -> float:
        left = self.end - time.monotonic()
        if left > 0:
            return left
        used = self._processor_seconds() - self.used
        elapsed = time.monotonic() - self.started
        if used >= 0.95 * self.limit or elapsed >= 3 * self.limit:
            raise ChannelTimeout
        self.end = time.monotonic() + min(self.limit - used, 3 * self.limit - elapsed, 1.0)
        return max(0.001, self.end - time.monotonic())


class ZygoteLauncher:
    """Owns one zygote and asks it for subjects. Linux only."""

    def __init__(
        self,
        level: Isolation,
        *,
        limits: SubjectLimits,
        preload: tuple[str, ...] = ("numpy",),
        hidden: tuple[str, ...] = (),
        nursery: socket.socket | None = None,
    ) -> None:
        self.level = level
        self.limits = limits
        self.user = _unprivileged_user()
        if level is Isolation.REDUCED and self.user is not None and not _readable_by_all():
            self.user = None  # another user could not read the libraries
        self._config = {
            "level": level.value,
            "limits": limits.to_message(),
            "preload": list(preload),
            "hidden": [os.path.realpath(path) for path in hidden],
            "user": self.user,
        }
        self._groups = cgroup.find_parent()
        kernel.keep_freed_memory()
        self._versions: dict[str, str | None] | None = None
        self.process: subprocess.Popen[bytes] | None = None
        """The zygote, where it is this process's own child and not a nursery's."""
        self._start_zygote(nursery)

    def _start_zygote(self, nursery: socket.socket | None = None) -> None:
        self._versions = None
        self._gone = False
        self._unread = 0
        """Answers of the zygote that nobody waits for."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = ours
        self.control.settimeout(START_SECONDS)
        with theirs:
            if nursery is None or not self._fork_zygote(nursery, theirs):
                self.process = _exec_zygote(theirs)
        self._ask_later(self._config)

    def _fork_zygote(self, nursery: socket.socket, control_end: socket.socket) -> bool:
        """Ask the nursery for a zygote; False: it is gone."""
        try:
            control.send(nursery, {"preload": self._config["preload"]}, (control_end.fileno(),))
        except OSError:
            return False
        return True

    @property
    def versions(self) -> dict[str, str | None]:
        """The versions of the preloaded libraries."""
        return self._wait_until_ready()

    def _wait_until_ready(self) -> dict[str, str | None]:
        # the grader does other things while the zygote imports its libraries
        if self._versions is None:
            try:
                answer = self._answer()
            except SandboxError:
                if self.process is not None or not self._gone:
                    raise
                self.close()  # it died with its nursery: that says nothing about the wall
                self._start_zygote()
                answer = self._answer()
            self._versions = dict(answer["versions"])
        return self._versions

    def _ask_later(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        try:
            control.send(self.control, message, descriptors)
        except OSError as error:
            self._gone = True
            raise SandboxError(f"the zygote is gone: {error}") from None

    def _answer(self) -> dict[str, Any]:
        while self._unread:
            self._unread -= 1
            self._receive()
        message = self._receive()
        if "error" in message:
            raise SandboxError(str(message["error"]))
        return message

    def _receive(self) -> dict[str, Any]:
        try:
            received = control.receive(self.control)
        except (OSError, CodecError) as error:
            self._gone = True  # a late answer would be taken for the next one's
            if self.process is not None:
                self.process.kill()
            raise SandboxError(f"the zygote does not answer: {error}") from None
        if received is None:
            self._gone = True
            raise SandboxError("the zygote ended")
        return received[0]

    def launch(self) -> SocketConnection:
        """Fork a subject and wait until it is locked down; a dead zygote is replaced.

        Whatever goes wrong is our fault, and raises `SandboxError`.
        """
        try:
            return self._launch()
        except OSError as error:
            raise SandboxError(f"a subject could not be started: {error}") from None

    def _launch(self) -> SocketConnection:
        if self._gone or (self.process is not None and self.process.poll() is not None):
            self.close()
            self._start_zygote()
        self._wait_until_ready()
        scratch = SCRATCH
        if self.level is not Isolation.FULL:
            scratch = make_scratch()
            if self.user is not None:
                os.chown(scratch, self.user, self.user)
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):  # as much as this system grants: fewer changes of process
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        try:
            with theirs:
                self._ask_later({"spawn": True, "scratch": scratch}, (theirs.fileno(),))
                pid = int(self._answer()["pid"])
        except BaseException:
            ours.close()
            if scratch != SCRATCH:
                shutil.rmtree(scratch, ignore_errors=True)
            raise
        connection = SocketConnection(self, ours, pid, scratch)
        try:
            message = codec.decode(connection.receive(START_SECONDS)[0])
        except (ChannelClosed, ChannelTimeout, CodecError) as error:
            connection.end()
            raise SandboxError(f"a subject did not start: {error}") from None
        if message != {"ready": self.level.value}:
            connection.end()
            raise SandboxError(f"a subject could not be locked down: {message.get('error')}")
        connection.group = self._group_of(pid)
        return connection

    def _group_of(self, pid: int) -> cgroup.MemoryGroup | None:
        """The control group of a new subject, where this machine lets us make one."""
        if self._groups is None:
            return None
        limit = (self.limits.memory_mb + self.limits.disk_mb + _CACHE_MB) * MEGABYTE
        group = cgroup.make_group(self._groups, limit)
        if group is not None:
            try:
                group.add(pid)
            except OSError:
                group.remove()
                return None
        return group

    def reap(self, pid: int, grace: float) -> Ending:
        """End the subject `pid`; how it ended."""
        self._ask_later({"reap": pid, "grace": grace})
        answer = self._answer()
        used_up = answer["cpu_seconds"] >= self.limits.cpu_seconds - 1
        return Ending(answer["exit"], answer["peak_kb"], used_up, by_us=not answer["ended"])

    def reap_later(self, pid: int) -> None:
        """End the subject `pid`, as soon as the zygote comes to it."""
        with contextlib.suppress(SandboxError):  # where the zygote is gone, so are its subjects
            self._ask_later({"reap": pid, "grace": 0.0})
            self._unread += 1

    def close(self) -> None:
        """End the zygote; its subjects end with it."""
        self.control.close()
        if self.process is None:
            return
        try:
            self.process.wait(5.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _exec_zygote(control_end: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        python_command("zygote", control_end.fileno()),
        env=CLEAN_ENVIRONMENT,
        pass_fds=[control_end.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )


def _unprivileged_user() -> int | None:
    """A uid that no account has, when this process is root."""
    if os.geteuid() != 0:
        return None
    import pwd

    taken = {account.pw_uid for account in pwd.getpwall()}
    free = [uid for uid in _UNPRIVILEGED if uid not in taken]
    return free[os.getpid() % len(free)]


def _readable_by_all() -> bool:
    """Whether another user could read the libraries: every folder above them lets others in."""
    for path in (sys.prefix, sys.base_prefix, __file__):
        for folder in (Path(path), *Path(path).parents):
            if not folder.stat().st_mode & 0o001:
                return False
    return True
