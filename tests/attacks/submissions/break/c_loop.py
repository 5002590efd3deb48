"""Computes without end inside of C code, where no Python signal handler runs."""

import re


def total(values):
    re.match("(a+)+b", "a" * 60)
