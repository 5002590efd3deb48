"""The networks in numpy layers learn to read scikit-learn's digits."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from reference.architectures.numpy_network import NumpyNetwork, numpy_lenet5, numpy_vgg
from reference.optim import adam
from reference.training import Examples, Solver, TrainingResult, check_initial_loss, train


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Images (1797, 1, 8, 8), centred, and labels, in one fixed random order."""
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(images))
    images = images[order].astype(np.float32) / 16
    return (images - images[:1000].mean(axis=0)).reshape(-1, 1, 8, 8), labels[order]


def enlarged(images: np.ndarray) -> np.ndarray:
    """Blow 8 x 8 up to 24 x 24 and pad to LeNet's 28 x 28."""
    large = np.kron(images, np.ones((1, 1, 3, 3), images.dtype))
    return np.pad(large, ((0, 0), (0, 0), (2, 2), (2, 2)))


def run(network: NumpyNetwork, images: np.ndarray, count: int, **settings: Any) -> TrainingResult:
    labels = digits()[1]
    rng = np.random.default_rng(0)
    return train(
        network,
        Examples(images[:count], labels[:count]),
        Examples(images[1400:], labels[1400:]),
        solver=Solver(rule=adam, batch_size=25, **settings),
        rng=rng,
        parameters=network.initialize(rng, dtype=np.float32),
    )


def test_lenet5_with_relu_reads_digits() -> None:
    result = run(
        numpy_lenet5(modern=True), enlarged(digits()[0]), 400, learning_rate=2e-3, epochs=3
    )
    last = result.curves.epochs[-1]
    assert last.validation_accuracy is not None and last.validation_accuracy > 0.88
    assert {value.dtype for value in result.parameters.values()} == {np.dtype(np.float32)}


@pytest.mark.slow
def test_lenet5_with_sigmoids_reads_digits_after_a_long_flat_start() -> None:
    result = run(numpy_lenet5(), enlarged(digits()[0]), 400, learning_rate=1e-2, epochs=8)
    first, last = result.curves.epochs[1], result.curves.epochs[-1]
    assert first.validation_accuracy is not None and first.validation_accuracy < 0.3
    assert last.validation_accuracy is not None and last.validation_accuracy > 0.85


def test_vgg_with_dropout_reads_digits() -> None:
    network = numpy_vgg(((1, 8), (2, 16)), input_shape=(1, 8, 8), hidden=64, keep_probability=0.8)
    result = run(network, digits()[0], 600, learning_rate=3e-3, epochs=4)
    last = result.curves.epochs[-1]
    assert last.validation_accuracy is not None and last.validation_accuracy > 0.85


def test_fresh_lenet5_starts_near_ln_10() -> None:
    network = numpy_lenet5()
    images, labels = digits()
    parameters = network.initialize(np.random.default_rng(0))
    check = check_initial_loss(
        network,
        parameters,
        Examples(enlarged(images)[:100], labels[:100]),
        expected=float(np.log(10)),
        rtol=0.2,
    )
    assert check.passed
