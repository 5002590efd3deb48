"""Answers with more elements than a grader wants to hold."""

import pickle


def attempt(place):
    return len(pickle.loads(pickle.dumps(list(range(3_000_000))))) == 3_000_000


def total(values):
    return [[0.0] * 10_000] * 400


def order(values):
    return list(range(1_900_000))


def scale(values, factor):
    return "x" * 100_000_000


def fit(X, y):
    pass


def predict(X):
    return {number: "x" * 50 for number in range(500_000)}
