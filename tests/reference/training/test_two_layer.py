import numpy as np
import pytest
import torch

from reference.training import Examples, TwoLayerNet, penalty_of_weights, two_layer_loss

SLIDES = TwoLayerNet(3072, 50, 10)


def test_slides_network_starts_at_ln_10(pixels: Examples) -> None:
    # Printed: 2.30261216167; ln 10 = 2.30258509.
    parameters = SLIDES.initialize(np.random.default_rng(0))
    loss, _ = SLIDES.loss(parameters, pixels.images, pixels.labels)
    assert loss == pytest.approx(np.log(10), abs=1e-4)


def test_slides_network_with_regularization_1000_starts_at_3_07(pixels: Examples) -> None:
    # Printed: 3.06859716482; with lambda sum W^2, without the half, it would be 3.84.
    parameters = SLIDES.initialize(np.random.default_rng(0))
    loss, _ = SLIDES.loss(parameters, pixels.images, pixels.labels, regularization=1e3)
    assert loss == pytest.approx(3.0686, abs=0.015)
    assert penalty_of_weights(parameters, strength=1e3) == pytest.approx(0.7705, abs=0.01)


def test_loss_as_a_function_takes_the_sizes_of_the_parameters() -> None:
    parameters = {
        "W1": np.array([[1.0, -1.0]]),
        "b1": np.array([0.0, 0.5]),
        "W2": np.array([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]]),
        "b2": np.array([0.0, 1.0, 0.0]),
    }
    # Hidden (2, 0), scores (2, 1, 4): softmax (0.1142, 0.0420, 0.8438).
    loss, gradients = two_layer_loss(parameters, [[2.0]], [2], strength=0.5)
    assert loss == pytest.approx(np.log(1 + np.exp(-2) + np.exp(-3)) + 0.25 * (2 + 15), rel=1e-12)
    dscores = np.exp([2.0, 1.0, 4.0]) / np.exp([2.0, 1.0, 4.0]).sum() - [0, 0, 1]
    np.testing.assert_allclose(gradients["b2"], dscores)
    np.testing.assert_allclose(gradients["W2"], [2 * dscores, 0 * dscores] + 0.5 * parameters["W2"])
    np.testing.assert_allclose(gradients["b1"], [dscores @ [1.0, 0.0, 2.0], 0.0])
    np.testing.assert_allclose(gradients["W1"], [2 * gradients["b1"]] + 0.5 * parameters["W1"])


@pytest.mark.parametrize("regularization", [0.0, 0.3])
def test_loss_and_gradients_equal_torch(regularization: float) -> None:
    rng = np.random.default_rng(1)
    model = TwoLayerNet(6, 5, 3, weight_scale=0.7)
    parameters = model.initialize(rng)
    parameters["b1"] = rng.normal(size=5)
    parameters["b2"] = rng.normal(size=3)
    images, labels = rng.normal(size=(8, 6)), rng.integers(3, size=8)
    theirs = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    hidden = torch.relu(torch.tensor(images) @ theirs["W1"] + theirs["b1"])
    expected = torch.nn.functional.cross_entropy(
        hidden @ theirs["W2"] + theirs["b2"], torch.tensor(labels)
    )
    for name in ("W1", "W2"):
        expected = expected + regularization / 2 * theirs[name].square().sum()
    expected.backward()
    loss, gradients = model.loss(parameters, images, labels, regularization=regularization)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, theirs[name].grad.numpy(), rtol=1e-9, atol=1e-14)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="hidden must be at least 1, got 0"):
        TwoLayerNet(4, 0, 3)
    with pytest.raises(ValueError, match="weight_scale must be a finite number above 0"):
        TwoLayerNet(4, 5, 3, weight_scale=0.0)
    model = TwoLayerNet(4, 5, 3)
    parameters = model.initialize(np.random.default_rng(0))
    with pytest.raises(ValueError, match="images must have 4 columns"):
        model.scores(parameters, np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"labels must lie in \[0, 3\), got 3"):
        model.loss(parameters, np.ones((2, 4)), [0, 3])
    with pytest.raises(ValueError, match="images must have 4 columns"):
        two_layer_loss(parameters, np.ones((2, 3)), [0, 1], strength=0.0)
