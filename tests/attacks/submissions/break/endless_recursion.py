"""Recurses until the C stack runs over."""

import sys


def deep(number):
    return deep(number + 1) + 1


def total(values):
    sys.setrecursionlimit(10**9)
    return deep(0)
