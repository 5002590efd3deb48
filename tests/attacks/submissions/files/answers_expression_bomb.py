"""Answers with formulas that take for ever to compute, or a deep stack to read."""

BOMBS = ["9**9**9**9**9", "(" * 300 + "1" + ")" * 300, "-" * 900 + "x", "exp(" * 90 + "9" + ")" * 90]
NAMES = ["sigmoid_derivative", "he", "adagrad_nth", "three_small"]


def build(folder):
    lines = [f'{name} = "{bomb}"' for name, bomb in zip(NAMES, BOMBS, strict=True)]
    (folder / "answers.toml").write_text("\n".join(lines) + "\n")
