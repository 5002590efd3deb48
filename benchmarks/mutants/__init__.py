"""Mutants of right code, and how many of them the checks catch."""
