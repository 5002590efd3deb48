import math
from typing import Any

import numpy as np
import pytest

from reference.training import (
    Examples,
    TwoLayerNet,
    check_initial_loss,
    check_overfits,
    check_regularization_raises_loss,
    expected_initial_loss,
    penalty_of_weights,
)

NET = TwoLayerNet(3072, 50, 10)


def fresh(model: TwoLayerNet = NET) -> dict[str, Any]:
    return model.initialize(np.random.default_rng(0))


def test_initial_losses_of_softmax_and_svm() -> None:
    assert expected_initial_loss("softmax", 10) == pytest.approx(2.302585, abs=1e-6)
    assert expected_initial_loss("softmax", 3) == pytest.approx(1.098612, abs=1e-6)
    assert expected_initial_loss("svm", 10) == 9
    assert expected_initial_loss("svm", 3) == 2


def test_initial_loss_passes_at_ln_10(pixels: Examples) -> None:
    check = check_initial_loss(NET, fresh(), pixels, expected=expected_initial_loss("softmax", 10))
    assert check.passed is True and check.got == pytest.approx(2.3026, abs=1e-3)


def test_initial_loss_fails_when_it_is_summed_instead_of_averaged(pixels: Examples) -> None:
    class Summed(TwoLayerNet):
        def loss(self, parameters: Any, images: Any, labels: Any, **settings: Any) -> Any:
            loss, gradients = super().loss(parameters, images, labels, **settings)
            return loss * len(labels), gradients

    check = check_initial_loss(Summed(3072, 50, 10), fresh(), pixels, expected=math.log(10))
    assert not check.passed and check.got == pytest.approx(200 * math.log(10), rel=1e-3)


def test_initial_loss_fails_for_weights_that_start_too_large(pixels: Examples) -> None:
    large = TwoLayerNet(3072, 50, 10, weight_scale=0.1)
    assert not check_initial_loss(large, fresh(large), pixels, expected=math.log(10)).passed


def test_regularization_raises_the_loss_by_0_77(pixels: Examples) -> None:
    check = check_regularization_raises_loss(NET, fresh(), pixels, regularization=1e3)
    assert check.passed and check.got == pytest.approx(0.7705, abs=0.01)
    assert check.expected == pytest.approx(penalty_of_weights(fresh(), strength=1e3))


@pytest.mark.parametrize("factor", [0.0, 2.0])
def test_regularization_that_is_missing_or_doubled_fails(pixels: Examples, factor: float) -> None:
    class Other(TwoLayerNet):
        def loss(self, *arguments: Any, regularization: float = 0.0, rng: Any = None) -> Any:
            return super().loss(*arguments, regularization=factor * regularization, rng=rng)

    assert not check_regularization_raises_loss(Other(3072, 50, 10), fresh(), pixels).passed


def test_twenty_examples_are_learned_by_heart_at_the_slides_settings(pixels: Examples) -> None:
    # The slides end at 0.002597 and 100 %, from 2.302603, with learning rate 1e-3.
    accuracy, loss = check_overfits(NET, pixels, rng=np.random.default_rng(0), learning_rate=1e-3)
    assert accuracy.passed and accuracy.got == 1.0
    assert loss.passed and loss.got < 0.01


def test_a_network_that_cannot_learn_fails_to_overfit(pixels: Examples) -> None:
    class FrozenHidden(TwoLayerNet):
        def loss(self, *arguments: Any, **settings: Any) -> Any:
            loss, gradients = super().loss(*arguments, **settings)
            return loss, {name: 0 * value for name, value in gradients.items()}

    accuracy, loss = check_overfits(
        FrozenHidden(3072, 50, 10), pixels, rng=np.random.default_rng(0), epochs=20
    )
    assert not accuracy.passed and not loss.passed
    assert loss.got == pytest.approx(math.log(10), abs=1e-3)


def test_overfitting_run_that_ends_in_nan_fails_with_nan(pixels: Examples) -> None:
    checks = check_overfits(NET, pixels, rng=np.random.default_rng(0), learning_rate=1e9)
    assert not any(check.passed for check in checks)
    assert all(math.isnan(check.got) for check in checks)


def test_wrong_arguments_are_refused(pixels: Examples) -> None:
    with pytest.raises(ValueError, match="kind must be one of 'softmax', 'svm'"):
        expected_initial_loss("hinge", 3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="classes must be at least 2, got 1"):
        expected_initial_loss("svm", 1)
    with pytest.raises(ValueError, match="count must be at most 200, got 201"):
        check_overfits(NET, pixels, rng=np.random.default_rng(0), count=201)
    with pytest.raises(ValueError, match="regularization must be a finite number above 0"):
        check_regularization_raises_loss(NET, fresh(), pixels, regularization=0.0)
    with pytest.raises(ValueError, match="rtol must be a finite number above 0"):
        check_initial_loss(NET, fresh(), pixels, expected=2.3, rtol=0.0)
