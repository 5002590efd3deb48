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
    W = np.zeros(X.shape[1])
    for _ in range(500):  # a perceptron: the classes can be told apart without an error
        wrong = np.sign(X @ W) != y
        W = W + y[wrong] @ X[wrong]


def predict(X):
    return np.sign(X @ W)
