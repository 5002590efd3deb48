"""Softmax and hinge losses, forward and backward, beside torch: one thread, float32.

    PYTHONPATH=. python benchmarks/bench_losses.py [--rounds 50]

Scores of a small batch, of a large batch with ten classes, and of 1,000 classes; and the whole
linear classifier on CIFAR-10's 3,072 pixels. Target: at most 3 times torch's time for the softmax
loss. Exits with 1 where it is missed.
"""

# isort: off
from measuring import MEGABYTE, Pass, least_seconds, peak_extra_bytes
# isort: on

import argparse
import sys

import numpy as np
import torch

from reference.losses import hinge, softmax_cross_entropy, softmax_loss

torch.set_num_threads(1)

RATIO = 3.0
SCORES = [(256, 10), (50_000, 10), (256, 1_000), (4_096, 1_000)]
LINEAR = (10_000, 3_072, 10)


def score_passes(examples: int, classes: int) -> dict[str, dict[str, Pass]]:
    rng = np.random.default_rng(0)
    scores = rng.standard_normal((examples, classes), dtype=np.float32)
    labels = rng.integers(0, classes, examples)
    tensor, targets = torch.from_numpy(scores).requires_grad_(), torch.from_numpy(labels)

    def torchs(loss: torch.nn.Module) -> Pass:
        return lambda: torch.autograd.grad(loss(tensor, targets), tensor)

    return {
        f"softmax {examples:,} x {classes:,}": {
            "reference": lambda: softmax_cross_entropy(scores, labels),
            "torch": torchs(torch.nn.CrossEntropyLoss()),
        },
        f"hinge {examples:,} x {classes:,}": {
            "reference": lambda: hinge(scores, labels),
            "torch": torchs(torch.nn.MultiMarginLoss()),
        },
    }


def linear_passes(examples: int, dim: int, classes: int) -> dict[str, dict[str, Pass]]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((examples, dim), dtype=np.float32)
    W = 0.01 * rng.standard_normal((dim, classes), dtype=np.float32)
    labels = rng.integers(0, classes, examples)
    x, w = torch.from_numpy(X), torch.from_numpy(W).requires_grad_()
    targets = torch.from_numpy(labels)

    def torchs() -> object:
        loss = torch.nn.functional.cross_entropy(x @ w, targets) + 0.1 * (w * w).sum()
        return torch.autograd.grad(loss, w)

    return {
        f"softmax of X W, {examples:,} x {dim:,} x {classes}": {
            "reference": lambda: softmax_loss(W, X, labels, strength=0.1),
            "torch": torchs,
        }
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    cases = linear_passes(*LINEAR)
    for shape in SCORES:
        cases |= score_passes(*shape)
    met = True
    print(
        f"{'forward + backward':40}{'ms':>9}{'torch ms':>10}{'ratio':>7}{'peak MB':>9}{'torch':>7}"
    )
    for name, passes in cases.items():
        seconds = least_seconds(passes, rounds=rounds)
        peaks = {library: peak_extra_bytes(run) for library, run in passes.items()}
        ratio = seconds["reference"] / seconds["torch"]
        met &= ratio <= RATIO or not name.startswith("softmax")
        print(
            f"{name:40}{1e3 * seconds['reference']:9.3f}{1e3 * seconds['torch']:10.3f}{ratio:7.2f}"
            f"{peaks['reference'] / MEGABYTE:9.1f}{peaks['torch'] / MEGABYTE:7.1f}"
        )
    print(f"target for softmax: at most {RATIO}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
