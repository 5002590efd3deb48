"""Computes without end."""


def total(values):
    while True:
        pass
