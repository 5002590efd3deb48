import numpy as np
import pytest

from autograder.checks import check_backward
from autograder.errors import CheckFailure


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def affine_backward(upstream, cache):
    x, w, _ = cache
    rows = x.reshape(len(x), -1)
    return (upstream @ w.T).reshape(x.shape), rows.T @ upstream, upstream.sum(axis=0)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(upstream, cache):
    return upstream * (cache > 0)


def pool_forward(x):
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // 2, 2, w // 2, 2)
    return windows.max(axis=(3, 5)), x


def pool_backward(upstream, x):
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // 2, 2, w // 2, 2)
    largest = windows == windows.max(axis=(3, 5), keepdims=True)
    share = largest / largest.sum(axis=(3, 5), keepdims=True)
    return (share * upstream[:, :, :, None, :, None]).reshape(x.shape)


def norm_forward(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps)
    normal = (x - x.mean(axis=0)) / std
    return gamma * normal + beta, (normal, std, gamma)


def norm_backward(upstream, cache):
    normal, std, gamma = cache
    centered = upstream - upstream.mean(axis=0) - normal * (upstream * normal).mean(axis=0)
    return gamma / std * centered, (upstream * normal).sum(axis=0), upstream.sum(axis=0)


def affine(rng):
    return {"x": rng.normal(size=(5, 2, 2)), "w": rng.normal(size=(4, 3)), "b": rng.normal(size=3)}


LAYERS = {
    "affine": (affine_forward, affine_backward, affine),
    "relu": (relu_forward, relu_backward, lambda rng: {"x": rng.normal(size=(4, 6))}),
    "relu at 0": (
        relu_forward,
        relu_backward,
        lambda rng: {"x": rng.integers(-1, 2, size=(4, 6)).astype(float)},
    ),
    "max pool": (pool_forward, pool_backward, lambda rng: {"x": rng.normal(size=(2, 2, 4, 4))}),
    "max pool with ties": (
        pool_forward,
        pool_backward,
        lambda rng: {"x": rng.integers(0, 3, size=(2, 2, 4, 4)).astype(float)},
    ),
    "batch norm": (
        norm_forward,
        norm_backward,
        lambda rng: {
            "x": 3 * rng.normal(size=(6, 4)) + 2,
            "gamma": rng.normal(size=4),
            "beta": rng.normal(size=4),
        },
    ),
    "batch norm of a constant column": (
        norm_forward,
        norm_backward,
        lambda rng: {
            "x": rng.normal(size=(6, 3)) * [0, 1, 1],
            "gamma": rng.normal(size=3),
            "beta": rng.normal(size=3),
        },
    ),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("with_reference", [False, True])
def test_no_false_alarm_on_200_seeds(local_student, name, with_reference):
    forward, backward, draw = LAYERS[name]
    student = local_student(forward=forward, backward=backward)
    for seed in range(200):
        rng = np.random.default_rng(seed)
        reference = (forward, backward) if with_reference else None
        check_backward(student, "forward", "backward", draw(rng), rng=rng, reference=reference)


@pytest.mark.parametrize("name", ["affine", "relu", "max pool", "batch norm"])
def test_no_false_alarm_for_float32_layers(local_student, name):
    forward, backward, draw = LAYERS[name]

    def single(*arrays):
        return forward(*(a.astype(np.float32) for a in arrays))

    student = local_student(
        forward=single, backward=lambda up, cache: backward(up.astype(np.float32), cache)
    )
    for seed in range(30):
        rng = np.random.default_rng(seed)
        check_backward(student, "forward", "backward", draw(rng), rng=rng)


@pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("reference", [None, (relu_forward, relu_backward)])
def test_any_convention_of_relu_at_0_passes(local_student, at_zero, reference):
    def backward(upstream, x):
        return upstream * np.where(x == 0, at_zero, x > 0)

    student = local_student(forward=relu_forward, backward=backward)
    for seed in range(30):
        rng = np.random.default_rng(seed)
        inputs = LAYERS["relu at 0"][2](rng)
        check_backward(student, "forward", "backward", inputs, rng=rng, reference=reference)


def test_a_right_layer_costs_two_messages(local_student):
    student = local_student(forward=affine_forward, backward=affine_backward)
    rng = np.random.default_rng(0)
    check_backward(student, "forward", "backward", affine(rng), rng=rng)
    assert (student.messages, student.count) == (2, 14)


def changed(place, change):
    def backward(upstream, cache):
        gradients = list(affine_backward(upstream, cache))
        gradients[place] = change(gradients[place], upstream)
        return tuple(gradients)

    return backward


WRONG = {
    "dx negated": (changed(0, lambda g, _: -g), "`dx`", "The sign is the wrong way round."),
    "dw doubled": (
        changed(1, lambda g, _: 2 * g),
        "`dw`",
        "It is twice as large as it should be: is there a factor 2 too many?",
    ),
    "db a mean": (
        changed(2, lambda g, up: up.mean(axis=0)),
        "`db`",
        "It is 5 times too small, and `N` is 5 here: is there a division by `N` too many?",
    ),
    "db zeros": (changed(2, lambda g, _: 0 * g), "`db`", "It is all zeros."),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_wrong_gradient_of_a_layer_is_named(local_student, failure, name):
    backward, what, seen = WRONG[name]
    for seed in range(10):
        rng = np.random.default_rng(seed)
        student = local_student(forward=affine_forward, backward=backward)
        arguments = (student, "forward", "backward", affine(rng))
        details = failure(check_backward, *arguments, rng=rng, sizes={"N": 5})
        assert details.message["en"] == (
            f"The gradient check fails for {what}: it is not the slope of your own forward pass "
            f"(expected: the slope, got: your gradient). {seen}"
        )
        reference = (affine_forward, affine_backward)
        details = failure(check_backward, *arguments, rng=rng, reference=reference, sizes={"N": 5})
        assert details.message["en"] == (
            f"All values in {what} are wrong. {seen} Your forward pass itself is right."
        )


def test_a_relu_that_ignores_the_mask_is_caught_at_any_input(local_student, failure):
    student = local_student(forward=relu_forward, backward=lambda upstream, x: upstream)
    for name in ("relu", "relu at 0"):
        rng = np.random.default_rng(0)
        for reference in (None, (relu_forward, relu_backward)):
            failure(
                check_backward, student, "forward", "backward", LAYERS[name][2](rng),
                rng=rng, reference=reference,
            )  # fmt: skip


def test_a_wrong_forward_pass_with_its_own_right_gradient_is_called_that(local_student, failure):
    def forward(x, w, b):
        return affine_forward(x, w, -b)

    def backward(upstream, cache):
        dx, dw, db = affine_backward(upstream, cache)
        return dx, dw, -db

    rng = np.random.default_rng(0)
    details = failure(
        check_backward,
        local_student(forward=forward, backward=backward),
        "forward",
        "backward",
        affine(rng),
        rng=rng,
        reference=(affine_forward, affine_backward),
    )
    assert details.message["en"] == (
        "Your backward pass is right for your forward pass, but your forward pass is wrong: mend "
        "the forward pass first. All values in the output of the forward pass are wrong."
    )


def test_the_shape_of_an_output_is_checked_against_the_reference(local_student, failure):
    def forward(x, w, b):
        out, cache = affine_forward(x, w, b)
        return out.T, cache

    rng = np.random.default_rng(0)
    details = failure(
        check_backward,
        local_student(forward=forward, backward=affine_backward),
        "forward",
        "backward",
        affine(rng),
        rng=rng,
        reference=(affine_forward, affine_backward),
    )
    assert details.message["en"].startswith(
        "The shape of the output of `forward` is `(3, 5)`; it should be `(5, 3)`."
    )


def test_gradients_may_come_as_a_dict_or_a_list(local_student):
    rng = np.random.default_rng(0)
    for pack in (list, lambda g: dict(zip(["dx", "dw", "db"], g, strict=True))):

        def backward(upstream, cache, pack=pack):
            return pack(affine_backward(upstream, cache))

        student = local_student(forward=affine_forward, backward=backward)
        check_backward(student, "forward", "backward", affine(rng), rng=rng)


def test_what_a_layer_lacks_may_come_as_none_behind_its_gradients(local_student):
    rng = np.random.default_rng(0)

    def forward(x, w):
        return affine_forward(x, w, np.zeros(w.shape[1]))

    def backward(upstream, cache):
        return (*affine_backward(upstream, cache)[:2], None)

    inputs = dict(list(affine(rng).items())[:2])
    student = local_student(forward=forward, backward=backward)
    check_backward(student, "forward", "backward", inputs, rng=rng)


def test_a_missing_gradient_is_named(local_student, failure):
    rng = np.random.default_rng(0)
    student = local_student(
        forward=affine_forward, backward=lambda up, cache: affine_backward(up, cache)[:2]
    )
    details = failure(check_backward, student, "forward", "backward", affine(rng), rng=rng)
    assert details.message["en"] == "2 values came back where 3 are asked for."
    student = local_student(
        forward=affine_forward, backward=lambda up, cache: {"dx": affine_backward(up, cache)[0]}
    )
    details = failure(check_backward, student, "forward", "backward", affine(rng), rng=rng)
    assert details.message["en"].startswith("`None` came back where `dw` should be")


def test_a_gate_without_a_cache_gets_its_inputs_again(local_student, failure):
    inputs = {"x": np.array(2.0), "y": np.array(-3.0)}
    rng = np.random.default_rng(0)
    student = local_student(
        multiply=lambda x, y: x * y,
        backward=lambda up, x, y: (y * up, x * up),
        swapped=lambda up, x, y: (x * up, y * up),
    )
    check_backward(student, "multiply", "backward", inputs, cached=False, rng=rng)
    details = failure(check_backward, student, "multiply", "swapped", inputs, cached=False, rng=rng)
    assert details.message["en"].startswith("The gradient check fails for `dx`:")
    assert details.where is None


def test_a_mask_among_the_extra_arguments_stays_as_it_is(local_student):
    def forward(x, mask, *, p):
        return x * mask / p, mask / p

    student = local_student(forward=forward, backward=lambda up, scale: up * scale)
    rng = np.random.default_rng(0)
    x, mask = rng.normal(size=(4, 5)), rng.random((4, 5)) < 0.5
    check_backward(
        student, "forward", "backward", {"x": x}, extra=(mask,), keywords={"p": 0.5}, rng=rng
    )


def test_some_inputs_may_be_left_out(local_student):
    def backward(upstream, cache):
        return affine_backward(upstream, cache)[1]

    student = local_student(forward=affine_forward, backward=backward)
    rng = np.random.default_rng(0)
    check_backward(student, "forward", "backward", affine(rng), wrt=["w"], rng=rng)


def test_an_unknown_input_is_refused(local_student):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"wrt must name inputs \(x, w, b\), not v"):
        check_backward(local_student(), "f", "b", affine(rng), wrt=["v"], rng=rng)


def test_a_dropout_that_draws_a_new_mask_each_time_is_told(local_student, failure):
    drawn = np.random.default_rng(3)

    def forward(x):
        mask = drawn.random(x.shape) < 0.5
        return x * mask, mask

    student = local_student(forward=forward, backward=lambda up, mask: up * mask)
    rng = np.random.default_rng(0)
    inputs = {"x": rng.normal(size=(5, 5))}
    message = failure(check_backward, student, "forward", "backward", inputs, rng=rng).message
    assert message["en"].startswith("Two calls with the same values gave different answers")


def test_an_output_that_ignores_its_input_fails(local_student):
    student = local_student(forward=lambda x: (np.ones(3), x), backward=lambda up, x: 0 * x)
    with pytest.raises(CheckFailure, match="stays the same whatever its input is"):
        check_backward(
            student, "forward", "backward", {"x": np.ones(3)}, rng=np.random.default_rng(0)
        )
