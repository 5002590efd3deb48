"""Notebooks as plain dictionaries: all that the harnesses of nbgrader and Otter need of them."""

from __future__ import annotations

import json
from typing import Any

Cell = dict[str, Any]


def code_cell(source: str, cell_id: str, **metadata: object) -> Cell:
    """A code cell that has not run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def notebook(cells: list[Cell]) -> str:
    """The file of a Python notebook with these cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {
            "cells": cells,
            "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
