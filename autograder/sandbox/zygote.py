"""The process that subjects are forked from.

It starts with a clean environment, imports the libraries once, moves into a view of the file
system that shows only them, and then forks a subject whenever the grader asks. It never reads a
submission and never holds a check. It speaks with the grader over one socket; when that ends, so
do its children and itself.

Requests: `{"spawn": true}` with the subject's end of a socket; `{"reap": pid, "grace": seconds}`,
answered with how the subject ended. A first answer says which isolation was reached.
"""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import socket
import sys
import time

from autograder.sandbox import codec, kernel, landlock, lockdown, protocol, seccomp
from autograder.sandbox.control import receive, send
from autograder.sandbox.libraries import importable_paths
from autograder.sandbox.limits import SubjectLimits
from autograder.sandbox.rehearsal import rehearse
from autograder.sandbox.worker import Worker, preload

FULL = "full"
REDUCED = "reduced"


class Zygote:
    """Forks locked-down subjects on request."""

    def __init__(self, control: socket.socket, config: protocol.Message) -> None:
        self.control = control
        self.level: str = config["level"]
        self.limits = SubjectLimits(**config["limits"])
        self.proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self.view = lockdown.make_view(config["hidden"])
        user = config["user"]
        if self.level == FULL:
            lockdown.enter_view(self.view, user=user, proc=self.proc)
        elif user is not None:
            lockdown.become(user)
        self.fork_flags = lockdown.FORK_FLAGS if self.level == FULL else 0
        self.user = (os.getuid(), os.getgid())
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        self.base_bytes = self.address_space()
        # inherited, it is armed by the fork; a subject that arms its own waits 2 ms for the kernel
        limit = self.limits.cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))

    def address_space(self) -> int:
        """Bytes of address space in use: what the libraries take."""
        descriptor = os.open("self/statm", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.proc)
        try:
            return int(os.read(descriptor, 100).split()[0]) * os.sysconf("SC_PAGE_SIZE")
        finally:
            os.close(descriptor)

    def serve(self) -> None:
        """Answer the grader until it is gone."""
        while True:
            received = receive(self.control)
            if received is None:
                return
            message, descriptors = received
            if "spawn" in message:
                answer = self.spawn(descriptors[0], message["scratch"])
                os.close(descriptors[0])
            else:
                answer = reap(message["reap"], message["grace"])
            send(self.control, answer)

    def spawn(self, channel: int, scratch: str) -> protocol.Message:
        """Fork a subject that speaks on `channel`."""
        try:
            pid = kernel.fork_with(self.fork_flags)
        except OSError as error:
            return {"error": str(error)}
        if pid == 0:
            self.become_subject(channel, scratch)
        return {"pid": pid}

    def become_subject(self, channel: int, scratch: str) -> None:
        """Lock down, say so, and answer requests; never returns."""
        status = 1
        try:
            self.control.close()
            quiet = os.open("/dev/null", os.O_RDWR)
            for standard in (0, 1, 2):
                os.dup2(quiet, standard)
            os.close(quiet)
            report_and_lock(self, channel, scratch)
            os.environ["TMPDIR"] = scratch  # what tempfile looks at
            gc.enable()
            folder = os.path.join(scratch, "submission")
            Worker(channel, channel, folder=folder, output_bytes=self.limits.output_bytes).serve()
            status = 0
        finally:
            os._exit(status)


def report_and_lock(zygote: Zygote, channel: int, scratch: str) -> None:
    """Lock this process down and tell the grader that it is, or why it could not be."""
    fresh = None
    if zygote.level == FULL:
        fresh = lockdown.FreshNamespaces(zygote.proc, *zygote.user)
    try:
        lockdown.lock(
            zygote.view,
            zygote.limits,
            base_bytes=zygote.base_bytes,
            fresh=fresh,
            scratch=scratch,
        )
        os.close(zygote.proc)
    except BaseException as error:
        protocol.write_all(channel, protocol.frame(codec.encode({"error": str(error)}), bytes(16)))
        raise
    protocol.write_all(channel, protocol.frame(codec.encode({"ready": zygote.level}), bytes(16)))


def reap(pid: int, grace: float) -> protocol.Message:
    """Wait at most `grace` seconds for the child, then kill it; how it ended."""
    try:
        descriptor = os.pidfd_open(pid)
    except (OSError, AttributeError):
        descriptor = -1
    if descriptor >= 0:
        select.select([descriptor], [], [], grace)
        os.close(descriptor)
    else:
        time.sleep(grace)
    try:
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    except (ProcessLookupError, ChildProcessError) as error:
        return {"error": f"no such subject: {error}"}
    return {
        "exit": os.waitstatus_to_exitcode(status),
        "ended": ended,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_kb": usage.ru_maxrss,
    }


def main(descriptor: int) -> None:
    """Run a zygote that speaks on `descriptor`; how the grader starts one."""
    control = socket.socket(fileno=descriptor)
    received = receive(control)
    if received is None:
        return
    config, _ = received
    sys.path[:] = importable_paths()
    try:
        versions = preload(config["preload"])
        rehearse()
        zygote = Zygote(control, config)
        if zygote.level == FULL:
            seccomp.packed_program(1, own_files=True)
        landlock.abi()
    except BaseException as error:
        send(control, {"error": f"{type(error).__name__}: {error}"})
        return
    kernel.keep_freed_memory()
    gc.collect()
    gc.freeze()
    gc.disable()
    send(control, {"ready": zygote.level, "versions": versions})
    zygote.serve()
