"""Cost of checking the gradient of a convolution with 100,000 inputs: one thread, float64.

    PYTHONPATH=. python benchmarks/bench_gradient_check.py [--rounds 10]

The directional check, as it is used by default, in units of one forward pass of the layer; beside
it what the coordinate-wise check would cost, from its count of 200,000 passes. Target: at most 10
forward passes, with the analytic gradient (one forward and one backward pass) counted in. Exits
with 1 where it is missed.
"""

# isort: off
from measuring import MEGABYTE, least_seconds, peak_extra_bytes
# isort: on

import argparse
import sys

import numpy as np

from reference import layers
from reference.gradients import DirectionalCheck, directional_check

IMAGES, FILTERS = (10, 10, 25, 40), (32, 10, 3, 3)
PASSES = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    rng = np.random.default_rng(0)
    x, weight, bias = (rng.standard_normal(shape) for shape in (IMAGES, FILTERS, FILTERS[0]))
    upstream = rng.standard_normal(layers.conv2d_forward(x, weight, bias, padding=1)[0].shape)

    def forward(images: np.ndarray) -> np.ndarray:
        return layers.conv2d_forward(images, weight, bias, padding=1)[0]

    def check(factor: float = 1.0) -> DirectionalCheck:
        _, cache = layers.conv2d_forward(x, weight, bias, padding=1)
        gradient = factor * layers.conv2d_backward(upstream, cache).x
        return directional_check(
            forward, x, gradient, upstream=upstream, rng=np.random.default_rng(1)
        )

    right, wrong = check(), check(1.001)
    if not right.passed or wrong.passed:
        print(f"the check judges wrongly: {right} {wrong}")
        return 1
    seconds = least_seconds({"forward": lambda: forward(x), "check": check}, rounds=rounds)
    ratio = seconds["check"] / seconds["forward"]
    print(f"inputs                        {x.size:>12,}")
    print(f"one forward pass              {1e3 * seconds['forward']:12.2f} ms")
    print(
        f"directional check             {1e3 * seconds['check']:12.2f} ms, peak "
        f"{peak_extra_bytes(check) / MEGABYTE:.0f} MB"
    )
    print(f"in forward passes             {ratio:12.1f}    (target {PASSES})")
    print(f"passes through the function   {right.evaluations:12}")
    print(
        f"coordinate by coordinate      {2 * x.size:12,} passes, "
        f"{2 * x.size * seconds['forward']:.0f} s"
    )
    return 0 if ratio <= PASSES else 1


if __name__ == "__main__":
    sys.exit(main())
