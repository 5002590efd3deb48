"""Checks of sizes, parameters and receptive fields (slides s.290-311)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_value
from autograder.checks.properties import receptive_field_grows_by_the_jumps
from autograder.errors import CheckFailure, FailureDetails, StudentError

SIZE = {"en": "the output size", "fa": "اندازهٔ خروجی"}
COUNT = {"en": "the number of parameters", "fa": "شمار پارامترها"}
FIELD = {"en": "the receptive field", "fa": "میدان دید"}


@pytest.mark.parametrize(
    "sizes",
    [
        {(7, 3, 1, 0): 5},
        {(7, 3, 2, 0): 3},
        # beside those that are the size of the input, one that is not
        {(7, 3, 1, 1): 7, (7, 3, 1, 2): 9},
        {(32, 5, 1, 2): 32, (32, 5, 1, 1): 30},
        {(227, 11, 4, 0): 55},
    ],
    ids=["7-3", "stride 2", "padded", "same", "AlexNet"],
)
@pytest.mark.points(0.5, question="arithmetic")
def test_output_sizes_of_the_slides(student, sizes):
    """The output sizes of the slides: 7, 3 gives 5; with stride 2 it is 3; 227, 11, 4 gives 55.

    fa: اندازه‌های اسلایدها: 7 و 3 می‌دهد 5؛ با گام 2 می‌شود 3؛ 227 و 11 و 4 می‌دهد 55.
    hint: Padding is on both sides, and the first place counts too: (W - F + 2P) / S + 1.
    hint-fa: padding در هر دو سو است و جای نخست هم شمرده می‌شود: (W - F + 2P) / S + 1.
    """
    for arguments, size in sizes.items():
        check_value(student.output_size(*arguments), size, what=SIZE)


@pytest.mark.points(1.5, question="arithmetic", requires=["test_output_sizes_of_the_slides"])
def test_a_stride_that_does_not_fit_is_refused(student):
    """7 with a 3-wide filter and stride 3 gives 2.33: ValueError.

    fa: 7 با فیلتر به پهنای 3 و گام 3 می‌شود 2.33: `ValueError`.
    """
    for arguments in ((7, 3, 3, 0), (10, 5, 2, 2)):
        try:
            answer = student.output_size(*arguments)
        except StudentError as error:
            if error.kind not in ("ValueError", "AssertionError"):
                raise
        else:
            raise CheckFailure(
                FailureDetails(
                    {
                        "en": "This stride does not fit: raise `ValueError` instead of rounding.",
                        "fa": "این گام جور درنمی‌آید: به جای گرد کردن `ValueError` بدهید.",
                    },
                    got=str(answer)[:100],
                )
            )


@pytest.mark.parametrize(
    ("arguments", "count"),
    [((3, 10, 5, 1), 760), ((3, 96, 11, 1), 34944), ((64, 64, 1, 1), 4160), ((48, 32, 3, 4), 3488)],
    ids=["760", "AlexNet", "1x1", "groups"],
)
@pytest.mark.points(0.5, question="arithmetic")
def test_parameters(student, arguments, count):
    """10 filters of 5x5 on 3 channels have 760 parameters; groups divide the weights.

    fa: ۱۰ فیلتر 5x5 روی ۳ کانال 760 پارامتر دارند؛ گروه‌ها وزن‌ها را تقسیم می‌کنند.
    hint: A filter is as deep as the channels that it sees, and has one bias.
    hint-fa: هر فیلتر به ژرفای کانال‌هایی است که می‌بیند و یک بایاس دارد.
    """
    check_value(student.conv_parameters(*arguments), count, what=COUNT)


@pytest.mark.points(2, question="arithmetic")
def test_receptive_fields(student):
    """Three 3x3 layers see 7 pixels; a stride of 2 doubles what later layers add.

    fa: سه لایهٔ 3x3 هفت پیکسل می‌بینند؛ گام ۲ سهم لایه‌های بعدی را دو برابر می‌کند.
    """
    for layers, field in (
        ([(3, 1)], 3),
        ([(3, 1), (3, 1)], 5),
        ([(3, 1), (3, 1), (3, 1)], 7),
        ([(3, 2), (3, 1)], 7),
        ([(5, 1), (2, 2), (5, 1)], 14),
    ):
        check_value(student.receptive_field(layers), field, what=FIELD)


@pytest.mark.points(
    2, question="arithmetic", visibility="hidden", requires=["test_receptive_fields"]
)
@settings(max_examples=12)
@given(
    layers=st.lists(
        st.tuples(st.sampled_from((1, 3, 2, 5)), st.sampled_from((1, 2, 3))),
        min_size=1,
        max_size=4,
    )
)
def test_receptive_field_of_any_stack(student, layers):
    """Each layer adds (F - 1) times the strides before it.

    fa: هر لایه (F - 1) ضربدر گام‌های پیش از خود می‌افزاید.
    """

    def fields(stack):
        return [student.receptive_field(list(stack[:n])) for n in range(1, len(stack) + 1)]

    receptive_field_grows_by_the_jumps(fields, tuple(layers))


@pytest.mark.points(2, question="arithmetic", visibility="after_due_date")
@settings(max_examples=15)
@given(st.integers(1, 9), st.integers(1, 6), st.integers(1, 4), st.integers(0, 3))
def test_output_size_of_any_window(student, places, kernel, stride, pad):
    """A size made for a number of places gives that number of places.

    fa: اندازه‌ای که برای چند جا ساخته شده، همان شمار جا را می‌دهد.
    """
    size = (places - 1) * stride + kernel - 2 * pad
    if size >= 1:
        check_value(student.output_size(size, kernel, stride, pad), places, what=SIZE)
