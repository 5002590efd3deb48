"""Wrong multiclass SVM losses: of scores (`hinge`) and of a linear classifier (`svm_loss`)."""

from collections.abc import Callable

import numpy as np

from reference.losses import hinge, softmax_cross_entropy, svm_loss
from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.misconceptions.linear_losses import AROUND_SCORES, AroundScores
from reference.regularization import Penalty, penalty_value


def _scores(rng: np.random.Generator) -> list[Call]:
    labels = rng.permutation(np.arange(8) % 4)
    scores, delta = 2 * rng.normal(size=(8, 4)), float(rng.uniform(1.5, 3))
    return [
        call(scores, labels),
        call(scores, labels, delta=delta),
        call(scores, labels, squared=True),
    ]


def _classifiers(rng: np.random.Generator) -> list[Call]:
    labels, strength = rng.permutation(np.arange(8) % 4), float(rng.uniform(0.1, 0.5))
    W, X = rng.normal(size=(5, 4)), rng.normal(size=(8, 5))
    return [
        call(W, X, labels),
        call(W, X, labels, strength=strength),
        call(W, X, labels, delta=float(rng.uniform(1.5, 3))),
        call(W, X, labels, squared=True),
    ]


HINGE = Component("hinge", hinge, _scores)
SVM_LOSS = Component("svm_loss", svm_loss, _classifiers)

OfScores = Callable[..., Array]


def _enter(
    mistake: str, source: str, name: str, hint: str, name_fa: str, hint_fa: str
) -> Callable[[OfScores], OfScores]:
    """Enter a mistake in the loss of scores for `hinge`, and within `svm_loss`."""
    texts = (mistake, source, name, hint, name_fa, hint_fa)

    def enter(of_scores: OfScores) -> OfScores:
        SVM_LOSS.wrong(*texts)(_with_weights(of_scores))
        return HINGE.wrong(*texts)(of_scores)

    return enter


def _with_weights(of_scores: OfScores) -> Callable[..., Array]:
    def loss(
        W: Array,
        X: Array,
        labels: Array,
        *,
        strength: float = 0.0,
        penalty: Penalty = "l2",
        delta: float = 1.0,
        squared: bool = False,
    ) -> Array:
        value, dscores = of_scores(X @ W, labels, delta=delta, squared=squared)
        penalized, gradient = penalty_value(W, strength=strength, penalty=penalty)
        return value + penalized, X.T @ dscores + gradient

    return loss


def _margins(scores: Array, labels: Array, delta: float) -> tuple[Array, Array]:
    """Return the margins before max(0, .), and where they belong to the right class."""
    at_label = np.arange(scores.shape[1]) == labels[:, None]
    return scores - scores[at_label][:, None] + delta, at_label


def _slope(margins: Array, squared: bool) -> Array:
    return 2 * margins if squared else (margins > 0).astype(float)


@_enter(
    "true_class_not_zeroed",
    "D6, s.53",
    "The right class is counted in the sum",
    "The sum runs over j other than y; counted in, the right class adds delta to every loss.",
    "کلاس درست هم در جمع آمده است",
    "جمع روی j های غیر از y است؛ با شمردن کلاس درست به هر هزینه delta افزوده می‌شود.",
)
def _true_class_not_zeroed(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    extra = delta**2 if squared else delta
    loss, gradient = hinge(scores, labels, delta=delta, squared=squared)
    return loss + extra, gradient


@_enter(
    "gradient_counts_true_class",
    "D6, D9",
    "The right class counts itself in its own gradient",
    "Set `margins[y] = 0` before you count the violated margins.",
    "کلاس درست در گرادیان خود یک بار بیشتر شمرده شده است",
    "پیش از شمردن حاشیه‌های نقض‌شده `margins[y] = 0` بگذارید.",
)
def _gradient_counts_true_class(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    loss, gradient = hinge(scores, labels, delta=delta, squared=squared)
    gradient[np.arange(len(scores)), labels] -= (2 * delta if squared else 1) / len(scores)
    return loss, gradient


@_enter(
    "sign_swapped",
    "D7, s.46",
    "The margin is taken the wrong way round",
    "A wrong class j costs `s_j - s_y + delta`: it is punished for a high score of its own.",
    "حاشیه وارونه حساب شده است",
    "کلاس نادرست j به اندازهٔ `s_j - s_y + delta` هزینه دارد: امتیاز بالای آن جریمه می‌شود.",
)
def _sign_swapped(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    loss, gradient = hinge(-scores, labels, delta=delta, squared=squared)
    return loss, -gradient


@_enter(
    "mean_missing",
    "D8, s.49",
    "Loss and gradient are sums over the examples, not means",
    "Divide both by the number of examples N.",
    "هزینه و گرادیان جمع روی نمونه‌ها هستند، نه میانگین",
    "هر دو را بر شمار نمونه‌ها N تقسیم کنید.",
)
def _mean_missing(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    loss, gradient = hinge(scores, labels, delta=delta, squared=squared)
    return len(scores) * loss, len(scores) * gradient


@_enter(
    "gradient_mean_missing",
    "D8",
    "The loss is a mean, its gradient is not divided by N",
    "The gradient of a mean is the mean of the gradients: divide it by N too.",
    "هزینه میانگین است ولی گرادیان آن بر N تقسیم نشده است",
    "گرادیانِ میانگین برابر میانگینِ گرادیان‌هاست: آن را هم بر N تقسیم کنید.",
)
def _gradient_mean_missing(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    loss, gradient = hinge(scores, labels, delta=delta, squared=squared)
    return loss, len(scores) * gradient


@_enter(
    "label_count_missing",
    "D9, s.81",
    "In the gradient the right class counts once per example, not once per violated margin",
    "Every violated margin pulls the right class up: its entry is minus the sum of the others.",
    "در گرادیان، کلاس درست برای هر نمونه یک بار شمرده شده، نه برای هر حاشیهٔ نقض‌شده",
    "هر حاشیهٔ نقض‌شده کلاس درست را بالا می‌کشد: درایهٔ آن منهای جمع بقیه است.",
)
def _label_count_missing(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    margins, at_label = _margins(scores, labels, delta)
    margins = np.where(at_label, 0, np.maximum(margins, 0))
    slope = _slope(margins, squared)
    slope[at_label] = -1
    return np.mean(np.sum(margins ** (1 + squared), axis=1)), slope / len(scores)


@_enter(
    "label_gradient_missing",
    "D9, s.81",
    "The right class gets no gradient",
    "`s_y` stands in every margin with a minus: its entry is minus the number of violations.",
    "کلاس درست گرادیانی نگرفته است",
    "`s_y` با علامت منفی در همهٔ حاشیه‌هاست: درایهٔ آن منهای شمار حاشیه‌های نقض‌شده است.",
)
def _label_gradient_missing(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    loss, gradient = hinge(scores, labels, delta=delta, squared=squared)
    gradient[np.arange(len(scores)), labels] = 0
    return loss, gradient


@_enter(
    "mean_over_classes",
    "s.54",
    "The margins are averaged over the classes",
    "One example's loss is the sum of its margins; only the examples are averaged.",
    "روی کلاس‌ها میانگین گرفته شده است",
    "هزینهٔ یک نمونه جمع حاشیه‌های آن است؛ میانگین فقط روی نمونه‌هاست.",
)
def _mean_over_classes(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    loss, gradient = hinge(scores, labels, delta=delta, squared=squared)
    return loss / (scores.shape[1] - 1), gradient / (scores.shape[1] - 1)


@_enter(
    "always_squared",
    "s.55",
    "The margins are squared though the plain hinge is asked for",
    "The squared hinge is another loss; square only where `squared` is set.",
    "حاشیه‌ها به توان دو رسیده‌اند، با آن‌که هزینهٔ لولای ساده خواسته شده است",
    "هزینهٔ لولای مربعی هزینهٔ دیگری است؛ فقط وقتی `squared` هست به توان دو برسانید.",
)
def _always_squared(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    return hinge(scores, labels, delta=delta, squared=True)


@_enter(
    "squared_slope_without_margin",
    "s.55",
    "The gradient of the squared hinge is that of the plain one",
    "The derivative of margin^2 is 2 margin, not 1.",
    "گرادیان لولای مربعی همان گرادیان لولای ساده است",
    "مشتق توان دوم حاشیه دو برابر حاشیه است، نه 1.",
)
def _squared_slope_without_margin(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    loss, _ = hinge(scores, labels, delta=delta, squared=squared)
    return loss, hinge(scores, labels, delta=delta).gradient


@_enter(
    "delta_missing",
    "s.46",
    "The margin delta is left out",
    "The right score must lead by delta: `max(0, s_j - s_y + delta)`.",
    "delta در حاشیه نیامده است",
    "امتیاز درست باید به اندازهٔ delta جلوتر باشد: `max(0, s_j - s_y + delta)`.",
)
def _delta_missing(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    return hinge(scores, labels, delta=0.0, squared=squared)


@_enter(
    "delta_subtracted",
    "teaching",
    "delta is subtracted instead of added",
    "A class within delta of the right one already costs: `max(0, s_j - s_y + delta)`.",
    "delta به جای جمع کم شده است",
    "کلاسی که تا delta به کلاس درست نزدیک باشد هزینه دارد: `max(0, s_j - s_y + delta)`.",
)
def _delta_subtracted(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    margins, at_label = _margins(scores, labels, -delta)
    margins = np.where(at_label, 0, np.maximum(margins, 0))
    slope = _slope(margins, squared)
    slope[at_label] = -slope.sum(axis=1)
    return np.mean(np.sum(margins ** (1 + squared), axis=1)), slope / len(scores)


@_enter(
    "delta_fixed",
    "teaching",
    "delta is always 1",
    "Use the argument `delta`, whose default is 1.",
    "delta همیشه 1 است",
    "آرگومان `delta` را به کار ببرید؛ پیش‌فرض آن 1 است.",
)
def _delta_fixed(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    return hinge(scores, labels, squared=squared)


@_enter(
    "not_clamped",
    "s.46",
    "Negative margins are summed too",
    "A class far behind costs nothing and earns nothing: `np.maximum(0, margins)`.",
    "حاشیه‌های منفی هم جمع شده‌اند",
    "کلاسی که بسیار عقب است نه هزینه دارد نه پاداش: `np.maximum(0, margins)`.",
)
def _not_clamped(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    margins, at_label = _margins(scores, labels, delta)
    margins = np.where(at_label, 0, margins)
    slope = 2 * margins if squared else (~at_label).astype(float)
    slope[at_label] = -slope.sum(axis=1)
    return np.mean(np.sum(margins ** (1 + squared), axis=1)), slope / len(scores)


@_enter(
    "largest_violation_alone",
    "s.46",
    "Only the worst wrong class is counted",
    "All violated margins are summed, not only the largest.",
    "فقط بدترین کلاس نادرست به حساب آمده است",
    "همهٔ حاشیه‌های نقض‌شده جمع می‌شوند، نه فقط بزرگ‌ترین.",
)
def _largest_violation_alone(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    margins, at_label = _margins(scores, labels, delta)
    margins = np.where(at_label, 0, np.maximum(margins, 0))
    margins = np.where(margins == margins.max(axis=1, keepdims=True), margins, 0)
    slope = _slope(margins, squared)
    slope[at_label] = -slope.sum(axis=1)
    return np.mean(np.sum(margins ** (1 + squared), axis=1)), slope / len(scores)


@_enter(
    "softmax_loss",
    "D17, s.68",
    "The softmax loss is computed under the name of the hinge loss",
    "Hinge looks at margins of scores; logarithms of probabilities are the softmax loss.",
    "به نام هزینهٔ لولا، هزینهٔ سافتمکس حساب شده است",
    "هزینهٔ لولا به حاشیهٔ امتیازها نگاه می‌کند؛ لگاریتم احتمال‌ها هزینهٔ سافتمکس است.",
)
def _softmax_loss(
    scores: Array, labels: Array, *, delta: float = 1.0, squared: bool = False
) -> Array:
    return softmax_cross_entropy(scores, labels)


def _with_inputs(around: AroundScores) -> Callable[..., Array]:
    def loss(
        W: Array,
        X: Array,
        labels: Array,
        *,
        strength: float = 0.0,
        penalty: Penalty = "l2",
        delta: float = 1.0,
        squared: bool = False,
    ) -> Array:
        data = hinge(X @ W, labels, delta=delta, squared=squared)
        return around(W, X, data, strength, penalty)

    return loss


for texts, around_scores in AROUND_SCORES:
    SVM_LOSS.wrong(*texts)(_with_inputs(around_scores))

SVM = (HINGE, SVM_LOSS)
