import numpy as np
import pytest

from autograder.checks import check_gradient, check_loss_gradient
from autograder.checks.calls import Call
from autograder.errors import CheckFailure


def softmax_loss(W, X, y, reg, dtype=np.float64):
    """Right: mean softmax loss + reg * sum(W^2), and its gradient."""
    W, X, N = W.astype(dtype), X.astype(dtype), len(y)
    scores = X @ W
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).mean() + reg * (W * W).sum()
    p[np.arange(N), y] -= 1
    return loss, X.T @ p / N + 2 * reg * W


def svm_loss(W, X, y, reg, dtype=np.float64, active=np.greater):
    """Right: mean multiclass hinge loss + reg * sum(W^2), and its gradient."""
    W, X, N = W.astype(dtype), X.astype(dtype), len(y)
    scores = X @ W
    margins = scores - scores[np.arange(N), y][:, None] + 1
    margins[np.arange(N), y] = 0
    on = active(margins, 0).astype(dtype)
    on[np.arange(N), y] = 0
    on[np.arange(N), y] = -on.sum(axis=1)
    return np.maximum(margins, 0).sum() / N + reg * (W * W).sum(), X.T @ on / N + 2 * reg * W


def svm_loss_in_loops(W, X, y, reg):
    """Right: the same with plain Python."""
    D, C, N = len(W), len(W[0]), len(X)
    loss, dW = 0.0, [[2 * reg * float(W[d][c]) for c in range(C)] for d in range(D)]
    for x, label in zip(X, y, strict=True):
        scores = [sum(float(x[d]) * float(W[d][c]) for d in range(D)) for c in range(C)]
        for c in range(C):
            margin = scores[c] - scores[label] + 1
            if c != label and margin > 0:
                loss += margin
                for d in range(D):
                    dW[d][c] += float(x[d]) / N
                    dW[d][label] -= float(x[d]) / N
    return [loss / N + reg * sum(float(w) ** 2 for w in np.ravel(W)), dW]


RIGHT = {
    "softmax": softmax_loss,
    "svm": svm_loss,
    "svm that counts a margin of 0": lambda *a: svm_loss(*a, active=np.greater_equal),
    "softmax in float32": lambda *a: softmax_loss(*a, dtype=np.float32),
    "svm in float32": lambda *a: svm_loss(*a, dtype=np.float32),
    "svm in float32 but for reg": lambda W, X, y, reg: (
        float(svm_loss(W, X, y, 0.0, dtype=np.float32)[0]) + reg * (W * W).sum(),
        svm_loss(W, X, y, 0.0, dtype=np.float32)[1] + 2 * reg * W,
    ),
    "svm in loops": svm_loss_in_loops,
    "gradient in Fortran order": lambda *a: (softmax_loss(*a)[0], softmax_loss(*a)[1].T.copy().T),
    "0-d loss in a list": lambda *a: [np.array(softmax_loss(*a)[0]), softmax_loss(*a)[1].tolist()],
}


def draw(seed, samples=5, features=6, classes=4):
    rng = np.random.default_rng(seed)
    W = rng.normal(size=(features, classes))
    X = rng.normal(size=(samples, features))
    return (W, X, rng.integers(classes, size=samples), 0.1), rng


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("reference", [None, "given"])
def test_no_false_alarm_on_200_seeds(local_student, name, reference):
    student = local_student(loss=RIGHT[name])
    known = svm_loss if "svm" in name else softmax_loss
    for seed in range(200 if name != "svm in loops" else 20):
        arguments, rng = draw(seed)
        reference_loss = known if reference else None
        check_loss_gradient(student, "loss", *arguments, rng=rng, reference=reference_loss)


SCALES = {
    "small weights": (1e-4, 1.0, 0.0),
    "pixels": (1e-4, 255.0, 0.0),
    "saturated": (30.0, 3.0, 0.0),
    "large reg": (1.0, 1.0, 1e4),
    "zero weights": (0.0, 1.0, 0.0),
}


@pytest.mark.parametrize("scales", SCALES)
@pytest.mark.parametrize("name", ["svm", "svm in float32"])
def test_no_false_alarm_at_any_scale(local_student, name, scales):
    weights, pixels, reg = SCALES[scales]
    student = local_student(loss=RIGHT[name])
    for seed in range(100):
        (W, X, y, _), rng = draw(seed)
        check_loss_gradient(student, "loss", weights * W, pixels * X, y, reg, rng=rng)


@pytest.mark.parametrize("active", [np.greater, np.greater_equal])
@pytest.mark.parametrize("reference", [None, svm_loss])
def test_either_convention_at_a_tie_passes_on_200_seeds(local_student, active, reference):
    student = local_student(loss=lambda *a: svm_loss(*a, active=active))
    for seed in range(200):
        (W, X, y, _), rng = draw(seed, samples=6, features=3)
        ties = np.round(2 * W) / 2, np.round(X), y, 0.0  # many margins are exactly 0
        check_loss_gradient(student, "loss", *ties, rng=rng, reference=reference)


def test_a_right_gradient_costs_five_evaluations_and_one_message(local_student):
    student = local_student(loss=softmax_loss)
    arguments, rng = draw(0, samples=20, features=50, classes=10)
    check_loss_gradient(student, "loss", *arguments, rng=rng)
    assert (student.count, student.messages) == (5, 1)
    check_loss_gradient(student, "loss", *arguments, rng=rng, reference=softmax_loss)
    assert (student.count, student.messages) == (6, 2)


def wrong(change, base=softmax_loss):
    def loss(W, X, y, reg):
        value, gradient = base(W, X, y, reg)
        return change(value, gradient.copy(), W, X, y, reg)

    return loss


def without_count(value, gradient, W, X, y, reg):
    margins = X @ W - (X @ W)[np.arange(len(y)), y][:, None] + 1
    on = (margins > 0).astype(float)
    on[np.arange(len(y)), y] = -1
    return value, X.T @ on / len(y) + 2 * reg * W


def with_entry(index, factor):
    def change(value, gradient, *_):
        gradient[index] *= factor
        return value, gradient

    return change


FACTOR_2 = "It is twice as large as it should be: is there a factor 2 too many?"
NEGATED = "The sign is the wrong way round."
MISSING_N = "It is 5 times too large, and `N` is 5 here: is a division by `N` missing?"
WRONG = {
    "factor 2": (wrong(lambda v, g, *_: (v, 2 * g)), FACTOR_2),
    "factor 2, hinge": (wrong(lambda v, g, *_: (v, 2 * g), svm_loss), FACTOR_2),
    "sign": (wrong(lambda v, g, *_: (v, -g)), NEGATED),
    "missing 1/N": (wrong(lambda v, g, *_: (v, 5 * g)), MISSING_N),
    "missing 1/N, hinge": (wrong(lambda v, g, *_: (v, 5 * g), svm_loss), MISSING_N),
    "missing 1/N of the data part": (
        wrong(lambda v, g, W, X, y, reg: (v, 5 * (g - 2 * reg * W) + 2 * reg * W)),
        None,
    ),
    "zeros": (wrong(lambda v, g, *_: (v, 0 * g)), "It is all zeros."),
    "no regularization": (wrong(lambda v, g, W, X, y, reg: (v, g - 2 * reg * W)), None),
    "half of the regularization": (wrong(lambda v, g, W, X, y, reg: (v, g - reg * W)), None),
    "no count for the true class": (wrong(without_count, svm_loss), None),
    "one column": (wrong(with_entry(np.s_[:, 2], 1.5)), "All wrong values lie in column 2."),
    "one row": (wrong(with_entry(np.s_[1], 0.0)), "All wrong values lie in row 1."),
    "one entry": (wrong(with_entry(np.s_[3, 1], 1.1)), "Only one value is wrong."),
    "an offset": (wrong(lambda v, g, *_: (v, g + 0.25)), "Every value is 0.25 too large."),
    "columns in another order": (
        wrong(lambda v, g, *_: (v, g[:, ::-1])),
        "The expected values, in the opposite order along axis 1.",
    ),
}
FAILS = (
    "The gradient check fails for the gradient: it is not the slope of your own loss "
    "(expected: the slope, got: your gradient)."
)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_is_caught_on_many_seeds(local_student, name):
    loss, seen = WRONG[name]
    student = local_student(loss=loss)
    for seed in range(12):
        arguments, rng = draw(seed)
        with pytest.raises(CheckFailure) as caught:
            check_loss_gradient(student, "loss", *arguments, rng=rng, sizes={"N": 5})
        message = caught.value.details.message["en"]
        assert message.startswith(FAILS), seed
        assert seen is None or message == f"{FAILS} {seen}", seed


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_is_told_from_the_reference_while_the_loss_is_right(
    local_student, failure, name
):
    loss, seen = WRONG[name]
    reference = svm_loss if loss.__closure__ and svm_loss in closure(loss) else softmax_loss
    arguments, rng = draw(1)
    details = failure(
        check_loss_gradient, local_student(loss=loss), "loss", *arguments,
        rng=rng, reference=reference, sizes={"N": 5},
    )  # fmt: skip
    assert details.message["en"].endswith("Your loss itself is right.")
    assert seen is None or seen in details.message["en"]
    assert details.where is not None


def closure(function):
    return [cell.cell_contents for cell in function.__closure__]


LARGE = [
    ("factor 2", FACTOR_2),
    ("one column", "All wrong values lie in column 2."),
    ("one row", "All wrong values lie in row 1."),
    ("one entry", "Only one value is wrong."),
    ("an offset", "Every value is 0.25 too large."),
    ("zeros", "It is all zeros."),
]


@pytest.mark.parametrize(("name", "seen"), LARGE)
def test_in_a_large_gradient_few_calls_find_the_place(local_student, failure, name, seen):
    student = local_student(loss=WRONG[name][0])
    arguments, rng = draw(2, samples=5, features=40, classes=12)
    details = failure(check_loss_gradient, student, "loss", *arguments, rng=rng)
    assert details.message["en"] == f"{FAILS} {seen}"
    assert student.count < 200 and student.messages <= 10
    expected = softmax_loss(*arguments)[1]
    index = tuple(int(axis) for axis in details.where.strip("[]").split(","))
    assert float(details.expected) == pytest.approx(expected[index], rel=1e-3, abs=1e-5)


def test_the_transpose_is_seen_in_a_square_gradient(local_student, failure):
    for features in (4, 9):
        arguments, rng = draw(3, features=features, classes=features)
        student = local_student(loss=wrong(lambda v, g, *_: (v, g.T)))
        details = failure(check_loss_gradient, student, "loss", *arguments, rng=rng)
        assert details.message["en"] == f"{FAILS} It is the transpose of what it should be."


def test_the_shape_of_the_gradient_comes_first(local_student, failure):
    arguments, rng = draw(0)
    student = local_student(loss=wrong(lambda v, g, *_: (v, g.T)))
    details = failure(check_loss_gradient, student, "loss", *arguments, rng=rng)
    assert details.message["en"] == (
        "The shape of the gradient is `(4, 6)`; it should be `(6, 4)`. "
        "It is transposed: rows and columns have changed places."
    )


def test_a_loss_that_is_no_number_is_named(local_student, failure):
    arguments, rng = draw(0)
    for change, message in [
        (
            lambda v, g, *_: (np.array([v]), g),
            "The shape of the loss is `(1,)`; it should be `()`.",
        ),
        (lambda v, g, *_: (None, g), "`None` came back where the loss should be"),
        (lambda v, g, *_: (np.nan, g), "NaN or an infinity stands in the loss"),
        (lambda v, g, *_: (v, g * np.nan), "NaN or an infinity stands in the gradient"),
        (lambda v, g, *_: v, "One value came back where 2 are asked for."),
        (lambda v, g, *_: None, "`None` came back where the loss and the gradient should be"),
        (lambda v, g, *_: (v, None), "`None` came back where the gradient should be"),
    ]:
        student = local_student(loss=wrong(change))
        details = failure(check_loss_gradient, student, "loss", *arguments, rng=rng)
        assert details.message["en"].startswith(message)


FLAT = (
    "Your loss stays the same whatever its input is, so there is no gradient to check. "
    "Is the input used?"
)


@pytest.mark.parametrize("reference", [None, softmax_loss])
@pytest.mark.parametrize("value", [0.0, 1.0, np.float32(2.3), 7])
def test_a_constant_with_a_zero_gradient_fails(local_student, failure, value, reference):
    arguments, rng = draw(0)
    student = local_student(loss=lambda W, X, y, reg: (value, 0 * W))
    details = failure(
        check_loss_gradient, student, "loss", *arguments, rng=rng, reference=reference
    )
    assert details.message["en"] == FLAT


def test_a_hinge_loss_of_zero_is_flat_and_right(local_student):
    W, X, y = 9.0 * np.eye(3), np.eye(3), np.arange(3)
    student = local_student(loss=svm_loss)
    assert svm_loss(W, X, y, 0.0)[0] == 0.0
    check_loss_gradient(student, "loss", W, X, y, 0.0, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("change", "observed"),
    [
        (lambda v, g, W, X, y, reg: (v - reg * (W * W).sum(), g - 2 * reg * W), ""),
        (
            lambda v, g, *_: (2 * v, 2 * g),
            " It is twice as large as it should be: is there a factor 2 too many?",
        ),
    ],
)
def test_a_right_gradient_of_a_wrong_loss_is_called_that(local_student, failure, change, observed):
    arguments, rng = draw(0)
    student = local_student(loss=wrong(change))
    details = failure(
        check_loss_gradient, student, "loss", *arguments, rng=rng, reference=softmax_loss
    )
    assert details.message["en"] == (
        "Your gradient is right for your loss, but your loss is wrong: mend the loss first. "
        f"The value of the loss is wrong.{observed}"
    )
    assert details.message["fa"].startswith(
        "گرادیان شما برای هزینهٔ خود شما درست است، ولی هزینه نادرست است"
    )


def test_both_wrong_is_called_that(local_student, failure):
    arguments, rng = draw(0)
    student = local_student(loss=wrong(lambda v, g, *_: (v + 3, 2 * g)))
    details = failure(
        check_loss_gradient, student, "loss", *arguments, rng=rng, reference=softmax_loss
    )
    assert details.message["en"] == (
        f"All values in the gradient are wrong. {FACTOR_2} Your loss is wrong too."
    )


def test_the_numbers_of_a_failure(local_student, failure):
    arguments, rng = draw(0)
    student = local_student(loss=WRONG["factor 2"][0])
    true = softmax_loss(*arguments)[1][0, 0]
    details = failure(check_loss_gradient, student, "loss", *arguments, rng=rng)
    assert float(details.expected) == pytest.approx(true, rel=1e-5)
    assert float(details.got) == pytest.approx(2 * true, rel=1e-5)
    assert details.where == "[0, 0]"
    assert details.error == f"|got - expected| = {abs(true):.3g}"
    assert np.array_equal(student.last_call.arguments[0], arguments[0]), "shows the given point"


def test_a_wrong_gradient_at_a_kink_is_caught_beside_it(local_student, failure):
    W, X, y = np.array([[1.0, 0.0], [0.0, 1.0]]), np.eye(2), np.array([0, 1])  # all margins 0
    student = local_student(loss=wrong(lambda v, g, *_: (v, 2 * g), svm_loss))
    rng = np.random.default_rng(0)
    details = failure(check_loss_gradient, student, "loss", W, X, y, 0.1, rng=rng)
    assert details.message["en"] == (
        f"{FAILS} {FACTOR_2} (Checked right beside the given values: at them the loss has a kink.)"
    )


def test_a_random_loss_is_told_apart_from_a_wrong_gradient(local_student, failure):
    arguments, rng = draw(0)
    noise = np.random.default_rng(1)
    student = local_student(loss=wrong(lambda v, g, *_: (v + noise.normal(), g)))
    details = failure(check_loss_gradient, student, "loss", *arguments, rng=rng)
    assert details.message["en"] == (
        "Two calls with the same values gave different answers, so no gradient fits. "
        "Is something random, or kept from one call to the next?"
    )


def test_several_arguments_are_checked_at_once(local_student, failure):
    def loss(a, b):
        return float((a * b).sum() + (a**3).sum()), b + 3 * a**2, a

    rng = np.random.default_rng(0)
    point = rng.normal(size=4), rng.normal(size=4)
    check_loss_gradient(local_student(loss=loss), "loss", *point, wrt=(0, 1), rng=rng)
    paired = local_student(loss=lambda a, b: (loss(a, b)[0], loss(a, b)[1:]))
    check_loss_gradient(paired, "loss", *point, wrt=(0, 1), rng=rng, reference=loss)
    student = local_student(loss=lambda a, b: (*loss(a, b)[:2], 2 * a))
    details = failure(check_loss_gradient, student, "loss", *point, wrt=(0, 1), rng=rng)
    assert "fails for the gradient for argument 2:" in details.message["en"]


def test_keywords_are_handed_on(local_student):
    (W, X, y, reg), rng = draw(0)
    student = local_student(loss=lambda W, X, y, *, reg: softmax_loss(W, X, y, reg))
    check_loss_gradient(student, "loss", W, X, y, keywords={"reg": reg}, rng=rng)


@pytest.mark.parametrize("entry", [1e150, 1e200, 1e308, -1e308])
def test_a_gradient_so_large_that_it_overflows_does_not_pass(local_student, failure, entry):
    arguments, rng = draw(0)
    for change in (lambda v, g, *_: (v, np.full(g.shape, entry)), with_entry(np.s_[1, 1], entry)):
        student = local_student(loss=wrong(change))
        failure(check_loss_gradient, student, "loss", *arguments, rng=rng)
        failure(check_loss_gradient, student, "loss", *arguments, rng=rng, reference=softmax_loss)


@pytest.mark.parametrize("size", [1e-9, 1e-7, 1e-6, 1e-5])  # more, and the value is wrong
def test_noise_in_the_loss_does_not_make_a_zero_gradient_pass(local_student, failure, size):
    def noisy(value, gradient, W, *_):
        digits = np.frombuffer(np.ascontiguousarray(W).tobytes(), np.uint8)
        noise = np.random.default_rng(digits.astype(np.uint64)).normal()  # the same each time
        return value + size * noise, 0 * gradient

    student = local_student(loss=wrong(noisy))
    for seed in range(20):
        arguments, rng = draw(seed)
        failure(check_loss_gradient, student, "loss", *arguments, rng=rng)


def test_the_same_seed_gives_the_same_failure(local_student, failure):
    for name in ("one entry", "no regularization"):
        texts = set()
        for _ in range(3):
            arguments, rng = draw(5, features=30)
            student = local_student(loss=WRONG[name][0])
            texts.add(repr(failure(check_loss_gradient, student, "loss", *arguments, rng=rng)))
        assert len(texts) == 1


def test_a_wrong_wrt_is_refused(local_student):
    arguments, rng = draw(0)
    with pytest.raises(ValueError, match="wrt must name arguments from 0 to 3, not 4"):
        check_loss_gradient(local_student(), "loss", *arguments, wrt=4, rng=rng)


def squares(points):
    return [float(np.sum(point**2)) for point in points]


def test_a_loss_given_as_a_function_is_checked(local_student, failure):
    student = local_student(square=lambda x: float(np.sum(x**2)))
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 5))

    def loss(points):
        return student.calls([Call("square", (point,)) for point in points])

    check_gradient(loss, x, 2 * x, rng=rng)
    check_gradient(loss, x, 2 * x, rng=rng, reference=2 * x)
    details = failure(check_gradient, loss, x, x, rng=rng, what="`dx`")
    assert details.message["en"].startswith(
        "The gradient check fails for `dx`: it is not the slope"
    )
    assert details.message["en"].endswith(
        "It is half as large as it should be: is a factor 2 missing?"
    )
    details = failure(check_gradient, loss, x, x, rng=rng, reference=2 * x)
    assert details.message["en"].endswith("It does not fit your own loss either.")
    details = failure(check_gradient, loss, x, 2 * x, rng=rng, reference=3 * x)
    assert details.message["en"].endswith("It fits your own loss near this point all the same.")


def test_points_may_be_tuples_and_dicts(failure):
    def loss(points):
        return [float(np.sum(p["W"] ** 2) + np.sum(3 * p["b"])) for p in points]

    rng = np.random.default_rng(0)
    point = {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)}
    right = {"db": np.full(3, 3.0), "dW": 2 * point["W"]}
    check_gradient(loss, point, right, rng=rng)
    details = failure(check_gradient, loss, point, right | {"db": np.ones(3)}, rng=rng)
    assert details.message["en"].startswith("The gradient check fails for `db`:")
    pair = tuple(point.values())
    check_gradient(
        lambda points: [float(np.sum(w**2) + np.sum(b)) for w, b in points],
        pair,
        [2 * pair[0], np.ones(3)],
        rng=rng,
    )


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_any_subgradient_at_a_kink_passes_and_no_other(failure, slope):
    def loss(points):
        return [float(np.maximum(point, 0).sum()) for point in points]

    rng = np.random.default_rng(0)
    x = np.array([1.0, 0.0, -1.0])
    check_gradient(loss, x, np.array([1.0, slope, 0.0]), rng=rng)
    failure(check_gradient, loss, x, np.array([1.0, slope + 1.5, 0.0]), rng=rng)
    failure(check_gradient, loss, x, np.array([0.5, slope, 0.0]), rng=rng)


def test_wrong_arguments_of_check_gradient_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="must hold finite numbers"):
        check_gradient(squares, np.array([np.nan]), np.zeros(1), rng=rng)
    with pytest.raises(ValueError, match="one loss for each of 5 points, not 1"):
        check_gradient(lambda points: [1.0], np.ones(2), np.ones(2), rng=rng)
