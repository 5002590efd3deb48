"""The graders that `compare_graders.py` runs beside each other, one module each."""
