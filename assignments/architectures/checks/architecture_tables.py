"""The wrong versions of the plain functions: sizes, the table of a network, its totals."""

import math
from types import SimpleNamespace

from architecture_texts import own
from test_table import GROUPED, LENET

from autograder.components import Component, wrong_versions
from reference.accounting import Account
from reference.layer_lists import chain_account
from reference.layers.geometry import affine_parameter_count, convolution_parameter_count
from reference.misconceptions import COMPONENTS as KNOWN


def size(W, F, S, P, ceil):
    room = W - F + 2 * P
    return (-(-room // S) if ceil else room // S) + 1


def as_size(output_size):
    return lambda W, F, S, P, ceil: output_size(
        W, F, stride=S, padding=P, rounding="ceil" if ceil else "floor"
    )


def windows(rng):
    return [(227, 11, 4, 0, False), (32, 5, 1, 2, False), (112, 3, 2, 0, True), (9, 4, 3, 1, False)]


def table(
    conv=convolution_parameter_count,
    affine=affine_parameter_count,
    pooled=None,
    flat=math.prod,
    ceil=False,
):
    """A `layer_table` that counts as it is told to."""

    def layer_table(layers, input_shape):
        rows, shape = [], tuple(input_shape)
        for kind, *numbers in layers:
            both = weights = 0
            if kind == "fc":
                weights = affine(flat(shape), *numbers, bias=False)
                both, shape = affine(flat(shape), *numbers), tuple(numbers)
            else:
                kernel, stride, padding = numbers[1:4] if kind == "conv" else (*numbers, 0)
                places = [size(side, kernel, stride, padding, ceil) for side in shape[1:]]
                if kind == "conv":
                    options = {"groups": numbers[4]}
                    weights = conv(shape[0], numbers[0], kernel, bias=False, **options)
                    both = conv(shape[0], numbers[0], kernel, **options)
                elif pooled is not None:
                    both, weights = pooled(shape[0], kernel)
                shape = (numbers[0] if kind == "conv" else shape[0], *places)
            rows.append((shape, weights, both - weights))
        return rows

    return layer_table


def networks_of_layers(rng):
    return [(list(LENET), (1, 28, 28)), (list(GROUPED), (4, 17, 23))]


def as_totals(kind):
    def network_totals(layers, input_shape):
        account = kind(tuple(input_shape), chain_account(layers, input_shape).rows)
        return account.parameters, account.multiply_adds, account.activations()

    return network_totals


def totals(products):
    """A `network_totals` that counts products otherwise."""

    def network_totals(layers, input_shape):
        account = chain_account(layers, input_shape)
        return account.parameters, products(account), account.activations()

    return network_totals


def totals_of(layer_table):
    """A `network_totals` that adds up the rows of a table."""

    def network_totals(layers, input_shape):
        rows = layer_table(layers, input_shape)
        products = sum(weights * math.prod(shape[1:]) for shape, weights, _ in rows)
        activations = math.prod(input_shape) + sum(math.prod(shape) for shape, _, _ in rows)
        return sum(weights + biases for _, weights, biases in rows), products, activations

    return network_totals


def as_bytes(training_bytes):
    return lambda parameters, activations, batch_size, buffers: training_bytes(
        SimpleNamespace(parameters=parameters, activations=lambda: activations),
        batch_size=batch_size,
        optimizer_buffers=buffers,
    )


TABLE = [
    Component(
        "output_size",
        question="table",
        right=size,
        wrong=(
            *wrong_versions(KNOWN["output_size"], as_size),
            own("output_size.always_down", lambda W, F, S, P, ceil: size(W, F, S, P, False)),
            own("output_size.always_up", lambda W, F, S, P, ceil: size(W, F, S, P, True)),
        ),
        probe=windows,
        left_out={
            "output_size.dilation_ignored": "the student's function has no dilation",
            "output_size.fraction_rounded": "a fraction is to be rounded down",
        },
    ),
    Component(
        "layer_table",
        question="table",
        right=table(),
        wrong=(
            *wrong_versions(KNOWN["convolution_parameter_count"], lambda count: table(conv=count)),
            *wrong_versions(KNOWN["affine_parameter_count"], lambda count: table(affine=count)),
            own(
                "layer_table.pooling",
                table(pooled=lambda C, F: ((F * F * C + 1) * C, F * F * C * C)),
            ),
            own("layer_table.flattening", table(flat=lambda shape: shape[0])),
            own("layer_table.rounded_up", table(ceil=True)),
        ),
        probe=networks_of_layers,
        builds_on=("output_size",),
    ),
    Component(
        "network_totals",
        question="table",
        right=as_totals(Account),
        wrong=(
            *wrong_versions(KNOWN["Account"], as_totals),
            own("network_totals.twice", totals(lambda account: 2 * account.multiply_adds)),
            own("network_totals.places", totals(lambda account: account.weights)),
            own(
                "network_totals.batch_axis",
                totals(
                    lambda account: sum(
                        row.weights * (row.output_shape[-1] ** 2 if row.kind == "conv" else 1)
                        for row in account.rows
                    )
                ),
            ),
        ),
        probe=networks_of_layers,
        builds_on=("layer_table",),
        built=totals_of,
    ),
    Component(
        "training_bytes",
        question="table",
        right=as_bytes(KNOWN["training_bytes"].right),
        wrong=(
            *wrong_versions(KNOWN["training_bytes"], as_bytes),
            own("training_bytes.no_gradients", lambda P, A, N, B: 4 * (P * (1 + B) + N * A)),
            own("training_bytes.buffers", lambda P, A, N, B: 4 * (P * 3 + 2 * N * A)),
        ),
        probe=lambda rng: [(1000, 300, 8, 0), (777, 5000, 32, 2)],
    ),
]
