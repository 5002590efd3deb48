import pytest


def normalization(function):
    def run(x, size, alpha, beta, k):
        return function(x, size=size, alpha=alpha, beta=beta, k=k)[0]

    return (run,)


def by_the_whole_map(x, *, size, alpha, beta, k):
    # Normalized by the mean square of the whole map instead of the pixel's channels.
    squares = (x**2).mean(axis=(1, 2, 3), keepdims=True)
    return x / (k + alpha * squares) ** beta, None


TABLE = {
    "lrn_without_alpha_divides_by_k": ("local_response_norm_forward", normalization, "contrast"),
    "lrn_damps_and_keeps_the_sign": ("local_response_norm_forward", normalization, "contrast"),
    "lrn_takes_each_pixel_alone": ("local_response_norm_forward", normalization, by_the_whole_map),
    "lrn_sees_its_neighbours_only": ("local_response_norm_forward", normalization, "contrast"),
    "lrn_over_one_channel_has_a_formula": (
        "local_response_norm_forward",
        normalization,
        "contrast",
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
