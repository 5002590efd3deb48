"""Recurses without the limit that Python sets: every call keeps a frame in memory."""

import sys


def deep(number):
    return number and deep(number - 1) + 1


def attempt(place):
    sys.setrecursionlimit(10**9)
    return deep(200_000) == 200_000


def total(values):
    sys.setrecursionlimit(10**9)
    return deep(10**9)
