"""Checks of initial weights and of the statistics of activations (slides s.180-187)."""

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_unchanged, check_value
from autograder.checks.properties import (
    a_seed_decides_the_initial_weights,
    he_keeps_the_size_of_relu_activations,
    he_weights_have_variance_2_over_fan_in,
    initial_weights_are_centred_on_0,
    initial_weights_differ,
    xavier_weights_have_variance_1_over_fan_in,
)
from autograder.checks.properties.own import own, own_parts, within

FAN_IN = {"en": "the fan-in", "fa": "`fan_in`"}
MEANS = {"en": "the means", "fa": "میانگین‌ها"}
STDS = {"en": "the standard deviations", "fa": "انحراف معیارها"}
MEAN_SHARE = {
    "en": "the mean, divided by the standard deviation asked for",
    "fa": "نسبت میانگین به انحراف معیار خواسته‌شده",
}
STD_SHARE = {
    "en": "the standard deviation, divided by the one asked for",
    "fa": "نسبت انحراف معیار به مقدار خواسته‌شده",
}
LARGEST_SHARE = {
    "en": "the largest weight, divided by the standard deviation asked for",
    "fa": "نسبت بزرگ‌ترین وزن به انحراف معیار خواسته‌شده",
}

INITIALIZERS = ("small_weights", "xavier_weights", "he_weights")

TANH_SMALL = (0.213081, 0.047551, 0.010630, 0.002378, 0.000532, 0.000119, 2.6e-5, 6e-6, 1e-6, 0.0)
TANH_LARGE = (0.981879, 0.981649, 0.981601, 0.981755, 0.981614)
TANH_LARGE += (0.981560, 0.981520, 0.981913, 0.981728, 0.981736)
TANH_XAVIER = (0.627953, 0.486051, 0.407723, 0.357108, 0.320917)
TANH_XAVIER += (0.292116, 0.273387, 0.254935, 0.239266, 0.228008)
RELU_XAVIER = (0.582273, 0.403795, 0.276912, 0.198685, 0.140299)
RELU_XAVIER += (0.103280, 0.072748, 0.051572, 0.038583, 0.026076)
RELU_HE = (0.825232, 0.827835, 0.813855, 0.826902, 0.834092)
RELU_HE += (0.860035, 0.870610, 0.889348, 0.845357, 0.844523)

# What the slides print, by activation and standard deviation of the weights. The digits of a deep
# ReLU network are those of one draw: over 20 seeds they go from 0.7 to 1.5 of the print.
PRINTED = {
    "tanh 0.01": ("tanh", 0.01, TANH_SMALL, 0.1),
    "tanh 1": ("tanh", 1.0, TANH_LARGE, 0.02),
    "tanh xavier": ("tanh", 500**-0.5, TANH_XAVIER, 0.1),
    "relu xavier": ("relu", 500**-0.5, RELU_XAVIER, 0.6),
    "relu he": ("relu", (2 / 500) ** 0.5, RELU_HE, 0.6),
}


@pytest.mark.parametrize(
    ("shape", "inputs"),
    [((3072, 50), 3072), ((50, 10), 50), ((96, 3, 11, 11), 363), ((8, 4, 3, 5), 60)],
    ids=["3072-50", "50-10", "AlexNet", "3x5"],
)
@pytest.mark.points(0.5, question="initialization")
def test_fan_in(student, shape, inputs):
    """A unit of (D, M) sums over D inputs, a filter of (F, C, KH, KW) over C KH KW.

    fa: هر واحد (D, M) روی D ورودی جمع می‌زند و هر فیلتر (F, C, KH, KW) روی C KH KW.
    hint: Affine weights have the inputs first, filters have the outputs first.
    hint-fa: در وزن‌های لایهٔ خطی ورودی‌ها اول‌اند و در فیلترها خروجی‌ها.
    """
    check_value(student.fan_in(shape), inputs, what=FAN_IN)


@pytest.mark.points(2.5, question="initialization")
def test_small_weights(student):
    """Small weights are normal numbers with mean 0 and the standard deviation that is asked for.

    fa: وزن‌های کوچک، عددهای نرمال با میانگین 0 و انحراف معیار خواسته‌شده‌اند.
    hint: std * N(0, 1): `rng.random` is uniform in [0, 1) and has mean 0.5.
    hint-fa: std * N(0, 1): تابع `rng.random` یکنواخت در [0, 1) است و میانگینش 0.5.
    """
    for arguments, std in (((100, 50), 3), 0.01), (((100, 50), 4, 0.2), 0.2):
        weights = own(student.small_weights(*arguments), (100, 50), what="the weights")
        # 6 standard errors of 5000 draws.
        within(np.asarray(weights.mean() / std), -0.085, 0.085, what=MEAN_SHARE)
        within(np.asarray(weights.std() / std), 0.94, 1.06, what=STD_SHARE)
        # A normal sample of 5000 has entries beyond 2.5 deviations; a uniform one has none.
        within(np.asarray(np.abs(weights).max() / std), 2.5, 7.0, what=LARGEST_SHARE)


@pytest.mark.points(3, question="initialization", requires=["test_fan_in"])
@settings(max_examples=6)
@given(case=xavier_weights_have_variance_1_over_fan_in.cases())
def test_xavier_weights(student, case):
    """The standard deviation of Xavier's weights is 1 / sqrt(fan_in).

    fa: انحراف معیار وزن‌های Xavier برابر 1 / sqrt(fan_in) است.
    hint: N(0, 1) divided by the root of the number of inputs, as slide 185 writes it.
    hint-fa: N(0, 1) تقسیم بر جذر شمار ورودی‌ها، همان‌طور که اسلاید ۱۸۵ می‌نویسد.
    """
    xavier_weights_have_variance_1_over_fan_in(student.xavier_weights, *case)
    initial_weights_are_centred_on_0(student.xavier_weights, *case)


@pytest.mark.points(2, question="initialization", requires=["test_fan_in"])
@settings(max_examples=6)
@given(case=he_weights_have_variance_2_over_fan_in.cases())
def test_he_weights(student, case):
    """The standard deviation of He's weights is sqrt(2 / fan_in): the 2 stands inside the root.

    fa: انحراف معیار وزن‌های He برابر sqrt(2 / fan_in) است: عدد 2 درون جذر است.
    hint: ReLU zeroes half of the inputs, so the variance is doubled.
    hint-fa: ReLU نیمی از ورودی‌ها را صفر می‌کند، پس واریانس دو برابر می‌شود.
    """
    he_weights_have_variance_2_over_fan_in(student.he_weights, *case)
    initial_weights_are_centred_on_0(student.he_weights, *case)


@pytest.mark.points(1, question="initialization", visibility="hidden", requires=["test_he_weights"])
@settings(max_examples=4)
@given(case=he_keeps_the_size_of_relu_activations.cases())
def test_he_weights_keep_the_signal(student, case):
    """Through a ReLU layer with He's weights the size of the activations stays.

    fa: اندازهٔ فعال‌سازی‌ها با گذر از لایهٔ ReLU با وزن‌های He حفظ می‌شود.
    """
    he_keeps_the_size_of_relu_activations(student.he_weights, *case)


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.points(0.5, question="initialization")
def test_a_seed_decides_the_weights(student, name):
    """The same seed gives the same weights, another seed others, and no two weights are equal.

    fa: بذر یکسان وزن‌های یکسان می‌دهد و بذر دیگر وزن‌های دیگر، و هیچ دو وزنی برابر نیستند.
    hint: `rng = np.random.default_rng(seed)`; equal weights would stay equal for ever.
    hint-fa: `rng = np.random.default_rng(seed)`؛ وزن‌های برابر برای همیشه برابر می‌مانند.
    """

    def initialize(shape, seed):
        return student.call(name, shape, seed)

    a_seed_decides_the_initial_weights(initialize, (30, 20), 5)
    initial_weights_differ(initialize, (30, 20), 5)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.points(1.5, question="initialization")
def test_activation_statistics(student, rng, activation):
    """Mean and standard deviation of each layer, over all its activations.

    fa: میانگین و انحراف معیار هر لایه، روی همهٔ فعال‌سازی‌های آن.
    hint: h_0 = x, h_l = activation(h_(l-1) W_l): each layer takes what the one before gave.
    hint-fa: h_0 = x و h_l = activation(h_(l-1) W_l): هر لایه خروجی لایهٔ پیش از خود را می‌گیرد.
    """
    x = rng.normal(size=(7, 5)) + 0.5
    weights = [rng.normal(size=shape) for shape in ((5, 6), (6, 4), (4, 4))]
    bend = {"tanh": np.tanh, "relu": lambda sums: sums.clip(0)}[activation]
    _, *layers = accumulate(weights, lambda h, W: bend(h @ W), initial=x)
    got = own_parts(student.activation_statistics(x, weights, activation), (MEANS, STDS))
    check_unchanged(student)
    check_value(got[0], [h.mean() for h in layers], what=MEANS)
    check_value(got[1], [h.std() for h in layers], what=STDS)


@pytest.mark.parametrize("case", PRINTED)
@pytest.mark.points(0.6, question="initialization", requires=["test_activation_statistics"])
def test_the_slides_experiment(student, check_seed, case):
    """Ten layers of 500: small weights die out, large ones saturate, He keeps the ReLU alive.

    fa: ده لایهٔ ۵۰۰تایی: وزن‌های کوچک محو می‌شوند، وزن‌های بزرگ اشباع می‌شوند، He زنده نگه می‌دارد.
    """
    activation, std, printed, band = PRINTED[case]
    rng = f"np.random.default_rng([{check_seed}, layer])"
    # Made where they are used, and in float32: 20 MB need not travel for two digits.
    layer = f"np.float32({std}) * {rng}.standard_normal((500, 500), np.float32)"
    weights = student.define(f"[{layer} for layer in range(10)]")
    x = np.random.default_rng(check_seed).standard_normal((80, 500), np.float32)
    answer = student.activation_statistics(x, weights, activation)
    means, stds = own_parts(answer, (MEANS, STDS))
    stds = own(stds, (10,), what=STDS)
    slack = band * np.array(printed) + 2e-6
    within(stds, np.array(printed) - slack, np.array(printed) + slack, what=STDS)
    if activation == "relu":
        # Half of a normal distribution has the mean 0.68 deviations above 0.
        ratio = own(means, (10,), what=MEANS) / stds
        within(ratio, 0.4, 1.0, what=MEANS)
