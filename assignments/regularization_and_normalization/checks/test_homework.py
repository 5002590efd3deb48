"""Checks of the homework's two proofs: what batch and layer normalization can be made to do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_shape, check_value
from autograder.checks.answers import numbers, parts
from autograder.checks.properties import batch_norm_centres_on_beta
from autograder.checks.topic import topic

ANSWER = {"en": "gamma and beta", "fa": "gamma و beta"}
GAMMA = {"en": "gamma", "fa": "gamma"}
BETA = {"en": "beta", "fa": "beta"}
CENTRED = {
    "en": "what batch normalization gives with this gamma and beta",
    "fa": "آنچه نرمال‌سازی دسته با این gamma و beta می‌دهد",
}
SCALED = {
    "en": "what layer normalization gives with this gamma and beta",
    "fa": "آنچه نرمال‌سازی لایه با این gamma و beta می‌دهد",
}
SUM = {
    "en": "the sum of what layer normalization gives with this gamma and beta",
    "fa": "جمع آنچه نرمال‌سازی لایه با این gamma و beta می‌دهد",
}
EPS = 1e-5
NEARLY = 1e-4  # gamma = sigma, without eps, is right too


def check_centres(student, x):
    """The student's gamma and beta in batch normalization of x: x without its mean."""
    answer = parts(student.subtract_mean_image_by_bn(x), 2, topic(ANSWER))
    shape = (x.shape[1],)
    check_shape(answer[0], shape, what=GAMMA)
    check_shape(answer[1], shape, what=BETA)
    gamma, beta = (numbers(each, topic(ANSWER)) for each in answer)
    centred = x - x.mean(axis=0)
    out = gamma * centred / np.sqrt(x.var(axis=0) + EPS) + beta
    check_value(out, centred, what=CENTRED, rtol=NEARLY, atol=NEARLY * (np.abs(x).max() + 1))


def one_number(value, what):
    """A single number, alone or in an array of its own."""
    single = numbers(value, topic(what))
    check_shape(single.reshape(()) if single.size == 1 else single, (), what=what)
    return float(single.reshape(()))


def check_sums_to_one(student, x):
    """The student's gamma and beta in layer normalization of x: x / sum(x)."""
    answer = parts(student.scale_to_sum_one_by_ln(x), 2, topic(ANSWER))
    gamma, beta = one_number(answer[0], GAMMA), one_number(answer[1], BETA)
    out = gamma * (x - x.mean()) / np.sqrt(x.var() + EPS) + beta
    check_value(out.sum(), 1.0, what=SUM, rtol=NEARLY)
    check_value(out, x / x.sum(), what=SCALED, rtol=NEARLY, atol=NEARLY / len(x))


@pytest.mark.points(3, question="homework")
def test_batch_norm_subtracts_the_mean_image(student):
    """For the images (1, 10), (3, 10) and (8, 40), batch normalization gives x minus (4, 20).

    fa: برای تصویرهای (1, 10)، (3, 10) و (8, 40) نرمال‌سازی دسته x منهای (4, 20) را می‌دهد.
    hint: Undo the division by sigma, and add nothing: gamma = sqrt(var + eps), beta = 0.
    hint-fa: تقسیم بر سیگما را خنثی کنید و چیزی نیفزایید: gamma = sqrt(var + eps) و beta = 0.
    """
    check_centres(student, np.array([[1.0, 10.0], [3.0, 10.0], [8.0, 40.0]]))


@pytest.mark.points(3, question="homework", requires=["test_batch_norm_subtracts_the_mean_image"])
@settings(max_examples=12)
@given(case=batch_norm_centres_on_beta.cases())
def test_batch_norm_subtracts_any_mean_image(student, case):
    """Any data set, in which a pixel may be constant: what is left is x minus the mean image.

    fa: هر مجموعهٔ داده، شاید با پیکسلی ثابت: آنچه می‌ماند x منهای تصویر میانگین است.
    hint: Each pixel has its own mean and deviation, over the images: `axis=0`.
    hint-fa: هر پیکسل میانگین و انحراف خود را روی تصویرها دارد: `axis=0`.
    """
    x = case[0]
    check_centres(student, x)
    check_centres(student, np.hstack([x, np.full((len(x), 1), 3.0)]))


@pytest.mark.points(3, question="homework")
def test_layer_norm_scales_an_image_to_sum_1(student):
    """For the image (1, 2, 3, 4): gamma = 0.1118, beta = 0.25, and the values become 0.1 to 0.4.

    fa: برای تصویر (1, 2, 3, 4) داریم gamma = 0.1118 و beta = 0.25 و مقدارها 0.1 تا 0.4 می‌شوند.
    hint: x / sum(x) = x / (D mu) must be gamma (x - mu) / sigma + beta: compare the factors of x,
        then what is left. With beta = 0 the sum would be 0.
    hint-fa: باید x / sum(x) = x / (D mu) برابر gamma (x - mu) / sigma + beta شود: ضریب x در دو سو
        را برابر بگذارید، سپس باقی را. با beta = 0 جمع 0 می‌شود.
    """
    check_sums_to_one(student, np.array([1.0, 2.0, 3.0, 4.0]))


@pytest.mark.points(
    3,
    question="homework",
    visibility="hidden",
    requires=["test_layer_norm_scales_an_image_to_sum_1"],
)
@settings(max_examples=20)
@given(image=st.lists(st.integers(0, 255), min_size=2, max_size=12, unique=True))
def test_layer_norm_scales_any_image_to_sum_1(student, image):
    """Any image with values from 0 to 255 becomes x / sum(x); each image has a gamma of its own.

    fa: هر تصویر با مقدارهای 0 تا 255 برابر x / sum(x) می‌شود؛ هر تصویر gamma خود را دارد.
    hint: Divide by the image's sum, not by the number of its pixels.
    hint-fa: بر جمع تصویر تقسیم کنید، نه بر شمار پیکسل‌هایش.
    """
    check_sums_to_one(student, np.array(image, float))
