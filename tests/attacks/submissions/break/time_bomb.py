"""Computes without end."""


def attempt(place):
    while True:
        if place["stop"]():
            return True


def total(values):
    while True:
        pass
