"""Answers with lists in lists in lists."""


def build(folder):
    (folder / "answers.toml").write_text("nn_time = " + "[" * 400 + "1" + "]" * 400 + "\n")
