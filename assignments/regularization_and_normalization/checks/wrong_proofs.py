"""Wrong answers to the homework's two proofs, the printed one of layer normalization among them."""

import numpy as np

from autograder.components import Component, wrong_version

# --- batch normalization: x minus the mean image ------------------------------------------------


def subtract_mean_image(x, eps=1e-5):
    return np.sqrt(x.var(axis=0) + eps), np.zeros(x.shape[1])


@wrong_version(
    "subtract_mean_image_by_bn.mean_added_again",
    "beta is the mean image: then nothing is subtracted at all",
    "With gamma = sigma and beta = mu the layer gives x itself. Leave beta at 0.",
    "beta تصویر میانگین است: آن‌گاه هیچ چیزی کم نمی‌شود",
    "با gamma = sigma و beta = mu لایه خود x را می‌دهد. beta را 0 بگذارید.",
)
def mean_added_again(x, eps=1e-5):
    return subtract_mean_image(x, eps)[0], x.mean(axis=0)


@wrong_version(
    "subtract_mean_image_by_bn.mean_subtracted_twice",
    "The mean image is subtracted a second time, by beta",
    "xhat has no mean any more: beta = 0.",
    "تصویر میانگین بار دیگر با beta کم شده است",
    "xhat دیگر میانگینی ندارد: beta = 0.",
)
def mean_subtracted_twice(x, eps=1e-5):
    return subtract_mean_image(x, eps)[0], -x.mean(axis=0)


@wrong_version(
    "subtract_mean_image_by_bn.variance_for_deviation",
    "gamma is the variance instead of the deviation",
    "xhat was divided by sqrt(var + eps): multiply by the same.",
    "gamma به جای انحراف معیار، واریانس است",
    "xhat بر sqrt(var + eps) تقسیم شده بود: در همان ضرب کنید.",
)
def variance_for_deviation(x, eps=1e-5):
    return x.var(axis=0) + eps, np.zeros(x.shape[1])


@wrong_version(
    "subtract_mean_image_by_bn.still_divided",
    "gamma is 1: the images are still divided by the deviation",
    "Subtracting the mean image divides nothing: gamma = sqrt(var + eps) undoes it.",
    "gamma برابر 1 است: تصویرها هنوز بر انحراف معیار تقسیم می‌شوند",
    "کم کردن تصویر میانگین تقسیمی ندارد: gamma = sqrt(var + eps) آن را خنثی می‌کند.",
)
def still_divided(x, eps=1e-5):
    return np.ones(x.shape[1]), np.zeros(x.shape[1])


@wrong_version(
    "subtract_mean_image_by_bn.one_deviation_for_all",
    "All pixels share one deviation",
    "Each pixel has its own, over the images: `axis=0`.",
    "همهٔ پیکسل‌ها یک انحراف معیار مشترک دارند",
    "هر پیکسل انحراف معیار خود را روی تصویرها دارد: `axis=0`.",
)
def one_deviation_for_all(x, eps=1e-5):
    return np.full(x.shape[1], np.sqrt(x.var() + eps)), np.zeros(x.shape[1])


@wrong_version(
    "subtract_mean_image_by_bn.unbiased_deviation",
    "The deviation divides by N - 1",
    "Batch normalization divides by N: `x.var(axis=0)`.",
    "انحراف معیار بر `N - 1` تقسیم کرده است",
    "نرمال‌سازی دسته بر N تقسیم می‌کند: `x.var(axis=0)`.",
)
def unbiased_deviation(x, eps=1e-5):
    return np.sqrt(x.var(axis=0, ddof=1) + eps), np.zeros(x.shape[1])


# --- layer normalization: x / sum(x) ------------------------------------------------------------


def scale_to_sum_one(x, eps=1e-5):
    return np.sqrt(x.var() + eps) / (len(x) * x.mean()), 1 / len(x)


@wrong_version(
    "scale_to_sum_one_by_ln.printed_proof",
    "gamma = sigma / D and beta = 0: the values sum to 0",
    "xhat sums to 0, and so does every multiple of it. beta = 1/D brings the sum to 1, and gamma "
    "needs the mean: sigma / (D mu).",
    "gamma = sigma / D و beta = 0: جمع مقدارها 0 می‌شود",
    "جمع xhat و هر مضربی از آن 0 است. beta = 1/D جمع را به 1 می‌رساند و gamma میانگین را هم لازم "
    "دارد: sigma / (D mu).",
)
def printed_proof(x, eps=1e-5):
    return np.sqrt(x.var() + eps) / len(x), 0.0


@wrong_version(
    "scale_to_sum_one_by_ln.nothing_added",
    "beta is 0: the values sum to 0",
    "x / sum(x) has the mean 1/D: that is beta.",
    "beta برابر 0 است: جمع مقدارها 0 می‌شود",
    "میانگین x / sum(x) برابر 1/D است: همان beta.",
)
def nothing_added(x, eps=1e-5):
    return scale_to_sum_one(x, eps)[0], 0.0


@wrong_version(
    "scale_to_sum_one_by_ln.mean_left_out",
    "gamma lacks the mean: the values sum to 1, but they are not x / sum(x)",
    "The factor of x must be 1 / (D mu): gamma = sigma / (D mu).",
    "در gamma میانگین نیامده است: جمع 1 است، اما مقدارها x / sum(x) نیستند",
    "ضریب x باید 1 / (D mu) باشد: gamma = sigma / (D mu).",
)
def mean_left_out(x, eps=1e-5):
    return np.sqrt(x.var() + eps) / len(x), 1 / len(x)


@wrong_version(
    "scale_to_sum_one_by_ln.divided_by_the_mean",
    "It is divided by the mean instead of the sum: the values sum to D",
    "sum(x) = D mu: gamma = sigma / (D mu), beta = 1/D.",
    "به جای جمع بر میانگین تقسیم شده است: جمع مقدارها D می‌شود",
    "sum(x) = D mu: پس gamma = sigma / (D mu) و beta = 1/D.",
)
def divided_by_the_mean(x, eps=1e-5):
    return np.sqrt(x.var() + eps) / x.mean(), 1.0


@wrong_version(
    "scale_to_sum_one_by_ln.mean_added_again",
    "gamma = sigma and beta = mu: that gives x back",
    "x is to be divided by its sum D mu, and so are gamma and beta.",
    "gamma = sigma و beta = mu: این خود x را برمی‌گرداند",
    "x باید بر جمعش D mu تقسیم شود، پس gamma و beta هم.",
)
def x_given_back(x, eps=1e-5):
    return np.sqrt(x.var() + eps), x.mean()


@wrong_version(
    "scale_to_sum_one_by_ln.variance_for_deviation",
    "gamma has the variance instead of the deviation",
    "xhat was divided by sqrt(var + eps): multiply by the same.",
    "در gamma به جای انحراف معیار واریانس آمده است",
    "xhat بر sqrt(var + eps) تقسیم شده بود: در همان ضرب کنید.",
)
def variance_of_the_image(x, eps=1e-5):
    return (x.var() + eps) / x.sum(), 1 / len(x)


@wrong_version(
    "scale_to_sum_one_by_ln.unbiased_deviation",
    "The deviation divides by D - 1",
    "Layer normalization divides by D: `x.var()`.",
    "انحراف معیار بر `D - 1` تقسیم کرده است",
    "نرمال‌سازی لایه بر D تقسیم می‌کند: `x.var()`.",
)
def unbiased_deviation_of_the_image(x, eps=1e-5):
    return np.sqrt(x.var(ddof=1) + eps) / x.sum(), 1 / len(x)


PROOFS = [
    Component(
        "subtract_mean_image_by_bn",
        question="homework",
        right=subtract_mean_image,
        wrong=(
            mean_added_again,
            mean_subtracted_twice,
            variance_for_deviation,
            still_divided,
            one_deviation_for_all,
            unbiased_deviation,
        ),
        probe=lambda rng: [(rng.uniform(0, 50, (5, 3)) * [1, 2, 3] + [3, 2, 1],)],
    ),
    Component(
        "scale_to_sum_one_by_ln",
        question="homework",
        right=scale_to_sum_one,
        wrong=(
            printed_proof,
            nothing_added,
            mean_left_out,
            divided_by_the_mean,
            x_given_back,
            variance_of_the_image,
            unbiased_deviation_of_the_image,
        ),
        probe=lambda rng: [(rng.uniform(1, 255, 6),)],
    ),
]
