"""Puts thousands of accents on one letter, which grow over the lines above: over the score."""

PAYLOAD = "g" + "\u0301\u0323\u20dd" * 300 + " " + "\u0628" + "\u0651\u064e\u0655" * 300


def total(values):
    raise ValueError(PAYLOAD)


def order(values):
    return [PAYLOAD]
