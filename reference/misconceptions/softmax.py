"""Wrong softmax: the probabilities, the loss of scores, and the loss of a linear classifier."""

from collections.abc import Callable

import numpy as np

from reference import losses as right
from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.misconceptions.linear_losses import AROUND_SCORES, AroundScores
from reference.regularization import Penalty, penalty_value

# What a row of scores may be shifted by: far apart, which a shift by the batch's maximum does not
# survive, and all upwards, which only exponentials without any shift do not.
APART = np.array([1000.0, 0.0, -1000.0, 500.0, 20.0, 0.0])
UPWARDS = np.full(6, 1000.0)


def _scores(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(6, 4)) + rows[:, None]) for rows in (0 * APART, APART, UPWARDS)]


def _labelled_scores(rng: np.random.Generator) -> list[Call]:
    labels = rng.permutation(np.arange(6) % 4)
    return [call(*made.args, labels) for made in _scores(rng)]


def _classifiers(rng: np.random.Generator) -> list[Call]:
    labels, strength = rng.permutation(np.arange(6) % 4), float(rng.uniform(0.1, 0.5))
    W, X = rng.normal(size=(5, 4)), rng.normal(size=(6, 5))
    # A feature with equal weights for all classes shifts a whole row of scores.
    shifting = np.vstack([np.ones((1, 4)), W])
    apart, upwards = (np.hstack([rows[:, None], X]) for rows in (APART, UPWARDS))
    return [
        call(W, X, labels),
        call(W, X, labels, strength=strength),
        call(shifting, apart, labels),
        call(shifting, upwards, labels),
    ]


SOFTMAX = Component("softmax", right.softmax, _scores)
CROSS_ENTROPY = Component("softmax_cross_entropy", right.softmax_cross_entropy, _labelled_scores)
SOFTMAX_LOSS = Component("softmax_loss", right.softmax_loss, _classifiers)

OfScores = Callable[..., Array]


def _enter(
    mistake: str, source: str, name: str, hint: str, name_fa: str, hint_fa: str
) -> Callable[[OfScores], OfScores]:
    """Enter a mistake in the loss of scores, and within the loss of a linear classifier."""
    texts = (mistake, source, name, hint, name_fa, hint_fa)

    def enter(of_scores: OfScores) -> OfScores:
        SOFTMAX_LOSS.wrong(*texts)(_with_weights(of_scores))
        return CROSS_ENTROPY.wrong(*texts)(of_scores)

    return enter


def _with_weights(of_scores: OfScores) -> Callable[..., Array]:
    def loss(
        W: Array, X: Array, labels: Array, *, strength: float = 0.0, penalty: Penalty = "l2"
    ) -> Array:
        value, dscores = of_scores(X @ W, labels)
        penalized, gradient = penalty_value(W, strength=strength, penalty=penalty)
        return value + penalized, X.T @ dscores + gradient

    return loss


def _with_inputs(around: AroundScores) -> Callable[..., Array]:
    def loss(
        W: Array, X: Array, labels: Array, *, strength: float = 0.0, penalty: Penalty = "l2"
    ) -> Array:
        data = right.softmax_cross_entropy(X @ W, labels)
        return around(W, X, data, strength, penalty)

    return loss


for texts, around_scores in AROUND_SCORES:
    SOFTMAX_LOSS.wrong(*texts)(_with_inputs(around_scores))


def _loss_of(P: Array, labels: Array) -> Array:
    """Return the mean of -log P(label) and its gradient, from probabilities."""
    examples = np.arange(len(P))
    loss = -np.mean(np.log(P[examples, labels]))
    gradient = P.copy()
    gradient[examples, labels] -= 1
    return loss, gradient / len(P)


@SOFTMAX.wrong(
    "not_shifted",
    "D12, s.198",
    "The maximum is not subtracted before `np.exp`",
    "`np.exp(1000)` is infinite: subtract each row's maximum first; the result stays the same.",
    "پیش از `np.exp` بیشینه کم نشده است",
    "مقدار `np.exp(1000)` بی‌نهایت است: نخست بیشینهٔ هر سطر را کم کنید؛ نتیجه همان می‌ماند.",
)
def _probabilities_not_shifted(scores: Array) -> Array:
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


@SOFTMAX.wrong(
    "shifted_by_batch_maximum",
    "D12",
    "The maximum of the whole batch is subtracted",
    "A row far below it underflows to 0/0: subtract `scores.max(axis=1, keepdims=True)`.",
    "بیشینهٔ کل دسته کم شده است",
    "سطری که بسیار پایین‌تر است `0/0` می‌شود: `scores.max(axis=1, keepdims=True)` را کم کنید.",
)
def _probabilities_shifted_by_batch_maximum(scores: Array) -> Array:
    return _probabilities_not_shifted(scores - scores.max())


@SOFTMAX.wrong(
    "over_the_batch",
    "teaching",
    "The probabilities sum to 1 over the examples instead of over the classes",
    "Each example's probabilities sum to 1: `sum(axis=1, keepdims=True)`.",
    "جمع احتمال‌ها روی نمونه‌ها 1 شده است، نه روی کلاس‌ها",
    "جمع احتمال‌های هر نمونه 1 است: `sum(axis=1, keepdims=True)`.",
)
def _over_the_batch(scores: Array) -> Array:
    return right.softmax(scores.T).T


@SOFTMAX.wrong(
    "over_everything",
    "D14",
    "All numbers of the batch together sum to 1",
    "Divide each row by its own sum: `sum(axis=1, keepdims=True)`.",
    "جمع همهٔ عددهای دسته روی هم 1 شده است",
    "هر سطر را بر جمع خودش تقسیم کنید: `sum(axis=1, keepdims=True)`.",
)
def _over_everything(scores: Array) -> Array:
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum()


@SOFTMAX.wrong(
    "exp_missing",
    "s.62",
    "The scores themselves are divided by their sum",
    "Scores can be negative; probabilities come from `np.exp(scores)`.",
    "خود امتیازها بر جمعشان تقسیم شده‌اند",
    "امتیاز می‌تواند منفی باشد؛ احتمال‌ها از `np.exp(scores)` ساخته می‌شوند.",
)
def _exp_missing(scores: Array) -> Array:
    return scores / scores.sum(axis=1, keepdims=True)


@SOFTMAX.wrong(
    "sigmoid_of_each",
    "teaching",
    "Each score goes through a sigmoid by itself",
    "Softmax makes the classes compete: divide by the sum over the classes.",
    "هر امتیاز جداگانه از سیگموید گذشته است",
    "در سافتمکس کلاس‌ها رقابت می‌کنند: بر جمع روی کلاس‌ها تقسیم کنید.",
)
def _sigmoid_of_each(scores: Array) -> Array:
    return 1 / (1 + np.exp(-scores))


@SOFTMAX.wrong(
    "one_number",
    "D13",
    "One number per example is returned",
    "Softmax gives a probability for every class, shape (N, C).",
    "برای هر نمونه یک عدد برگردانده شده است",
    "سافتمکس برای هر کلاس یک احتمال می‌دهد: شکل (N, C).",
)
def _one_number(scores: Array) -> Array:
    return right.softmax(scores).max(axis=1)


@_enter(
    "not_shifted",
    "D12, s.198",
    "The maximum is not subtracted before `np.exp`",
    "`np.exp(1000)` is infinite: subtract each row's maximum first; the loss stays the same.",
    "پیش از `np.exp` بیشینه کم نشده است",
    "مقدار `np.exp(1000)` بی‌نهایت است: نخست بیشینهٔ هر سطر را کم کنید؛ هزینه همان می‌ماند.",
)
def _not_shifted(scores: Array, labels: Array) -> Array:
    return _loss_of(_probabilities_not_shifted(scores), labels)


@_enter(
    "shifted_by_batch_maximum",
    "D12",
    "The maximum of the whole batch is subtracted",
    "A row far below it underflows to 0/0: subtract `scores.max(axis=1, keepdims=True)`.",
    "بیشینهٔ کل دسته کم شده است",
    "سطری که بسیار پایین‌تر است `0/0` می‌شود: `scores.max(axis=1, keepdims=True)` را کم کنید.",
)
def _shifted_by_batch_maximum(scores: Array, labels: Array) -> Array:
    return _loss_of(_probabilities_shifted_by_batch_maximum(scores), labels)


@_enter(
    "shifted_in_one_term",
    "teaching",
    "The maximum is subtracted in the denominator but not from the right score",
    "The shift cancels only if it is subtracted everywhere: use the shifted scores throughout.",
    "بیشینه از مخرج کم شده ولی از امتیاز درست نه",
    "جابه‌جایی فقط وقتی حذف می‌شود که همه‌جا کم شود: همه‌جا امتیاز جابه‌جاشده را بگذارید.",
)
def _shifted_in_one_term(scores: Array, labels: Array) -> Array:
    loss, gradient = right.softmax_cross_entropy(scores, labels)
    return loss - np.mean(scores.max(axis=1)), gradient


@_enter(
    "log10",
    "D16",
    "The logarithm has base 10",
    "Use the natural logarithm `np.log`; the gradient P - 1 belongs to it.",
    "لگاریتم در پایهٔ 10 است",
    "لگاریتم طبیعی `np.log` را به کار ببرید؛ گرادیان `P - 1` از آنِ آن است.",
)
def _log10(scores: Array, labels: Array) -> Array:
    loss, gradient = right.softmax_cross_entropy(scores, labels)
    return loss / np.log(10), gradient


@_enter(
    "log_clipped",
    "D16",
    "A small constant is added inside the logarithm",
    "It hides log(0) and bounds the loss: take log P from the shifted scores instead.",
    "عدد کوچکی درون لگاریتم افزوده شده است",
    "این کار log(0) را پنهان و هزینه را محدود می‌کند: log P را از امتیازهای جابه‌جاشده بسازید.",
)
def _log_clipped(scores: Array, labels: Array) -> Array:
    P, (_, gradient) = right.softmax(scores), right.softmax_cross_entropy(scores, labels)
    return -np.mean(np.log(P[np.arange(len(P)), labels] + 1e-4)), gradient


@_enter(
    "mean_missing",
    "D8, s.61",
    "Loss and gradient are sums over the examples, not means",
    "Divide both by the number of examples N.",
    "هزینه و گرادیان جمع روی نمونه‌ها هستند، نه میانگین",
    "هر دو را بر شمار نمونه‌ها N تقسیم کنید.",
)
def _mean_missing(scores: Array, labels: Array) -> Array:
    loss, gradient = right.softmax_cross_entropy(scores, labels)
    return len(scores) * loss, len(scores) * gradient


@_enter(
    "gradient_mean_missing",
    "D8",
    "The loss is a mean, its gradient is not divided by N",
    "The gradient of a mean is the mean of the gradients: divide it by N too.",
    "هزینه میانگین است ولی گرادیان آن بر N تقسیم نشده است",
    "گرادیانِ میانگین برابر میانگینِ گرادیان‌هاست: آن را هم بر N تقسیم کنید.",
)
def _gradient_mean_missing(scores: Array, labels: Array) -> Array:
    loss, gradient = right.softmax_cross_entropy(scores, labels)
    return loss, len(scores) * gradient


@_enter(
    "minus_missing",
    "s.62",
    "The minus before the logarithm is missing",
    "log P is negative; the loss is -log P(y), never below 0.",
    "علامت منفی پیش از لگاریتم نیست",
    "log P منفی است؛ هزینه `-log P(y)` است و هرگز از 0 کمتر نیست.",
)
def _minus_missing(scores: Array, labels: Array) -> Array:
    loss, gradient = right.softmax_cross_entropy(scores, labels)
    return -loss, gradient


@_enter(
    "log_missing",
    "s.62",
    "The probability itself is taken instead of its logarithm",
    "The loss is the mean of `-np.log(P[y])`, not of `-P[y]`.",
    "به جای لگاریتمِ احتمال خود احتمال گرفته شده است",
    "هزینه میانگین `-np.log(P[y])` است، نه میانگین `-P[y]`.",
)
def _log_missing(scores: Array, labels: Array) -> Array:
    P, (_, gradient) = right.softmax(scores), right.softmax_cross_entropy(scores, labels)
    return -np.mean(P[np.arange(len(P)), labels]), gradient


@_enter(
    "one_not_subtracted",
    "teaching",
    "1 is not subtracted at the right class",
    "The gradient is P minus the one-hot label: `P[range(N), y] -= 1`.",
    "در کلاس درست 1 کم نشده است",
    "گرادیان برابر P منهای برچسب تک‌یک است: `P[range(N), y] -= 1`.",
)
def _one_not_subtracted(scores: Array, labels: Array) -> Array:
    loss = right.softmax_cross_entropy(scores, labels).loss
    return loss, right.softmax(scores) / len(scores)


@_enter(
    "gradient_at_label_alone",
    "teaching",
    "Only the right class gets a gradient",
    "Every class's score stands in the denominator: the others get P / N.",
    "فقط کلاس درست گرادیان گرفته است",
    "امتیاز همهٔ کلاس‌ها در مخرج هست: بقیه `P / N` می‌گیرند.",
)
def _gradient_at_label_alone(scores: Array, labels: Array) -> Array:
    loss, gradient = right.softmax_cross_entropy(scores, labels)
    return loss, np.where(np.arange(scores.shape[1]) == labels[:, None], gradient, 0)


@_enter(
    "summed_over_classes",
    "s.62",
    "-log P is summed over all classes instead of taken at the right one",
    "Only the probability of the right class counts: `P[np.arange(N), y]`.",
    "`-log P` به جای کلاس درست روی همهٔ کلاس‌ها جمع شده است",
    "فقط احتمال کلاس درست به حساب می‌آید: `P[np.arange(N), y]`.",
)
def _summed_over_classes(scores: Array, labels: Array) -> Array:
    loss = -np.mean(np.sum(right.log_softmax(scores), axis=1))
    return loss, right.softmax_cross_entropy(scores, labels).gradient


@_enter(
    "softmax_twice",
    "D15",
    "Softmax is applied to probabilities",
    "The loss applies softmax itself: hand it the raw scores.",
    "سافتمکس بر احتمال‌ها اعمال شده است",
    "هزینه خود سافتمکس می‌گیرد: امتیازهای خام را به آن بدهید.",
)
def _softmax_twice(scores: Array, labels: Array) -> Array:
    return right.softmax_cross_entropy(right.softmax(scores), labels)


@_enter(
    "over_the_batch",
    "teaching",
    "The probabilities sum to 1 over the examples instead of over the classes",
    "Each example's probabilities sum to 1: `sum(axis=1, keepdims=True)`.",
    "جمع احتمال‌ها روی نمونه‌ها 1 شده است، نه روی کلاس‌ها",
    "جمع احتمال‌های هر نمونه 1 است: `sum(axis=1, keepdims=True)`.",
)
def _loss_over_the_batch(scores: Array, labels: Array) -> Array:
    return _loss_of(_over_the_batch(scores), labels)


@_enter(
    "labels_from_one",
    "teaching",
    "The labels are taken to start at 1",
    "Labels run from 0 to C - 1 and are column numbers as they are.",
    "فرض شده که برچسب‌ها از 1 آغاز می‌شوند",
    "برچسب‌ها از 0 تا `C - 1` هستند و خودشان شمارهٔ ستون‌اند.",
)
def _labels_from_one(scores: Array, labels: Array) -> Array:
    return right.softmax_cross_entropy(scores, (labels - 1) % scores.shape[1])


@_enter(
    "hinge_loss",
    "D17, s.68",
    "The hinge loss is computed under the name of the softmax loss",
    "Softmax takes logarithms of probabilities; margins of scores are the hinge loss.",
    "به نام هزینهٔ سافتمکس، هزینهٔ لولا حساب شده است",
    "سافتمکس لگاریتم احتمال‌هاست؛ حاشیهٔ امتیازها هزینهٔ لولاست.",
)
def _hinge_loss(scores: Array, labels: Array) -> Array:
    return right.hinge(scores, labels)


SOFTMAXES = (SOFTMAX, CROSS_ENTROPY, SOFTMAX_LOSS)
