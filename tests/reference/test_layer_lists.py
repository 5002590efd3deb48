import pytest

from reference.layer_lists import (
    ALEXNET,
    chain_account,
    chain_totals,
    chain_training_bytes,
    layer_rows,
    vgg_layers,
)

VGG16 = vgg_layers(((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)))


def test_alexnet_has_the_sizes_and_parameters_of_the_homework() -> None:
    rows = layer_rows(ALEXNET, (3, 227, 227))
    sizes = [shape[1] for shape, _, _ in rows if len(shape) == 3]
    assert sizes == [55, 27, 27, 13, 13, 13, 13, 6]
    parameters = [weights + biases for _, weights, biases in rows if weights]
    assert parameters == [34944, 614656, 885120, 1327488, 884992, 37752832, 16781312, 4097000]
    assert chain_totals(ALEXNET, (3, 227, 227))[0] == 62_378_344


def test_vgg16_has_the_totals_of_the_tutorial_but_for_its_errors() -> None:
    assert chain_totals(VGG16, (3, 224, 224)) == (138_357_544, 15_470_264_320, 15_237_608)
    assert chain_account(VGG16, (3, 224, 224)).weights == 138_344_128


def test_groups_divide_weights_and_places_need_not_be_square() -> None:
    layers = (("conv", 12, 3, 2, 1, 4), ("pool", 2, 2), ("fc", 5))
    assert layer_rows(layers, (8, 9, 6)) == [
        ((12, 5, 3), 12 * 2 * 9, 12),
        ((12, 2, 1), 0, 0),
        ((5,), 120, 5),
    ]
    assert chain_totals(layers, (8, 9, 6))[1:] == (216 * 15 + 120, 432 + 180 + 24 + 5)


def test_training_memory_counts_gradients_and_buffers() -> None:
    layers = (("fc", 2),)
    expected = 4 * (8 * (2 + 2) + 2 * 10 * (3 + 2))
    assert chain_training_bytes(layers, (3,), batch_size=10, optimizer_buffers=2) == expected


def test_unknown_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="must be a conv, a pool or an fc, got 'norm'"):
        layer_rows((("norm", 3),), (3, 4, 4))
