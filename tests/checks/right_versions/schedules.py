"""Learning-rate schedules; numbers alone, so six formulas each."""

import cmath
import math
from fractions import Fraction

import numpy as np
import torch

from right_versions.registry import enter, right


def formulas(component, *versions):
    for number, version in enumerate(versions, start=1):
        enter(component, f"{component}_{number}", version)


@right("step_decay")
def step_loops(initial, t, *, every, factor=0.5):
    rate, reached = initial, every
    while reached <= t:
        rate *= factor
        reached += every
    return rate


@right("step_decay")
def step_recursive(initial, t, *, every, factor=0.5):
    return (
        initial
        if t < every
        else factor * step_recursive(initial, t - every, every=every, factor=factor)
    )


formulas(
    "step_decay",
    lambda initial, t, *, every, factor=0.5: initial * factor ** (t // every),
    lambda initial, t, *, every, factor=0.5: initial * math.exp(int(t / every) * math.log(factor)),
    lambda initial, t, *, every, factor=0.5: (
        initial * math.prod([factor] * len(range(every, int(t) + 1, every)))
    ),
    lambda initial, t, *, every, factor=0.5: initial * np.power(factor, np.floor_divide(t, every)),
)
formulas(
    "exponential_decay",
    lambda initial, t, *, k: initial / math.exp(k * t),
    lambda initial, t, *, k: math.exp(math.log(initial) - k * t),
    lambda initial, t, *, k: initial * math.exp(-k) ** t,
    lambda initial, t, *, k: initial * np.exp2(-k * t / np.log(2)),
    lambda initial, t, *, k: initial * (1 + math.expm1(-k * t)),
    lambda initial, t, *, k: torch.exp(torch.tensor(-k * t, dtype=torch.float64)).item() * initial,
)
formulas(
    "inverse_time_decay",
    lambda initial, t, *, k: (1 + k * t) ** -1 * initial,
    lambda initial, t, *, k: 1 / (1 / initial + k * t / initial),
    lambda initial, t, *, k: math.exp(math.log(initial) - math.log1p(k * t)),
    lambda initial, t, *, k: initial * (1 - k * t / (1 + k * t)),
    lambda initial, t, *, k: float(Fraction(initial) / (1 + Fraction(k) * Fraction(t))),
    lambda initial, t, *, k: np.divide(initial, np.polyval([k, 1], t)),
)
formulas(
    "cosine_decay",
    lambda initial, t, *, total, final=0.0: (
        final + (initial - final) * math.cos(math.pi * min(t, total) / (2 * total)) ** 2
    ),
    lambda initial, t, *, total, final=0.0: (
        initial - (initial - final) * math.sin(math.pi / 2 * min(t / total, 1)) ** 2
    ),
    lambda initial, t, *, total, final=0.0: (
        (initial + final) / 2 + (initial - final) / 2 * np.cos(np.pi * np.clip(t / total, 0, 1))
    ),
    lambda initial, t, *, total, final=0.0: (
        final
        if t > total
        else final + 0.5 * (initial - final) * (1 + math.cos(t / total * math.pi))
    ),
    lambda initial, t, *, total, final=0.0: (
        final + (initial - final) * (1 + cmath.exp(1j * math.pi * min(t, total) / total).real) / 2
    ),
    lambda initial, t, *, total, final=0.0: (
        (1 - (w := (1 - math.cos(math.pi * min(1.0, t / total))) / 2)) * initial + w * final
    ),
)
