"""The process that zygotes are forked from: several share one import of the libraries.

It starts with a clean environment and imports the libraries, and nothing else: it never reads a
submission and never holds a check, nor what a zygote is configured with. A zygote takes its own
user, view and namespaces after its fork, so two zygotes share the libraries' pages of memory and
nothing that one could use to reach the other.

A request is `{"preload": [module, ...]}` with the zygote's end of its control socket. There is no
answer: the zygote speaks for itself. When nobody can ask any more, the process ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

from autograder.sandbox import kernel
from autograder.sandbox.connection import CLEAN_ENVIRONMENT, python_command

_END_SECONDS = 2.0


def start_nursery() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a nursery; its process, and the socket for requests. Any process may hold a copy."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(  # noqa: S603
            python_command("nursery", theirs.fileno()),
            env=CLEAN_ENVIRONMENT,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
    return process, ours


@contextlib.contextmanager
def open_nursery() -> Iterator[socket.socket | None]:
    """A nursery's socket for requests, and its end afterwards; None where nothing is forked."""
    if not kernel.SUPPORTED:
        yield None
        return
    process, requests = start_nursery()
    try:
        yield requests
    except BaseException:
        process.kill()
        raise
    finally:
        requests.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main(descriptor: int) -> None:
    """Run a nursery that is asked on `descriptor`."""
    from autograder.sandbox.control import receive
    from autograder.sandbox.libraries import importable_paths
    from autograder.sandbox.rehearsal import rehearse
    from autograder.sandbox.worker import preload

    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us
    sys.path[:] = importable_paths()
    preload([])
    rehearse()
    gc.collect()
    gc.freeze()
    requests = socket.socket(fileno=descriptor)
    while (received := receive(requests)) is not None:
        message, (control,) = received
        with contextlib.suppress(Exception):  # the zygote will meet it too, and can say it
            preload(message["preload"])
        if os.fork() == 0:
            _become_zygote(requests, control)
        os.close(control)
        _wait_for_zygotes(os.WNOHANG)
    _wait_for_zygotes(0)
    os._exit(0)  # without taking the libraries down one by one


def _become_zygote(requests: socket.socket, control: int) -> None:
    """Run a zygote in this freshly forked process; never returns."""
    from autograder.sandbox import zygote

    status = 1
    try:
        requests.close()
        zygote.main(control)
        status = 0
    finally:
        os._exit(status)


def _wait_for_zygotes(options: int) -> None:
    """Let go of the zygotes that have ended; 0 waits for all of them."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass
