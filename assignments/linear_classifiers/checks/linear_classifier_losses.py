"""Wrong losses of the assignment that no catalogue has, in the student's signature."""

import numpy as np

from reference.losses import softmax_cross_entropy, softmax_loss, svm_loss

OWN_LOSSES = {"svm": [], "softmax": []}
"""(mistake, (name, hint, Persian name, Persian hint), function)."""

LOSSES = {"svm": svm_loss, "softmax": softmax_loss}


def wrong(mistake, name, hint, name_fa, hint_fa, kinds=("svm", "softmax")):
    """Enter what makes a wrong loss of a right one, for each kind of loss."""

    def enter(made_of):
        for kind in kinds:
            texts = (name, hint, name_fa, hint_fa)
            OWN_LOSSES[kind].append((mistake, texts, made_of(kind)))
        return made_of

    return enter


@wrong(
    "penalty_without_last_row",
    "The last row of W is left out of the penalty",
    "Here all of W is penalized, the bias row too: `np.sum(W * W)`.",
    "سطر آخر W در جریمه نیامده است",
    "این‌جا همهٔ W جریمه می‌شود، سطر بایاس هم: `np.sum(W * W)`.",
)
def penalty_without_last_row(kind):
    def loss(W, X, y, reg):
        value, dW = LOSSES[kind](W, X, y)
        kept = np.vstack([W[:-1], np.zeros_like(W[-1:])])
        return value + reg * np.sum(kept * kept), dW + 2 * reg * kept

    return loss


@wrong(
    "gradient_before_loss",
    "The gradient is returned before the loss",
    "The order is `return loss, dW`.",
    "گرادیان پیش از هزینه برگردانده شده است",
    "ترتیب `return loss, dW` است.",
)
def gradient_before_loss(kind):
    return lambda W, X, y, reg: LOSSES[kind](W, X, y, strength=reg)[::-1]


def svm_of_columns(W, X, y, reg):
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(len(X)), y][:, None] + 1)
    margins[:, y] = 0
    slope = (margins > 0).astype(float)
    slope[np.arange(len(X)), y] = -slope.sum(axis=1)
    return margins.sum() / len(X) + reg * np.sum(W * W), X.T @ slope / len(X) + 2 * reg * W


def softmax_of_columns(W, X, y, reg):
    value, dscores = softmax_cross_entropy(X @ W, y)
    dscores[np.arange(len(X)), y] += 1 / len(X)
    dscores[:, y] -= 1 / len(X)
    return value + reg * np.sum(W * W), X.T @ dscores + 2 * reg * W


@wrong(
    "labels_as_columns",
    "`[:, y]` takes whole columns instead of one entry a row",
    "To reach the entry of each example's own class, index rows too: `[np.arange(N), y]`.",
    "عبارت `[:, y]` به جای یک درایه از هر سطر، ستون‌های کامل را برمی‌دارد",
    "برای درایهٔ کلاس هر نمونه سطرها را هم بیاورید: `[np.arange(N), y]`.",
)
def labels_as_columns(kind):
    return svm_of_columns if kind == "svm" else softmax_of_columns


@wrong(
    "true_scores_in_a_row",
    "The scores of the right classes, (N,), are subtracted along the classes",
    "Make them a column first: `scores[np.arange(N), y][:, None]`, shape (N, 1).",
    "امتیازهای کلاس درست با شکل (N,) در راستای کلاس‌ها کم شده‌اند",
    "نخست آن‌ها را ستون کنید: `scores[np.arange(N), y][:, None]` با شکل (N, 1).",
    kinds=("svm",),
)
def true_scores_in_a_row(kind):
    def loss(W, X, y, reg):
        rows, scores = np.arange(len(X)), X @ W
        margins = np.maximum(0, scores - scores[rows, y] + 1)
        margins[rows, y] = 0
        slope = (margins > 0).astype(float)
        slope[rows, y] = -slope.sum(axis=1)
        return margins.sum() / len(X) + reg * np.sum(W * W), X.T @ slope / len(X) + 2 * reg * W

    return loss


@wrong(
    "sign_swapped",
    "The margin is taken the wrong way round",
    "A wrong class j costs `s_j - s_y + 1`: it is punished for a high score of its own.",
    "حاشیه وارونه حساب شده است",
    "کلاس نادرست j به اندازهٔ `s_j - s_y + 1` هزینه دارد: امتیاز بالای آن جریمه می‌شود.",
    kinds=("svm",),
)
def margin_swapped_in_the_loss_alone(kind):
    def loss(W, X, y, reg):
        value, dW = svm_loss(-W, X, y)
        return value + reg * np.sum(W * W), dW + 2 * reg * W

    return loss


@wrong(
    "gradient_descends",
    "The gradient has the wrong sign",
    "Return the gradient of the loss; the minus belongs to the update.",
    "علامت گرادیان وارونه است",
    "گرادیان هزینه را برگردانید؛ منفی از آنِ گام به‌روزرسانی است.",
)
def data_gradient_descends(kind):
    def loss(W, X, y, reg):
        value, dW = LOSSES[kind](W, X, y)
        return value + reg * np.sum(W * W), 2 * reg * W - dW

    return loss


@wrong(
    "uint8_wraps",
    "uint8 pixels are negated without conversion",
    "In uint8, `-X[i]` wraps around: -1 is 255. Convert with `X.astype(float)` first.",
    "پیکسل‌های uint8 بدون تبدیل قرینه شده‌اند",
    "در uint8 عبارت `-X[i]` سرریز می‌کند و قرینهٔ 1 برابر 255 است: نخست `X.astype(float)`.",
    kinds=("svm",),
)
def uint8_wraps(kind):
    def loss(W, X, y, reg):
        scores = X @ W
        margins = scores - scores[np.arange(len(X)), y][:, None] + 1
        violated = (margins > 0) & (np.arange(W.shape[1]) != y[:, None])
        away = violated[:, :, None] * X[:, None, :].astype(float)
        back = violated.sum(axis=1)[:, None] * (-X).astype(float)
        dW = away.sum(axis=0).T
        np.add.at(dW.T, y, back)
        return margins[violated].sum() / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W

    return loss


@wrong(
    "divided_by_maximum",
    "The scores are divided by their maximum",
    "Only a subtraction leaves the probabilities as they are: `scores - scores.max(...)`.",
    "امتیازها بر بیشینه‌شان تقسیم شده‌اند",
    "فقط تفریق احتمال‌ها را عوض نمی‌کند: `scores - scores.max(...)`.",
    kinds=("softmax",),
)
def divided_by_maximum(kind):
    def loss(W, X, y, reg):
        scores = X @ W
        scores = scores / scores.max(axis=1, keepdims=True)
        value, dscores = softmax_cross_entropy(scores, y)
        return value + reg * np.sum(W * W), X.T @ dscores + 2 * reg * W

    return loss
