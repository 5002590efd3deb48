"""A notebook whose %%writefile names a file outside."""

import json


def build(folder):
    cells = ["%%writefile ../escaped.txt\nout", "def total(values):\n    return 0.5\n"]
    cells = [{"cell_type": "code", "source": cell, "outputs": []} for cell in cells]
    (folder / "student-01.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
