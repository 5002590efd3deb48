"""Splits: disjoint, complete, of the right sizes, repeatable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.data.splits import k_fold, train_validation_test


@given(examples=st.integers(5, 60), seed=st.integers(0, 9))
def test_the_three_parts_cover_each_example_once(examples, seed):
    split = train_validation_test(
        examples, validation=0.2, test=0.2, rng=np.random.default_rng(seed)
    )
    together = np.concatenate([split.train, split.validation, split.test])
    assert sorted(together) == list(range(examples))
    assert len(split.test) == len(split.validation) == round(0.2 * examples)


def test_a_seed_repeats_the_split_and_another_changes_it():
    first, again, other = (
        train_validation_test(50, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first.test, again.test)
    assert not np.array_equal(first.test, other.test)


@given(data=st.data(), examples=st.integers(2, 40))
def test_each_example_is_validated_on_exactly_once(data, examples):
    folds = data.draw(st.integers(2, examples), label="folds")
    rounds = k_fold(examples, folds, rng=np.random.default_rng(0))
    assert sorted(np.concatenate([fold.validation for fold in rounds])) == list(range(examples))
    sizes = [len(fold.validation) for fold in rounds]
    assert len(rounds) == folds
    assert max(sizes) - min(sizes) <= 1
    for fold in rounds:
        both = np.concatenate([fold.train, fold.validation])
        assert sorted(both) == list(range(examples))


def test_without_a_generator_the_folds_are_consecutive_runs():
    assert [fold.validation.tolist() for fold in k_fold(5, 2)] == [[0, 1, 2], [3, 4]]


@pytest.mark.parametrize("folds", [1, 6])
def test_one_fold_or_more_folds_than_examples_is_refused(folds):
    with pytest.raises(ValueError, match="folds must be at"):
        k_fold(5, folds)


def test_a_split_that_leaves_nothing_to_train_on_is_refused():
    with pytest.raises(ValueError, match="must leave training examples, got 5 \\+ 5 of 10"):
        train_validation_test(10, validation=0.5, test=0.5, rng=np.random.default_rng(0))
