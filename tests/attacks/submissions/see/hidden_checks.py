"""Reads the hidden checks of its own assignment."""


def attempt(place):
    return open(place["checks"]).read()
