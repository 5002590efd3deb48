"""Answers with an empty array of 2^38 rows, for somebody to loop over."""

import itertools

import numpy as np


def attempt(place):
    rows = sum(1 for _ in itertools.islice(iter(np.zeros((1 << 38, 0))), 10_000))
    return rows == 10_000


def total(values):
    return np.zeros((1 << 38, 0))


order = scale = predict = fit = lambda *arguments: np.zeros((1 << 38, 0))
