from typing import Any

import pytest
import torch
from torch import nn

from reference.architectures.alexnet import alexnet
from reference.architectures.nin import nin
from reference.architectures.sliding import convolutional_form, sliding_scores
from reference.architectures.tracing import account
from reference.architectures.vgg import vgg, vgg_from_blocks


def unpadded_network() -> nn.Sequential:
    """Reads 12 x 12 windows; stride 4 in all, and no padding anywhere."""
    torch.manual_seed(0)
    return (
        nn.Sequential(
            nn.Conv2d(2, 4, 3),
            nn.ReLU(),
            nn.MaxPool2d(2, stride=2),
            nn.Conv2d(4, 5, 2),
            nn.ReLU(),
            nn.MaxPool2d(2, stride=2),
            nn.Flatten(),
            nn.Linear(5 * 2 * 2, 7),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(7, 3),
        )
        .double()
        .eval()
    )


def scores_of_crops(network: Any, images: Any, window: int, stride: int) -> Any:
    places = (images.shape[2] - window) // stride + 1
    rows = [
        torch.stack(
            [
                network(images[:, :, y * stride :][:, :, :window, x * stride :][..., :window])
                for x in range(places)
            ],
            dim=-1,
        )
        for y in range(places)
    ]
    return torch.stack(rows, dim=-2)


def test_vgg16_slides_over_384_pixels_to_12x12x512_and_6x6x1000() -> None:
    with torch.device("meta"):
        network = convolutional_form(vgg(16), (3, 224, 224))
    table = account(network, (3, 384, 384))
    volume = next(row for row in reversed(table.rows) if row.kind == "MaxPool2d")
    assert volume.output_shape == (512, 12, 12)
    assert table.rows[-1].output_shape == (1000, 6, 6)
    kernels = [m.kernel_size for m in network if isinstance(m, nn.Conv2d)][-3:]
    assert kernels == [(7, 7), (1, 1), (1, 1)]
    assert table.parameters == 138_357_544


def test_alexnets_first_fully_connected_layer_is_6x6_not_7x7() -> None:
    # The tutorial gives AlexNet the 7x7x512 volume of VGG; AlexNet's is 6x6x256 (9216 inputs).
    with torch.device("meta"):
        network = convolutional_form(alexnet(), (3, 227, 227))
    first = next(m for m in network if isinstance(m, nn.Conv2d) and m.out_channels == 4096)
    assert first.kernel_size == (6, 6) and first.in_channels == 256


def test_convolutional_form_is_the_same_function_and_shares_the_weights() -> None:
    network = vgg_from_blocks(((1, 4), (1, 8)), input_size=16, hidden=6, classes=3).double().eval()
    convolutional = convolutional_form(network, (3, 16, 16))
    images = torch.randn(2, 3, 16, 16, dtype=torch.float64)
    torch.testing.assert_close(convolutional(images)[:, :, 0, 0], network(images))
    shared = {parameter.data_ptr() for parameter in network.parameters()}
    assert {parameter.data_ptr() for parameter in convolutional.parameters()} == shared


@pytest.mark.parametrize("stride", [4, 2, 1])
def test_sliding_equals_every_crop_alone_for_a_network_without_padding(stride: int) -> None:
    network = unpadded_network()
    images = torch.randn(2, 2, 27, 27, dtype=torch.float64)
    with torch.no_grad():
        grid = sliding_scores(
            convolutional_form(network, (2, 12, 12)),
            images,
            window=12,
            network_stride=4,
            stride=stride,
        )
        expected = scores_of_crops(network, images, 12, stride)
    assert grid.shape[-1] == (27 - 12) // stride + 1
    torch.testing.assert_close(grid, expected)


def test_padding_makes_a_cut_out_window_differ_from_the_slid_one() -> None:
    torch.manual_seed(0)
    network = vgg_from_blocks(((1, 4), (1, 8)), input_size=16, hidden=6, classes=3).double().eval()
    images = torch.randn(1, 3, 24, 24, dtype=torch.float64)
    convolutional = convolutional_form(network, (3, 16, 16))
    with torch.no_grad():
        grid = sliding_scores(convolutional, images, window=16, network_stride=4)
        crops = scores_of_crops(network, images, 16, 4)
    assert grid.shape == crops.shape == (1, 3, 3, 3)
    assert (grid - crops).abs().max() > 1e-4


def test_stride_16_takes_four_passes_not_two() -> None:
    calls: list[tuple[int, ...]] = []

    def convolutional(images: Any) -> Any:
        calls.append(tuple(images.shape[2:]))
        rows, columns = ((size - 224) // 32 + 1 for size in images.shape[2:])
        return torch.zeros(1, 1000, rows, columns)

    grid = sliding_scores(
        convolutional, torch.zeros(1, 3, 384, 384), window=224, network_stride=32, stride=16
    )
    assert calls == [(384, 384), (384, 368), (368, 384), (368, 368)]
    assert grid.shape == (1, 1000, 11, 11)


def test_one_pass_over_384_pixels_gives_36_places_to_average() -> None:
    def convolutional(images: Any) -> Any:
        return torch.arange(36.0).view(1, 1, 6, 6)

    grid = sliding_scores(convolutional, torch.zeros(1, 3, 384, 384), window=224, network_stride=32)
    assert grid.shape[2] * grid.shape[3] == 36
    assert grid.mean(dim=(2, 3)).item() == 17.5


def test_wrong_arguments_are_refused() -> None:
    network = unpadded_network()
    convolutional = convolutional_form(network, (2, 12, 12))
    with pytest.raises(ValueError, match="stride must divide the network's stride 4, got 3"):
        sliding_scores(
            convolutional, torch.zeros(1, 2, 20, 20), window=12, network_stride=4, stride=3
        )
    with pytest.raises(ValueError, match="images must be at least 12 x 12, got 20 x 8"):
        sliding_scores(convolutional, torch.zeros(1, 2, 20, 8), window=12, network_stride=4)
    with pytest.raises(ValueError, match="the layer must read the volume of 5 x 3 x 3, got 20"):
        convolutional_form(network, (2, 16, 16))
    with pytest.raises(ValueError, match="a fully connected layer must follow"):
        convolutional_form(nn.Sequential(nn.Flatten()), (2, 4, 4))
    with pytest.raises(ValueError, match="network must flatten its volume"):
        convolutional_form(nn.Sequential(nn.Conv2d(2, 3, 3)), (2, 4, 4))


def test_a_network_with_global_average_pooling_needs_no_conversion() -> None:
    with torch.device("meta"):
        table = account(nin(), (3, 384, 384))
    assert table.rows[-1].output_shape == (1000,)
