"""The wrong versions known of the network of two layers and of its training."""

import numpy as np

from autograder.components import Component, wrong_version, wrong_versions
from reference.misconceptions import COMPONENTS as KNOWN


def as_two_layer_loss(net):
    def two_layer_loss(params, X, y, reg):
        D, H = params["W1"].shape
        model = net(D, H, params["W2"].shape[1])
        with np.errstate(all="ignore"):
            loss, gradients = model.loss(params, X, y, regularization=reg)
        return float(loss), gradients

    return two_layer_loss


def right_loss(params, X, y, reg):
    return as_two_layer_loss(KNOWN["TwoLayerNet"].right)(params, X, y, reg)


def network(rng):
    params = {
        "W1": rng.normal(size=(4, 6)),
        "b1": rng.uniform(0.2, 1, 6),
        "W2": rng.normal(size=(6, 3)),
        "b2": rng.uniform(0.2, 1, 3),
    }
    return params, rng.normal(size=(5, 4)), rng.permutation(np.arange(5) % 3)


def batches(rng):
    params, X, y = network(rng)
    return [(params, X, y, 0.0), (params, X, y, 0.1)]


def huge(rng):
    params, X, y = network(rng)
    return [({**params, "W2": 900 * params["W2"]}, X, y, 0.0)]


@wrong_version(
    "two_layer_loss.overflows",
    "Large scores overflow in exp",
    "Subtract each row's largest score first.",
    "امتیازهای بزرگ در exp سرریز می‌کنند",
    "نخست بزرگ‌ترین امتیاز هر سطر را از آن کم کنید.",
)
def overflows(params, X, y, reg):
    hidden = np.maximum(0, X @ params["W1"] + params["b1"])
    with np.errstate(all="ignore"):
        powers = np.exp(hidden @ params["W2"] + params["b2"])
        P = powers / powers.sum(axis=1, keepdims=True)
        loss = -np.log(P[np.arange(len(y)), y]).mean()
    loss += reg / 2 * sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))
    dscores = P.copy()
    dscores[np.arange(len(y)), y] -= 1
    dscores /= len(y)
    dhidden = (dscores @ params["W2"].T) * (hidden > 0)
    return float(loss), {
        "W1": X.T @ dhidden + reg * params["W1"],
        "b1": dhidden.sum(axis=0),
        "W2": hidden.T @ dscores + reg * params["W2"],
        "b2": dscores.sum(axis=0),
    }


@wrong_version(
    "two_layer_loss.sum_for_mean",
    "The sum over the batch is taken instead of the mean",
    "Divide the data loss and its gradients by N.",
    "به جای میانگین، جمع روی دسته گرفته شده است",
    "هزینهٔ داده و گرادیان‌هایش را بر N تقسیم کنید.",
)
def sum_for_mean(params, X, y, reg):
    loss, gradients = right_loss(params, X, y, 0.0)
    N = len(y)
    penalty = reg / 2 * sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))
    return N * loss + penalty, {
        name: N * each + (reg * params[name] if name in ("W1", "W2") else 0.0)
        for name, each in gradients.items()
    }


@wrong_version(
    "two_layer_loss.true_class_not_subtracted",
    "The 1 of the true class is not subtracted from the probabilities",
    "The gradient of the scores is P - 1 at the true class, P elsewhere, over N.",
    "عدد 1 کلاس درست از احتمال‌ها کم نشده است",
    "گرادیان امتیازها در کلاس درست P - 1 و در جای دیگر P است، تقسیم بر N.",
)
def true_class_not_subtracted(params, X, y, reg):
    loss, gradients = right_loss(params, X, y, reg)
    hidden = np.maximum(0, X @ params["W1"] + params["b1"])
    onehot = np.zeros((len(y), len(params["b2"])))
    onehot[np.arange(len(y)), y] = 1 / len(y)
    dhidden = (onehot @ params["W2"].T) * (hidden > 0)
    added = {"W1": X.T @ dhidden, "b1": dhidden.sum(0), "W2": hidden.T @ onehot}
    added["b2"] = onehot.sum(0)
    return loss, {name: gradients[name] + added[name] for name in gradients}


TWO_LAYER_LOSS = Component(
    "two_layer_loss",
    question="network",
    right=as_two_layer_loss(KNOWN["TwoLayerNet"].right),
    wrong=(
        *wrong_versions(KNOWN["TwoLayerNet"], as_two_layer_loss),
        overflows,
        sum_for_mean,
        true_class_not_subtracted,
    ),
    probe=(batches, huge),
)


def trained(step, copies=True, before=True):
    """Gradient descent by `step(params, X, y, reg, learning_rate)` -> (loss, new params)."""

    def train_two_layer(params, X, y, reg, learning_rate, steps):
        kept = params if not copies else {name: np.array(each) for name, each in params.items()}
        losses = []
        for _ in range(steps):
            loss, new = step(kept, X, y, reg, learning_rate)
            for name in kept:
                kept[name][...] = new[name]
            losses.append(loss if before else right_loss(kept, X, y, reg)[0])
        return kept, losses

    return train_two_layer


def descend(params, X, y, reg, rate):
    loss, gradients = right_loss(params, X, y, reg)
    return loss, {name: params[name] - rate * gradients[name] for name in params}


def ascend(params, X, y, reg, rate):
    loss, gradients = right_loss(params, X, y, reg)
    return loss, {name: params[name] + rate * gradients[name] for name in params}


def one_layer_after_the_other(params, X, y, reg, rate):
    loss, gradients = right_loss(params, X, y, reg)
    new = {name: params[name] - rate * gradients[name] for name in ("W2", "b2")}
    _, later = right_loss({**params, **new}, X, y, reg)
    return loss, {**new, **{name: params[name] - rate * later[name] for name in ("W1", "b1")}}


def first_layer_fixed(params, X, y, reg, rate):
    loss, new = descend(params, X, y, reg, rate)
    return loss, {**params, "W2": new["W2"], "b2": new["b2"]}


def without_biases(params, X, y, reg, rate):
    loss, new = descend(params, X, y, reg, rate)
    return loss, {**new, "b1": params["b1"], "b2": params["b2"]}


def two_steps(student, rng):
    params, X, y = network(rng)
    got, losses = student.train_two_layer(params, X, y, 0.1, 0.3, 2)
    yield losses
    for name in ("W1", "b1", "W2", "b2"):
        yield got[name]
    yield bool(student.last_call.changed)


TRAINING = Component(
    "train_two_layer",
    question="network",
    right=trained(descend),
    wrong=(
        wrong_version(
            "train_two_layer.ascends",
            "The gradient is added instead of subtracted",
            "The gradient points uphill: params -= learning_rate * gradient.",
            "گرادیان به جای کم شدن افزوده شده است",
            "گرادیان رو به بالاست: params -= learning_rate * gradient.",
        )(trained(ascend)),
        wrong_version(
            "train_two_layer.updated_before_used",
            "The second layer is changed before the first layer's gradient is computed",
            "Compute all gradients of a step first, then change the parameters.",
            "لایهٔ دوم پیش از حساب کردن گرادیان لایهٔ نخست تغییر کرده است",
            "نخست همهٔ گرادیان‌های گام را حساب کنید، سپس پارامترها را تغییر دهید.",
        )(trained(one_layer_after_the_other)),
        wrong_version(
            "train_two_layer.first_layer_fixed",
            "The first layer is not trained",
            "Every parameter in the dict takes part in the step.",
            "لایهٔ نخست آموزش نمی‌بیند",
            "همهٔ پارامترهای دیکشنری در گام شرکت دارند.",
        )(trained(first_layer_fixed)),
        wrong_version(
            "train_two_layer.biases_fixed",
            "The biases are not trained",
            "They are parameters like the weights: b -= learning_rate * db.",
            "بایاس‌ها آموزش نمی‌بینند",
            "آن‌ها هم مانند وزن‌ها پارامترند: b -= learning_rate * db.",
        )(trained(without_biases)),
        wrong_version(
            "train_two_layer.in_place",
            "The parameters that were given are changed in place",
            "Copy them first: {name: value.copy() …}.",
            "پارامترهای داده‌شده درجا تغییر کرده‌اند",
            "نخست از آن‌ها رونوشت بگیرید: {name: value.copy() …}.",
        )(trained(descend, copies=False)),
        wrong_version(
            "train_two_layer.loss_after_the_step",
            "The losses are those after the steps",
            "Note the loss that comes with the gradients, before the parameters change.",
            "هزینه‌ها مربوط به پس از گام‌ها هستند",
            "هزینه‌ای را ثبت کنید که همراه گرادیان‌ها می‌آید، پیش از تغییر پارامترها.",
        )(trained(descend, before=False)),
    ),
    session=two_steps,
    builds_on=("two_layer_loss",),
)
