"""An honest submission that is right: the neighbour whose result no attack may change."""

import numpy as np


def total(values):
    return float(np.sum(values))


def order(values):
    return np.argsort(values)


def scale(values, factor):
    return np.asarray(values) * factor


def fit(X, y):
    global W
    W = np.linalg.lstsq(X, y, rcond=None)[0]


def predict(X):
    return np.sign(X @ W)
