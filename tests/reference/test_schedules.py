import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from reference.schedules import cosine_decay, exponential_decay, inverse_time_decay, step_decay

ALL = [
    partial(step_decay, every=3),
    partial(exponential_decay, k=0.1),
    partial(inverse_time_decay, k=0.1),
    partial(cosine_decay, total=20),
]


def torch_rates(name: str, steps: int, **settings: Any) -> list[float]:
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **settings)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize(
    ("schedule", "name", "settings"),
    [
        (partial(step_decay, every=3, factor=0.5), "StepLR", {"step_size": 3, "gamma": 0.5}),
        (partial(exponential_decay, k=-math.log(0.9)), "ExponentialLR", {"gamma": 0.9}),
        (
            partial(inverse_time_decay, k=0.25),
            "LambdaLR",
            {"lr_lambda": lambda t: 1 / (1 + t / 4)},
        ),
        (
            partial(cosine_decay, total=12, final=0.01),
            "CosineAnnealingLR",
            {"T_max": 12, "eta_min": 0.01},
        ),
    ],
)
def test_rates_equal_torch(
    schedule: Callable[..., float], name: str, settings: dict[str, Any]
) -> None:
    theirs = torch_rates(name, 13, **settings)
    assert [schedule(0.4, t) for t in range(13)] == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("schedule", ALL)
def test_rate_starts_at_the_initial_one_and_never_rises(schedule: Callable[..., float]) -> None:
    rates = [schedule(0.4, t / 2) for t in range(60)]
    assert rates[0] == 0.4
    assert all(later <= earlier for earlier, later in pairwise(rates))
    assert rates[-1] < 0.2


def test_step_decay_halves_after_every_few_epochs() -> None:
    rates = [step_decay(1.0, t, every=2) for t in range(6)]
    assert rates == [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]


def test_inverse_time_decay_has_halved_at_one_over_k() -> None:
    assert inverse_time_decay(0.3, 20, k=1 / 20) == pytest.approx(0.15)


def test_cosine_decay_stays_at_its_end() -> None:
    assert cosine_decay(0.1, 30, total=20, final=0.01) == pytest.approx(0.01)
    assert cosine_decay(0.1, 10, total=20) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (partial(step_decay, 0.1, 1, every=0), "every must be at least 1, got 0"),
        (partial(step_decay, 0.1, 1, every=2, factor=1.5), r"factor must lie in \(0, 1\], got 1.5"),
        (partial(exponential_decay, 0.1, 1, k=-1), "k must be a finite number at least 0"),
        (partial(inverse_time_decay, 0.1, -1, k=1), "t must be a finite number at least 0"),
        (partial(inverse_time_decay, 0.0, 1, k=1), "initial must be a finite number above 0"),
        (partial(cosine_decay, 0.1, 1, total=0), "total must be a finite number above 0"),
        (partial(cosine_decay, 0.1, 1, total=5, final=0.2), "final must lie between 0 and"),
    ],
)
def test_wrong_arguments_are_refused(call: Callable[[], float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
