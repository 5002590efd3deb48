"""Wrong AdaGrad and RMSProp."""

from typing import Any

import numpy as np

from reference import optim as right
from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.misconceptions.optim import path


def uneven_gradients(rng: np.random.Generator) -> list[Call]:
    """Gradients of several sizes, the smallest of which show where eps stands."""
    size = np.array([1.0, 1e-3, 3.0, 10.0])
    x, gradients = rng.normal(size=4), [size * rng.uniform(0.5, 2, 4) for _ in range(4)]
    rate = float(rng.uniform(0.1, 0.4))
    return [call(x, gradients, learning_rate=rate, eps=1e-3)]


ADAGRAD = Component("adagrad", right.adagrad, uneven_gradients, path)
RMSPROP = Component("rmsprop", right.rmsprop, uneven_gradients, path)


def _cache(x: Array, state: Any) -> Array:
    return np.zeros_like(x) if state is None else state["cache"]


@ADAGRAD.wrong(
    "eps_inside_root",
    "D49, s.231",
    "eps stands inside the root",
    "Divide by `np.sqrt(cache) + eps`.",
    "eps درون جذر آمده است",
    "بر `np.sqrt(cache) + eps` تقسیم کنید.",
)
def _eps_inside_root(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, eps: float = 1e-7
) -> Array:
    cache = _cache(x, state) + dx**2
    return x - learning_rate * dx / np.sqrt(cache + eps), {"cache": cache}


@ADAGRAD.wrong(
    "cache_overwritten",
    "D49, s.231",
    "The cache holds the last squared gradient only",
    "It is a sum over all steps: `cache += dx**2`, not `cache = dx**2`.",
    "کش فقط مربع آخرین گرادیان را دارد",
    "کش جمع همهٔ گام‌هاست: `cache += dx**2`، نه `cache = dx**2`.",
)
def _cache_overwritten(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, eps: float = 1e-7
) -> Array:
    return right.adagrad(x, dx, None, learning_rate=learning_rate, eps=eps)


@ADAGRAD.wrong(
    "root_missing",
    "s.231",
    "It is divided by the cache instead of its root",
    "The cache sums squares: divide by `np.sqrt(cache) + eps`.",
    "به جای جذر بر خود کش تقسیم شده است",
    "کش جمع مربع‌هاست: بر `np.sqrt(cache) + eps` تقسیم کنید.",
)
def _root_missing(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, eps: float = 1e-7
) -> Array:
    cache = _cache(x, state) + dx**2
    return x - learning_rate * dx / (cache + eps), {"cache": cache}


@ADAGRAD.wrong(
    "square_missing",
    "s.231",
    "The cache sums gradients instead of their squares",
    "Square each gradient before it is added: `cache += dx**2`.",
    "کش به جای مربع‌ها خود گرادیان‌ها را جمع می‌زند",
    "هر گرادیان را پیش از افزودن به توان دو برسانید: `cache += dx**2`.",
)
def _square_missing(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, eps: float = 1e-7
) -> Array:
    cache = _cache(x, state) + np.abs(dx)
    return x - learning_rate * dx / (np.sqrt(cache) + eps), {"cache": cache}


@ADAGRAD.wrong(
    "cache_updated_late",
    "s.231",
    "The step uses the cache of the step before",
    "Add dx**2 to the cache first, then divide by its root.",
    "گام با کشِ گام پیش برداشته شده است",
    "نخست `dx**2` را به کش بیفزایید، سپس بر جذر آن تقسیم کنید.",
)
def _cache_updated_late(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, eps: float = 1e-7
) -> Array:
    cache = _cache(x, state)
    return x - learning_rate * dx / (np.sqrt(cache) + eps), {"cache": cache + dx**2}


@RMSPROP.wrong(
    "never_forgets",
    "D49, s.234",
    "The cache only grows, as in AdaGrad",
    "RMSProp forgets: cache = decay_rate * cache + (1 - decay_rate) * dx**2.",
    "کش مانند AdaGrad فقط بزرگ می‌شود",
    "RMSProp فراموش می‌کند: `cache = decay_rate * cache + (1 - decay_rate) * dx**2`.",
)
def _never_forgets(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    decay_rate: float = 0.9,
    eps: float = 1e-7,
) -> Array:
    return right.adagrad(x, dx, state, learning_rate=learning_rate, eps=eps)


@RMSPROP.wrong(
    "decay_swapped",
    "D49, s.234",
    "decay_rate and 1 - decay_rate have changed places",
    "decay_rate is the part of the old cache that is kept.",
    "decay_rate و `1 - decay_rate` جابه‌جا شده‌اند",
    "decay_rate بخشی از کش پیشین است که می‌ماند.",
)
def _decay_swapped(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    decay_rate: float = 0.9,
    eps: float = 1e-7,
) -> Array:
    return right.rmsprop(
        x, dx, state, learning_rate=learning_rate, decay_rate=1 - decay_rate, eps=eps
    )


@RMSPROP.wrong(
    "new_part_not_weighed",
    "D49, s.234",
    "The new square lacks the factor 1 - decay_rate",
    "The cache is a mean: decay_rate * cache + (1 - decay_rate) * dx**2.",
    "مربع تازه ضریب `1 - decay_rate` ندارد",
    "کش میانگین است: `decay_rate * cache + (1 - decay_rate) * dx**2`.",
)
def _new_part_not_weighed(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    decay_rate: float = 0.9,
    eps: float = 1e-7,
) -> Array:
    cache = decay_rate * _cache(x, state) + dx**2
    return x - learning_rate * dx / (np.sqrt(cache) + eps), {"cache": cache}


@RMSPROP.wrong(
    "eps_inside_root",
    "D49, s.234",
    "eps stands inside the root",
    "Divide by `np.sqrt(cache) + eps`.",
    "eps درون جذر آمده است",
    "بر `np.sqrt(cache) + eps` تقسیم کنید.",
)
def _rmsprop_eps_inside_root(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    decay_rate: float = 0.9,
    eps: float = 1e-7,
) -> Array:
    cache = decay_rate * _cache(x, state) + (1 - decay_rate) * dx**2
    return x - learning_rate * dx / np.sqrt(cache + eps), {"cache": cache}


@RMSPROP.wrong(
    "cache_reset",
    "D49, s.234",
    "The cache starts at 0 in every step",
    "Hand the cache on to the next step.",
    "کش در هر گام از 0 آغاز می‌شود",
    "کش را به گام بعد بدهید.",
)
def _cache_reset(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    decay_rate: float = 0.9,
    eps: float = 1e-7,
) -> Array:
    return right.rmsprop(x, dx, None, learning_rate=learning_rate, decay_rate=decay_rate, eps=eps)


ADAPTIVE = (ADAGRAD, RMSPROP)
