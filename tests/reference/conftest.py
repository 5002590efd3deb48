"""Hypothesis settings for the reference tests: a slow machine is no failure."""

from hypothesis import settings

settings.register_profile("reference", deadline=None)
settings.load_profile("reference")
