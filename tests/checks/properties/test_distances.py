import pytest

from reference.neighbors import distances_vectorized


def l1(distances):
    return (lambda a, b: distances(a, b, metric="l1"),)


def l2(distances):
    return (lambda a, b: distances(a, b, metric="l2"),)


def l1_right_and_l2(distances):
    return (*l1(distances_vectorized), *l2(distances))


TABLE = {
    "distances_are_symmetric": ("distances_vectorized", l1, "axis_missing", "wrong_axis"),
    "distance_to_itself_is_0": ("distances_vectorized", l1, "axis_missing", "wrong_axis"),
    "different_points_are_apart": ("distances_vectorized", l1, "axis_missing", "wrong_axis"),
    "distances_of_bytes_are_those_of_floats": (
        "distances_vectorized",
        l1,
        "uint8_wraps",
        "axis_missing",
    ),
    "l1_distances_add_over_the_features": (
        "distances_vectorized",
        l1,
        "axis_missing",
        "wrong_axis",
    ),
    "no_way_round_is_shorter": ("distances_vectorized", l2, "root_missing", "axis_missing"),
    "distances_ignore_a_common_shift": ("distances_vectorized", l2, "axis_missing", "wrong_axis"),
    "distances_scale_with_the_points": ("distances_vectorized", l2, "root_missing", "axis_missing"),
    "distances_move_with_the_points": ("distances_vectorized", l2, "axis_missing", "wrong_axis"),
    "distances_ignore_the_order_of_features": (
        "distances_vectorized",
        l2,
        "axis_missing",
        "wrong_axis",
    ),
    "l2_squares_add_over_the_features": (
        "distances_vectorized",
        l2,
        "root_missing",
        "axis_missing",
    ),
    "l2_distances_ignore_a_rotation": ("distances_vectorized", l2, "axis_missing", "wrong_axis"),
    "each_distance_is_of_its_pair_alone": (
        "distances_vectorized",
        l2,
        "axis_missing",
        "wrong_axis",
    ),
    "l2_lies_between_l1_and_its_share": (
        "distances_vectorized",
        l1_right_and_l2,
        "root_missing",
        "axis_missing",
    ),
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
