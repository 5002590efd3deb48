"""The exact numbers of the course's tables; where a table is wrong, the right one and why."""

from functools import cache

import pytest
import torch

from reference.architectures import catalogue
from reference.architectures.alexnet import alexnet
from reference.architectures.catalogue import CATALOGUE
from reference.architectures.cifar_resnet import cifar_resnet
from reference.architectures.condensenet import condense, condensenet, imagenet_condensenet
from reference.architectures.condensenet import standard_form as condensed
from reference.architectures.densenet import cifar_densenet
from reference.architectures.residual_orders import ResidualOrder
from reference.architectures.tracing import account
from reference.architectures.vgg import vgg

account_of = cache(catalogue.account_of)

PARAMETERS = {
    "lenet5": 61_706,
    "alexnet": 62_378_344,
    "alexnet_grouped": 60_965_224,
    "zfnet": 62_357_608,
    "vgg11": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "nin": 7_439_608,
    "homework_nin": 2_026_398,
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
    "cifar_resnet20": 269_722,
    "cifar_resnet110": 1_727_962,
    "cifar_resnet164": 1_704_154,
    "densenet121": 7_978_856,
    "densenet161": 28_681_000,
    "densenet169": 14_149_480,
    "densenet201": 20_013_928,
    "cifar_densenet100": 769_162,
    "squeezenet1.0": 1_248_424,
    "squeezenet1.1": 1_235_496,
}
CIFAR_CLASSES = {name for name in CATALOGUE if "cifar" in name} | {
    "lenet5",
    "condensenet86",
    "preactivation_resnet1001",
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters(name: str) -> None:
    assert account_of(name).parameters == PARAMETERS[name]


@pytest.mark.parametrize("name", [name for name in CATALOGUE if "1001" not in name])
def test_every_network_ends_in_one_score_for_each_class(name: str) -> None:
    classes = 10 if name in CIFAR_CLASSES else 1000
    assert account_of(name).rows[-1].output_shape == (classes,)


# (multiply-adds in billions as published: ResNet's paper; DenseNet-121 2.8, VGG-16 15.5)
@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("vgg16", 15.47),
        ("resnet18", 1.81),
        ("resnet34", 3.66),
        ("resnet50", 3.86),
        ("resnet101", 7.57),
        ("resnet152", 11.28),
        ("densenet121", 2.83),
        ("googlenet", 1.58),
        ("alexnet", 1.135),
        ("alexnet_grouped", 0.724),
    ],
)
def test_multiply_adds(name: str, billions: float) -> None:
    assert account_of(name).multiply_adds / 1e9 == pytest.approx(billions, abs=0.006)


def test_lenet5_layers() -> None:
    table = account_of("lenet5")
    counts = {row.name: row.parameters for row in table.rows if row.parameters}
    assert counts == {"conv1": 156, "conv2": 2416, "fc3": 48120, "fc4": 10164, "fc5": 850}


def test_alexnet_layers_and_sizes() -> None:
    table = account_of("alexnet")
    counts = [row.parameters for row in table.rows if row.parameters]
    assert counts == [34944, 614656, 885120, 1327488, 884992, 37752832, 16781312, 4097000]
    sides = [row.output_shape[1] for row in table.rows if row.kind in ("Conv2d", "MaxPool2d")]
    assert sides == [55, 27, 27, 13, 13, 13, 13, 6]
    assert [table.row(f"pool{i}").parameters for i in (1, 2, 5)] == [0, 0, 0]


def test_alexnet_with_the_slides_third_384_would_have_81_695_208_parameters() -> None:
    # The slides' figure prints "3 x 3 Conv (384)" three times; the third has 256 filters.
    with torch.device("meta"):
        table = account(alexnet(widths=(96, 256, 384, 384, 384)), (3, 227, 227))
    assert table.parameters == 81_695_208


def test_zfnet_sizes() -> None:
    table = account_of("zfnet")
    sides = [row.output_shape[1] for row in table.rows if row.kind in ("Conv2d", "MaxPool2d")]
    assert sides == [110, 55, 26, 13, 13, 13, 13, 6]


@pytest.mark.parametrize(
    ("depth", "parameters"), [(11, 128_807_306), (16, 134_301_514), (19, 139_611_210)]
)
def test_vgg_with_the_ten_outputs_of_the_slides_code(depth: int, parameters: int) -> None:
    with torch.device("meta"):
        table = account(vgg(depth, classes=10), (3, 224, 224))
    assert table.parameters == parameters


def test_vgg16_rows_and_the_65664_parameters_that_no_pooling_has() -> None:
    table = account_of("vgg16")
    counts = [row.parameters for row in table.rows if row.parameters]
    assert counts == [
        *(1792, 36928, 73856, 147584, 295168, 590080, 590080),
        *(1180160, 2359808, 2359808, 2359808, 2359808, 2359808),
        *(102764544, 16781312, 4097000),
    ]
    # The homework's table gives the second pooling 65,664 and prints the total as "138,423,20".
    assert table.row("pool2").parameters == 0
    assert table.parameters + 65_664 == 138_423_208


def test_vgg16_weights_and_memory_of_the_tutorials_table() -> None:
    table = account_of("vgg16")
    assert table.weights == 138_344_128
    weights = [row.weights for row in table.rows if row.weights]
    assert weights == [
        *(1728, 36864, 73728, 147456, 294912, 589824, 589824),
        *(1179648, 2359296, 2359296, 2359296, 2359296, 2359296),
        *(102760448, 16777216, 4096000),
    ]
    memory = [row.activations for row in table.rows if row.storage == "own"]
    assert memory == [
        *(3211264, 3211264, 802816, 1605632, 1605632, 401408, 802816, 802816, 802816, 200704),
        *(401408, 401408, 401408, 100352, 100352, 100352, 100352, 25088, 4096, 4096, 1000),
    ]
    # Printed as "24M"; the rows and the input (150528) sum to 15.2M, with ReLUs apart to 28.8M.
    assert table.activations() == 15_237_608
    assert table.activations(separate_relu=True) == 28_793_320


def test_googlenet_main_branch_has_6_99_million_not_4_or_6_8() -> None:
    # "4M" (tutorial, homework) and "6.8M" (slides) are in print.
    table = account_of("googlenet")
    assert (table.weights, table.parameters) == (6_990_272, 6_998_552)
    assert account_of("googlenet", training=True).parameters == 6_998_552 + 6_379_728


# Module: printed parameters (thousands) and operations (millions); right weights, products.
INCEPTION_ROWS = {
    "3a": (159, 128, 163_328, 128.05),
    "3b": (380, 304, 388_096, 304.27),
    "4a": (364, 73, 375_552, 73.61),
    "4b": (437, 88, 448_512, 87.91),
    "4c": (463, 100, 509_440, 99.85),
    "4d": (580, 119, 604_672, 118.52),
    "4e": (840, 170, 867_328, 170.00),
    "5a": (1072, 54, 1_042_432, 51.08),
    "5b": (1388, 71, 1_442_816, 70.70),
}


@pytest.mark.parametrize("name", INCEPTION_ROWS)
def test_inception_modules_of_the_homeworks_table(name: str) -> None:
    thousands, millions, weights, products = INCEPTION_ROWS[name]
    part = account_of("googlenet").part(f"inception.{name}")
    assert part.weights == weights
    assert part.multiply_adds / 1e6 == pytest.approx(products, abs=0.005)
    # The column counts in units of 1024; four modules are still 1.5 to 7 percent off.
    off_by = abs(thousands * 1024 - weights) / weights
    assert (off_by > 0.01) == (name in ("4c", "4d", "5a", "5b"))
    assert (abs(part.multiply_adds / 1e6 - millions) > 1) == (name == "5a")


def test_inception_outputs_are_the_sums_of_their_branches() -> None:
    table = account_of("googlenet")
    widths = [table.part(f"inception.{name}").rows[-1].output_shape[0] for name in INCEPTION_ROWS]
    assert widths == [256, 480, 512, 512, 512, 528, 832, 832, 1024]


def test_googlenet_first_layers_are_9408_and_114688_weights() -> None:
    # Printed: 2.7K and 34M for conv1, 112K and 360M for conv2 (that is 114688 / 1024).
    table = account_of("googlenet")
    conv1 = table.row("stem.0.0")
    assert conv1.weights == 7 * 7 * 3 * 64 == 9408
    assert conv1.multiply_adds / 1e6 == pytest.approx(118.01, abs=0.005)
    conv2 = (table.row("stem.3.0"), table.row("stem.4.0"))
    assert sum(row.weights for row in conv2) == 114_688 == 112 * 1024
    assert sum(row.multiply_adds for row in conv2) / 1e6 == pytest.approx(359.66, abs=0.005)
    assert table.row("head.3").weights == 1_024_000


def test_googlenet_printed_column_sums_to_6_8_million() -> None:
    thousands = 2.7 + 112 + sum(row[0] for row in INCEPTION_ROWS.values()) + 1000
    assert thousands == pytest.approx(6797.7)
    assert thousands * 1024 == pytest.approx(6.96e6, rel=1e-3)


def test_homework_nin_rows() -> None:
    table = account_of("homework_nin")
    counts = [row.parameters for row in table.rows if row.parameters]
    assert counts == [
        *(34944, 9312, 9312, 614656, 65792, 65792, 885120, 147840, 147840),
        *(34570, 110, 110, 11000),
    ]
    kinds = ("Conv2d", "MaxPool2d")
    sides = [row.output_shape[1] for row in table.rows if row.kind in kinds]
    assert sides == [54, 54, 54, 26, 22, 22, 22, 10, 8, 8, 8, 3, 1, 1, 1]


def test_only_the_last_nin_block_has_as_many_channels_as_classes() -> None:
    channels = [row.output_shape[0] for row in account_of("nin").rows if row.kind == "Conv2d"]
    assert channels == [96] * 3 + [256] * 3 + [384] * 3 + [1000] * 3


def test_vgg16_receptive_field() -> None:
    table = account_of("vgg16")
    assert [table.row(f"conv1_{i}").receptive_field for i in (1, 2)] == [3, 5]
    assert table.row("pool5").receptive_field == 212
    assert table.row("fc1").receptive_field == 404


@pytest.mark.parametrize("order", ResidualOrder)
def test_all_five_orders_have_resnet110s_1_7_million_parameters(order: ResidualOrder) -> None:
    with torch.device("meta"):
        network = cifar_resnet(110, order=order)
    assert sum(parameter.numel() for parameter in network.parameters()) == 1_727_962


def test_preactivation_resnet1001_has_10_3_million_parameters_in_1001_layers() -> None:
    with torch.device("meta"):
        network = CATALOGUE["preactivation_resnet1001"].build()
    weighted = [m for m in network.modules() if isinstance(m, torch.nn.Conv2d | torch.nn.Linear)]
    projections = 3
    assert len(weighted) - projections == 1001
    assert sum(parameter.numel() for parameter in network.parameters()) == 10_327_706


@pytest.mark.slow
def test_preactivation_resnet1001_table_has_a_row_for_each_addition() -> None:
    table = account_of("preactivation_resnet1001")
    assert sum(row.kind == "add" for row in table.rows) == 333
    assert table.parameters == 10_327_706
    assert table.rows[-1].output_shape == (10,)


# Depth, growth rate: the paper prints 0.8M, 15.3M and 25.6M.
@pytest.mark.parametrize(
    ("depth", "growth_rate", "parameters"),
    [(100, 12, 769_162), (250, 24, 15_324_406), (190, 40, 25_624_430)],
)
def test_cifar_densenets(depth: int, growth_rate: int, parameters: int) -> None:
    with torch.device("meta"):
        network = cifar_densenet(depth, growth_rate=growth_rate)
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters


def test_condensenets_shrink_to_the_published_sizes() -> None:
    with torch.device("meta"):
        small = condensenet()
        large = condensenet((30, 30, 30), (12, 24, 48))
        wide = imagenet_condensenet()
    for network, stages in ((small, 3), (large, 3), (wide, 7)):
        for _ in range(stages):
            condense(network)
    # CondenseNet-86: 0.52M, CondenseNet-182: 4.2M (CIFAR-10).
    assert account(condensed(small), (3, 32, 32)).parameters == 520_202
    assert account(condensed(large), (3, 32, 32)).parameters == 4_221_946
    # CondenseNet-74 with G = C = 8: 2.9M, because half of the last layer's inputs are pruned
    # there too, which is left out here.
    table = account(condensed(wide), (3, 224, 224))
    classifier = table.rows[-1]
    assert classifier.weights == 2_064_000
    assert table.parameters - classifier.weights // 2 == pytest.approx(2.9e6, rel=0.02)


def test_a_part_of_condensed_convolutions_costs_one_over_the_factor() -> None:
    with torch.device("meta"):
        network = condensenet()
    before = account(network, (3, 32, 32)).part("1.layers.2")
    for _ in range(3):
        condense(network)
    after = account(condensed(network), (3, 32, 32)).part("1.layers.2")
    assert after.multiply_adds == before.multiply_adds // 4
    assert after.weights == before.weights // 4
