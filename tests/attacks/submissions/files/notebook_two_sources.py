"""Shows one source of a cell to whoever opens the notebook, and another to the grader."""

import json

SHOWN = "def total(values):\n    return 0.5\n"
RUN = "def total(values):\n    return float(values.sum())\n"


def build(folder):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": SHOWN, "input": RUN}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (folder / "student-01.ipynb").write_text(json.dumps(notebook))
