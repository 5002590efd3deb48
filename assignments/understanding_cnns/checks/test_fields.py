"""Checks of receptive fields and of filters that stand for a stack (slides s.305-307)."""

import numpy as np
import pytest
from cnn_fields import field_box, merge_filters
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import Call, check_against_reference, check_unchanged, check_value
from autograder.checks.properties.own import own, own_parts
from reference.layers import Window, correlate2d_forward, receptive_fields

SIZE = {"en": "the size", "fa": "اندازه"}
JUMP = {"en": "the jump", "fa": "پرش"}
START = {"en": "the start", "fa": "آغاز"}
FIELD = (SIZE, JUMP, START)
BOX = ("top", "bottom", "left", "right")
FILTER = {"en": "the merged filter", "fa": "فیلتر ادغام‌شده"}

# AlexNet up to pool5 as (kernel, stride, padding), and the field behind each of its layers.
ALEXNET = [(11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0), (3, 1, 1), (3, 1, 1), (3, 1, 1), (3, 2, 0)]
ALEXNET_FIELDS = [11, 19, 51, 67, 99, 131, 163, 195]
LAYERS = st.lists(
    st.tuples(st.sampled_from((1, 2, 3, 5)), st.sampled_from((1, 2, 3)), st.integers(0, 2)),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize(("layers", "size"), [(1, 3), (2, 5), (3, 7)])
@pytest.mark.points(0.5, question="fields")
def test_stacks_of_3x3(student, layers, size):
    """One, two and three 3x3 layers see 3, 5 and 7 pixels: three see as much as one 7x7 layer.

    fa: یک، دو و سه لایهٔ 3x3 به ترتیب 3 و 5 و 7 پیکسل می‌بینند: سه لایه به اندازهٔ یک لایهٔ 7x7.
    hint: Each layer adds kernel - 1, not kernel.
    hint-fa: هر لایه `kernel - 1` می‌افزاید، نه kernel.
    """
    check_value(student.receptive_field([(3, 1, 0)] * layers), (size, 1, 0), what=FIELD)


@pytest.mark.points(2, question="fields")
def test_strides_multiply(student):
    """A stride spreads the units of the layers behind it: two strides of 2 give a jump of 4.

    fa: گام، واحدهای لایه‌های بعدی را از هم دور می‌کند: دو گام 2 پرش 4 می‌دهند.
    hint: First size, with the jump so far; then the jump: jump * stride.
    hint-fa: نخست اندازه، با پرش تا این‌جا؛ سپس پرش: `jump * stride`.
    """
    for layers, expected in (
        ([(3, 2, 0)], (3, 2, 0)),
        ([(3, 2, 0), (3, 1, 0)], (7, 2, 0)),
        ([(3, 2, 0), (3, 2, 0), (3, 2, 0)], (15, 8, 0)),
        ([], (1, 1, 0)),
    ):
        check_value(student.receptive_field(layers), expected, what=FIELD)


@pytest.mark.points(1.5, question="fields", requires=["test_strides_multiply"])
def test_padding_moves_the_start(student):
    """With padding the first unit sees zeros before the image: its field starts below 0.

    fa: با padding نخستین واحد صفرهای پیش از تصویر را می‌بیند: میدانش از زیر 0 آغاز می‌شود.
    hint: start - pad * jump, with the jump before this layer's own stride.
    hint-fa: `start - pad * jump`، با پرش پیش از گام خود لایه.
    """
    for layers, expected in (
        ([(3, 1, 1)] * 3, (7, 1, -3)),
        ([(3, 2, 1), (3, 1, 1)], (7, 2, -3)),
        ([(5, 2, 2), (5, 2, 2), (3, 1, 1)], (21, 4, -10)),
    ):
        check_value(student.receptive_field(layers), expected, what=FIELD)


@pytest.mark.points(1, question="fields", requires=["test_padding_moves_the_start"])
def test_alexnet_and_vgg(student):
    """AlexNet's units see 163 pixels behind conv5 and 195 behind pool5, VGG16's see 212.

    fa: واحدهای AlexNet پس از conv5 ناحیهٔ 163 و پس از pool5 ناحیهٔ 195 و VGG16 ناحیهٔ 212 را می‌بینند.
    """
    for count, size in enumerate(ALEXNET_FIELDS, start=1):
        field = student.receptive_field(ALEXNET[:count])
        check_value(own_parts(field, FIELD)[0], size, what=SIZE)
    check_value(student.receptive_field(ALEXNET[:7]), (163, 16, -64), what=FIELD)
    conv, pool = (3, 1, 1), (2, 2, 0)
    vgg = [conv, conv, pool] * 2 + [conv, conv, conv, pool] * 3
    check_value(student.receptive_field(vgg), (212, 32, -90), what=FIELD)


@pytest.mark.points(1, question="fields", visibility="hidden", requires=["test_strides_multiply"])
@settings(max_examples=15)
@given(layers=LAYERS)
def test_receptive_field_of_any_stack(student, layers):
    """Size, jump and start behind any stack of layers.

    fa: اندازه، پرش و آغاز پس از هر رشته‌ای از لایه‌ها.
    """
    last = receptive_fields([Window(*layer) for layer in layers])[-1]
    got = student.receptive_field(layers)
    check_value(got, (last.size, last.jump, last.start), what=FIELD)


@pytest.mark.points(1.5, question="fields", requires=["test_strides_multiply"])
def test_field_of_an_inner_unit(student):
    """Unit (row, column) sees `size` pixels from start + row * jump on; the end is exclusive.

    fa: واحد `(row, column)` از `start + row * jump` به بعد `size` پیکسل می‌بیند؛ پایان بیرون می‌ماند.
    """
    for layers, row, column, expected in (
        ([(3, 1, 0)], 4, 2, (4, 7, 2, 5)),
        ([(3, 2, 0), (3, 1, 0)], 2, 1, (4, 11, 2, 9)),
        ([(5, 2, 0)], 3, 5, (6, 11, 10, 15)),
    ):
        check_value(student.field_box(layers, row, column, 20, 30), expected, what=BOX)


@pytest.mark.points(1.5, question="fields", requires=["test_field_of_an_inner_unit"])
def test_field_at_the_border(student):
    """The padding is no part of the image: unit (0, 0) of the handout sees image[:, 0:4, 0:4].

    fa: padding بخشی از تصویر نیست: واحد `(0, 0)` دفترچهٔ تمرین `image[:, 0:4, 0:4]` را می‌بیند.
    hint: A slice that starts at -3 starts near the END of the image: clip with max(…, 0).
    hint-fa: برشی که از -3 آغاز می‌شود نزدیک پایان تصویر است: با max(…, 0) محدود کنید.
    """
    stack = [(3, 1, 1)] * 3
    for place, size, expected in (
        ((0, 0), (12, 12), (0, 4, 0, 4)),
        ((11, 5), (12, 12), (8, 12, 2, 9)),
        ((1, 8), (6, 9), (0, 5, 5, 9)),
        ((0, 0), (3, 2), (0, 3, 0, 2)),
    ):
        check_value(student.field_box(stack, *place, *size), expected, what=BOX)


@pytest.mark.points(
    1, question="fields", visibility="hidden", requires=["test_field_of_an_inner_unit"]
)
def test_field_of_any_unit(student, rng):
    """What any unit behind strides and padding sees of an image that is no square.

    fa: آنچه هر واحد پس از گام و padding از تصویری غیرمربع می‌بیند.
    """
    stacks = ([(3, 2, 1), (3, 2, 1)], [(7, 2, 3), (2, 2, 0), (3, 1, 1)], [(1, 1, 0)])
    calls = [
        Call("field_box", (stack, int(row), int(column), 21, 33))
        for stack in stacks
        for row, column in rng.integers(0, 5, (4, 2))
    ]
    check_against_reference(student, calls, field_box)


@pytest.mark.points(2, question="fields")
def test_two_filters_make_one(student):
    """Two 3x3 filters of ones are one 5x5 filter; a column behind a row is a 2x2 filter.

    fa: دو فیلتر 3x3 با وزن‌های 1 یک فیلتر 5x5 می‌شوند؛ ستونی پس از یک سطر فیلتری 2x2 است.
    hint: The middle pixel is counted 9 times: each weight of one meets each weight of the other.
    hint-fa: پیکسل میانی 9 بار شمرده می‌شود: هر وزن یکی به هر وزن دیگری می‌رسد.
    """
    ones, bumps = np.ones((3, 3)), np.array([1, 2, 3, 2, 1])
    check_value(student.merge_filters(ones, ones), np.outer(bumps, bumps), what=FILTER)
    row, column = np.array([[1.0, -1.0]]), np.array([[1.0], [2.0]])
    check_value(student.merge_filters(row, column), [[1, -1], [2, -2]], what=FILTER)


@pytest.mark.points(2, question="fields", requires=["test_two_filters_make_one"])
def test_the_merged_filter_does_what_both_do(student, rng):
    """On any image the merged filter gives what the first filter and then the second one give.

    fa: روی هر تصویری فیلتر ادغام‌شده همان را می‌دهد که فیلتر نخست و سپس دوم می‌دهند.
    hint: Layers do not flip: out[p] = sum_j second[j] sum_i first[i] x[p + i + j].
    hint-fa: لایه‌ها برنمی‌گردانند: `out[p] = sum_j second[j] sum_i first[i] x[p + i + j]`.
    """
    result = {"en": "what the merged filter gives", "fa": "آنچه فیلتر ادغام‌شده می‌دهد"}
    for shapes in (((3, 3), (3, 3)), ((2, 3), (3, 1)), ((1, 1), (3, 2))):
        first, second = (rng.normal(size=shape) for shape in shapes)
        size = tuple(int(n) for n in np.add(*shapes) - 1)
        merged = own(student.merge_filters(first, second), size, what=FILTER)
        check_unchanged(student)
        patches = rng.normal(size=(8, *size))
        behind = [
            correlate2d_forward(correlate2d_forward(patch, first)[0], second)[0].item()
            for patch in patches
        ]
        check_value((patches * merged).sum(axis=(1, 2)), behind, what=result)


@pytest.mark.points(
    1, question="fields", visibility="hidden", requires=["test_two_filters_make_one"]
)
def test_three_layers_are_one_7x7(student, rng):
    """Three 3x3 filters merge to one of 7x7, in whatever order they are taken.

    fa: سه فیلتر 3x3 یک فیلتر 7x7 می‌شوند، به هر ترتیبی گرفته شوند.
    """
    one, two, three = rng.normal(size=(3, 3, 3))
    expected = merge_filters(merge_filters(one, two), three)
    left = student.merge_filters(student.merge_filters(one, two), three)
    check_value(left, expected, what=FILTER)
    right = student.merge_filters(one, student.merge_filters(two, three))
    check_value(right, expected, what=FILTER)
