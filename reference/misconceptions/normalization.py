"""Wrong batch normalization: training, its backward pass, test time, running statistics."""

from typing import Any

import numpy as np

from reference import normalization as right
from reference.misconceptions.catalogue import Array, Call, Component, call, output
from reference.normalization import NormCache, RunningStatistics


def _batches(rng: np.random.Generator) -> list[Call]:
    flat, images = 0.3 * rng.normal(size=(6, 4)) + 2, 0.3 * rng.normal(size=(3, 4, 2, 5)) + 2
    gamma, beta = rng.uniform(1, 2, 4), rng.uniform(1, 2, 4)
    return [call(x, gamma, beta, eps=1e-2) for x in (flat, images)]


BATCH = Component("batch_norm_forward", right.batch_norm_forward, _batches, output)


def _normalized(
    x: Array, gamma: Array, beta: Array, eps: float, axes: tuple[int, ...], ddof: int = 0
) -> Array:
    """Return gamma (x - mean) / sqrt(variance + eps) + beta with one gamma for each channel."""
    mean = x.mean(axis=axes, keepdims=True)
    std = np.sqrt(x.var(axis=axes, keepdims=True, ddof=ddof) + eps)
    channels = (1, -1, *[1] * (x.ndim - 2))
    return gamma.reshape(channels) * (x - mean) / std + beta.reshape(channels)


def _axes(x: Array) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


@BATCH.wrong(
    "eps_outside_root",
    "D52",
    "eps is added outside the root",
    "It is sqrt(variance + eps), with eps under the root.",
    "eps بیرون از جذر افزوده شده است",
    "باید `sqrt(variance + eps)` باشد و eps زیر جذر.",
)
def _eps_outside_root(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    mean, std = x.mean(axis=_axes(x), keepdims=True), x.std(axis=_axes(x), keepdims=True)
    channels = (1, -1, *[1] * (x.ndim - 2))
    return gamma.reshape(channels) * (x - mean) / (std + eps) + beta.reshape(channels), None


@BATCH.wrong(
    "eps_missing",
    "D52",
    "eps is left out",
    "A channel that is constant in the batch would be divided by 0.",
    "eps به کار نرفته است",
    "کانالی که در دسته ثابت است بر 0 تقسیم می‌شود.",
)
def _eps_missing(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return _normalized(x, gamma, beta, 0.0, _axes(x)), None


@BATCH.wrong(
    "ddof_1",
    "D52",
    "The batch's variance is divided by m - 1",
    "In training the batch is normalized by its own variance: divide by m.",
    "واریانس دسته بر `m - 1` تقسیم شده است",
    "در آموزش دسته با واریانس خودش نرمال می‌شود: بر m تقسیم کنید.",
)
def _ddof_1(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return _normalized(x, gamma, beta, eps, _axes(x), ddof=1), None


@BATCH.wrong(
    "root_missing",
    "D52",
    "It is divided by the variance instead of its root",
    "Divide by sqrt(variance + eps), then each channel has variance 1.",
    "به جای جذر بر خود واریانس تقسیم شده است",
    "بر `sqrt(variance + eps)` تقسیم کنید تا واریانس هر کانال 1 شود.",
)
def _root_missing(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    variance = x.var(axis=_axes(x), keepdims=True)
    mean = x.mean(axis=_axes(x), keepdims=True)
    channels = (1, -1, *[1] * (x.ndim - 2))
    xhat = (x - mean) / (variance + eps)
    return gamma.reshape(channels) * xhat + beta.reshape(channels), None


@BATCH.wrong(
    "over_features",
    "D52",
    "The statistics are taken over the features of each example",
    "That is layer normalization; batch normalization averages over the examples.",
    "آماره‌ها روی ویژگی‌های هر نمونه گرفته شده‌اند",
    "این نرمال‌سازی لایه است؛ نرمال‌سازی دسته روی نمونه‌ها میانگین می‌گیرد.",
)
def _over_features(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return _normalized(x, gamma, beta, eps, tuple(range(1, x.ndim))), None


@BATCH.wrong(
    "pixels_apart",
    "D52",
    "Every pixel has its own statistics",
    "In a convolutional layer one mean serves a whole channel: axes (0, 2, 3).",
    "هر پیکسل آمارهٔ خود را دارد",
    "در لایهٔ کانولوشن یک میانگین برای کل کانال است: محورهای (0, 2, 3).",
)
def _pixels_apart(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return _normalized(x, gamma, beta, eps, (0,)), None


@BATCH.wrong(
    "gamma_beta_swapped",
    "D52",
    "gamma and beta are swapped",
    "gamma scales, beta shifts: gamma * xhat + beta.",
    "gamma و beta جابه‌جا شده‌اند",
    "gamma مقیاس و beta جابه‌جایی است: `gamma * xhat + beta`.",
)
def _gamma_beta_swapped(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return right.batch_norm_forward(x, beta, gamma, eps=eps)


@BATCH.wrong(
    "not_scaled_back",
    "D52",
    "gamma and beta are not applied",
    "After normalizing comes gamma * xhat + beta, or the layer could not undo it.",
    "gamma و beta اعمال نشده‌اند",
    "پس از نرمال‌سازی `gamma * xhat + beta` می‌آید تا لایه بتواند آن را برگرداند.",
)
def _not_scaled_back(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return right.batch_norm_forward(x, np.ones_like(gamma), np.zeros_like(beta), eps=eps)


def _upstream(rng: np.random.Generator) -> list[Call]:
    calls = []
    for made in _batches(rng):
        out, cache = right.batch_norm_forward(*made.args, **made.kwargs)
        calls.append(call(rng.normal(size=out.shape) + 0.5, cache))
    return calls


BACKWARD = Component("batch_norm_backward", right.batch_norm_backward, _upstream)


def _with_dx(dout: Array, cache: NormCache, terms: Array) -> Array:
    return right.batch_norm_backward(dout, cache)._replace(x=terms * cache.inverse_std)


def _mean(values: Array, cache: NormCache) -> Array:
    return values.mean(axis=cache.averaging.axes, keepdims=True)


@BACKWARD.wrong(
    "statistics_constant",
    "D52",
    "Mean and variance are treated as constants",
    "Both depend on every x of the batch: two more terms come back through them.",
    "میانگین و واریانس ثابت فرض شده‌اند",
    "هر دو به همهٔ x های دسته وابسته‌اند: دو جملهٔ دیگر از آن‌ها برمی‌گردد.",
)
def _statistics_constant(dout: Array, cache: NormCache) -> Array:
    return _with_dx(dout, cache, cache.gamma * dout)


@BACKWARD.wrong(
    "mean_term_missing",
    "D52",
    "The path through the mean is missing",
    "Subtract mean(dxhat): every x moves the mean.",
    "مسیر میانگین نیامده است",
    "mean(dxhat) را کم کنید: هر x میانگین را جابه‌جا می‌کند.",
)
def _mean_term_missing(dout: Array, cache: NormCache) -> Array:
    dxhat = cache.gamma * dout
    return _with_dx(dout, cache, dxhat - cache.normalized * _mean(dxhat * cache.normalized, cache))


@BACKWARD.wrong(
    "variance_term_missing",
    "D52",
    "The path through the variance is missing",
    "Subtract xhat * mean(dxhat * xhat): every x moves the variance.",
    "مسیر واریانس نیامده است",
    "`xhat * mean(dxhat * xhat)` را کم کنید: هر x واریانس را جابه‌جا می‌کند.",
)
def _variance_term_missing(dout: Array, cache: NormCache) -> Array:
    dxhat = cache.gamma * dout
    return _with_dx(dout, cache, dxhat - _mean(dxhat, cache))


@BACKWARD.wrong(
    "gamma_missing",
    "D52",
    "dx lacks the factor gamma",
    "dxhat = gamma * dout; the rest of dx is made of dxhat.",
    "ضریب gamma در dx نیامده است",
    "`dxhat = gamma * dout`؛ بقیهٔ dx از dxhat ساخته می‌شود.",
)
def _gamma_missing(dout: Array, cache: NormCache) -> Array:
    right_one = right.batch_norm_backward(dout, cache)
    return right_one._replace(x=right_one.x / cache.gamma)


@BACKWARD.wrong(
    "inverse_std_missing",
    "D52",
    "dx is not divided by the standard deviation",
    "xhat = (x - mean) / std: the 1/std comes back into dx.",
    "dx بر انحراف معیار تقسیم نشده است",
    "`xhat = (x - mean) / std`: ضریب `1/std` به dx برمی‌گردد.",
)
def _inverse_std_missing(dout: Array, cache: NormCache) -> Array:
    right_one = right.batch_norm_backward(dout, cache)
    return right_one._replace(x=right_one.x / cache.inverse_std)


@BACKWARD.wrong(
    "gamma_gradient_from_x",
    "D52",
    "dgamma uses x instead of the normalized x",
    "gamma multiplies xhat: dgamma = sum of dout * xhat.",
    "در dgamma به جای x نرمال‌شده خود x آمده است",
    "gamma در xhat ضرب می‌شود: dgamma جمع `dout * xhat` است.",
)
def _gamma_gradient_from_x(dout: Array, cache: NormCache) -> Array:
    x = cache.normalized / cache.inverse_std + cache.mean
    dgamma = (dout * x).sum(axis=cache.averaging.shared_axes)
    return right.batch_norm_backward(dout, cache)._replace(gamma=dgamma)


@BACKWARD.wrong(
    "parameters_averaged",
    "D8",
    "dgamma and dbeta are means over the batch",
    "They are sums: the loss has divided by N already.",
    "dgamma و dbeta میانگین روی دسته هستند",
    "آن‌ها جمع‌اند: هزینه پیش‌تر بر N تقسیم شده است.",
)
def _parameters_averaged(dout: Array, cache: NormCache) -> Array:
    dx, dgamma, dbeta = right.batch_norm_backward(dout, cache)
    count = dout.size // dgamma.size
    return dx, dgamma / count, dbeta / count


def _at_test_time(rng: np.random.Generator) -> list[Call]:
    running = RunningStatistics(rng.normal(size=4), rng.uniform(0.05, 0.4, 4))
    return [call(*made.args, running, **made.kwargs) for made in _batches(rng)]


INFERENCE = Component(
    "batch_norm_inference_forward", right.batch_norm_inference_forward, _at_test_time, output
)


@INFERENCE.wrong(
    "batch_statistics",
    "D52",
    "At test time the batch's own statistics are used",
    "Use the running ones: a prediction must not depend on the other examples.",
    "در زمان آزمون آمارهٔ خود دسته به کار رفته است",
    "آماره‌های جاری را به کار ببرید: پیش‌بینی نباید به نمونه‌های دیگر وابسته باشد.",
)
def _batch_statistics(
    x: Array, gamma: Array, beta: Array, running: RunningStatistics, *, eps: float = 1e-5
) -> Array:
    return right.batch_norm_forward(x, gamma, beta, eps=eps)


@INFERENCE.wrong(
    "mean_not_subtracted",
    "D52",
    "The running mean is not subtracted",
    "Subtract it from x first, then divide by sqrt(running variance + eps).",
    "میانگین جاری کم نشده است",
    "نخست میانگین جاری را از x کم کنید، سپس بر `sqrt(running variance + eps)` تقسیم کنید.",
)
def _mean_not_subtracted(
    x: Array, gamma: Array, beta: Array, running: RunningStatistics, *, eps: float = 1e-5
) -> Array:
    uncentred = RunningStatistics(np.zeros_like(running.mean), running.variance)
    return right.batch_norm_inference_forward(x, gamma, beta, uncentred, eps=eps)


@INFERENCE.wrong(
    "variance_for_std",
    "D52",
    "It is divided by the running variance instead of its root",
    "What is kept is a variance: take sqrt(running variance + eps).",
    "به جای جذر بر خود واریانس جاری تقسیم شده است",
    "آنچه نگه داشته می‌شود واریانس است: `sqrt(running variance + eps)` بگیرید.",
)
def _variance_for_std(
    x: Array, gamma: Array, beta: Array, running: RunningStatistics, *, eps: float = 1e-5
) -> Array:
    channels = (1, -1, *[1] * (x.ndim - 2))
    gamma, beta, mean, variance = (
        each.reshape(channels) for each in (gamma, beta, running.mean, running.variance)
    )
    return gamma * (x - mean) / (variance + eps) + beta, None


def _seen(rng: np.random.Generator) -> list[Call]:
    _, cache = right.batch_norm_forward(rng.normal(size=(6, 4)) + 1, np.ones(4), np.zeros(4))
    return [call(rng.normal(size=4), rng.uniform(2, 3, 4), cache, momentum=0.2)]


def _update(kind: Any, made: Call) -> Any:
    mean, variance, cache = made.args
    return kind(mean, variance).updated(cache, **made.kwargs)


RUNNING = Component("RunningStatistics", RunningStatistics, _seen, _update)


@RUNNING.wrong(
    "momentum_swapped",
    "D52",
    "Old and new have changed places",
    "Here momentum weighs the new batch: (1 - momentum) * running + momentum * batch.",
    "کهنه و نو جابه‌جا شده‌اند",
    "این‌جا momentum وزن دستهٔ تازه است: `(1 - momentum) * running + momentum * batch`.",
)
class _MomentumSwapped(RunningStatistics):
    def updated(self, cache: NormCache, *, momentum: float = 0.1) -> Any:
        return super().updated(cache, momentum=1 - momentum)


@RUNNING.wrong(
    "last_batch",
    "D52",
    "The statistics are those of the last batch",
    "They are an average over many batches: keep most of the old value.",
    "آماره‌ها همان‌های آخرین دسته‌اند",
    "آن‌ها میانگینی روی دسته‌های بسیارند: بیشترِ مقدار پیشین را نگه دارید.",
)
class _LastBatch(RunningStatistics):
    def updated(self, cache: NormCache, *, momentum: float = 0.1) -> Any:
        return super().updated(cache, momentum=1.0)


@RUNNING.wrong(
    "biased_variance",
    "D52",
    "The running variance takes the batch's variance as it is",
    "It estimates the variance of all data: times m / (m - 1).",
    "واریانس دسته بدون تصحیح در واریانس جاری آمده است",
    "این برآوردی از واریانس همهٔ داده‌هاست: در `m / (m - 1)` ضرب کنید.",
)
class _BiasedVariance(RunningStatistics):
    def updated(self, cache: NormCache, *, momentum: float = 0.1) -> Any:
        variance = (1 - momentum) * self.variance + momentum * cache.variance.reshape(-1)
        return RunningStatistics(super().updated(cache, momentum=momentum).mean, variance)


@RUNNING.wrong(
    "never_updated",
    "D52",
    "The running statistics never change",
    "Return the new ones and keep them; else the test still uses mean 0 and variance 1.",
    "آماره‌های جاری هرگز تغییر نمی‌کنند",
    "مقدارهای تازه را برگردانید و نگه دارید؛ وگرنه آزمون با میانگین 0 و واریانس 1 می‌ماند.",
)
class _NeverUpdated(RunningStatistics):
    def updated(self, cache: NormCache, *, momentum: float = 0.1) -> Any:
        return self


NORMALIZATION = (BATCH, BACKWARD, INFERENCE, RUNNING)
