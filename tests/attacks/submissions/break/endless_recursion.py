"""Recurses until the C stack runs over."""

import sys


def deep(number):
    return deep(number + 1) + 1


def attempt(place):
    sys.setrecursionlimit(5000)
    try:
        deep(0)
    except RecursionError:
        return True


def total(values):
    sys.setrecursionlimit(10**9)
    return deep(0)
