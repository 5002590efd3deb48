"""Wrong counts of parameters and memory."""

from typing import Any

import numpy as np

from reference import accounting as right
from reference.accounting import FLOAT32_BYTES, Account, LayerRow
from reference.layers import geometry
from reference.misconceptions.catalogue import Array, Call, Component, call


def _account(kind: type[Account], rng: np.random.Generator) -> Account:
    """Count a small network: convolution, ReLU, pooling, affine."""
    filters, hidden = (int(n) for n in rng.choice([4, 8, 16, 32], 2))
    rows = (
        LayerRow("conv", "conv", (filters, 8, 8), 27 * filters, filters, 27 * 64 * filters, 3),
        LayerRow("relu", "relu", (filters, 8, 8), receptive_field=3, storage="in_place"),
        LayerRow("pool", "pool", (filters, 4, 4), receptive_field=4),
        LayerRow("fc", "fc", (hidden,), 16 * filters * hidden, hidden, 16 * filters * hidden, 8),
    )
    return kind((3, 8, 8), rows)


def _networks(rng: np.random.Generator) -> list[Call]:
    return [call(rng)]


def _totals(kind: Any, made: Call) -> Any:
    account = _account(kind, made.args[0])
    return account.parameters, account.activations()


ACCOUNT = Component("Account", Account, _networks, _totals)


@ACCOUNT.wrong(
    "biases_forgotten",
    "D60",
    "The biases are not counted as parameters",
    "Parameters are weights and biases: VGG-16 has 138,357,544 and not 138,344,128.",
    "بایاس‌ها جزو پارامترها شمرده نشده‌اند",
    "پارامترها وزن‌ها و بایاس‌ها هستند: VGG-16 دارای 138,357,544 است نه 138,344,128.",
)
class _BiasesForgotten(Account):
    @property
    def parameters(self) -> Any:
        return self.weights


@ACCOUNT.wrong(
    "activations_as_parameters",
    "D59",
    "Activations are counted as parameters",
    "A map's numbers are computed for each image anew; only weights and biases are learned.",
    "فعال‌سازی‌ها جزو پارامترها شمرده شده‌اند",
    "عددهای نقشه برای هر تصویر از نو حساب می‌شوند؛ فقط وزن‌ها و بایاس‌ها آموخته می‌شوند.",
)
class _ActivationsAsParameters(Account):
    @property
    def parameters(self) -> Any:
        return sum(row.parameters + row.activations for row in self.rows)


@ACCOUNT.wrong(
    "pooling_has_parameters",
    "D70, B34, s.311",
    "Pooling layers are given parameters",
    "A pooling learns nothing and has none; a table's 65,664 are those of a 2x2 convolution.",
    "برای لایه‌های ادغام پارامتر حساب شده است",
    "ادغام چیزی نمی‌آموزد و پارامتر ندارد؛ 65,664 جدول از آنِ یک کانولوشن 2x2 است.",
)
class _PoolingHasParameters(Account):
    @property
    def parameters(self) -> Any:
        depths = [row.output_shape[0] for row in self.rows if row.kind == "pool"]
        return self.weights + self.biases + sum((4 * depth + 1) * depth for depth in depths)


@ACCOUNT.wrong(
    "input_not_stored",
    "B44",
    "The input is left out of the activations",
    "The image itself is needed for the gradient of the first layer: count it too.",
    "ورودی در فعال‌سازی‌ها نیامده است",
    "خود تصویر برای گرادیان لایهٔ نخست لازم است: آن را هم بشمارید.",
)
class _InputNotStored(Account):
    def activations(self, *, separate_relu: bool = False) -> Any:
        return super().activations(separate_relu=separate_relu) - int(np.prod(self.input_shape))


def _trainings(rng: np.random.Generator) -> list[Call]:
    return [call(_account(Account, rng), batch_size=8)]


TRAINING = Component("training_bytes", right.training_bytes, _trainings)


@TRAINING.wrong(
    "parameters_once",
    "D84",
    "The parameters are counted once",
    "Each has a gradient, and the optimizer's memory beside it: at least three numbers.",
    "پارامترها یک بار شمرده شده‌اند",
    "هر یک گرادیان دارد و حافظهٔ بهینه‌ساز هم کنار آن است: دست‌کم سه عدد.",
)
def _parameters_once(
    account: Account,
    *,
    batch_size: int,
    optimizer_buffers: int = 1,
    bytes_per_number: int = FLOAT32_BYTES,
) -> Array:
    return bytes_per_number * (account.parameters + 2 * batch_size * account.activations())


@TRAINING.wrong(
    "batch_forgotten",
    "D84",
    "The activations of one image are counted",
    "Every image of the batch has its own.",
    "فعال‌سازی‌های یک تصویر شمرده شده‌اند",
    "هر تصویر دسته فعال‌سازی‌های خود را دارد.",
)
def _batch_forgotten(
    account: Account,
    *,
    batch_size: int,
    optimizer_buffers: int = 1,
    bytes_per_number: int = FLOAT32_BYTES,
) -> Array:
    return right.training_bytes(
        account,
        batch_size=1,
        optimizer_buffers=optimizer_buffers,
        bytes_per_number=bytes_per_number,
    )


@TRAINING.wrong(
    "numbers_for_bytes",
    "D84, B45",
    "Numbers are reported as bytes",
    "A float32 takes 4 bytes, a float64 8.",
    "شمار عددها به جای بایت گزارش شده است",
    "هر float32 چهار بایت و هر float64 هشت بایت است.",
)
def _numbers_for_bytes(
    account: Account,
    *,
    batch_size: int,
    optimizer_buffers: int = 1,
    bytes_per_number: int = FLOAT32_BYTES,
) -> Array:
    return right.training_bytes(
        account, batch_size=batch_size, optimizer_buffers=optimizer_buffers, bytes_per_number=1
    )


def _sizes(rng: np.random.Generator) -> list[Call]:
    return [call(float(rng.integers(10**6, 10**8)))]


MEBIBYTES = Component("mebibytes", right.mebibytes, _sizes)


@MEBIBYTES.wrong(
    "thousands",
    "B45",
    "It is divided by 1000 twice",
    "That is MB; a MiB has 1024 * 1024 bytes.",
    "دو بار بر 1000 تقسیم شده است",
    "این MB است؛ هر MiB برابر `1024 * 1024` بایت است.",
)
def _thousands(size: float) -> Array:
    return size / 1000**2


def _dense(rng: np.random.Generator) -> list[Call]:
    inputs, outputs = (int(n) for n in rng.permutation([12, 20, 35])[:2])
    return [call(inputs, outputs)]


AFFINE = Component("affine_parameter_count", geometry.affine_parameter_count, _dense)


@AFFINE.wrong(
    "bias_forgotten",
    "D60",
    "The biases are not counted",
    "D M weights and M biases: (D + 1) * M.",
    "بایاس‌ها شمرده نشده‌اند",
    "D M وزن و M بایاس: `(D + 1) * M`.",
)
def _bias_forgotten(inputs: int, outputs: int, *, bias: bool = True) -> Array:
    return inputs * outputs


@AFFINE.wrong(
    "bias_for_each_input",
    "D60",
    "One bias is counted for each input",
    "Each output has a bias: (D + 1) * M, not D * (M + 1).",
    "برای هر ورودی یک بایاس شمرده شده است",
    "هر خروجی یک بایاس دارد: `(D + 1) * M`، نه `D * (M + 1)`.",
)
def _bias_for_each_input(inputs: int, outputs: int, *, bias: bool = True) -> Array:
    return inputs * (outputs + bias)


ACCOUNTING = (ACCOUNT, TRAINING, MEBIBYTES, AFFINE)
