"""Raises an exception whose message takes for ever, and prints an object whose text is endless."""


class Endless(Exception):
    def __str__(self):
        while True:
            pass


def total(values):
    raise Endless


def order(values):
    raise ValueError("x" * 50_000_000)
