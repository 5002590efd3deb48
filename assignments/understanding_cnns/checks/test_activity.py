"""Checks of layer outputs, their statistics, and dead units (tutorial part 3; slides s.165-187)."""

import numpy as np
import pytest
from cnn_pictures import activation_statistics, dead_units, layer_outputs

from autograder.checks import (
    Call,
    check_against_reference,
    check_labels,
    check_unchanged,
    check_value,
)
from autograder.checks.answers import parts
from autograder.checks.properties.own import own
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails
from reference.layers import conv2d_forward

OUTPUT = {"en": "the output of the {} layer", "fa": "خروجی لایهٔ {}"}
NUMBERS = {
    "first": "نخست",
    "second": "دوم",
    "third": "سوم",
    "fourth": "چهارم",
}
MEANS = {"en": "the means", "fa": "میانگین‌ها"}
STDS = {"en": "the standard deviations", "fa": "انحراف معیارها"}
SPARSITIES = {"en": "the sparsities", "fa": "تُنُکی‌ها"}
STATISTICS = (MEANS, STDS, SPARSITIES)
DEAD = {"en": "the dead units", "fa": "واحدهای مرده"}

IMAGE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]], float
)[None, None]
KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]], float)[None, None]


def names(count):
    """What the outputs of so many layers are called."""
    return tuple(
        {"en": OUTPUT["en"].format(en), "fa": OUTPUT["fa"].format(fa)}
        for en, fa in list(NUMBERS.items())[:count]
    )


def outputs(student, x, layers):
    """A list with an array for each layer."""
    every = topic({"en": "the outputs", "fa": "خروجی‌ها"})
    return parts(student.layer_outputs(x, layers), len(layers), every)


def statistics(student, layers):
    """Three lists, or an array of three rows."""
    got = student.activation_statistics(layers)
    return tuple(got) if isinstance(got, np.ndarray) else got


def check_dead(student, activations, expected):
    """The numbers of the dead units; a wrong one is told with an image that it is active for."""
    got = student.dead_units(activations)
    said, total = own(got, what=DEAD), activations.shape[1]
    wrong = sorted({int(n) for n in said.ravel() if n in range(total)} - set(expected))
    missing = sorted(set(expected) - set(said.ravel()))
    if said.ndim == 1 and np.asarray(got).dtype != bool and (wrong or missing):
        if wrong:
            image = np.flatnonzero(activations[:, wrong[0]].reshape(len(activations), -1).any(1))[0]
            en = f"Unit {wrong[0]} is called dead, but it is active for image {image}."
            fa = f"واحد {wrong[0]} مرده خوانده شده است، ولی برای تصویر {image} فعال است."
        else:
            en = f"Unit {missing[0]} is 0 for every image, everywhere: it is dead."
            fa = f"واحد {missing[0]} برای همهٔ تصویرها و همه جا 0 است: مرده است."
        numbers = [int(n) if n == int(n) else float(n) for n in said]
        details = FailureDetails(
            {"en": en, "fa": fa}, expected=str(list(expected)), got=str(numbers)[:200]
        )
        raise CheckFailure(details)
    check_labels(got, np.array(expected, int), what=DEAD)


@pytest.mark.points(3, question="activity")
def test_layer_outputs_of_a_small_network(student):
    """Convolution, max pooling and an affine layer, on the 5x5 image of the course.

    fa: کانولوشن، ادغام بیشینه و لایهٔ خطی روی تصویر 5x5 درس.
    hint: The filter is not flipped: the first number of the convolution is 12 (with bias 0).
    hint-fa: فیلتر برگردانده نمی‌شود: نخستین عدد کانولوشن 12 است (با بایاس 0).
    """
    W, b = np.array([[1.0, 0], [0, 1], [1, -1], [2, 0]]), np.array([0.5, -1.0])
    layers = [("conv", KERNEL, np.zeros(1), 1, 0), ("relu",), ("pool", 2, 1), ("affine", W, b)]
    summed = [[[[12, 12, 17], [10, 17, 19], [9, 6, 14]]]]
    expected = (summed, summed, [[[[17, 19], [17, 19]]]], [[72.5, 1.0]])
    check_value(tuple(outputs(student, IMAGE, layers)), expected, what=names(4))


@pytest.mark.points(2.5, question="activity", requires=["test_layer_outputs_of_a_small_network"])
def test_every_output_stays_as_it_was(student):
    """A ReLU leaves the output that was kept before it, and the images, as they are.

    fa: ReLU خروجی نگه‌داشته‌شدهٔ پیش از خود و تصویرها را تغییر نمی‌دهد.
    hint: `x[x < 0] = 0` changes the array that is in the list already: make a new one.
    hint-fa: `x[x < 0] = 0` آرایه‌ای را تغییر می‌دهد که در فهرست است: آرایهٔ تازه بسازید.
    """
    layers = [("conv", KERNEL, np.array([-12.0]), 1, 0), ("relu",)]
    expected = (
        [[[[0, 0, 5], [-2, 5, 7], [-3, -6, 2]]]],
        [[[[0, 0, 5], [0, 5, 7], [0, 0, 2]]]],
    )
    check_value(tuple(outputs(student, IMAGE, layers)), expected, what=names(2))
    x = np.array([[[[-1.0, 2.0], [3.0, -4.0]]]])
    got = outputs(student, x, [("relu",)])
    check_unchanged(student)
    check_value(got[0], [[[[0, 2], [3, 0]]]], what=names(1)[0])


@pytest.mark.points(2.5, question="activity", requires=["test_layer_outputs_of_a_small_network"])
def test_convolution_with_padding_stride_and_filters(student, rng):
    """Zeros around the image, a stride, several channels, filters and biases.

    fa: صفرهای دور تصویر، گام، چند کانال، چند فیلتر و بایاس.
    hint: A filter sums over all channels and adds its own bias.
    hint-fa: فیلتر روی همهٔ کانال‌ها جمع می‌زند و بایاس خود را می‌افزاید.
    """
    x, w, b = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(2, 3, 3, 3)), np.array([1.0, -2.0])
    expected = conv2d_forward(x, w, b, stride=2, padding=1)[0]
    got = outputs(student, x, [("conv", w, b, 2, 1)])
    check_value(got[0], expected, what=names(1)[0])


@pytest.mark.points(
    1,
    question="activity",
    visibility="hidden",
    requires=["test_layer_outputs_of_a_small_network"],
)
def test_layer_outputs_of_any_network(student, rng):
    """Two blocks of convolution, ReLU and pooling, and two affine layers.

    fa: دو بلوک کانولوشن، ReLU و ادغام، و دو لایهٔ خطی.
    """
    layers = [
        ("conv", rng.normal(size=(4, 2, 3, 3)), rng.normal(size=4), 1, 1),
        ("relu",),
        ("pool", 2, 2),
        ("conv", rng.normal(size=(3, 4, 2, 2)), rng.normal(size=3), 2, 0),
        ("relu",),
        ("affine", rng.normal(size=(12, 5)), rng.normal(size=5)),
        ("relu",),
        ("affine", rng.normal(size=(5, 3)), rng.normal(size=3)),
    ]
    call = Call("layer_outputs", (rng.normal(size=(3, 2, 8, 8)), layers))
    check_against_reference(student, [call], lambda *a: tuple(layer_outputs(*a)), unchanged=True)


@pytest.mark.points(3, question="activity")
def test_activation_statistics(student):
    """Mean, standard deviation and share of zeros of each layer, over all its activations.

    fa: میانگین، انحراف معیار و سهم صفرهای هر لایه، روی همهٔ فعال‌سازی‌های آن.
    hint: (0, 2, 4, 0, 0, 6) has the mean 2 and the sparsity 0.5.
    hint-fa: `(0, 2, 4, 0, 0, 6)` میانگین 2 و تُنُکی 0.5 دارد.
    """
    given = [
        np.array([[0.0, 2, 4], [0, 0, 6]]),
        np.array([[[[1.0, 3], [5, 7]]]]),
        np.array([[0.0, 0, 0, 4]]),
    ]
    expected = ([2, 4, 1], [np.sqrt(16 / 3), np.sqrt(5), np.sqrt(3)], [0.5, 0, 0.75])
    check_value(statistics(student, given), expected, what=STATISTICS)
    check_unchanged(student)


@pytest.mark.points(
    1, question="activity", visibility="hidden", requires=["test_activation_statistics"]
)
def test_activation_statistics_of_any_layers(student, rng):
    """Behind a ReLU about half of the activations are 0; small ones count as active.

    fa: پس از ReLU حدود نیمی از فعال‌سازی‌ها 0 است؛ کوچک‌ها فعال شمرده می‌شوند.
    """
    layers = [np.maximum(rng.normal(size=shape), 0) for shape in ((40, 20), (5, 3, 4, 4))]
    layers += [1e-9 * layers[0], rng.normal(size=(3, 7))]
    got = statistics(student, layers)
    check_value(got, activation_statistics(layers), what=STATISTICS, atol=1e-12)


@pytest.mark.points(2, question="activity")
def test_dead_is_zero_for_every_image(student):
    """Of units (0, 3, 0) and (0, 0, 2) for two images, only the first is dead.

    fa: از واحدهای `(0, 3, 0)` و `(0, 0, 2)` برای دو تصویر، تنها نخستین مرده است.
    hint: 0 for one image says nothing: ask `np.all(... == 0, axis=0)`.
    hint-fa: 0 برای یک تصویر چیزی نمی‌گوید: `np.all(... == 0, axis=0)` را بپرسید.
    """
    units = np.array([[0.0, 3, 0], [0, 0, 2]])
    check_dead(student, units, [0])
    more = np.array([[0.0, 1, 0, 2, 0, 0], [0, 0, 0, 4, 1e-3, 0], [0, 2, 0, 0, 0, 0]])
    check_dead(student, more, [0, 2, 5])
    none = np.array([[1.0, 0], [0, 1]])
    check_dead(student, none, [])


@pytest.mark.points(2, question="activity", requires=["test_dead_is_zero_for_every_image"])
def test_dead_filters(student):
    """A filter is dead if its whole map is 0, for every image.

    fa: فیلتر وقتی مرده است که همهٔ نقشه‌اش برای هر تصویر 0 باشد.
    hint: For (N, F, H, W) the images and the places count: axis=(0, 2, 3).
    hint-fa: در `(N, F, H, W)` تصویرها و جاها به حساب می‌آیند: `axis=(0, 2, 3)`.
    """
    maps = np.zeros((3, 4, 2, 2))
    maps[:, 0] = 1.0
    maps[1, 1, 0, 1] = 0.5  # active for one image, at one place
    maps[:, 3, 1, 1] = 2.0  # 0 at three places of every map
    check_dead(student, maps, [2])
    check_unchanged(student)


@pytest.mark.points(
    1, question="activity", visibility="hidden", requires=["test_dead_is_zero_for_every_image"]
)
def test_dead_units_of_any_layer(student, rng):
    """The numbers come in increasing order, however many images, units and places there are.

    fa: شماره‌ها به ترتیب افزایشی‌اند، با هر شمار تصویر، واحد و جا.
    """
    for shape in ((5, 9), (4, 7, 2, 3), (1, 6)):
        active = np.maximum(rng.normal(size=shape), 0)
        active[:, rng.permutation(shape[1])[:3]] = 0
        check_dead(student, active, dead_units(active))
