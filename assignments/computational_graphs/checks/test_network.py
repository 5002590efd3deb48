"""Checks of the sigmoid neuron (s.118) and of the network of two layers (s.136, s.190-194)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_finite, check_shape, check_unchanged, check_value
from autograder.checks.answers import entries
from autograder.checks.answers import parts as parts_of
from autograder.checks.calls import Call
from autograder.checks.gradients import check_gradient
from autograder.checks.losses import check_loss_history
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails
from reference.training.two_layer import two_layer_loss

VALUE = {"en": "the output", "fa": "خروجی"}
LOSS = {"en": "the loss", "fa": "هزینه"}
PENALTY = {"en": "the part of the loss that `reg` adds", "fa": "سهم `reg` در هزینه"}
GRADIENTS = {"en": "the gradients", "fa": "گرادیان‌ها"}
ANSWER = {"en": "the answer", "fa": "پاسخ"}
NAMES = ("W1", "b1", "W2", "b2")

W = np.array([2.0, -3.0, -3.0])
X_NEURON = np.array([-1.0, -2.0])


def neuron(student, w, x):
    """f, dw and dx."""
    return parts_of(student.sigmoid_neuron(w, x), 3, topic(ANSWER))


@pytest.mark.points(4, question="neuron")
def test_the_slides_neuron(student):
    """w = (2, -3, -3), x = (-1, -2): f = .7311, dw = (-.1966, -.3932, .1966), dx = (.3932, -.5898).

    fa: برای w = (2, -3, -3) و x = (-1, -2) داریم f = .7311 و گرادیان‌های اسلاید ۱۱۸، گردنشده.
    hint: The slope of the sigmoid is f (1 - f) = .1966; each weight gets it times its input.
    hint-fa: شیب سیگموید f (1 - f) = .1966 است؛ هر وزن آن را ضربدر ورودی خود می‌گیرد.
    """
    f, dw, dx = neuron(student, W, X_NEURON)
    slope = 0.19661193324148185
    check_value(f, 0.7310585786300049, what=VALUE)
    check_value(dw, slope * np.array([-1.0, -2.0, 1.0]), what=named("w"))
    check_value(dx, slope * np.array([2.0, -3.0]), what=named("x"))


@pytest.mark.points(4, question="neuron", requires=["test_the_slides_neuron"])
def test_the_neurons_gradients_are_its_slopes(student, rng):
    """The gradients of the neuron are the slopes of its value, at any point.

    fa: گرادیان‌های نورون در هر نقطه شیب مقدار آن‌اند.
    """
    w, x = rng.normal(size=3), rng.normal(size=2)
    f, dw, dx = neuron(student, w, x)
    right = 1 / (1 + np.exp(-(w[:2] @ x + w[2])))
    check_value(f, right, what=VALUE)
    check_value(dw, right * (1 - right) * np.array([*x, 1.0]), what=named("w"))
    check_value(dx, right * (1 - right) * w[:2], what=named("x"))


@pytest.mark.points(2, question="neuron", visibility="hidden")
@settings(max_examples=10)
@given(sign=st.sampled_from([-1.0, 1.0]), size=st.integers(5, 30))
def test_a_saturated_neuron_has_hardly_a_gradient(student, sign, size):
    """Far from 0 the neuron is saturated: f is near 0 or 1 and the gradients are near 0.

    fa: دور از صفر، نورون اشباع است: f نزدیک 0 یا 1 و گرادیان‌ها نزدیک 0 هستند.
    """
    f, dw, dx = neuron(student, np.array([sign * size, 0.0, 0.0]), np.array([1.0, 1.0]))
    right = 1 / (1 + np.exp(-sign * size))
    check_value(f, right, what=VALUE)
    check_value(dw, right * (1 - right) * np.ones(3), what=named("w"), atol=1e-9)
    check_value(dx, right * (1 - right) * np.array([sign * size, 0.0]), what=named("x"), atol=1e-9)


def network(rng, D=4, H=6, C=3, N=5):
    """Parameters and a batch; no two sizes are equal, no hidden value lies on the kink."""
    params = {
        "W1": rng.normal(size=(D, H)),
        "b1": rng.uniform(0.2, 1, H),
        "W2": rng.normal(size=(H, C)),
        "b2": rng.uniform(-1, 1, C),
    }
    return params, rng.normal(size=(N, D)), np.arange(N) % C


def loss_and_gradients(student, params, X, y, reg):
    loss, gradients = parts_of(student.two_layer_loss(params, X, y, reg), 2, topic(ANSWER))
    return loss, entries(gradients, list(NAMES), topic(GRADIENTS))


@pytest.mark.points(4, question="network")
def test_network_loss(student, rng):
    """The loss is the mean softmax cross-entropy of max(0, X W1 + b1) W2 + b2.

    fa: هزینه، میانگین آنتروپی متقاطع سافتمکس برای max(0, X W1 + b1) W2 + b2 است.
    hint: The ReLU stands between the layers, not behind the scores.
    hint-fa: ReLU میان دو لایه است، نه پس از امتیازها.
    """
    params, X, y = network(rng)
    loss, _ = loss_and_gradients(student, params, X, y, 0.0)
    check_shape(loss, (), what=LOSS)
    check_value(
        loss, two_layer_loss(params, X, y, strength=0.0)[0], what=LOSS, sizes={"N": 5, "C": 3}
    )


@pytest.mark.parametrize("classes", [3, 10])
@pytest.mark.points(1, question="network")
def test_network_loss_at_the_start(student, rng, classes):
    """With tiny weights the loss is ln C: 2.3026 for 10 classes.

    fa: با وزن‌های بسیار کوچک هزینه ln C است: 2.3026 برای ۱۰ کلاس.
    """
    params = {
        "W1": 1e-4 * rng.normal(size=(8, 5)),
        "b1": np.zeros(5),
        "W2": 1e-4 * rng.normal(size=(5, classes)),
        "b2": np.zeros(classes),
    }
    loss, _ = loss_and_gradients(student, params, rng.normal(size=(6, 8)), np.arange(6) % 3, 0.0)
    check_value(loss, np.log(classes), what=LOSS, atol=1e-5, sizes={"N": 6, "C": classes})


@pytest.mark.points(3, question="network")
def test_network_regularization(student, rng):
    """`reg` adds reg / 2 times the squared weights of both layers, and reg * W to the gradients.

    fa: ضریب `reg` مقدار reg / 2 ضربدر مربع وزن‌های هر دو لایه را می‌افزاید،
        و reg * W را به گرادیان‌ها.
    hint: `reg / 2` in the loss, `reg` in the gradients, and the weights of both layers alone: the
        biases are not regularized.
    hint-fa: `reg / 2` در هزینه و `reg` در گرادیان‌ها، تنها برای وزن‌های دو لایه: بایاس‌ها تنظیم
        نمی‌شوند.
    """
    params, X, y = network(rng)
    without, plain_gradients = loss_and_gradients(student, params, X, y, 0.0)
    loss, gradients = loss_and_gradients(student, params, X, y, 0.6)
    squares = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    check_value(np.asarray(loss) - np.asarray(without), 0.3 * squares, what=PENALTY)
    for name in NAMES:
        added = np.asarray(gradients[name]) - np.asarray(plain_gradients[name])
        expected = 0.6 * params[name] if name.startswith("W") else np.zeros_like(params[name])
        check_value(added, expected, what=named(name), atol=1e-9)


def named(name):
    return {"en": f"the gradient of `{name}`", "fa": f"گرادیان `{name}`"}


@pytest.mark.points(6, question="network", requires=["test_network_loss"])
def test_network_gradients(student, rng):
    """The gradients of all four parameters are the slopes of the loss.

    fa: گرادیان هر چهار پارامتر شیب هزینه است.
    hint: Go back layer by layer; the ReLU lets the gradient through where the hidden value is
        above 0.
    hint-fa: لایه به لایه برگردید؛ ReLU گرادیان را جایی می‌گذراند که مقدار پنهان بزرگ‌تر از 0 است.
    """
    params, X, y = network(rng)
    _, gradients = loss_and_gradients(student, params, X, y, 0.1)

    def losses(points):
        calls = [Call("two_layer_loss", (point, X, y, 0.1)) for point in points]
        return [parts_of(answer, 2, topic(ANSWER))[0] for answer in student.calls(calls)]

    check_gradient(
        losses,
        params,
        gradients,
        rng=rng,
        reference=two_layer_loss(params, X, y, strength=0.1)[1],
        what=GRADIENTS,
        sizes={"N": 5, "C": 3},
    )


@pytest.mark.points(2, question="network", visibility="hidden")
def test_network_with_huge_scores(student, rng):
    """Scores of a thousand and more do not overflow.

    fa: امتیازهای هزار و بیشتر سرریز نمی‌کنند.
    hint: Subtract each row's largest score before `np.exp`.
    hint-fa: پیش از `np.exp` بزرگ‌ترین امتیاز هر سطر را از آن کم کنید.
    """
    params, X, y = network(rng)
    params = {**params, "W2": 400 * params["W2"]}
    loss, gradients = loss_and_gradients(student, params, X, y, 0.0)
    check_finite(loss, what=LOSS)
    expected, right = two_layer_loss(params, X, y, strength=0.0)
    check_value(loss, expected, what=LOSS)
    for name in NAMES:
        check_value(gradients[name], right[name], what=named(name), atol=1e-6)


@pytest.mark.points(1, question="network", requires=["test_network_loss"])
def test_network_loss_leaves_its_arguments_alone(student, rng):
    """`two_layer_loss` changes none of its arguments.

    fa: تابع `two_layer_loss` هیچ‌یک از آرگومان‌هایش را تغییر نمی‌دهد.
    """
    params, X, y = network(rng)
    loss_and_gradients(student, params, X, y, 0.1)
    check_unchanged(student)


@pytest.mark.points(
    4, question="network", requires=["test_network_gradients", "test_network_regularization"]
)
def test_training_follows_the_gradient(student, rng):
    """Two steps of `train_two_layer` change every parameter by -learning_rate * gradient.

    fa: دو گام `train_two_layer` هر پارامتر را به اندازهٔ -learning_rate * gradient تغییر می‌دهد.
    hint: Compute all gradients of a step first, with the weights as they are, then change them.
    hint-fa: نخست همهٔ گرادیان‌های گام را با وزن‌های کنونی حساب کنید، سپس وزن‌ها را تغییر دهید.
    """
    params, X, y = network(rng)
    got, losses = parts_of(student.train_two_layer(params, X, y, 0.1, 0.3, 2), 2, topic(ANSWER))
    check_unchanged(student)
    expected, wanted = {name: value.copy() for name, value in params.items()}, []
    for _ in range(2):
        loss, gradients = two_layer_loss(expected, X, y, strength=0.1)
        wanted.append(loss)
        expected = {name: expected[name] - 0.3 * gradients[name] for name in NAMES}
    check_value(losses, np.array(wanted), what={"en": "the losses", "fa": "هزینه‌ها"})
    by_name = entries(got, list(NAMES), topic({"en": "the parameters", "fa": "پارامترها"}))
    for name in NAMES:
        check_value(by_name[name], expected[name], what={"en": f"`{name}`", "fa": f"`{name}`"})


@pytest.mark.points(2, question="network", requires=["test_training_follows_the_gradient"])
def test_the_network_learns_exclusive_or(student, rng):
    """A hidden layer of 16 units learns exclusive or, which no linear classifier can.

    fa: لایهٔ پنهانی با ۱۶ واحد، یای انحصاری (XOR) را یاد می‌گیرد که از هیچ دسته‌بند خطی برنمی‌آید.
    """
    X = np.array([[0.0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    y = np.array([0, 1, 1, 0])
    params = {
        "W1": rng.normal(size=(3, 16)),
        "b1": np.full(16, 0.01),
        "W2": 0.5 * rng.normal(size=(16, 2)),
        "b2": np.zeros(2),
    }
    answer = student.train_two_layer(params, X, y, 0.0, 0.3, 600)
    trained, losses = parts_of(answer, 2, topic(ANSWER))
    check_loss_history(losses, what={"en": "the losses", "fa": "هزینه‌ها"}, steps=600)
    by_name = entries(trained, list(NAMES), topic(ANSWER))
    hidden = np.maximum(0, X @ np.asarray(by_name["W1"]) + np.asarray(by_name["b1"]))
    predicted = np.argmax(hidden @ np.asarray(by_name["W2"]) + np.asarray(by_name["b2"]), axis=1)
    if not np.array_equal(predicted, y):
        raise CheckFailure(
            FailureDetails(
                {
                    "en": "The trained network gives other labels than exclusive or.",
                    "fa": "شبکهٔ آموزش‌دیده برچسب‌هایی جز یای انحصاری (XOR) می‌دهد.",
                },
                expected=str(y),
                got=str(predicted),
            )
        )
