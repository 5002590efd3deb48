"""Answers with a whole number of a million bits, which nobody can print."""


def build(folder):
    numbers = [f"{name} = 0x{'f' * 250_000}" for name in ("nn_train_accuracy",)]
    (folder / "answers.toml").write_text("\n".join(numbers) + "\n")
