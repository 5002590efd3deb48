"""Wrong running averages in the convention of this assignment, wrong variances of groups.

The catalogue has running averages in another: there momentum weighs the batch, and the variance
is unbiased.
"""

import numpy as np

from autograder.components import WrongVersion
from autograder.records import Misconception


def moved(running, x, momentum, train):
    """The right averages after a batch x (N, D) or (N, C, H, W); at test time the same as before.

    The batch's variance is the biased one, that by which the batch is normalized.
    """
    return _towards(running, *_statistics(x), momentum) if train else running


def _statistics(x, ddof=0):
    axes = (0, *range(2, x.ndim))
    return x.mean(axis=axes), x.var(axis=axes, ddof=ddof)


def _towards(running, mean, var, momentum):
    return {
        "mean": momentum * running["mean"] + (1 - momentum) * mean,
        "var": momentum * running["var"] + (1 - momentum) * var,
    }


def _momentum_swapped(running, x, momentum, train):
    return moved(running, x, 1 - momentum, train)


def _last_batch(running, x, momentum, train):
    return moved(running, x, 0.0, train)


def _never_moved(running, x, momentum, train):
    return running


def _unbiased_variance(running, x, momentum, train):
    return _towards(running, *_statistics(x, ddof=1), momentum) if train else running


def _deviation_for_variance(running, x, momentum, train):
    mean, var = _statistics(x)
    return _towards(running, mean, np.sqrt(var), momentum) if train else running


def _moved_at_test_time(running, x, momentum, train):
    return moved(running, x, momentum, True)


def _variance_not_moved(running, x, momentum, train):
    return {**moved(running, x, momentum, train), "var": running["var"]}


_AVERAGES = (
    (
        "momentum_swapped",
        _momentum_swapped,
        "Old and new have changed places in the running averages",
        "`momentum` weighs the old value: momentum * running + (1 - momentum) * batch.",
        "در میانگین‌های جاری کهنه و نو جابه‌جا شده‌اند",
        "`momentum` وزن مقدار کهنه است: momentum * running + (1 - momentum) * batch.",
    ),
    (
        "last_batch",
        _last_batch,
        "The running averages are the statistics of the last batch",
        "They are averages over many batches: keep `momentum` of the old value.",
        "میانگین‌های جاری همان آماره‌های آخرین دسته‌اند",
        "آن‌ها میانگین روی دسته‌های بسیارند: به اندازهٔ `momentum` از مقدار کهنه نگه دارید.",
    ),
    (
        "never_moved",
        _never_moved,
        "The running averages never change",
        "Each training batch moves them; return the new ones.",
        "میانگین‌های جاری هرگز تغییر نمی‌کنند",
        "هر دستهٔ آموزش آن‌ها را جابه‌جا می‌کند؛ مقدارهای تازه را برگردانید.",
    ),
    (
        "unbiased_variance",
        _unbiased_variance,
        "The running variance takes the batch's variance divided by m - 1",
        "Here it is the variance that the batch is normalized with, divided by m. "
        "(The paper and torch divide by m - 1.)",
        "واریانس جاری، واریانس تقسیم بر `m - 1` را می‌گیرد",
        "این‌جا همان واریانسی است که دسته با آن نرمال می‌شود، تقسیم بر m. (مقاله و torch بر "
        "`m - 1` تقسیم می‌کنند.)",
    ),
    (
        "deviation_for_variance",
        _deviation_for_variance,
        "The deviation of the batch is kept instead of its variance",
        'running["var"] averages variances; the root is taken when it is used.',
        "به جای واریانس، انحراف معیار دسته نگه داشته شده است",
        'در running["var"] از واریانس‌ها میانگین گرفته می‌شود؛ جذر هنگام کاربرد گرفته می‌شود.',
    ),
    (
        "moved_at_test_time",
        _moved_at_test_time,
        "The running averages move at test time too",
        "Test examples must leave no trace: change them only where `train` is true.",
        "میانگین‌های جاری در زمان آزمون هم جابه‌جا می‌شوند",
        "نمونه‌های آزمون نباید ردی بگذارند: تنها وقتی `train` درست است تغییرشان دهید.",
    ),
    (
        "variance_not_moved",
        _variance_not_moved,
        "The running variance stays as it was; the mean moves",
        "Both are averages over the batches: move the variance in the same way.",
        "واریانس جاری همان می‌ماند و تنها میانگین جابه‌جا می‌شود",
        "هر دو میانگین روی دسته‌ها هستند: واریانس را هم به همان شکل جابه‌جا کنید.",
    ),
)


def _group_ddof_1(x, gamma, beta, *, groups, eps=1e-5):
    return _grouped(x, gamma, beta, groups, lambda parts: _deviation(parts, eps, ddof=1)), None


def _group_eps_outside_root(x, gamma, beta, *, groups, eps=1e-5):
    return _grouped(x, gamma, beta, groups, lambda parts: _deviation(parts, 0.0) + eps), None


def _deviation(parts, eps, ddof=0):
    return np.sqrt(parts.var(axis=2, keepdims=True, ddof=ddof) + eps)


def _grouped(x, gamma, beta, groups, deviation):
    parts = x.reshape(len(x), groups, -1)
    xhat = (parts - parts.mean(axis=2, keepdims=True)) / deviation(parts)
    return gamma[:, None, None] * xhat.reshape(x.shape) + beta[:, None, None]


_GROUPS = (
    (
        "ddof_1",
        _group_ddof_1,
        "The variance is divided by the number of a group's values less 1",
        "Divide by their number, C/G H W.",
        "واریانس بر شمار مقدارهای گروه منهای یک تقسیم شده است",
        "بر شمارشان تقسیم کنید: C/G H W.",
    ),
    (
        "eps_outside_root",
        _group_eps_outside_root,
        "eps is added outside the root",
        "It is sqrt(variance + eps), with eps under the root.",
        "eps بیرون از جذر افزوده شده است",
        "باید `sqrt(variance + eps)` باشد و eps زیر جذر.",
    ),
)


def _rows_of_the_batch(x, gamma, beta, *, eps=1e-5):
    flat = x.reshape(-1, x.shape[1])
    xhat = (flat - flat.mean(axis=0)) / np.sqrt(flat.var(axis=0) + eps)
    return (gamma * xhat + beta).reshape(x.shape), None


_ROWS = (
    (
        "reshaped_without_transpose",
        _rows_of_the_batch,
        "The images are reshaped to (N * H * W, C) without moving the channels to the end",
        "reshape keeps the order of the values: x.transpose(0, 2, 3, 1) first, then reshape.",
        "تصویرها بی‌آن‌که کانال‌ها به آخر بروند به (N * H * W, C) تغییر شکل داده‌اند",
        "reshape ترتیب مقدارها را نگه می‌دارد: نخست x.transpose(0, 2, 3, 1) و سپس reshape.",
    ),
)


def wrong_rows(adapt):
    """That of spatial batch normalization which mixes up channels and pixels."""
    return _entered("spatial_batchnorm_forward", _ROWS, adapt)


def wrong_averages(adapt):
    """Those of the running averages, with `adapt` making the student's functions from one."""
    return _entered("running_averages", _AVERAGES, adapt)


def wrong_groups(adapt):
    """Those of group normalization that the catalogue lacks; functions of its signature."""
    return _entered("group_norm_forward", _GROUPS, adapt)


def _entered(component, known, adapt):
    return [
        WrongVersion(
            Misconception(
                f"{component}.{mistake}",
                {"en": name, "fa": name_fa},
                {"en": hint, "fa": hint_fa},
            ),
            adapt(function),
        )
        for mistake, function, name, hint, name_fa, hint_fa in known
    ]
