"""Time and peak memory of the reference layers beside torch on the CPU: one thread, float32.

    OMP_NUM_THREADS=1 PYTHONPATH=. python benchmarks/bench_layers.py [--rounds 15]

Each figure is the least wall time of a forward and a backward pass; the two libraries take turns,
so both see the same machine. "product" is the share of the reference's time inside `numpy.matmul`.
"peak" is the growth of the resident set over one forward and backward pass, in a process of its
own, with the inputs and the libraries loaded beforehand (Linux only).
"""

import os

# Before numpy and torch are imported: their thread pools read these once.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from reference import layers, normalization

torch.set_num_threads(1)

BATCH, CHANNELS, SIDE, FILTERS = 32, 64, 32, 64
Pass = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """A layer's forward and backward pass in the reference and in torch, and the target ratio."""

    reference: Pass
    torch: Pass
    target: float


def convolution(batch: int) -> Case:
    """3x3, stride 1, padding 1, 64 channels to 64 filters."""
    x, dout = _normal(batch, CHANNELS, SIDE, SIDE), _normal(batch, FILTERS, SIDE, SIDE)
    weight, bias = _normal(FILTERS, CHANNELS, 3, 3), _normal(FILTERS)
    inputs, upstream = _tensors(x, weight, bias), torch.from_numpy(dout)

    def reference_pass() -> object:
        _, cache = layers.conv2d_forward(x, weight, bias, padding=1)
        return layers.conv2d_backward(dout, cache)

    def torch_pass() -> object:
        out = torch.nn.functional.conv2d(*inputs, padding=1)
        return torch.autograd.grad(out, inputs, upstream)

    return Case(reference_pass, torch_pass, 2.5)


def max_pooling(batch: int) -> Case:
    """2x2, stride 2."""
    x, dout = _normal(batch, CHANNELS, SIDE, SIDE), _normal(batch, CHANNELS, SIDE // 2, SIDE // 2)
    inputs, upstream = _tensors(x), torch.from_numpy(dout)

    def reference_pass() -> object:
        _, cache = layers.max_pool2d_forward(x, 2)
        return layers.max_pool2d_backward(dout, cache)

    def torch_pass() -> object:
        out = torch.nn.functional.max_pool2d(*inputs, 2)
        return torch.autograd.grad(out, inputs, upstream)

    return Case(reference_pass, torch_pass, 3.0)


def batch_normalization(batch: int) -> Case:
    """Spatial, in training."""
    x, dout = _normal(batch, CHANNELS, SIDE, SIDE), _normal(batch, CHANNELS, SIDE, SIDE)
    gamma, beta = _normal(CHANNELS), _normal(CHANNELS)
    inputs, upstream = _tensors(x, gamma, beta), torch.from_numpy(dout)

    def reference_pass() -> object:
        _, cache = normalization.batch_norm_forward(x, gamma, beta)
        return normalization.batch_norm_backward(dout, cache)

    def torch_pass() -> object:
        x, gamma, beta = inputs
        out = torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True)
        return torch.autograd.grad(out, inputs, upstream)

    return Case(reference_pass, torch_pass, 3.0)


CASES: dict[str, Callable[[int], Case]] = {
    "convolution": convolution,
    "max pooling": max_pooling,
    "batch normalization": batch_normalization,
}


def _normal(*shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.random.default_rng(len(shape)).standard_normal(shape, dtype=np.float32)


def _tensors(*arrays: np.ndarray[Any, Any]) -> tuple[torch.Tensor, ...]:
    return tuple(torch.from_numpy(array).requires_grad_() for array in arrays)


def seconds(run: Pass) -> float:
    """Wall time of one pass."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


@contextmanager
def product_clock() -> Iterator[list[float]]:
    """Collect the wall time of every `numpy.matmul` call inside the block."""
    spent: list[float] = []
    matmul = np.matmul

    def timed(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return matmul(*args, **kwargs)
        finally:
            spent.append(time.perf_counter() - start)

    np.matmul = timed  # type: ignore[assignment]
    try:
        yield spent
    finally:
        np.matmul = matmul


def product_share(run: Pass, rounds: int) -> float:
    """Share of the time of `run` that is spent inside `numpy.matmul`."""
    total = 0.0
    with product_clock() as spent:
        for _ in range(rounds):
            total += seconds(run)
    return sum(spent) / total


def resident_bytes(field: str) -> int:
    """Read VmRSS (now) or VmHWM (the peak) of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise OSError(f"/proc/self/status has no {field}")


def print_peak(name: str, library: str) -> None:
    """Run in a process of its own: print how much one pass lets the resident set grow."""
    # torch loads and prepares much on the first pass, so a batch of one goes first.
    getattr(CASES[name](1), library)()
    run = getattr(CASES[name](BATCH), library)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew from here
    before = resident_bytes("VmRSS")
    gradients = run()
    print(resident_bytes("VmHWM") - before)
    del gradients


def peak_text(name: str, library: str) -> str:
    """Peak growth of the resident set in MiB, measured in a fresh process."""
    if not Path("/proc/self/clear_refs").exists():
        return "not measured"
    answer = subprocess.run(
        [sys.executable, __file__, "--peak-of", name, library],
        check=True,
        capture_output=True,
        text=True,
    )
    return f"{int(answer.stdout) / 2**20:.1f} MiB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--peak-of", nargs=2, metavar=("CASE", "LIBRARY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak_of:
        print_peak(*options.peak_of)
        return
    print(
        f"N={BATCH}, {CHANNELS} channels, {SIDE}x{SIDE}, float32, 1 thread, {options.rounds} rounds"
    )
    for name, build in CASES.items():
        report(name, build(BATCH), options.rounds)


def report(name: str, case: Case, rounds: int) -> None:
    """Print one case's times, ratio, share of the matrix product, and peaks."""
    case.reference(), case.torch()
    times = [(seconds(case.reference), seconds(case.torch)) for _ in range(rounds)]
    reference, other = (min(column) for column in zip(*times, strict=True))
    print(
        f"{name}: reference {reference * 1e3:.1f} ms, torch {other * 1e3:.1f} ms, "
        f"ratio {reference / other:.2f} (target {case.target}), "
        f"product {product_share(case.reference, rounds):.0%}; "
        f"peak {peak_text(name, 'reference')}, torch {peak_text(name, 'torch')}"
    )


if __name__ == "__main__":
    main()
