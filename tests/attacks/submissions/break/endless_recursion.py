"""Recurses in C, where no limit on recursion looks, until the stack runs over."""


def total(values):
    layers = iter(values)
    for _ in range(300_000):
        layers = filter(None, layers)
    return next(layers)
