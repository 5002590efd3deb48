import pytest

from reference.losses import svm_loss_naive


def alone(loss):
    return (lambda W, X, y, reg: loss(W, X, y, strength=reg),)


def beside_the_naive(loss):
    return (*alone(svm_loss_naive), *alone(loss))


def predictor(kind):
    def predict(W, b, X):
        classifier = kind()
        classifier.set_parameters(W, b)
        return classifier.predict(X)

    return (predict,)


def classifier_loss(kind):
    def loss(W, b, X, y, reg):
        classifier = kind(strength=reg)
        classifier.set_parameters(W, b)
        return tuple(classifier.loss(X, y))

    return (loss,)


TABLE = {
    "penalty_ignores_the_data": ("svm_loss", alone, "penalty_divided_by_n", "gradient_transposed"),
    "penalty_grows_with_its_strength": (
        "svm_loss",
        alone,
        "penalty_subtracted",
        "gradient_transposed",
    ),
    "penalty_gradient_is_its_slope": (
        "svm_loss",
        alone,
        "penalty_gradient_without_2",
        "penalty_value_halved",
    ),
    "weights_of_a_dark_pixel_get_no_gradient": ("svm_loss", alone, "gradient_transposed"),
    "gradient_moves_with_the_pixels": ("svm_loss", alone, "gradient_transposed"),
    "larger_pixels_need_smaller_weights": ("svm_loss", alone, "gradient_transposed"),
    "batch_loss_is_the_mean_of_its_halves": (
        "svm_loss",
        alone,
        "mean_missing",
        "gradient_mean_missing",
    ),
    "linear_loss_lies_above_its_tangents": (
        "svm_loss",
        alone,
        "gradient_descends",
        "gradient_transposed",
    ),
    "naive_and_vectorized_loss_agree": (
        "svm_loss",
        beside_the_naive,
        "true_class_not_zeroed",
        "gradient_counts_true_class",
    ),
    "predictions_ignore_a_common_bias": (
        "LinearSVM",
        predictor,
        "bias_forgotten",
        "smallest_score_wins",
    ),
    "penalty_leaves_the_bias_alone": ("LinearSVM", classifier_loss, "bias_penalized"),
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
