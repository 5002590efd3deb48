"""Fractional max pooling: the same random grid, drawn and pooled in other ways."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np

from right_versions.convolution import both
from right_versions.regions import over_regions
from right_versions.registry import enter


def cuts_of(size, places, rng, pseudorandom):
    """The regions' borders, with fractions (pseudorandom) or from shuffled lengths."""
    if pseudorandom:
        u, alpha = Fraction(int(rng.integers(2**20)), 2**20), Fraction(size, places)
        start = math.ceil(alpha * u)
        return [math.ceil(alpha * (i + u)) - start for i in range(places + 1)]
    lengths = rng.permutation([2] * (size - places) + [1] * (2 * places - size))
    return [sum(lengths[:i]) for i in range(places + 1)]


def regions_of(x, out_size, rng, pseudorandom, overlapping):
    axes = []
    for size, places in zip(x.shape[2:], both(out_size), strict=True):
        cuts = cuts_of(size, places, rng, pseudorandom)
        axes.append([(a, min(b + overlapping, size)) for a, b in pairwise(cuts)])
    return axes


def patch_by_patch(x, rows, columns):
    return over_regions(x, rows, columns, lambda patch: patch.max((2, 3)))


def rows_then_columns(x, rows, columns):
    x = np.stack([x[:, :, a:b].max(2) for a, b in rows], 2)
    return np.stack([x[..., a:b].max(3) for a, b in columns], 3)


def reduced(x, rows, columns):
    """`reduceat` along each axis; where regions overlap the borders come in pairs."""
    for axis, regions in ((2, rows), (3, columns)):
        moved = np.moveaxis(x, axis, 0)
        moved = np.concatenate([moved, np.full_like(moved[:1], -np.inf)])
        borders = np.array(regions).ravel()
        x = np.moveaxis(np.maximum.reduceat(moved, borders, axis=0)[::2], 0, axis)
    return x


def masked(x, rows, columns):
    """What lies outside a region becomes minus infinity."""
    out = np.empty((*x.shape[:2], len(rows), len(columns)))
    for p, (a, b) in enumerate(rows):
        for q, (c, d) in enumerate(columns):
            inside = np.zeros(x.shape[2:], bool)
            inside[a:b, c:d] = True
            out[:, :, p, q] = np.where(inside, x, -np.inf).max((2, 3))
    return out


def pixel_by_pixel(x, rows, columns):
    """Each pixel competes in the regions that it lies in."""
    out = np.full((*x.shape[:2], len(rows), len(columns)), -np.inf)
    for i, j in np.ndindex(*x.shape[2:]):
        for p, q in np.ndindex(len(rows), len(columns)):
            if rows[p][0] <= i < rows[p][1] and columns[q][0] <= j < columns[q][1]:
                np.maximum(out[:, :, p, q], x[:, :, i, j], out=out[:, :, p, q])
    return out


def sorted_patches(x, rows, columns):
    return over_regions(
        x, rows, columns, lambda patch: np.sort(patch.reshape(*patch.shape[:2], -1))[..., -1]
    )


def versions(pool):
    def forward(x, out_size, *, rng, pseudorandom=True, overlapping=False):
        return pool(x, *regions_of(x, out_size, rng, pseudorandom, overlapping)), None

    def average(x, out_size, *, grids, rng, pseudorandom=True, overlapping=False):
        drawn = [
            pool(x, *regions_of(x, out_size, rng, pseudorandom, overlapping)) for _ in range(grids)
        ]
        return np.mean(drawn, axis=0)

    return forward, average


for pool in (patch_by_patch, rows_then_columns, reduced, masked, pixel_by_pixel, sorted_patches):
    one, many = versions(pool)
    enter("fractional_max_pool2d_forward", f"fractional_{pool.__name__}", one)
    enter("fractional_max_pool2d_average", f"average_{pool.__name__}", many)
