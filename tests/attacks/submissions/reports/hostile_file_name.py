"""Is handed in under a name that is markup, a formula and an escape sequence at once."""

NAME = "=cmd|' <script>alert(1)<!-- \x1b[2J\u202e.py"


def total(values):
    return 0.5
