"""The networks run, learn from every parameter, and refuse what does not fit."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import nn

from reference.architectures.alexnet import alexnet, zfnet
from reference.architectures.catalogue import account_of
from reference.architectures.cifar_resnet import cifar_resnet
from reference.architectures.condensenet import condensenet
from reference.architectures.densenet import DenseLayer, cifar_densenet, dense_network, densenet
from reference.architectures.lenet import lenet5
from reference.architectures.nin import nin, nin_block
from reference.architectures.resnet import bottleneck_block, resnet
from reference.architectures.squeezenet import Fire, squeezenet
from reference.architectures.tracing import account
from reference.architectures.vgg import vgg, vgg_from_blocks
from reference.architectures.weights import he_initialize

SMALL: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], int]] = {
    "lenet5": (lenet5, (1, 28, 28), 10),
    "vgg": (
        partial(vgg_from_blocks, ((1, 4), (2, 8)), input_size=16, hidden=16),
        (3, 16, 16),
        1000,
    ),
    "nin": (partial(nin, classes=7), (3, 96, 96), 7),
    "cifar_resnet20": (partial(cifar_resnet, 20), (3, 16, 16), 10),
    "resnet18": (partial(resnet, 18, classes=5), (3, 33, 33), 5),
    "cifar_densenet": (partial(cifar_densenet, 10, growth_rate=4), (3, 16, 16), 10),
    "condensenet": (partial(condensenet, (2, 2), (8, 16)), (3, 16, 16), 10),
    "squeezenet1.0": (partial(squeezenet, "1.0", classes=5), (3, 48, 48), 5),
    "squeezenet1.1": (partial(squeezenet, "1.1", classes=5), (3, 48, 48), 5),
}


@pytest.mark.parametrize("name", SMALL)
def test_every_parameter_gets_a_gradient(name: str) -> None:
    build, shape, classes = SMALL[name]
    torch.manual_seed(0)
    network = build()
    he_initialize(network, generator=torch.Generator().manual_seed(0))
    logits = network(torch.randn(4, *shape))
    assert logits.shape == (4, classes)
    nn.functional.cross_entropy(logits, torch.arange(4) % classes).backward()
    for parameter in network.parameters():
        assert parameter.grad is not None and torch.isfinite(parameter.grad).all()
    moved = [bool(parameter.grad.abs().sum() > 0) for parameter in network.parameters()]
    assert sum(moved) > 0.9 * len(moved)


@pytest.mark.parametrize("name", SMALL)
def test_traced_shapes_are_those_of_a_real_pass(name: str) -> None:
    build, shape, _ = SMALL[name]
    network = build().eval()
    real: dict[str, tuple[int, ...]] = {}
    for path, module in network.named_modules():
        module.register_forward_hook(
            lambda _module, _inputs, out, path=path: real.update({path: tuple(out.shape[1:])})
        )
    with torch.no_grad():
        network(torch.randn(2, *shape))
    rows = [row for row in account(build(), shape).rows if row.kind not in ("add", "cat")]
    assert rows and all(real[row.name] == row.output_shape for row in rows)
    counted = sum(row.parameters for row in rows)
    assert counted == sum(parameter.numel() for parameter in network.parameters())


def test_lenet5_learns_a_small_set() -> None:
    torch.manual_seed(0)
    network = lenet5()
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(module.weight)
    images, labels = 2 * torch.randn(20, 1, 28, 28), torch.arange(20) % 10
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(100):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
    assert (network(images).argmax(dim=1) == labels).all()
    assert loss.item() < 0.1


def test_he_initialization_has_variance_two_over_fan_in_and_is_reproducible() -> None:
    first, second = (
        he_initialize(vgg_from_blocks(((1, 64),), input_size=16, hidden=128),
                      generator=torch.Generator().manual_seed(7))
        for _ in range(2)
    )  # fmt: skip
    convolution, linear = first[0], first.fc1
    assert convolution.weight.std().item() == pytest.approx((2 / 27) ** 0.5, rel=0.1)
    assert linear.weight.std().item() == pytest.approx((2 / linear.in_features) ** 0.5, rel=0.02)
    assert (convolution.bias == 0).all() and (linear.bias == 0).all()
    torch.testing.assert_close(first.state_dict(), second.state_dict(), rtol=0, atol=0)


def test_grouped_alexnet_keeps_the_halves_apart() -> None:
    with torch.device("meta"):
        network = alexnet(grouped=True)
    groups = {name: m.groups for name, m in network.named_children() if isinstance(m, nn.Conv2d)}
    assert groups == {"conv1": 1, "conv2": 2, "conv3": 1, "conv4": 2, "conv5": 2}
    assert network.conv2.weight.shape == (256, 48, 5, 5)
    assert network.conv4.weight.shape == (384, 192, 3, 3)
    assert network.conv5.weight.shape == (256, 192, 3, 3)


def test_dense_layer_passes_its_input_on_and_appends_k_channels() -> None:
    layer = DenseLayer(6, 4)
    x = torch.randn(2, 6, 5, 5)
    out = layer(x)
    assert out.shape == (2, 10, 5, 5)
    torch.testing.assert_close(out[:, :6], x, rtol=0, atol=0)


def test_densenet_transitions_halve_channels_and_size() -> None:
    rows = account_of("densenet121").rows
    pools = [row.output_shape for row in rows if row.kind == "AvgPool2d"]
    assert pools == [(128, 28, 28), (256, 14, 14), (512, 7, 7)]


def test_fire_squeezes_and_expands() -> None:
    fire = Fire(12, 3, 8)
    assert fire.squeeze(torch.randn(1, 12, 6, 6)).shape == (1, 3, 6, 6)
    assert fire(torch.randn(1, 12, 6, 6)).shape == (1, 16, 6, 6)


def test_nin_block_ends_in_a_fully_connected_network_at_each_pixel() -> None:
    block = nin_block(3, 5, 3, padding=1)
    x = torch.randn(1, 3, 4, 4)
    features = block[1](block[0](x))
    pixel = features[0, :, 1, 2].clone()
    weights = [(block[i].weight[:, :, 0, 0], block[i].bias) for i in (2, 4)]
    for weight, bias in weights:
        pixel = torch.relu(weight @ pixel + bias)
    torch.testing.assert_close(block(x)[0, :, 1, 2], pixel)


def test_resnet_bottleneck_strides_in_its_first_convolution() -> None:
    block = bottleneck_block(64, 32, stride=2)
    assert [m.stride for m in block.residual if isinstance(m, nn.Conv2d)] == [
        (2, 2),
        (1, 1),
        (1, 1),
    ]
    assert block(torch.randn(2, 64, 8, 8)).shape == (2, 128, 4, 4)


def test_residual_block_without_its_branch_is_a_relu() -> None:
    block = bottleneck_block(32, 8).eval()
    nn.init.zeros_(block.residual[-1].weight)
    x = torch.randn(2, 32, 4, 4)
    torch.testing.assert_close(block(x), torch.relu(x))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (partial(vgg, 12), r"depth must be one of \[11, 13, 16, 19\], got 12"),
        (partial(resnet, 20), r"depth must be one of \[18, 34, 50, 101, 152\], got 20"),
        (partial(densenet, 100), r"depth must be one of \[121, 161, 169, 201\], got 100"),
        (partial(cifar_densenet, 101), r"depth must be 6 n \+ 4 with n >= 1, got 101"),
        (partial(cifar_resnet, 21), r"depth must be 6 n \+ 2 with n >= 1, got 21: 20 is"),
        (partial(cifar_resnet, 31, bottleneck=True), r"must be 9 n \+ 2.*, got 31: 29 is"),
        (partial(cifar_resnet, 22, order="preactivation"), "order must be one of 'original'"),
        (partial(squeezenet, "2.0"), "version must be one of '1.0', '1.1', got '2.0'"),
        (partial(alexnet, widths=(96, 255, 384, 384, 256), grouped=True), "widths must be five"),
        (partial(zfnet, classes=0), "classes must be at least 1, got 0"),
        (partial(lenet5, classes=-1), "classes must be at least 1, got -1"),
        (
            partial(vgg_from_blocks, ((1, 4), (1, 4)), input_size=30),
            "input_size must be a multiple",
        ),
        (
            partial(dense_network, [], 4, (1,), growth_rate=2, compression=0.0, classes=2),
            "compression is the kept part",
        ),
        (partial(account_of, "vgg12"), "name must be one of 'lenet5'"),
    ],
)
def test_wrong_arguments_are_refused(call: Callable[[], Any], message: str) -> None:
    with torch.device("meta"), pytest.raises(ValueError, match=message):
        call()


def test_an_input_that_does_not_fit_is_refused() -> None:
    with torch.device("meta"):
        network = vgg(11)
    with pytest.raises(ValueError, match="input_shape must fit the network, got"):
        account(network, (3, 200, 200))
    with pytest.raises(ValueError, match="input_shape must be at least 1"):
        account(network, (3, 0, 224))


def test_windows_that_are_not_square_have_no_single_receptive_field() -> None:
    with pytest.raises(ValueError, match="windows must be square"):
        account(nn.Sequential(nn.Conv2d(1, 1, (3, 5))), (1, 8, 8))


def test_shared_module_is_counted_once_and_computed_twice() -> None:
    shared = nn.Conv2d(2, 2, 3, padding=1)
    table = account(nn.Sequential(shared, nn.ReLU(), shared), (2, 6, 6))
    assert table.parameters == 38
    assert table.multiply_adds == 2 * 36 * 36
    assert table.rows[-1].receptive_field == 5
