import pytest

from reference.data.preprocessing import Standardization


def fitted(kind):
    return (lambda train, X: kind.fit(train).transform(X),)


def zca(kind):
    return (lambda train, X: kind.fit(train, kind="zca", eps=1e-8).transform(X),)


def alone(function):
    return (function,)


TABLE = {
    "centred_training_data_have_mean_0": (
        "Standardization",
        fitted,
        "axis_missing",
        "over_features",
    ),
    "new_data_are_transformed_one_by_one": (
        "Standardization",
        fitted,
        "test_statistics",
        "over_features",
    ),
    "standardized_training_data_have_deviation_1": (
        "Standardization",
        fitted,
        "axis_missing",
        "over_features",
    ),
    "standardizing_ignores_the_unit": (
        "Standardization",
        fitted,
        "over_features",
        "variance_for_std",
    ),
    "a_constant_feature_becomes_0": ("Standardization", fitted, "axis_missing", "over_features"),
    "doing_it_twice_changes_nothing_more": (
        "Standardization",
        fitted,
        "over_features",
        "variance_for_std",
    ),
    "centring_keeps_differences": ("Centering", fitted, Standardization),
    "decorrelated_data_have_a_diagonal_covariance": (
        "Decorrelation",
        fitted,
        "smallest_first",
        "rows_for_columns",
    ),
    "decorrelating_turns_and_keeps_distances": ("Decorrelation", fitted, "divided_by_deviations"),
    "whitened_data_have_unit_covariance": ("Whitening", zca, "root_missing", "not_scaled"),
    "zca_whitening_keeps_whitened_data": ("Whitening", zca, "root_missing", "not_rotated_back"),
    "the_bias_trick_appends_a_column_of_ones": (
        "append_ones",
        alone,
        "ones_first",
        "zeros_for_ones",
    ),
    "channel_means_are_taken_out": ("ChannelCentering", fitted, "one_mean_for_all", "mean_image"),
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
