import numpy as np
import pytest

from reference.linear import LinearSVM
from reference.training.early_stopping import EarlyStopping


def stopping(kind):
    def run(losses, patience):
        rule, best = kind(patience=patience), None
        for epoch, loss in enumerate(losses):
            best = rule.watch(best, epoch, loss, {"W": np.array([float(epoch)])})
            if rule.exhausted(best):
                break
        return epoch, int(best.parameters["W"][0])

    return (run,)


def alone(function):
    return (function,)


def sampled(kind):
    return (lambda low, high, seed: kind(low, high).sample(np.random.default_rng(seed)),)


def trained(kind):
    def run(X, y, rate, steps, seed):
        rng = np.random.default_rng(seed)
        return kind().train(
            X, y, learning_rate=rate, steps=steps, rng=rng, batch_size=len(X), classes=2
        )

    return (run,)


class PatienceForTheWholeRun(EarlyStopping):
    def exhausted(self, best):
        return best.epoch + best.waited >= self.patience


class FixedRate(LinearSVM):
    def train(self, X, labels, *, learning_rate, **settings):
        return super().train(X, labels, learning_rate=0.01, **settings)


class RateOverSteps(LinearSVM):
    def train(self, X, labels, *, learning_rate, steps, **settings):
        rate = 0.1 * learning_rate / steps
        return super().train(X, labels, learning_rate=rate, steps=steps, **settings)


class OneGeneratorForAllRuns(LinearSVM):
    GENERATOR = np.random.default_rng(0)

    def train(self, X, labels, *, rng, **settings):
        return super().train(X, labels, rng=self.GENERATOR, scale=1.0, **settings)


TABLE = {
    "the_best_epoch_is_the_best_up_to_the_stop": ("EarlyStopping", stopping, "last_parameters"),
    "training_stops_when_patience_is_used_up": (
        "EarlyStopping",
        stopping,
        "patience_not_reset",
        "first_rise",
    ),
    "training_that_improves_is_not_stopped": ("EarlyStopping", stopping, PatienceForTheWholeRun),
    "update_ratio_grows_with_the_update": ("update_to_weight_ratio", alone, "inverted", "squared"),
    "update_ratio_of_a_share_is_the_share": ("update_to_weight_ratio", alone, "inverted", "means"),
    "a_sampled_setting_lies_in_its_range": ("LogRange", sampled, "exponent_returned"),
    "every_power_of_10_is_sampled_alike": ("LogRange", sampled, "linear", "exponent_returned"),
    "the_first_loss_tells_the_number_of_classes": (
        "expected_initial_loss",
        alone,
        "losses_swapped",
        "true_class_counted",
    ),
    "training_lowers_the_loss": ("LinearSVM", trained, "ascends"),
    "training_without_a_learning_rate_stands_still": ("LinearSVM", trained, FixedRate),
    "training_is_repeatable": ("LinearSVM", trained, OneGeneratorForAllRuns),
    "training_longer_begins_the_same": ("LinearSVM", trained, RateOverSteps),
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
