import numpy as np
import pytest
import torch
from torch import nn

from reference.architectures.lenet import lenet5
from reference.architectures.numpy_layers import (
    Activation,
    Affine,
    Convolution,
    Dropout,
    Flatten,
    Pool,
)
from reference.architectures.numpy_network import NumpyNetwork, numpy_lenet5, numpy_vgg
from reference.architectures.tracing import account
from reference.architectures.vgg import CONV_ARCH, vgg_from_blocks

SMALL_VGG = ((1, 4), (2, 6))


def copy_to_torch(parameters: dict[str, np.ndarray], network: nn.Sequential) -> None:
    for name, value in parameters.items():
        target = network.get_parameter(name)
        affine = name.endswith("weight") and value.ndim == 2
        with torch.no_grad():
            target.copy_(torch.from_numpy(value.T if affine else value))


@pytest.mark.parametrize("name", ["lenet5", "vgg"])
def test_loss_and_gradients_equal_torch_with_the_same_weights(name: str) -> None:
    rng = np.random.default_rng(0)
    if name == "lenet5":
        ours, theirs, shape = numpy_lenet5(), lenet5(), (1, 28, 28)
    else:
        ours = numpy_vgg(SMALL_VGG, input_shape=(3, 8, 8), hidden=7, keep_probability=1.0)
        theirs = vgg_from_blocks(SMALL_VGG, input_size=8, hidden=7, classes=10).eval()
        shape = (3, 8, 8)
    parameters = ours.initialize(rng)
    copy_to_torch(parameters, theirs.double())
    images, labels = rng.normal(size=(5, *shape)), rng.integers(10, size=5)
    loss, gradients = ours.loss(parameters, images, labels, regularization=0.1, rng=rng)
    weights = [value for key, value in theirs.named_parameters() if key.endswith("weight")]
    expected = nn.functional.cross_entropy(
        theirs(torch.from_numpy(images)), torch.from_numpy(labels)
    ) + 0.05 * sum(weight.square().sum() for weight in weights)
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert gradients.keys() == parameters.keys()
    for key, value in gradients.items():
        gradient = theirs.get_parameter(key).grad
        assert gradient is not None
        affine = key.endswith("weight") and value.ndim == 2
        np.testing.assert_allclose(
            value.T if affine else value, gradient.numpy(), rtol=1e-9, atol=1e-12
        )


def test_cost_tables_equal_those_of_the_torch_networks() -> None:
    ours = numpy_lenet5().account()
    theirs = account(lenet5(), (1, 28, 28))
    assert ours.parameters == theirs.parameters == 61_706
    columns = ("output_shape", "weights", "biases", "multiply_adds", "receptive_field", "storage")
    for mine, other in zip(ours.rows, theirs.rows, strict=True):
        assert [getattr(mine, each) for each in columns] == [
            getattr(other, each) for each in columns
        ]
    assert ours.activations() == theirs.activations()


def test_vgg16_in_numpy_layers_has_the_published_cost() -> None:
    table = numpy_vgg(CONV_ARCH[16], input_shape=(3, 224, 224), hidden=4096, classes=1000).account()
    assert table.parameters == 138_357_544
    assert table.weights == 138_344_128
    assert table.activations() == 15_237_608
    assert table.row("pool5").receptive_field == 212


def test_dropout_is_drawn_in_training_only() -> None:
    network = numpy_vgg(SMALL_VGG, input_shape=(3, 8, 8), hidden=16, keep_probability=0.5)
    parameters = network.initialize(np.random.default_rng(0))
    images, labels = np.random.default_rng(1).normal(size=(4, 3, 8, 8)), np.arange(4)
    first, second = (
        network.loss(parameters, images, labels, rng=np.random.default_rng(seed))[0]
        for seed in (0, 1)
    )
    assert first != second
    np.testing.assert_array_equal(
        network.scores(parameters, images), network.scores(parameters, images)
    )
    with pytest.raises(ValueError, match="training needs a random generator"):
        network.loss(parameters, images, labels)


def test_float32_parameters_keep_the_whole_pass_in_float32() -> None:
    network = numpy_lenet5()
    parameters = network.initialize(np.random.default_rng(0), dtype=np.float32)
    images = np.random.default_rng(1).normal(size=(2, 1, 28, 28)).astype(np.float32)
    _, gradients = network.loss(parameters, images, np.array([1, 2]), regularization=0.1)
    assert network.scores(parameters, images).dtype == np.float32
    assert {value.dtype for value in gradients.values()} == {np.dtype(np.float32)}


def test_overflow_is_told_with_the_layer() -> None:
    network = numpy_vgg(SMALL_VGG, input_shape=(3, 8, 8), hidden=16)
    parameters = network.initialize(np.random.default_rng(0))
    parameters["conv1_1.weight"] = parameters["conv1_1.weight"] * 1e200
    parameters["conv2_1.weight"] = parameters["conv2_1.weight"] * 1e200
    images = np.ones((1, 3, 8, 8))
    with (
        np.errstate(over="ignore", invalid="ignore"),
        pytest.raises(FloatingPointError, match="behind conv2_1 are not finite"),
    ):
        network.scores(parameters, images)


def test_layers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="put a Flatten before it"):
        NumpyNetwork((("fc", Affine(3)),), (1, 4, 4))
    with pytest.raises(ValueError, match="a convolution reads"):
        NumpyNetwork((("flatten", Flatten()), ("conv", Convolution(2, 3))), (1, 4, 4))
    with pytest.raises(ValueError, match="a pooling reads"):
        NumpyNetwork((("flatten", Flatten()), ("pool", Pool())), (1, 4, 4))
    with pytest.raises(ValueError, match="must fit a whole number of times"):
        numpy_vgg(((1, 4), (1, 4)), input_shape=(3, 6, 6))
    with pytest.raises(ValueError, match="layers must have different names"):
        NumpyNetwork((("a", Activation()), ("a", Activation())), (3,))
    with pytest.raises(ValueError, match="kind must be one of 'max', 'average'"):
        Pool(kind="min")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="kind must be one of 'relu', 'sigmoid'"):
        Activation("tanh")  # type: ignore[arg-type]


def test_wrong_images_are_refused() -> None:
    network = NumpyNetwork((("drop", Dropout()), ("fc", Affine(3))), (4,))
    parameters = network.initialize(np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"images must have shape \(N, 4\), got \(2, 5\)"):
        network.scores(parameters, np.ones((2, 5)))
    with pytest.raises(ValueError, match="images must be finite"):
        network.scores(parameters, np.full((2, 4), np.nan))
