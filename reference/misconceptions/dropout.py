"""Wrong dropout. p is the probability to keep a unit."""

import numpy as np

from reference import dropout as right
from reference.dropout import DropoutCache
from reference.misconceptions.catalogue import Array, Call, Component, call, output

Generator = np.random.Generator


def _both_times(rng: Generator) -> list[Call]:
    # Not 1/2, where keeping and dropping look alike.
    x, keep = rng.normal(size=(8, 9)) + 3, float(rng.uniform(0.6, 0.8))
    return [call(x, keep, training=True, rng=rng), call(x, keep, training=False)]


INVERTED = Component(
    "inverted_dropout_forward", right.inverted_dropout_forward, _both_times, output
)
VANILLA = Component("vanilla_dropout_forward", right.vanilla_dropout_forward, _both_times, output)


def _mask(shape: tuple[int, ...], keep: float, rng: Generator | None) -> Array:
    rng = np.random.default_rng(0) if rng is None else rng
    return rng.random(shape) < keep


@INVERTED.wrong(
    "not_scaled",
    "D51, s.254",
    "The kept activations are not divided by p",
    "Inverted dropout divides the mask by p in training, so that testing needs no change.",
    "فعال‌سازی‌های مانده بر p تقسیم نشده‌اند",
    "دراپ‌اوت معکوس در آموزش ماسک را بر p تقسیم می‌کند تا آزمون دست نخورد.",
)
def _not_scaled(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    return x * _mask(x.shape, keep_probability, rng) if training else x, None


@INVERTED.wrong(
    "keep_and_drop_swapped",
    "D51, B17, s.247",
    "p is taken as the probability to drop",
    "Here p is the probability to keep: the mask is `rng.random(x.shape) < p`.",
    "p احتمال حذف گرفته شده است",
    "این‌جا p احتمال نگه‌داشتن است: ماسک `rng.random(x.shape) < p` است.",
)
def _keep_and_drop_swapped(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    return right.inverted_dropout_forward(x, 1 - keep_probability, training=training, rng=rng)


@INVERTED.wrong(
    "mask_inverted",
    "D51, B17",
    "The units that should be kept are dropped",
    "Keep where `rng.random(x.shape) < p`, not where it is larger.",
    "واحدهایی که باید بمانند حذف شده‌اند",
    "جایی که `rng.random(x.shape) < p` است نگه دارید، نه جایی که بزرگ‌تر است.",
)
def _mask_inverted(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    return (x * ~_mask(x.shape, keep_probability, rng) / keep_probability if training else x), None


@INVERTED.wrong(
    "active_at_test",
    "D51, s.254",
    "Units are dropped at test time too",
    "A prediction is not random: at test time x passes unchanged.",
    "در زمان آزمون هم واحدها حذف شده‌اند",
    "پیش‌بینی تصادفی نیست: در زمان آزمون x بی‌تغییر می‌گذرد.",
)
def _active_at_test(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    return x * _mask(x.shape, keep_probability, rng) / keep_probability, None


@INVERTED.wrong(
    "scaled_twice",
    "D51, B18, s.254",
    "It is scaled in training and at test time",
    "One of the two is enough: inverted dropout leaves testing as it is.",
    "هم در آموزش و هم در آزمون مقیاس شده است",
    "یکی بس است: دراپ‌اوت معکوس آزمون را دست نمی‌زند.",
)
def _scaled_twice(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    out, cache = right.inverted_dropout_forward(x, keep_probability, training=training, rng=rng)
    return out if training else keep_probability * out, cache


@INVERTED.wrong(
    "multiplied_by_p",
    "D51, s.254",
    "The kept activations are multiplied by p instead of divided",
    "Fewer units must weigh more: divide by p.",
    "فعال‌سازی‌های مانده به جای تقسیم در p ضرب شده‌اند",
    "واحدهای کمتر باید سنگین‌تر شوند: بر p تقسیم کنید.",
)
def _multiplied_by_p(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    mask = _mask(x.shape, keep_probability, rng)
    return (x * mask * keep_probability if training else x), None


@INVERTED.wrong(
    "one_mask_for_all",
    "teaching",
    "All examples share one mask",
    "Each activation of each example is kept or dropped by itself: a mask of x's shape.",
    "همهٔ نمونه‌ها یک ماسک دارند",
    "هر فعال‌سازیِ هر نمونه جداگانه می‌ماند یا حذف می‌شود: ماسکی هم‌شکل x.",
)
def _one_mask_for_all(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    mask = _mask(x.shape[1:], keep_probability, rng)
    return (x * mask / keep_probability if training else x), None


@VANILLA.wrong(
    "not_scaled_at_test",
    "D51, s.251",
    "The activations are not multiplied by p at test time",
    "In training a unit's mean output is p times its activation: scale by p when testing.",
    "فعال‌سازی‌ها در زمان آزمون در p ضرب نشده‌اند",
    "میانگین خروجی هر واحد در آموزش p برابر آن است: در آزمون در p ضرب کنید.",
)
def _not_scaled_at_test(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    return (x * _mask(x.shape, keep_probability, rng) if training else x), None


@VANILLA.wrong(
    "divided_at_test",
    "D51, s.251",
    "The activations are divided by p at test time",
    "With all units on there is too much, not too little: multiply by p.",
    "فعال‌سازی‌ها در زمان آزمون بر p تقسیم شده‌اند",
    "با روشن بودن همهٔ واحدها خروجی زیاد است نه کم: در p ضرب کنید.",
)
def _divided_at_test(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    mask = _mask(x.shape, keep_probability, rng)
    return (x * mask if training else x / keep_probability), None


@VANILLA.wrong(
    "inverted_and_scaled",
    "D51, B18, s.254",
    "It is divided by p in training and multiplied by p at test time",
    "Vanilla dropout scales at test time only.",
    "در آموزش بر p تقسیم و در آزمون در p ضرب شده است",
    "دراپ‌اوت ساده فقط در زمان آزمون مقیاس می‌کند.",
)
def _inverted_and_scaled(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    mask = _mask(x.shape, keep_probability, rng)
    return (x * mask / keep_probability if training else x * keep_probability), None


@VANILLA.wrong(
    "active_at_test",
    "D51, s.251",
    "Units are dropped at test time too",
    "At test time all units work, each multiplied by p.",
    "در زمان آزمون هم واحدها حذف شده‌اند",
    "در زمان آزمون همهٔ واحدها کار می‌کنند و هر یک در p ضرب می‌شود.",
)
def _vanilla_active_at_test(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    return x * _mask(x.shape, keep_probability, rng), None


@VANILLA.wrong(
    "keep_and_drop_swapped",
    "D51, B17, s.247",
    "p is taken as the probability to drop",
    "Here p is the probability to keep: the mask is `rng.random(x.shape) < p`.",
    "p احتمال حذف گرفته شده است",
    "این‌جا p احتمال نگه‌داشتن است: ماسک `rng.random(x.shape) < p` است.",
)
def _vanilla_keep_and_drop_swapped(
    x: Array, keep_probability: float, *, training: bool, rng: Generator | None = None
) -> Array:
    return right.vanilla_dropout_forward(x, 1 - keep_probability, training=training, rng=rng)


def _upstream(rng: Generator) -> list[Call]:
    made = _both_times(rng)[0]
    out, cache = right.inverted_dropout_forward(*made.args, **made.kwargs)
    return [call(rng.normal(size=out.shape), cache)]


BACKWARD = Component("dropout_backward", right.dropout_backward, _upstream)


@BACKWARD.wrong(
    "new_mask",
    "D51, B18",
    "A new mask is drawn in the backward pass",
    "A dropped unit gets no gradient: keep the mask of the forward pass.",
    "در گذر برگشت ماسک تازه‌ای کشیده شده است",
    "واحد حذف‌شده گرادیان ندارد: ماسک گذر رفت را نگه دارید.",
)
def _new_mask(dout: Array, cache: DropoutCache) -> Array:
    scale = cache.factor.max()
    return dout * _mask(dout.shape, 1 / scale, None) * scale


@BACKWARD.wrong(
    "scale_missing",
    "D51, B18",
    "The 1/p of the forward pass is missing",
    "What multiplied x multiplies dout as well: mask / p.",
    "ضریب `1/p` گذر رفت نیامده است",
    "هرچه در x ضرب شده در dout هم ضرب می‌شود: `mask / p`.",
)
def _scale_missing(dout: Array, cache: DropoutCache) -> Array:
    return dout * (cache.factor > 0)


@BACKWARD.wrong(
    "mask_missing",
    "D51, B18",
    "Dropped units get a gradient",
    "Multiply dout by the mask of the forward pass.",
    "واحدهای حذف‌شده گرادیان گرفته‌اند",
    "dout را در ماسک گذر رفت ضرب کنید.",
)
def _mask_missing(dout: Array, cache: DropoutCache) -> Array:
    return dout


DROPOUT = (INVERTED, VANILLA, BACKWARD)
