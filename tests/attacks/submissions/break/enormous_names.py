"""Gives its parameters names of megabytes, which every message repeats."""


def total(values):
    return 0.5


NAME = "values" * 1_000_000
total.__code__ = total.__code__.replace(co_varnames=(NAME,))


def attempt(place):
    try:
        total()
    except TypeError as error:
        return len(str(error)) > 1_000_000


order = total
