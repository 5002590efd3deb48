"""Learning-rate schedules: step, exponential, 1/t and cosine (slides s.238 and s.239).

Each is a pure function of `t`, the time since the start of training, counted from 0. `t` is in
epochs or in iterations, as the caller likes, and then `every`, `total` and `1/k` are in the
same unit: a `k` chosen for epochs and used with iterations decays hundreds of times too fast.
"""

from __future__ import annotations

import math

from reference.arrays import check_count, check_positive


def step_decay(initial: float, t: float, *, every: int, factor: float = 0.5) -> float:
    """Step decay, `initial * factor^floor(t / every)` (slides s.239: halve every few epochs).

    Equals `torch.optim.lr_scheduler.StepLR(step_size=every, gamma=factor)`. Raises
    `ValueError` unless `every` is a positive integer and `factor` in (0, 1].
    """
    _check(initial, t)
    if not 0 < factor <= 1:
        raise ValueError(f"factor must lie in (0, 1], got {factor}: 0.5 halves the rate")
    return initial * factor ** math.floor(t / check_count(every, "every"))


def exponential_decay(initial: float, t: float, *, k: float) -> float:
    """Exponential decay, `initial * e^(-k t)` (slides s.239).

    Multiplying by `d` each epoch, the `learning_rate_decay` of slides s.193 to s.202, is
    `k = -ln d`; so `ExponentialLR(gamma=e^-k)` is the same. Raises `ValueError` for k < 0.
    """
    _check(initial, t, k)
    return initial * math.exp(-k * t)


def inverse_time_decay(initial: float, t: float, *, k: float) -> float:
    """1/t decay, `initial / (1 + k t)` (slides s.239).

    The rate has halved at `t = 1/k`. Raises `ValueError` for k < 0.
    """
    _check(initial, t, k)
    return initial / (1 + k * t)


def cosine_decay(initial: float, t: float, *, total: float, final: float = 0.0) -> float:
    """Cosine decay, `final + (initial - final) (1 + cos(pi t / total)) / 2`.

    Without restarts (Loshchilov and Hutter 2017), as CondenseNet is trained. At `t = total` the
    rate is `final` and stays there, where `torch`'s `CosineAnnealingLR(T_max=total,
    eta_min=final)` would rise again. Raises `ValueError` unless `0 <= final <= initial`.
    """
    _check(initial, t)
    check_positive(total, "total")
    if not 0 <= final <= initial:
        raise ValueError(
            f"final must lie between 0 and the initial rate {initial}, got {final}: "
            "a decay ends lower than it starts"
        )
    return final + (initial - final) * (1 + math.cos(math.pi * min(t, total) / total)) / 2


def _check(initial: float, t: float, k: float = 0.0) -> None:
    check_positive(initial, "initial")
    check_positive(t, "t", zero=True)
    check_positive(k, "k", zero=True)
