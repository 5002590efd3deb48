import pytest
import torch
from torch import nn

from reference.architectures.catalogue import account_of
from reference.architectures.googlenet import (
    INCEPTION,
    GoogLeNet,
    GoogLeNetOutput,
    Inception,
    InceptionWidths,
    googlenet_loss,
)


def test_training_gives_three_heads_and_evaluation_only_the_main_one() -> None:
    torch.manual_seed(0)
    network = GoogLeNet(classes=6)
    image = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        output = network.train()(image)
        logits = network.eval()(image)
    assert isinstance(output, GoogLeNetOutput)
    assert [tuple(head.shape) for head in output] == [(1, 6)] * 3
    assert isinstance(logits, torch.Tensor) and logits.shape == (1, 6)


def test_without_auxiliary_heads_training_gives_logits_too() -> None:
    network = GoogLeNet(classes=4, auxiliary=False).train()
    assert network(torch.randn(2, 3, 64, 64)).shape == (2, 4)


def test_loss_adds_the_auxiliary_ones_with_weight_0_3() -> None:
    torch.manual_seed(0)
    output = GoogLeNetOutput(*(torch.randn(5, 3, requires_grad=True) for _ in range(3)))
    labels = torch.tensor([0, 1, 2, 1, 0])
    main, first, second = (nn.functional.cross_entropy(head, labels) for head in output)
    torch.testing.assert_close(googlenet_loss(output, labels), main + 0.3 * (first + second))
    googlenet_loss(output, labels).backward()
    assert all(head.grad is not None for head in output)


def test_auxiliary_heads_hang_behind_4a_and_4d() -> None:
    rows = account_of("googlenet", training=True)
    assert rows.row("auxiliary1.layers.1.0").weights == INCEPTION["4a"].outputs * 128 == 512 * 128
    assert rows.row("auxiliary2.layers.1.0").weights == INCEPTION["4d"].outputs * 128 == 528 * 128
    assert rows.row("auxiliary1.layers.0").output_shape == (512, 4, 4)


def test_inception_concatenates_its_four_branches() -> None:
    torch.manual_seed(0)
    module = Inception(8, InceptionWidths(2, 3, 4, 1, 5, 6))
    x = torch.randn(2, 8, 7, 7)
    out = module(x)
    assert out.shape == (2, 2 + 4 + 5 + 6, 7, 7)
    torch.testing.assert_close(out[:, :2], module.branch1x1(x))
    torch.testing.assert_close(out[:, 11:], module.branch_pool(x))


def test_22_layers_have_weights_on_the_longest_path() -> None:
    # Two convolutions deep in each of 9 modules, three in the stem, one linear layer.
    kinds = [row.kind for row in account_of("googlenet").part("stem").rows]
    assert kinds.count("Conv2d") + 2 * len(INCEPTION) + 1 == 22


def test_wrong_number_of_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="classes must be at least 1"):
        GoogLeNet(classes=0)
