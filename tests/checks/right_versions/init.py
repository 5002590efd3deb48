"""Random weights: the same draws, scaled in other ways; only a shape is given, so six each."""

import math

import numpy as np

from right_versions.registry import enter

# --- fans ---------------------------------------------------------------------------------------


def fans_product(shape):
    field = math.prod(shape[2:])
    return (shape[1] * field, shape[0] * field) if len(shape) == 4 else tuple(shape)


def fans_of_an_array(shape):
    """A unit's fan-in is how many numbers its filter holds."""
    weights = np.empty(shape)
    if weights.ndim == 2:
        return len(weights), weights[0].size
    return weights[0].size, weights[:, 0].size


def fans_of_the_size(shape):
    size = int(np.prod(shape))
    return (size // shape[1], size // shape[0]) if len(shape) == 2 else (
        size // shape[0], size // shape[1],
    )  # fmt: skip


def fans_transposed(shape):
    """A matrix (D, M) is the filters (M, D, 1, 1)."""
    f, c, h, w = (shape[1], shape[0], 1, 1) if len(shape) == 2 else shape
    return c * h * w, f * h * w


def fans_loops(shape):
    area = 1
    for size in shape[2:]:
        area *= size
    sides = [area * size for size in shape[:2]]
    return tuple(sides if len(shape) == 2 else sides[::-1])


def fans_flat(shape):
    """The sides of the matrix that the weights are in a product with columns."""
    if len(shape) == 2:
        return np.zeros(shape).shape
    by_filter, by_channel = np.zeros(shape), np.zeros(shape).swapaxes(0, 1)
    return by_filter.reshape(shape[0], -1).shape[1], by_channel.reshape(shape[1], -1).shape[1]


FANS = (fans_product, fans_of_an_array, fans_of_the_size, fans_transposed, fans_loops, fans_flat)
for each in FANS:
    enter("fans", each.__name__, each)

# --- draws --------------------------------------------------------------------------------------


def scaled(rng, shape, std):
    return rng.standard_normal(shape) * std


def divided(rng, shape, std):
    return rng.normal(size=shape) / (1 / std)


def one_by_one(rng, shape, std):
    return np.array([rng.normal() * std for _ in range(math.prod(shape))]).reshape(shape)


def row_by_row(rng, shape, std):
    return np.stack([rng.normal(scale=std, size=shape[1:]) for _ in range(shape[0])])


def flat(rng, shape, std):
    return np.reshape(std * rng.standard_normal(int(np.prod(shape))), shape)


def filled(rng, shape, std):
    weights = np.empty(shape)
    rng.standard_normal(out=weights)
    weights *= std
    return weights


def spread(rng, shape, limit):
    return (2 * rng.random(shape) - 1) * limit


def shifted(rng, shape, limit):
    return rng.random(shape) * (2 * limit) - limit


def unit(rng, shape, limit):
    return limit * rng.uniform(-1, 1, size=shape)


def uniform_one_by_one(rng, shape, limit):
    count = math.prod(shape)
    return np.reshape([rng.uniform(-limit, limit) for _ in range(count)], shape)


def centred(rng, shape, limit):
    return (rng.random(math.prod(shape)).reshape(shape) - 0.5) * limit / 0.5


def mixed(rng, shape, limit):
    """Between both ends."""
    part = rng.random(shape)
    return part * limit + (1 - part) * -limit


NORMAL = (scaled, divided, one_by_one, row_by_row, flat, filled)
UNIFORM = (spread, shifted, unit, uniform_one_by_one, centred, mixed)
SIZES = {
    "he": lambda fan_in, fan_out: (2 / fan_in) ** 0.5,
    "xavier_slides": lambda fan_in, fan_out: fan_in**-0.5,
    "xavier_uniform": lambda fan_in, fan_out: (6 / (fan_in + fan_out)) ** 0.5,
}


def initializer(draw, fans, size):
    return lambda shape, rng: draw(rng, shape, size(*fans(shape)))


def small(draw):
    return lambda shape, rng, *, std=0.01: draw(rng, shape, std)


for component, size in SIZES.items():
    draws = UNIFORM if component == "xavier_uniform" else NORMAL
    for draw, fans in zip(draws, FANS, strict=True):
        enter(component, f"{component}_{draw.__name__}", initializer(draw, fans, size))
for draw in NORMAL:
    enter("small_random", f"small_{draw.__name__}", small(draw))
