"""What the wall costs: locking a process down, and talking through it.

    python benchmarks/sandbox.py

1. One submission's process, numpy and torch imported, started and ended: a bare fork, a fork that
   is locked down (`full`, `reduced`), and, where bubblewrap is installed, a Python started in it
   that imports them anew, as a sandbox for each submission would. They take turns in one run. The
   cost of the lockdown is the difference of the medians of locked-down and bare forks.
2. A round trip through the wall: a small call, and 8 MB there and back.

Time is the clock's, so that waiting for another process counts; on a busy machine the least says
more than the median.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from measuring import MEGABYTE

from autograder.assignment import Limits
from autograder.records import Isolation, Source, Submission
from autograder.sandbox import protocol
from autograder.sandbox.launch import launcher
from autograder.sandbox.limits import SubjectLimits
from autograder.sandbox.subject import Subject

CODE = """
def same(x):
    return x

def add(a, b):
    return a + b

def size(x):
    return x.size
"""
START = "import sys; sys.path[:0] = {paths!r}; import numpy, {libraries}; print('ready')"


def main(argv: Sequence[str] | None = None) -> None:
    """Print both tables."""
    options = _options(argv)
    libraries = tuple(options.libraries.split(","))
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    print(f"{cores} cores, load {load:.1f}, libraries: {', '.join(libraries)}\n")
    print_starts(libraries, options.rounds)
    for level in (Isolation.FULL, Isolation.REDUCED):
        print_round_trips(level, options.calls)


def print_starts(libraries: tuple[str, ...], rounds: int) -> None:
    """Start and end one process a round in each way, in turns."""
    limits = SubjectLimits()
    with (
        launcher(Isolation.FULL, limits=limits, preload=libraries) as full,
        launcher(Isolation.REDUCED, limits=limits, preload=libraries) as reduced,
        bare_zygote(libraries) as bare,
    ):
        ways: dict[str, Callable[[], object]] = {
            "bare fork": bare.fork,
            "fork, full": lambda: full.launch().end(),
            "fork, reduced": lambda: reduced.launch().end(),
        }
        for way in ways.values():
            way()
        times = turns(ways, rounds)
    if program := shutil.which("bwrap"):
        bubble = {"bubblewrap and imports": lambda: bubblewrap(program, libraries)}
        times |= turns(bubble, max(3, rounds // 30))
    else:
        print("bubblewrap is not installed: its row is left out\n")
    print("one process, started and ended      median     quartiles   least")
    for name, seconds in times.items():
        print(row(name, seconds, 1000, "ms"))
    for name in ("fork, full", "fork, reduced"):
        cost = statistics.median(times[name]) - statistics.median(times["bare fork"])
        print(f"lockdown, {name.partition(', ')[2]:<26}{1000 * cost:8.2f} ms over a bare fork")


def turns(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """The times of each way; they take turns, so that all see the same machine."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - started)
    return times


class bare_zygote:
    """A process with the libraries imported that forks on request, without any lockdown."""

    SOURCE = (
        "import gc, os, sys; sys.path[:0] = {paths!r}; import numpy, {libraries}\n"
        "gc.collect(); gc.freeze(); gc.disable()\n"
        "os.write(1, b'r')\n"
        "while os.read(0, 1):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        os.write(1, b'c'); os.read(0, 1); os._exit(0)\n"
        "    os.waitpid(pid, 0)\n"
        "    os.write(1, b'e')\n"
    )

    def __init__(self, libraries: tuple[str, ...]) -> None:
        self.libraries = libraries

    def __enter__(self) -> bare_zygote:
        code = self.SOURCE.format(paths=sys.path, libraries=", ".join(self.libraries))
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._expect(b"r")
        return self

    def fork(self) -> None:
        """Ask for a fork, hear from it, let it end, and hear of its end."""
        self.process.stdin.write(b"f")
        self._expect(b"c")
        self.process.stdin.write(b"x")
        self._expect(b"e")

    def _expect(self, byte: bytes) -> None:
        if self.process.stdout.read(1) != byte:
            raise RuntimeError("the bare zygote ended")

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def bubblewrap(program: str, libraries: tuple[str, ...]) -> None:
    """Start Python in bubblewrap, import the libraries, end it."""
    code = START.format(paths=sys.path, libraries=", ".join(libraries))
    command = [program, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/"]
    command += ["--dev", "/dev", "--proc", "/proc"]
    done = subprocess.run([*command, sys.executable, "-c", code], capture_output=True)
    if done.stdout.strip() != b"ready":
        raise RuntimeError(done.stderr.decode(errors="replace"))


def print_round_trips(level: Isolation, calls: int) -> None:
    """Round trips of a small call, and of 8 MB each way."""
    source = Source("work.py", CODE)
    submission = Submission("s", "0" * 64, "work.py", (source,), {})
    small, large = np.ones((10, 20)), np.ones(8 * MEGABYTE // 8)
    with launcher(level, limits=SubjectLimits()) as made:
        subject = Subject(made, submission, Limits(submission_seconds=10_000.0))
        subject.start()
        try:
            print(f"\nround trip, {level:<23}  median     quartiles   least")
            for name, function, arguments, number in (
                ("two numbers", "add", [1, 2], calls),
                ("10 x 20 float64 and back", "same", [small], calls),
                ("8 MB there and back", "same", [large], max(10, calls // 50)),
                ("8 MB there", "size", [large], max(10, calls // 50)),
            ):
                message = (protocol.CALL, None, function, arguments, {}, False)
                seconds = timed_calls(subject, message, number)
                unit = (1000, "ms") if "MB" in name else (1e6, "us")
                print(row(name, seconds, *unit))
        finally:
            subject.end()


def timed_calls(subject: Subject, message: tuple[object, ...], number: int) -> list[float]:
    """The times of `number` calls, after some that warm up."""
    for _ in range(max(5, number // 20)):
        subject.request([message], 10.0)
    seconds = []
    for _ in range(number):
        started = time.perf_counter()
        subject.request([message], 10.0)
        seconds.append(time.perf_counter() - started)
    return seconds


def row(name: str, seconds: list[float], factor: float, unit: str) -> str:
    """One line of a table."""
    low, middle, high = (factor * q for q in statistics.quantiles(seconds, n=4))
    least = factor * min(seconds)
    return f"{name:<34}{middle:9.2f} {unit}   {low:.2f} to {high:.2f}   {least:.2f}"


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100, help="processes of each kind")
    parser.add_argument("--calls", type=int, default=2000, help="small calls")
    parser.add_argument("--libraries", default="numpy,torch", help="imported beforehand")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
