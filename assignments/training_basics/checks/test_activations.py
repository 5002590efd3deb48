"""Checks of the activations and their backward passes (slides s.150-174)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import (
    Call,
    check_backward,
    check_shape,
    check_unchanged,
    check_value,
)
from autograder.checks.properties import (
    activation_takes_each_value_alone,
    leaky_relu_has_two_slopes,
    leaky_relu_leaks_gradient,
    maxout_is_the_largest_piece,
    relu_gates_the_gradient,
    sigmoid_lies_between_0_and_1,
)

OUTPUT = "the output"
GRADIENT = "the gradient"
EDGES = np.array([[-1000.0, -20.0, -0.5], [0.5, 20.0, 1000.0]])


def off_zero(rng):
    """Values of both signs, none of them near 0, where a rectifier has no slope."""
    return rng.permutation(np.concatenate([np.linspace(-3, -0.2, 6), np.linspace(0.3, 2.5, 6)]))


@pytest.mark.points(2, question="activations")
def test_sigmoid_of_the_slides(student):
    """The sigmoid is .5 at 0, .0000454 at -10 and .7311 at 1.

    fa: سیگموید در 0 برابر .5، در -10 برابر .0000454 و در 1 برابر .7311 است.
    hint: 1 / (1 + e^-x): it rises from 0 to 1.
    hint-fa: 1 / (1 + e^-x): از 0 تا 1 بالا می‌رود.
    """
    x = np.array([[0.0, 1.0, -1.0], [-10.0, 2.0, 4.0]])
    expected = [
        [0.5, 0.731058578630005, 0.268941421369995],
        [4.53978687024344e-05, 0.880797077977882, 0.982013790037908],
    ]
    check_value(student.sigmoid(x), expected, what=OUTPUT)


@pytest.mark.points(2, question="activations", requires=["test_sigmoid_of_the_slides"])
@settings(max_examples=6)
@given(case=sigmoid_lies_between_0_and_1.cases())
def test_sigmoid_does_not_overflow(student, case):
    """At -1000 the sigmoid is 0 and at 1000 it is 1, not NaN.

    fa: سیگموید در -1000 برابر 0 و در 1000 برابر 1 است، نه NaN.
    hint: e^1000 is inf, and inf / inf is NaN: take the exponential of -|x| only.
    hint-fa: e^1000 برابر inf است و inf / inf می‌شود NaN: فقط از -|x| نمایی بگیرید.
    """
    check_value(student.sigmoid(np.array([-1000.0, 0.0, 1000.0])), [0.0, 0.5, 1.0], what=OUTPUT)
    sigmoid_lies_between_0_and_1(student.sigmoid, *case)


@pytest.mark.points(2, question="activations")
def test_sigmoid_backward(student, rng):
    """The slope of the sigmoid is out (1 - out): .25 at most, .0000454 where it is saturated.

    fa: شیب سیگموید out (1 - out) است: حداکثر .25، و در حالت اشباع .0000454.
    hint: `out` is the output already: take no sigmoid of it again, and multiply by dout.
    hint-fa: `out` خود خروجی است: دوباره از آن سیگموید نگیرید، و در dout ضرب کنید.
    """
    out = np.array([0.5, 4.53978687024344e-05, 0.9])
    expected = [0.25, 4.53958077359517e-05, 0.09]
    check_value(student.sigmoid_backward(np.ones(3), out), expected, what=GRADIENT)
    out, dout = rng.uniform(0.1, 0.9, (3, 4)), rng.normal(size=(3, 4))
    got = student.sigmoid_backward(dout, out)
    check_value(got, dout * out * (1 - out), what=GRADIENT)


@pytest.mark.points(1, question="activations")
def test_tanh(student, rng):
    """tanh is odd, lies between -1 and 1, and does not overflow at 1000.

    fa: tanh فرد است، بین -1 و 1 قرار دارد و در 1000 سرریز نمی‌کند.
    """
    x = rng.normal(size=(3, 4))
    check_value(student.tanh(x), np.tanh(x), what=OUTPUT)
    check_value(student.tanh(EDGES), np.tanh(EDGES), what=OUTPUT)


@pytest.mark.points(2, question="activations")
def test_tanh_backward(student, rng):
    """The slope of tanh is 1 - out^2.

    fa: شیب tanh برابر 1 - out^2 است.
    hint: `out` is tanh's output already; 1 - out**2, times dout.
    hint-fa: `out` خود خروجی tanh است؛ 1 - out**2 ضربدر dout.
    """
    out, dout = np.tanh(rng.normal(size=(3, 4))), rng.normal(size=(3, 4))
    check_value(student.tanh_backward(dout, out), dout * (1 - out**2), what=GRADIENT)


@pytest.mark.points(1, question="activations")
def test_relu(student, rng):
    """ReLU keeps what is positive and makes the rest 0.

    fa: ReLU مقدارهای مثبت را نگه می‌دارد و بقیه را 0 می‌کند.
    """
    x = np.concatenate([3 * rng.normal(size=(4, 3)), EDGES])
    got = student.relu(x)
    check_shape(got, x.shape, what=OUTPUT)
    check_value(got, np.maximum(x, 0), what=OUTPUT)


@pytest.mark.points(2, question="activations")
@settings(max_examples=8)
@given(case=relu_gates_the_gradient.cases())
def test_relu_backward(student, case):
    """ReLU lets the gradient through where x > 0, and nowhere else.

    fa: ReLU گرادیان را جایی که x > 0 است عبور می‌دهد و نه جای دیگر.
    hint: The mask comes from x, not from the sign of dout: dout * (x > 0).
    hint-fa: ماسک از x می‌آید، نه از علامت dout: dout * (x > 0).
    """
    check_value(
        student.relu_backward(np.array([4.0, -5.0, 6.0, -7.0]), np.array([-1.0, -2.0, 3.0, 0.5])),
        [0.0, 0.0, 6.0, -7.0],
        what=GRADIENT,
    )
    relu_gates_the_gradient(student.relu_backward, *case)


@pytest.mark.parametrize("slope", [0.01, 0.1, 0.0])
@pytest.mark.points(0.5, question="activations")
def test_leaky_relu(student, rng, slope):
    """Below 0 the leaky ReLU is slope * x, for the slope that is given.

    fa: ReLU نشتی زیر 0 برابر slope * x است، با همان شیبی که داده می‌شود.
    hint: The slides write 0.1 on one page and 0.01 on another: use the argument `slope`.
    hint-fa: اسلایدها در یک صفحه 0.1 و در صفحهٔ دیگر 0.01 نوشته‌اند: آرگومان `slope` را به کار ببرید.
    """
    x = np.concatenate([rng.normal(size=(3, 4)), [[-2.0, -1.0, 1.0, 2.0]]])
    check_value(student.leaky_relu(x, slope), np.where(x > 0, x, slope * x), what=OUTPUT)


@pytest.mark.points(0.5, question="activations")
def test_leaky_relu_without_a_slope_has_001(student):
    """Without a slope the leaky ReLU takes 0.01, forward and backward.

    fa: اگر شیب داده نشود، ReLU نشتی 0.01 را به کار می‌برد، در هر دو گذر.
    """
    x, dout = np.array([-3.0, 2.0]), np.array([5.0, 7.0])
    check_value(student.leaky_relu(x), [-0.03, 2.0], what=OUTPUT)
    check_value(student.leaky_relu_backward(dout, x), [0.05, 7.0], what=GRADIENT)


@pytest.mark.points(1.5, question="activations")
@settings(max_examples=8)
@given(case=leaky_relu_leaks_gradient.cases())
def test_leaky_relu_backward(student, case):
    """Where x < 0 the leaky ReLU lets `slope` of the gradient through: no unit dies.

    fa: جایی که x < 0 است ReLU نشتی به اندازهٔ `slope` از گرادیان را عبور می‌دهد: هیچ واحدی نمی‌میرد.
    """
    leaky_relu_leaks_gradient(student.leaky_relu_backward, *case)


@pytest.mark.points(2, question="activations")
def test_elu(student):
    """ELU is x above 0 and alpha (e^x - 1) below: -0.6321 at -1, and never under -alpha.

    fa: ELU بالای 0 برابر x و زیر آن alpha (e^x - 1) است: در -1 برابر -0.6321، هرگز زیر -alpha.
    hint: alpha multiplies from outside; without the -1 the curve would jump at 0.
    hint-fa: alpha از بیرون ضرب می‌شود؛ بدون -1 منحنی در 0 می‌پرد.
    """
    x = np.array([-1000.0, -1.0, -0.5, 0.5, 3.0, 1000.0])
    expected = np.array([-1.0, -0.632120558828558, -0.393469340287367, 0.5, 3.0, 1000.0])
    check_value(student.elu(x), expected, what=OUTPUT)
    check_value(student.elu(x, 1.7), np.where(x > 0, x, 1.7 * expected), what=OUTPUT)


@pytest.mark.points(2, question="activations", requires=["test_elu"])
def test_elu_backward(student, rng):
    """The slope of ELU is 1 above 0 and alpha e^x below.

    fa: شیب ELU بالای 0 برابر 1 و زیر آن alpha e^x است.
    """
    x, dout = off_zero(rng), rng.uniform(1, 2, 12)
    for alpha in (1.0, 0.5):
        expected = dout * np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0)))
        check_value(student.elu_backward(dout, x, alpha), expected, what=GRADIENT)


@pytest.mark.points(2, question="activations")
@settings(max_examples=8)
@given(case=maxout_is_the_largest_piece.cases())
def test_maxout(student, case):
    """Maxout is the largest of its linear pieces, each with a bias of its own.

    fa: maxout بزرگ‌ترین قطعهٔ خطی است و هر قطعه بایاس خود را دارد.
    hint: max over k of x w[k] + b[k]: compare the pieces, do not add them.
    hint-fa: بیشینهٔ x w[k] + b[k] روی k: قطعه‌ها را مقایسه کنید، جمع نزنید.
    """
    x = np.array([[1.0, 2.0], [-1.0, 0.5]])
    w = np.array([[[1.0], [0.0]], [[0.0], [1.0]]])
    check_value(student.maxout(x, w, np.array([[0.0], [-3.0]])), [[1.0], [-1.0]], what=OUTPUT)
    check_value(student.maxout(x, w, np.array([[0.0], [3.0]])), [[5.0], [3.5]], what=OUTPUT)
    maxout_is_the_largest_piece(student.maxout, *case)


@pytest.mark.points(2, question="activations", requires=["test_maxout"])
def test_maxout_backward(student, rng):
    """The gradient of maxout goes through the largest piece alone.

    fa: گرادیان maxout تنها از بزرگ‌ترین قطعه می‌گذرد.
    hint: Which piece won, for each example and output? Route dout to that one.
    hint-fa: برای هر نمونه و هر خروجی کدام قطعه برنده شد؟ dout را به همان برسانید.
    """
    inputs = {
        "x": rng.normal(size=(5, 4)),
        "w": rng.normal(size=(3, 4, 2)),
        "b": rng.normal(size=(3, 2)),
    }
    check_backward(student, "maxout", "maxout_backward", inputs, rng=rng, cached=False)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "elu"])
@pytest.mark.points(0.25, question="activations", visibility="hidden")
def test_each_value_for_itself(student, rng, name):
    """An activation looks at each value alone, in an array of any shape.

    fa: تابع فعال‌سازی به هر مقدار جداگانه نگاه می‌کند، آرایه هر شکلی که داشته باشد.
    """
    right = {
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
        "tanh": np.tanh,
        "relu": lambda x: np.maximum(x, 0),
        "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    }[name]
    x = rng.normal(size=(2, 3, 2, 2))
    check_value(student.call(name, x), right(x), what=OUTPUT)
    activation_takes_each_value_alone(lambda x: student.call(name, x), x[0, :, 0])


@pytest.mark.points(1, question="activations", visibility="after_due_date")
def test_activations_leave_their_arguments_alone(student, rng):
    """No activation changes x or dout in place.

    fa: هیچ تابع فعال‌سازی x یا dout را درجا تغییر نمی‌دهد.
    """
    x, dout = off_zero(rng), rng.uniform(1, 2, 12)
    for call, expected in (
        (Call("relu", (x,)), np.maximum(x, 0)),
        (Call("leaky_relu", (x, 0.1)), np.maximum(0.1 * x, x)),
        (Call("relu_backward", (dout, x)), dout * (x > 0)),
        (Call("leaky_relu_backward", (dout, x, 0.1)), dout * np.where(x > 0, 1, 0.1)),
    ):
        check_value(student.calls([call])[0], expected, what="the answer")
        check_unchanged(student)


@pytest.mark.points(0.5, question="activations", visibility="hidden", requires=["test_leaky_relu"])
@settings(max_examples=6)
@given(case=leaky_relu_has_two_slopes.cases())
def test_leaky_relu_has_two_slopes(student, case):
    """The leaky ReLU has one slope on each side of 0, for any input.

    fa: ReLU نشتی برای هر ورودی در هر سوی 0 یک شیب دارد.
    """
    leaky_relu_has_two_slopes(student.leaky_relu, *case)
