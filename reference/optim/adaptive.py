"""Rules with a learning rate for each coordinate: AdaGrad, RMSProp, Adam (slides s.231 to s.237).

All three divide by `sqrt(cache) + eps`: `eps` stands *outside* the root, as in the slides and
in `torch.optim`. The slides use 1e-7; torch uses 1e-10 for Adagrad and 1e-8 for the others.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from reference.arrays import FloatArray, check_positive
from reference.optim.rules import check_fraction, check_update


class AdaGradState(TypedDict):
    """The sum of the squared gradients, shaped like `x`."""

    cache: FloatArray


class RMSPropState(TypedDict):
    """The running mean of the squared gradients, shaped like `x`."""

    cache: FloatArray


class AdamState(TypedDict):
    """The running moments `m` and `v`, shaped like `x`, and the number of updates done."""

    m: FloatArray
    v: FloatArray
    t: int


def adagrad(
    x: FloatArray,
    dx: FloatArray,
    state: AdaGradState | None = None,
    *,
    learning_rate: float,
    eps: float = 1e-7,
) -> tuple[FloatArray, AdaGradState]:
    """AdaGrad, `cache += dx^2`, `x -= learning_rate dx / (sqrt(cache) + eps)` (slides s.231).

    The cache only grows, so the steps go to zero: the n-th step under a constant gradient is
    `learning_rate / sqrt(n)` (Duchi et al. 2011). Raises `ValueError` for other arguments.
    """
    cache = np.zeros_like(x) if state is None else state["cache"]
    learning_rate = check_update(x, dx, learning_rate, cache=cache)
    check_positive(eps, "eps")
    cache = cache + dx**2
    return x - learning_rate * dx / (np.sqrt(cache) + eps), AdaGradState(cache=cache)


def rmsprop(
    x: FloatArray,
    dx: FloatArray,
    state: RMSPropState | None = None,
    *,
    learning_rate: float,
    decay_rate: float = 0.9,
    eps: float = 1e-7,
) -> tuple[FloatArray, RMSPropState]:
    """RMSProp: AdaGrad with a cache that forgets (slides s.234; Hinton's lecture 6e).

    `cache = decay_rate cache + (1 - decay_rate) dx^2`,
    `x -= learning_rate dx / (sqrt(cache) + eps)`. The first step is
    `learning_rate / sqrt(1 - decay_rate)`, because the cache starts at zero. The slides give no
    `decay_rate`; 0.9 to 0.99 is usual (torch calls it `alpha`). Raises `ValueError` for other
    arguments.
    """
    cache = np.zeros_like(x) if state is None else state["cache"]
    learning_rate = check_update(x, dx, learning_rate, cache=cache)
    check_fraction("decay_rate", decay_rate)
    check_positive(eps, "eps")
    cache = decay_rate * cache + (1 - decay_rate) * dx**2
    return x - learning_rate * dx / (np.sqrt(cache) + eps), RMSPropState(cache=cache)


def adam(
    x: FloatArray,
    dx: FloatArray,
    state: AdamState | None = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> tuple[FloatArray, AdamState]:
    """Adam (slides s.236 without, s.237 with bias correction; Kingma and Ba 2015).

    `m = beta1 m + (1 - beta1) dx`, `v = beta2 v + (1 - beta2) dx^2`,
    `mb = m / (1 - beta1^t)`, `vb = v / (1 - beta2^t)`,
    `x -= learning_rate mb / (sqrt(vb) + eps)`; `t` is 1 in the first update. Without the
    correction `m` and `v` stand for `mb` and `vb`, and the first step is 3.1623 times as
    long with the usual betas. Corrected, it equals `torch.optim.Adam`. Raises `ValueError` for
    other arguments.
    """
    if state is None:
        state = AdamState(m=np.zeros_like(x), v=np.zeros_like(x), t=0)
    learning_rate = check_update(x, dx, learning_rate, m=state["m"], v=state["v"])
    check_fraction("beta1", beta1)
    check_fraction("beta2", beta2)
    check_positive(eps, "eps")
    t = state["t"] + 1
    m = beta1 * state["m"] + (1 - beta1) * dx
    v = beta2 * state["v"] + (1 - beta2) * dx**2
    mb = m / (1 - beta1**t) if bias_correction else m
    vb = v / (1 - beta2**t) if bias_correction else v
    return x - learning_rate * mb / (np.sqrt(vb) + eps), AdamState(m=m, v=v, t=t)
