"""Measuring for the benchmark scripts: one thread, turns taken, peak memory (Linux).

Import it before numpy: it fixes the number of threads, which thread pools read only once.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import ctypes
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Pass = Callable[[], object]

MEGABYTE = 10**6


def least_seconds(passes: Mapping[str, Pass], *, rounds: int) -> dict[str, float]:
    """Return each pass's least wall time; they take turns, so all see the same machine."""
    least = dict.fromkeys(passes, float("inf"))
    for run in passes.values():
        run()
    for _ in range(rounds):
        for name, run in passes.items():
            start = time.perf_counter()
            run()
            least[name] = min(least[name], time.perf_counter() - start)
    return least


def peak_extra_bytes(run: Pass) -> int:
    """Return how far the resident set grew above its size before the pass, at its highest.

    The kernel's high-water mark is reset first, and freed memory handed back to it, so that
    earlier passes neither count nor hide what this one needs (glibc).
    """
    run()  # allocates what libraries keep, such as the buffers of the matrix product
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    before = _status_bytes("VmRSS")
    run()
    return max(0, _status_bytes("VmHWM") - before)


def _status_bytes(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == field:
            return int(rest.split()[0]) * 1024
    raise RuntimeError(f"/proc/self/status has no {field}: this needs Linux")
