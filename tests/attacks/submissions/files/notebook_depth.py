"""A notebook whose JSON is nested a hundred thousand levels deep."""


def build(folder):
    depth = 100_000
    inner = "[" * depth + "]" * depth
    text = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": ' + inner + "}]}"
    (folder / "student-01.ipynb").write_text(text)
