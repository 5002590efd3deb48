from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from reference.architectures.cifar_resnet import cifar_resnet
from reference.architectures.residual_orders import (
    PUBLISHED_ERRORS,
    CifarError,
    ResidualOrder,
    ResidualUnit,
    ZeroPadShortcut,
    check_order,
)

relu = torch.relu
Norms = list[nn.BatchNorm2d]
Convolutions = list[nn.Conv2d]

# The five figures written out by hand: (x, convolutions, norms) -> output.
BY_HAND: dict[ResidualOrder, Callable[[Tensor, Convolutions, Norms], Tensor]] = {
    ResidualOrder.ORIGINAL: lambda x, c, n: relu(x + n[1](c[1](relu(n[0](c[0](x)))))),
    ResidualOrder.BN_AFTER_ADDITION: lambda x, c, n: relu(n[1](x + c[1](relu(n[0](c[0](x)))))),
    ResidualOrder.RELU_BEFORE_ADDITION: lambda x, c, n: x + relu(n[1](c[1](relu(n[0](c[0](x)))))),
    ResidualOrder.RELU_ONLY_PREACTIVATION: lambda x, c, n: (
        x + n[1](c[1](relu(n[0](c[0](relu(x))))))
    ),
    ResidualOrder.FULL_PREACTIVATION: lambda x, c, n: x + c[1](relu(n[1](c[0](relu(n[0](x)))))),
}


def unit(order: ResidualOrder, **settings: object) -> ResidualUnit:
    torch.manual_seed(1)
    arguments = {"stride": 1, "projection": False} | settings
    built = ResidualUnit(4, ((4, 3), (4, 3)), order=order, **arguments).double().eval()  # type: ignore[arg-type]
    for module in built.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.2)
            nn.init.normal_(module.bias)
            nn.init.normal_(module.running_mean)
    return built


@pytest.mark.parametrize("order", ResidualOrder)
def test_unit_is_the_figures_order(order: ResidualOrder) -> None:
    built = unit(order)
    norms = [m for m in built.modules() if isinstance(m, nn.BatchNorm2d)]
    convolutions = [m for m in built.modules() if isinstance(m, nn.Conv2d)]
    x = torch.randn(2, 4, 5, 5, dtype=torch.float64)
    torch.testing.assert_close(built(x), BY_HAND[order](x, convolutions, norms))


def test_all_orders_differ() -> None:
    x = torch.randn(2, 4, 5, 5, dtype=torch.float64)
    outputs = [unit(order)(x) for order in ResidualOrder]
    for index, first in enumerate(outputs):
        for second in outputs[index + 1 :]:
            assert (first - second).abs().max() > 1e-3


def test_table_of_the_homework() -> None:
    assert list(PUBLISHED_ERRORS.values()) == [
        (6.61, 5.93),
        (8.17, 6.50),
        (7.84, 6.14),
        (6.71, 5.91),
        (6.37, 5.46),
    ]
    best = min(PUBLISHED_ERRORS, key=lambda order: PUBLISHED_ERRORS[order].resnet110)
    worst = max(PUBLISHED_ERRORS, key=lambda order: PUBLISHED_ERRORS[order].resnet110)
    assert best is ResidualOrder.FULL_PREACTIVATION
    assert worst is ResidualOrder.BN_AFTER_ADDITION
    assert PUBLISHED_ERRORS[best] == CifarError(resnet110=6.37, resnet164=5.46)


@pytest.mark.parametrize("order", ResidualOrder)
@pytest.mark.parametrize("bottleneck", [False, True])
def test_networks_of_every_order_train_a_step(order: ResidualOrder, bottleneck: bool) -> None:
    torch.manual_seed(0)
    network = cifar_resnet(11 if bottleneck else 8, order=order, bottleneck=bottleneck)
    logits = network(torch.randn(4, 3, 16, 16))
    functional.cross_entropy(logits, torch.tensor([0, 1, 2, 3])).backward()
    assert logits.shape == (4, 10)
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_full_preactivation_leaves_the_identity_path_clean() -> None:
    network = cifar_resnet(20, order="full_preactivation").double().eval()
    units = [m for m in network if isinstance(m, ResidualUnit)]
    for each in units:
        nn.init.zeros_(each.branch[-1].weight)
    # Within the first stage, behind the first unit, nothing touches the signal.
    x = torch.randn(1, 16, 8, 8, dtype=torch.float64)
    torch.testing.assert_close(units[2](units[1](x)), x, rtol=0, atol=0)
    original = unit(ResidualOrder.ORIGINAL)
    nn.init.zeros_(original.branch[-1].weight)
    nn.init.zeros_(original.branch[-1].bias)
    signal = torch.randn(1, 4, 5, 5, dtype=torch.float64)
    torch.testing.assert_close(original(signal), relu(signal))


def test_first_preactivation_is_shared_by_branch_and_shortcut() -> None:
    built = unit(ResidualOrder.FULL_PREACTIVATION, first=True)
    nn.init.zeros_(built.branch[-1].weight)
    x = torch.randn(1, 4, 5, 5, dtype=torch.float64)
    torch.testing.assert_close(built(x), built.opening(x))


def test_last_unit_of_a_preactivation_network_is_activated() -> None:
    layers = list(cifar_resnet(20, order="full_preactivation"))
    last = max(i for i, layer in enumerate(layers) if isinstance(layer, ResidualUnit))
    kinds = [type(layer) for layer in layers[last + 1 :]]
    assert kinds[:3] == [nn.BatchNorm2d, nn.ReLU, nn.AdaptiveAvgPool2d]


def test_zero_pad_shortcut_subsamples_and_pads_channels() -> None:
    x = torch.randn(2, 3, 6, 6)
    out = ZeroPadShortcut(3, 5, 2)(x)
    torch.testing.assert_close(out[:, :3], x[:, :, ::2, ::2], rtol=0, atol=0)
    assert out.shape == (2, 5, 3, 3) and (out[:, 3:] == 0).all()


def test_unknown_order_is_refused() -> None:
    assert check_order("original") is ResidualOrder.ORIGINAL
    with pytest.raises(ValueError, match="order must be one of 'original', 'bn_after_addition'"):
        check_order("v2")
