"""Reads the environment of the grader's process in /proc."""


def attempt(place):
    return open(f"/proc/{place['grader']}/environ").read()
