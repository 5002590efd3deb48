import pytest

from reference.accounting import Account, LayerRow, mebibytes, memory_bytes, training_bytes
from reference.layers.geometry import convolution_parameter_count, output_size

TABLE = Account(
    (3, 8, 8),
    (
        LayerRow("block.conv", "Conv2d", (4, 8, 8), 108, 4, 6912, 3),
        LayerRow("block.relu", "ReLU", (4, 8, 8), receptive_field=3, storage="in_place"),
        LayerRow("flatten", "Flatten", (256,), receptive_field=10, storage="view"),
        LayerRow("fc", "Linear", (10,), 2560, 10, 2560, 10),
    ),
)


def test_totals_are_sums_of_the_rows() -> None:
    assert TABLE.weights == 108 + 2560
    assert TABLE.biases == 14
    assert TABLE.parameters == 2682
    assert TABLE.multiply_adds == 6912 + 2560


def test_activations_count_the_input_and_each_output_that_needs_memory() -> None:
    assert TABLE.activations() == 3 * 64 + 4 * 64 + 10
    assert TABLE.activations(separate_relu=True) == 3 * 64 + 2 * 4 * 64 + 10


def test_part_holds_the_rows_inside_a_module() -> None:
    assert [row.name for row in TABLE.part("block").rows] == ["block.conv", "block.relu"]
    assert TABLE.part("block").parameters == 112
    assert TABLE.part("fc").parameters == 2570


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="name must be a layer of this network, got 'conv'"):
        TABLE.row("conv")
    with pytest.raises(ValueError, match="prefix must name a module of this network, got 'blo'"):
        TABLE.part("blo")


def test_text_has_a_line_for_each_layer_and_the_totals() -> None:
    lines = TABLE.format().splitlines()
    assert len(lines) == 1 + 4 + 1
    assert lines[0].split() == [
        *("layer", "kind", "output", "parameters", "multiply-adds", "activations", "field"),
    ]
    assert lines[1].split() == ["block.conv", "Conv2d", "4x8x8", "112", "6,912", "256", "3"]
    assert lines[2].split() == ["block.relu", "ReLU", "4x8x8", "0", "0", "in", "place", "3"]
    assert lines[-1].split() == ["total", "2,682", "9,472", "458"]


def test_vgg16_activations_take_58_mib_not_93() -> None:
    # The tutorial prints "24M * 4 bytes = 93MB"; its own rows sum to 15.2M numbers.
    assert memory_bytes(15_237_608) == 60_950_432
    assert mebibytes(60_950_432) == pytest.approx(58.1, abs=0.05)
    # Even 24M numbers would be 96 MB or 91.6 MiB.
    assert memory_bytes(24_000_000) == 96_000_000
    assert mebibytes(96_000_000) == pytest.approx(91.6, abs=0.05)


def test_three_volumes_of_64_maps_on_224_take_77_mb_not_72() -> None:
    # The tutorial: "10M numbers, 72MB" for one volume; it is three volumes and their gradients.
    numbers = 3 * 64 * 224 * 224
    assert numbers == 9_633_792
    assert 2 * memory_bytes(numbers) == 77_070_336
    assert mebibytes(2 * memory_bytes(numbers)) == pytest.approx(73.5)


def test_doubles_take_eight_bytes() -> None:
    assert memory_bytes(1000, bytes_per_number=8) == 8000


def test_training_holds_parameters_three_times_and_activations_twice_an_image() -> None:
    numbers = 3 * TABLE.parameters + 2 * 5 * TABLE.activations()
    assert training_bytes(TABLE, batch_size=5) == 4 * numbers
    adam = training_bytes(TABLE, batch_size=5, optimizer_buffers=2)
    assert adam - training_bytes(TABLE, batch_size=5) == 4 * TABLE.parameters


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="numbers must be at least 0, got -1"):
        memory_bytes(-1)
    with pytest.raises(ValueError, match="bytes_per_number must be at least 1"):
        memory_bytes(1, bytes_per_number=0)
    with pytest.raises(ValueError, match="size must be a finite number at least 0"):
        mebibytes(-1.0)
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        training_bytes(TABLE, batch_size=0)
    with pytest.raises(ValueError, match="optimizer_buffers must be at least 0"):
        training_bytes(TABLE, batch_size=1, optimizer_buffers=-1)


def test_small_mnist_networks_have_1364_and_1640_convolution_parameters() -> None:
    # A comment under the tutorial says 1600 and 4800.
    first = convolution_parameter_count(1, 6, 5) + convolution_parameter_count(6, 8, 5)
    assert first == 1364
    assert convolution_parameter_count(1, 20, 9) == 1640


def test_activation_map_of_a_5x5_filter_on_32_pixels_is_28_not_26() -> None:
    assert output_size(32, 5) == 28


def test_digits_alexnet_sizes_come_from_floor_in_convolution_and_ceil_in_pooling() -> None:
    conv1 = output_size(224, 11, stride=4, rounding="floor")
    pool1 = output_size(conv1, 3, stride=2, rounding="ceil")
    pool2 = output_size(pool1, 3, stride=2, rounding="ceil")
    pool5 = output_size(pool2, 3, stride=2, rounding="ceil")
    assert (conv1, pool1, pool2, pool5) == (54, 27, 13, 6)


def test_grouped_convolution_costs_the_full_one_divided_by_the_groups() -> None:
    # The homework's answer says G * (R * O); it is R * O / G.
    full = convolution_parameter_count(256, 128, 1, bias=False)
    assert full == 256 * 128
    assert convolution_parameter_count(256, 128, 1, groups=4, bias=False) == full // 4


@pytest.mark.parametrize("layers", [1, 4, 12])
def test_dense_layer_costs_l_k_k_times_the_kernel_where_residual_costs_c_c(layers: int) -> None:
    # The homework drops the kernel's area k^2 from both sides.
    dense = convolution_parameter_count(layers * 32, 32, 3, bias=False)
    residual = convolution_parameter_count(256, 256, 3, bias=False)
    assert dense == layers * 32 * 32 * 9
    assert residual == 256 * 256 * 9
    assert dense < residual


def test_three_3x3_layers_cost_27_c_squared_and_one_7x7_costs_49() -> None:
    channels = 64
    three = 3 * convolution_parameter_count(channels, channels, 3, bias=False)
    assert three == 27 * channels**2
    assert convolution_parameter_count(channels, channels, 7, bias=False) == 49 * channels**2
