"""Wrong instance and group normalization, forward and backward."""

from dataclasses import replace

import numpy as np

from reference import normalization as right
from reference.misconceptions.catalogue import Array, Call, Component, call, output
from reference.normalization import NormCache


def _instances(rng: np.random.Generator) -> list[Call]:
    x = 0.3 * rng.normal(size=(3, 4, 2, 3)) + rng.normal(size=(3, 4, 1, 1))
    return [call(x, rng.uniform(1, 2, 4), rng.uniform(1, 2, 4), eps=1e-2)]


def _groups(rng: np.random.Generator) -> list[Call]:
    x = 0.3 * rng.normal(size=(3, 6, 2, 3)) + rng.normal(size=(3, 6, 1, 1))
    return [call(x, rng.uniform(1, 2, 6), rng.uniform(1, 2, 6), groups=3, eps=1e-2)]


def _instance_upstream(rng: np.random.Generator) -> list[Call]:
    made = _instances(rng)[0]
    out, cache = right.instance_norm_forward(*made.args, **made.kwargs)
    return [call(rng.normal(size=out.shape) + 0.5, cache)]


def _group_upstream(rng: np.random.Generator) -> list[Call]:
    made = _groups(rng)[0]
    out, cache = right.group_norm_forward(*made.args, **made.kwargs)
    return [call(rng.normal(size=out.shape) + 0.5, cache)]


INSTANCE = Component("instance_norm_forward", right.instance_norm_forward, _instances, output)
INSTANCE_BACKWARD = Component(
    "instance_norm_backward", right.instance_norm_backward, _instance_upstream
)
GROUP = Component("group_norm_forward", right.group_norm_forward, _groups, output)
GROUP_BACKWARD = Component("group_norm_backward", right.group_norm_backward, _group_upstream)


def _averaging_over(cache: NormCache, axes: tuple[int, ...]) -> NormCache:
    """Return the cache with means over other axes; without axes the statistics are constants."""
    return replace(cache, averaging=replace(cache.averaging, axes=axes))


@INSTANCE.wrong(
    "over_the_batch",
    "teaching",
    "The statistics are taken over the examples too",
    "That is batch normalization; here each image has its own mean: axes (2, 3).",
    "آماره‌ها روی نمونه‌ها هم گرفته شده‌اند",
    "این نرمال‌سازی دسته است؛ این‌جا هر تصویر میانگین خود را دارد: محورهای (2, 3).",
)
def _over_the_batch(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return right.batch_norm_forward(x, gamma, beta, eps=eps)


@INSTANCE.wrong(
    "over_channels",
    "teaching",
    "The statistics are taken over the channels too",
    "That is layer normalization; here each channel has its own mean: axes (2, 3).",
    "آماره‌ها روی کانال‌ها هم گرفته شده‌اند",
    "این نرمال‌سازی لایه است؛ این‌جا هر کانال میانگین خود را دارد: محورهای (2, 3).",
)
def _over_channels(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return right.group_norm_forward(x, gamma, beta, groups=1, eps=eps)


@INSTANCE.wrong(
    "ddof_1",
    "teaching",
    "The variance is divided by H W - 1",
    "Divide by the number of pixels H W.",
    "واریانس بر `H W - 1` تقسیم شده است",
    "بر شمار پیکسل‌ها H W تقسیم کنید.",
)
def _ddof_1(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    centred = x - x.mean(axis=(2, 3), keepdims=True)
    std = np.sqrt(x.var(axis=(2, 3), keepdims=True, ddof=1) + eps)
    return gamma[:, None, None] * centred / std + beta[:, None, None], None


@INSTANCE.wrong(
    "only_centred",
    "teaching",
    "The mean is subtracted but nothing is divided",
    "Divide by sqrt(variance + eps) of each channel's pixels.",
    "میانگین کم شده ولی تقسیمی انجام نشده است",
    "بر `sqrt(variance + eps)` پیکسل‌های هر کانال تقسیم کنید.",
)
def _only_centred(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    centred = x - x.mean(axis=(2, 3), keepdims=True)
    return gamma[:, None, None] * centred + beta[:, None, None], None


@INSTANCE_BACKWARD.wrong(
    "statistics_constant",
    "teaching",
    "Mean and variance are taken for constants",
    "They depend on every pixel of the channel: two more terms belong into dx.",
    "میانگین و واریانس ثابت گرفته شده‌اند",
    "آن‌ها به همهٔ پیکسل‌های کانال وابسته‌اند: دو جملهٔ دیگر در dx لازم است.",
)
def _instance_statistics_constant(dout: Array, cache: NormCache) -> Array:
    return right.instance_norm_backward(dout, _averaging_over(cache, ()))


@INSTANCE_BACKWARD.wrong(
    "means_over_the_batch",
    "teaching",
    "The means in dx run over the examples too",
    "As in the forward pass they run over the pixels of one channel of one image: axes (2, 3).",
    "میانگین‌های dx روی نمونه‌ها هم گرفته شده‌اند",
    "همچون گذر پیش‌رو روی پیکسل‌های یک کانال از یک تصویر گرفته می‌شوند: محورهای (2, 3).",
)
def _means_over_the_batch(dout: Array, cache: NormCache) -> Array:
    return right.instance_norm_backward(dout, _averaging_over(cache, (0, 2, 3)))


@INSTANCE_BACKWARD.wrong(
    "parameters_not_summed_over_batch",
    "D21",
    "dgamma and dbeta are kept for each image",
    "One gamma serves all images: sum over axes (0, 2, 3), which leaves (C,).",
    "dgamma و dbeta برای هر تصویر جدا مانده‌اند",
    "یک gamma برای همهٔ تصویرهاست: روی محورهای (0, 2, 3) جمع بزنید تا (C,) بماند.",
)
def _parameters_not_summed_over_batch(dout: Array, cache: NormCache) -> Array:
    dx = right.instance_norm_backward(dout, cache).x
    return dx, (dout * cache.normalized).sum(axis=(2, 3)), dout.sum(axis=(2, 3))


@GROUP.wrong(
    "interleaved",
    "teaching",
    "The groups take every G-th channel",
    "Neighbouring channels form a group: reshape to (N, G, C/G, H, W), not (N, C/G, G, H, W).",
    "هر گروه کانال‌ها را G تا در میان برداشته است",
    "کانال‌های همسایه یک گروه‌اند: شکل `(N, G, C/G, H, W)`، نه `(N, C/G, G, H, W)`.",
)
def _interleaved(x: Array, gamma: Array, beta: Array, *, groups: int, eps: float = 1e-5) -> Array:
    order = np.arange(x.shape[1]).reshape(-1, groups).T.ravel()
    out = np.empty_like(x)
    out[:, order], cache = right.group_norm_forward(
        x[:, order], gamma[order], beta[order], groups=groups, eps=eps
    )
    return out, cache


@GROUP.wrong(
    "size_for_number",
    "teaching",
    "groups is taken for the number of channels in a group",
    "It is the number of groups; each holds C / groups channels.",
    "groups شمار کانال‌های هر گروه فرض شده است",
    "این شمار گروه‌هاست؛ هر گروه `C / groups` کانال دارد.",
)
def _size_for_number(
    x: Array, gamma: Array, beta: Array, *, groups: int, eps: float = 1e-5
) -> Array:
    return right.group_norm_forward(x, gamma, beta, groups=x.shape[1] // groups, eps=eps)


@GROUP.wrong(
    "groups_ignored",
    "teaching",
    "All channels form one group",
    "That is layer normalization; each group of C/G channels has its own statistics.",
    "همهٔ کانال‌ها یک گروه شده‌اند",
    "این نرمال‌سازی لایه است؛ هر گروه `C/G` کانالی آمارهٔ خود را دارد.",
)
def _groups_ignored(
    x: Array, gamma: Array, beta: Array, *, groups: int, eps: float = 1e-5
) -> Array:
    return right.group_norm_forward(x, gamma, beta, groups=1, eps=eps)


@GROUP.wrong(
    "channels_apart",
    "teaching",
    "Every channel has its own statistics",
    "That is instance normalization; the channels of a group share one mean and variance.",
    "هر کانال آمارهٔ خود را دارد",
    "این نرمال‌سازی نمونه‌ای است؛ کانال‌های یک گروه یک میانگین و یک واریانس دارند.",
)
def _channels_apart(
    x: Array, gamma: Array, beta: Array, *, groups: int, eps: float = 1e-5
) -> Array:
    return right.instance_norm_forward(x, gamma, beta, eps=eps)


@GROUP.wrong(
    "over_the_batch",
    "teaching",
    "The statistics of a group are taken over the examples too",
    "Only batch normalization mixes examples: average over (2, 3, 4) of (N, G, C/G, H, W).",
    "آماره‌های گروه روی نمونه‌ها هم گرفته شده‌اند",
    "فقط نرمال‌سازی دسته نمونه‌ها را می‌آمیزد: محورهای (2, 3, 4) از `(N, G, C/G, H, W)`.",
)
def _group_over_the_batch(
    x: Array, gamma: Array, beta: Array, *, groups: int, eps: float = 1e-5
) -> Array:
    grouped = x.reshape(len(x), groups, -1, *x.shape[2:])
    centred = grouped - grouped.mean(axis=(0, 2, 3, 4), keepdims=True)
    std = np.sqrt(grouped.var(axis=(0, 2, 3, 4), keepdims=True) + eps)
    return gamma[:, None, None] * (centred / std).reshape(x.shape) + beta[:, None, None], None


@GROUP_BACKWARD.wrong(
    "statistics_constant",
    "teaching",
    "Mean and variance are taken for constants",
    "They depend on every value of the group: two more terms belong into dx.",
    "میانگین و واریانس ثابت گرفته شده‌اند",
    "آن‌ها به همهٔ مقدارهای گروه وابسته‌اند: دو جملهٔ دیگر در dx لازم است.",
)
def _group_statistics_constant(dout: Array, cache: NormCache) -> Array:
    return right.group_norm_backward(dout, _averaging_over(cache, ()))


@GROUP_BACKWARD.wrong(
    "means_over_channels_apart",
    "teaching",
    "The means in dx are taken for each channel",
    "As in the forward pass all channels of a group share them: axes (2, 3, 4).",
    "میانگین‌های dx برای هر کانال جدا گرفته شده‌اند",
    "همچون گذر پیش‌رو کانال‌های یک گروه در آن‌ها شریک‌اند: محورهای (2, 3, 4).",
)
def _means_over_channels_apart(dout: Array, cache: NormCache) -> Array:
    return right.group_norm_backward(dout, _averaging_over(cache, (3, 4)))


@GROUP_BACKWARD.wrong(
    "gamma_after_the_means",
    "teaching",
    "gamma is multiplied in after the means are taken",
    "The channels of a group have different gammas: start from dxhat = gamma * dout.",
    "gamma پس از گرفتن میانگین‌ها ضرب شده است",
    "کانال‌های یک گروه gamma یکسان ندارند: از `dxhat = gamma * dout` آغاز کنید.",
)
def _gamma_after_the_means(dout: Array, cache: NormCache) -> Array:
    plain = right.group_norm_backward(dout, replace(cache, gamma=np.ones_like(cache.gamma)))
    return plain._replace(x=cache.gamma * plain.x)


INSTANCE_AND_GROUP_NORM = (INSTANCE, INSTANCE_BACKWARD, GROUP, GROUP_BACKWARD)
