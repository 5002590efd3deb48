"""Index splits: train, validation and test, and k folds (slides s.29-32).

The test indices are for one use at the very end; hyperparameters are chosen on validation data.
"""

from dataclasses import dataclass

import numpy as np

from reference.arrays import IntArray, check_count, check_probability


@dataclass(frozen=True)
class Split:
    """Three disjoint index arrays that together cover every example once."""

    train: IntArray
    validation: IntArray
    test: IntArray


@dataclass(frozen=True)
class Fold:
    """One round of cross-validation: train on `train`, score on `validation`."""

    train: IntArray
    validation: IntArray


def train_validation_test(
    examples: int,
    *,
    validation: float = 0.2,
    test: float = 0.2,
    rng: np.random.Generator,
) -> Split:
    """Shuffle `examples` indices and cut off round(test N), then round(validation N) of them.

    Raises ValueError: fractions outside [0, 1], or nothing left to train on.
    """
    count = check_count(examples, "examples")
    held_out = round(count * check_probability(test, "test"))
    checked = round(count * check_probability(validation, "validation"))
    if held_out + checked >= count:
        raise ValueError(
            f"validation + test must leave training examples, got {checked} + {held_out} of "
            f"{count}: lower the fractions"
        )
    order = rng.permutation(count)
    cut = held_out + checked
    return Split(train=order[cut:], validation=order[held_out:cut], test=order[:held_out])


def k_fold(examples: int, folds: int, *, rng: np.random.Generator | None = None) -> list[Fold]:
    """Return `folds` rounds in which each example is validated on exactly once.

    Fold sizes differ by at most one. Without `rng` the folds are consecutive runs of indices,
    which is right only for data that is already shuffled.

    Raises ValueError: fewer than 2 folds or more folds than examples.
    """
    count = check_count(examples, "examples")
    check_count(folds, "folds", minimum=2, maximum=count)
    order = np.arange(count) if rng is None else rng.permutation(count)
    parts = np.array_split(order, folds)
    return [
        Fold(train=np.concatenate(parts[:i] + parts[i + 1 :]), validation=parts[i])
        for i in range(folds)
    ]
