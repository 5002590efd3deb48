"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it.
"""

from functools import partial

import architecture_blocks as blocks
import architecture_networks as networks
import numpy as np
from architecture_comparison import equal_numbers
from architecture_tables import TABLE
from architecture_texts import own
from test_sliding import LINEAR, NETWORK, TENSOR
from torch import nn

from autograder.checks.modules import beside, build_module, numbers_for
from autograder.components import Component


def built(name, *cases):
    """Builds the part, and yields the shapes of its parameters and what it gives, case by case."""

    def session(student, rng):
        for arguments, input_shape in cases:
            module = build_module(student, name, *arguments, input_shape=input_shape)
            yield sorted(",".join(map(str, shape)) for shape in module.parameters)
            module.fill(numbers_for)
            yield module.output(rng.normal(size=(2, *input_shape)))

    return session


def dropped(name, arguments, input_shape, copies, most_zeros):
    """How the scores in training stand to those in evaluation, as yes and no."""

    def session(student, rng):
        module = build_module(student, name, *arguments, input_shape=input_shape)
        module.fill(equal_numbers)
        x = np.ones((1, *input_shape))
        scores = np.asarray(module.output(x, training=True, copies=copies), float).ravel()
        quarters = 4 * scores / np.asarray(module.output(x), float).ravel()[0]
        whole = np.abs(quarters - quarters.round()).max() < 0.01
        odd = bool((quarters.round() % 2 == 1).any())
        zeros = bool((quarters == 0).mean() > most_zeros)
        yield [float(np.ptp(scores) > 0), float(whole), float(odd), float(zeros)]

    return session


def part(name, question, builder, mistakes, *cases, more=(), **built_on):
    return Component(
        name,
        question=question,
        right=builder,
        wrong=tuple(
            own(f"{name}.{mistake}", partial(builder, **keywords))
            for mistake, keywords in mistakes.items()
        ),
        session=(built(name, *cases), *more),
        **built_on,
    )


NARROW = (4, 6, 6, 8, 4)
END = {
    "no_dropout": {"drops": (0.0, 0.0, 0.0)},
    "one_dropout": {"drops": (0.5, 0.0, 0.0)},
    "dropout_of_scores": {"drops": (0.5, 0.5, 0.5)},
    "linear_hidden": {"hidden_relu": False},
    "relu_of_scores": {"last": nn.ReLU},
    "one_hidden": {"layers": 1},
}

CHAINS = [
    part(
        "lenet5",
        "chains",
        networks.lenet,
        {
            "not_padded": {"padding": 0},
            "no_bias": {"bias": False},
            "relu": {"active": nn.ReLU, "hidden": nn.ReLU},
            "no_sigmoid": {"active": nn.Identity, "hidden": nn.Identity},
            "linear_hidden": {"hidden": nn.Identity},
            "max_pooling": {"pool": nn.MaxPool2d},
            "sigmoid_of_scores": {"last": nn.Sigmoid},
            "softmax_of_scores": {"last": partial(nn.Softmax, dim=1)},
        },
        ((10,), (1, 28, 28)),
    ),
    part(
        "alexnet",
        "chains",
        networks.alexnet,
        {
            "small_poolings": {"pool": 2},
            "no_relu": {"relu": False},
            "fifth_384": {"fifth": 3},
            "groups_ignored": {"grouped": ()},
            "third_grouped": {"grouped": (2, 3, 4, 5)},
            "no_bias": {"bias": False},
            **END,
        },
        ((NARROW, 10, 5, 2), (3, 227, 227)),
        more=(dropped("alexnet", ((2, 2, 2, 2, 2), 4, 1), (3, 227, 227), 24, 0.3),),
    ),
    part(
        "vgg_block",
        "chains",
        networks.vgg_block,
        {
            "no_relu": {"relus": "none"},
            "relu_at_the_end": {"relus": "last"},
            "average_pooling": {"pool": nn.AvgPool2d},
            "no_pooling": {"pool": None},
            "stride_1": {"stride": 1},
            "not_padded": {"padding": 0},
            "kernel_5": {"kernel": 5, "padding": 2},
        },
        ((2, 3, 5), (3, 8, 8)),
        ((1, 3, 12), (3, 12, 12)),
    ),
    part(
        "vgg",
        "chains",
        networks.vgg,
        {"always_7x7": {"fixed": 7}, **END},
        ((((1, 4), (2, 6)), 3, 8, 10, 5), (3, 8, 8)),
        more=(dropped("vgg", (((1, 2), (1, 3)), 3, 8, 4, 1), (3, 8, 8), 64, 0.3),),
        builds_on=("vgg_block",),
        built=lambda vgg_block: partial(networks.vgg, block=vgg_block),
    ),
]

INCEPTION = [
    part(
        "nin_block",
        "inception",
        networks.nin_block,
        {
            "one_1x1": {"count": 1},
            "linear_1x1": {"relu": False},
            "kernel_3": {"small": 3},
            "padding_ignored": {"padded": False},
        },
        ((3, 5, 3, 2, 1), (3, 7, 9)),
    ),
    part(
        "nin",
        "inception",
        networks.nin,
        {
            "max_pooling": {"pool": nn.AdaptiveMaxPool2d},
            "connected": {"connected": True},
            "not_flat": {"flat": False},
            "no_dropout": {"drops": (0.0, 0.0)},
            "dropout_of_scores": {"drops": (0.0, 0.5)},
        },
        (((4, 5, 6), 7), (3, 99, 99)),
        more=(dropped("nin", ((2, 3, 2), 1), (3, 67, 67), 40, 0.35),),
        builds_on=("nin_block",),
        built=lambda nin_block: partial(networks.nin, block=nin_block),
    ),
    part(
        "inception",
        "inception",
        networks.inception,
        {
            "no_reduction": {"reduce": False},
            "linear_reduction": {"relu": False},
            "no_projection": {"project": False},
            "order": {"order": (0, 2, 1, 3)},
            "average_pooling": {"pool": nn.AvgPool2d},
            "projection_first": {"pool_first": False},
            "branch_missing": {"order": (0, 1, 2)},
        },
        ((6, 4, (3, 5), (2, 7), 8), (6, 7, 7)),
    ),
]

RESIDUAL = [
    part(
        "residual_block",
        "residual",
        blocks.residual_block,
        {
            "bias": {"bias": True},
            "no_norm": {"norm": False},
            "relu_before_addition": {"early": True, "late": False},
            "no_last_relu": {"late": False},
            "two_relus": {"early": True},
            "no_shortcut": {"shortcut": False},
            "linear_projection": {"shortcut_norm": False},
            "padded_shortcut": {"project": "pad"},
            "always_projected": {"always": True},
        },
        ((4, 4), (4, 6, 6)),
        ((4, 6, 2), (4, 6, 6)),
    ),
    part(
        "preactivation_block",
        "residual",
        blocks.preactivation_block,
        {
            "relu_behind_sum": {"late": True},
            "projection_of_x": {"project_from": "x"},
            "shortcut_opened": {"keep_from": "opened"},
            "projection_norm": {"project_norm": True},
            "one_relu": {"second": False},
            "no_shortcut": {"shortcut": False},
        },
        ((4, 4), (4, 6, 6)),
        ((4, 6, 2), (4, 6, 6)),
    ),
]

DENSE = [
    part(
        "dense_block",
        "dense",
        blocks.dense_block,
        {
            "no_bottleneck": {"bottleneck": 0},
            "narrow_bottleneck": {"bottleneck": 1},
            "new_first": {"first": "new"},
            "chain": {"chain": True},
            "normalized_last": {"post": True},
            "bias": {"bias": True},
            "one_growth_more": {"extra": 1},
            "input_dropped": {"keep": False},
        },
        ((3, 4, 3), (4, 5, 5)),
    ),
    part(
        "transition",
        "dense",
        blocks.transition,
        {
            "no_pooling": {"pool": None},
            "max_pooling": {"pool": nn.MaxPool2d},
            "no_relu": {"relu": False},
            "bias": {"bias": True},
            "channels_kept": {"keep": True},
        },
        ((6, 3), (6, 6, 8)),
    ),
]


def masks(rng):
    return [(rng.normal(size=(6, 9)), 2, 4), (rng.normal(size=(6, 5)), 3, 2)]


def condensed(student, rng):
    for groups, outputs, inputs, kept in ((2, 4, 6, 3), (3, 6, 5, 2)):
        weight = rng.normal(size=(outputs, inputs)).astype(np.float32)
        mask = np.zeros((groups, inputs))
        for row in mask:
            row[rng.permutation(inputs)[:kept]] = 1
        module = build_module(student, "standard_form", weight, mask, input_shape=(inputs, 3, 3))
        yield module.output(rng.normal(size=(2, inputs, 3, 3)))
        yield module.parameter_count


def convolved(student, rng):
    for bias in (rng.normal(size=5).astype(np.float32), None):
        weight = rng.normal(size=(5, 24)).astype(np.float32)
        linear = beside(student, LINEAR, weight, bias, shown="linear")
        module = build_module(student, "fc_to_conv", linear, 3, 4, 2, input_shape=(3, 4, 2))
        yield module.output(rng.normal(size=(2, 3, 4, 2)))
        yield module.output(rng.normal(size=(2, 3, 7, 5)))


def slid(student, rng):
    weight = rng.normal(size=(3, 2, 6, 6)).astype(np.float32)
    network = beside(student, NETWORK, weight, 4, shown="network")
    x = rng.normal(size=(2, 2, 16, 12)).astype(np.float32)
    yield student.sliding_scores(network, beside(student, TENSOR, x, shown="images"), 4, 2)


def plain(name, question, function, mistakes, **asked):
    return Component(
        name,
        question=question,
        right=function,
        wrong=tuple(
            own(f"{name}.{mistake}", partial(function, **keywords))
            for mistake, keywords in mistakes.items()
        ),
        **asked,
    )


CONDENSE = [
    plain(
        "condensing_mask",
        "dense",
        blocks.condensing_mask,
        {
            "signed": {"size": lambda weight: weight},
            "squares": {"size": np.square},
            "smallest": {"largest": False},
            "shared": {"shared": True},
            "dealt": {"dealt": True},
        },
        probe=masks,
    ),
    plain(
        "standard_form",
        "dense",
        blocks.standard_form,
        {
            "not_grouped": {"grouped": False},
            "first_group": {"picked": "first"},
            "interleaved": {"picked": "interleaved"},
            "first_weights": {"gathered": False},
        },
        session=condensed,
    ),
]

SLIDING = [
    plain(
        "fc_to_conv",
        "sliding",
        blocks.fc_to_conv,
        {
            "channels_last": {"order": "hwc"},
            "width_first": {"order": "cwh"},
            "no_bias": {"bias": False},
            "padded": {"padded": True},
            "turned": {"turned": True},
            "not_copied": {"copied": False},
        },
        session=convolved,
    ),
    plain(
        "sliding_scores",
        "sliding",
        blocks.sliding_scores,
        {
            "one_pass": {"shifts": "none"},
            "two_passes": {"shifts": "diagonal"},
            "swapped": {"swapped": True},
            "blocks": {"blocks": True},
        },
        session=slid,
    ),
]

COMPONENTS = [*TABLE, *CHAINS, *INCEPTION, *RESIDUAL, *DENSE, *CONDENSE, *SLIDING]
