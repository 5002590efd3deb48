"""Subjects in a container of Docker or Podman: one long-lived container for each worker.

In the container runs `autograder.sandbox.container_host`, which forks locked-down subjects there as
`reduced` does outside; requests and answers travel over the container's standard input and output.
The image needs Python and the libraries that submissions import (numpy at least); `autograder`
itself is shown to it, read-only. Chosen by two environment variables:

    AUTOGRADER_CONTAINER_IMAGE    the image, such as course-python:2026 (no default)
    AUTOGRADER_CONTAINER_RUNTIME  the program (default: docker, or else podman)
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

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
    MemoryExceeded,
)
from autograder.sandbox.limits import SubjectLimits

IMAGE = "AUTOGRADER_CONTAINER_IMAGE"
RUNTIME = "AUTOGRADER_CONTAINER_RUNTIME"

_INSIDE = "/opt/autograder"
_PACKAGE = Path(__file__).resolve().parents[1]
_USER = "65532:65532"
_LIBRARIES_MB = 1024
_PATIENCE = 30.0
"""For the container to answer, on top of the time that it gives the subject."""

_names = itertools.count()


def runtime() -> str:
    """The container program. Raises `SandboxError` where there is none."""
    wanted = os.environ.get(RUNTIME)
    for name in [wanted] if wanted else ["docker", "podman"]:
        if found := shutil.which(name):
            return found
    raise SandboxError(
        f"{wanted} is not installed" if wanted else "neither docker nor podman is installed"
    )


def image() -> str:
    """The image to run. Raises `SandboxError` where none is named."""
    name = os.environ.get(IMAGE, "")
    if not name or name.startswith("-"):
        raise SandboxError(f"no image; name one with Python and numpy in the variable {IMAGE}")
    return name


def run_command(program: str, name: str, image_name: str, limits: SubjectLimits) -> list[str]:
    """The command line that starts the container."""
    memory = f"{limits.memory_mb + limits.disk_mb + _LIBRARIES_MB}m"
    options = {
        "--name": name,
        "--network": "none",
        "--cap-drop": "ALL",
        "--security-opt": "no-new-privileges",
        "--pids-limit": str(limits.threads + 32),
        "--memory": memory,
        "--memory-swap": memory,
        "--user": _USER,
        "--workdir": "/",
        "--tmpfs": f"/tmp:rw,nosuid,nodev,noexec,size={limits.disk_mb}m",  # noqa: S108
        "--volume": f"{_PACKAGE}:{_INSIDE}/autograder:ro",
    }
    command = [program, "run", "--rm", "--interactive", "--read-only"]
    for option, value in options.items():
        command += [option, value]
    for variable, value in CLEAN_ENVIRONMENT.items():
        command += ["--env", f"{variable}={value}"]
    code = (
        f"import sys; sys.path.insert(0, {_INSIDE!r}); "
        "from autograder.sandbox import container_host; container_host.main()"
    )
    return [*command, image_name, "python3", "-s", "-P", "-B", "-c", code]


class ContainerConnection:
    """A subject in the container, by way of its host there."""

    def __init__(self, launcher: ContainerLauncher) -> None:
        self.launcher = launcher
        self.ending: Ending | None = None

    def send(self, parts: list[Buffer], nonce: bytes) -> None:
        """Send one frame; whether it arrived is said with the answer."""
        self.launcher.tell({"send": nonce})
        self.launcher.write(parts)

    def receive(self, seconds: float) -> tuple[bytearray, bytes]:
        """One frame within `seconds` of the subject's time, which the host in there counts."""
        answer = self.launcher.ask({"receive": float(seconds)}, 3 * seconds + _PATIENCE)
        if "nonce" in answer:
            return self.launcher.read(_PATIENCE), answer["nonce"]
        if answer.get("memory"):
            raise MemoryExceeded(str(answer["lost"]))
        raise ChannelTimeout if answer.get("late") else ChannelClosed(str(answer["lost"]))

    def processor_seconds(self) -> float | None:
        """The processor time that the process has used."""
        used = self.launcher.ask({"used": True}, _PATIENCE)["seconds"]
        return used if isinstance(used, float) else None

    def end(self, grace: float = 0.0) -> Ending:
        """End the process; how it ended."""
        if self.ending is None:
            answer = self.launcher.ask({"end": float(grace)}, grace + _PATIENCE)
            self.ending = Ending(
                answer["exit"], answer["peak_kb"], answer["out_of_cpu"], answer["over_memory"]
            )
        return self.ending

    def leave(self) -> None:
        """End the process."""
        self.end()


class ContainerLauncher:
    """Owns one container, and asks its host for subjects, one at a time."""

    level = Isolation.CONTAINER

    def __init__(self, *, limits: SubjectLimits, preload: tuple[str, ...] = ("numpy",)) -> None:
        self.limits = limits
        self.preload = preload
        self.program = runtime()
        self.image = image()
        self.process: subprocess.Popen[bytes] | None = None
        self._versions: dict[str, str | None] = {}

    @property
    def versions(self) -> dict[str, str | None]:
        """The versions of the preloaded libraries, as the image has them."""
        self._running()
        return self._versions

    def launch(self) -> ContainerConnection:
        """Fork a subject in the container; a container that ended is replaced."""
        self._running()
        self.ask({"launch": True}, START_SECONDS)
        return ContainerConnection(self)

    def close(self) -> None:
        """End the container."""
        process, self.process = self.process, None
        if process is None:
            return
        process.stdin.close()  # type: ignore[union-attr]
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            command = [self.program, "kill", self.name]
            with contextlib.suppress(subprocess.TimeoutExpired, OSError):
                subprocess.run(command, capture_output=True, timeout=10.0)  # noqa: S603
            process.kill()
            process.wait()
        process.stdout.close()  # type: ignore[union-attr]
        self._errors.close()

    def _running(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        self.close()
        self.name = f"autograder-{os.getpid()}-{next(_names)}"
        self._errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(  # noqa: S603
            run_command(self.program, self.name, self.image, self.limits),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )
        config = {"limits": self.limits.to_message(), "preload": list(self.preload)}
        self._versions = dict(self.ask(config, START_SECONDS)["versions"])

    def tell(self, message: dict[str, Any]) -> None:
        """Send the host a message that it does not answer."""
        self.write(codec.encode(message))

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send the host a message; its answer. Raises `SandboxError`: it is on our side."""
        self.tell(message)
        try:
            answer = codec.decode(self.read(seconds))
        except CodecError as error:
            raise self._broken(f"an answer that is none: {error}") from None
        if not isinstance(answer, dict):
            raise self._broken("an answer that is none")
        if "error" in answer:
            raise SandboxError(str(answer["error"]))
        return answer

    def write(self, parts: list[Buffer]) -> None:
        """Write one frame to the host."""
        if self.process is None or self.process.stdin is None:
            raise SandboxError("the container is closed")
        try:
            protocol.write_all(self.process.stdin.fileno(), protocol.frame(parts, bytes(16)))
        except OSError as error:
            raise self._broken(str(error)) from None

    def read(self, seconds: float) -> bytearray:
        """One frame from the host, within `seconds`."""
        end = time.monotonic() + seconds
        header = self._take(protocol.HEADER.size, end)
        try:
            length, _ = protocol.parse_header(header, protocol.MAX_REPLY)
        except CodecError as error:
            raise self._broken(str(error)) from None
        return self._take(length, end)

    def _take(self, size: int, end: float) -> bytearray:
        if self.process is None or self.process.stdout is None:
            raise SandboxError("the container is closed")
        descriptor = self.process.stdout.fileno()
        buffer = bytearray(size)
        view, position = memoryview(buffer), 0
        while position < size:
            left = end - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise self._broken("it does not answer")
            count = os.readv(descriptor, [view[position:]])
            if count == 0:
                raise self._broken("it ended")
            position += count
        return buffer

    def _broken(self, what: str) -> SandboxError:
        """The container is of no use any more; the error that says so, with its last words."""
        self._errors.seek(0)
        lines = self._errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        return SandboxError(f"the container: {what}" + (f" ({lines[-1]})" if lines else ""))
