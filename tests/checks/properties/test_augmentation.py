import numpy as np
import pytest


def always(mirror):
    return (lambda x: mirror(x, np.random.default_rng(0), probability=1.0),)


def at_random(mirror):
    return (lambda x, seed: mirror(x, np.random.default_rng(seed)),)


def shifted(shift_by):
    return (lambda x, rows, columns: shift_by(x, np.tile((rows, columns), (len(x), 1))),)


def folds(k_fold):
    def run(examples, count, seed):
        made = k_fold(examples, count, rng=np.random.default_rng(seed))
        return [(fold.train, fold.validation) for fold in made]

    return (run,)


def parts(split):
    def run(examples, seed):
        made = split(examples, rng=np.random.default_rng(seed))
        return made.train, made.validation, made.test

    return (run,)


def rolled(x, rng, probability):
    return np.roll(x, 1, axis=3)


TABLE = {
    "mirroring_swaps_left_and_right": ("mirror", always, "upside_down"),
    "mirroring_twice_gives_the_image": ("mirror", always, rolled),
    "each_image_is_mirrored_by_its_own_chance": (
        "mirror",
        at_random,
        "upside_down",
        "all_mirrored",
    ),
    "a_shift_moves_every_pixel": ("shift_by", shifted, "wraps_around", "opposite_direction"),
    "a_shift_there_and_back_loses_the_rim_only": (
        "shift_by",
        shifted,
        "wraps_around",
        "opposite_direction",
    ),
    "each_example_is_validated_once": ("k_fold", folds, "parts_swapped", "remainder_dropped"),
    "no_fold_trains_on_its_validation_part": (
        "k_fold",
        folds,
        "validation_in_training",
        "parts_swapped",
    ),
    "the_three_parts_cover_each_example_once": (
        "train_validation_test",
        parts,
        "validation_is_test",
        "validation_from_training",
    ),
    "a_split_is_shuffled": ("train_validation_test", parts, "not_shuffled"),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
