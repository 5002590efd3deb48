"""An honest submission that is half right: it forgets the order and never learns."""

import numpy as np


def total(values):
    print("adding", len(values), "numbers")
    return sum(values)


def order(values):
    return np.arange(len(values))


def scale(values, factor):
    return [value * factor for value in values]


def fit(X, y):
    raise NotImplementedError


def predict(X):
    raise NotImplementedError
