"""Wrong nearest neighbours: distances, the k smallest, the vote."""

import numpy as np

from reference import neighbors as right
from reference.misconceptions.catalogue import Array, Call, Component, call


def _points(rng: np.random.Generator) -> list[Call]:
    pixels = rng.integers(0, 256, (4, 12), dtype=np.uint8)
    train = rng.integers(0, 256, (6, 12), dtype=np.uint8)
    numbers, others = rng.normal(size=(5, 7)), rng.normal(size=(3, 7))
    return [
        call(queries, points, metric=metric)
        for queries, points in ((pixels, train), (numbers, others))
        for metric in right.METRICS
    ]


DISTANCES = Component("distances_vectorized", right.distances_vectorized, _points)


def _pairs(queries: Array, train: Array) -> Array:
    """Return all differences, (M, N, D)."""
    return np.asarray(queries, float)[:, None, :] - np.asarray(train, float)[None, :, :]


@DISTANCES.wrong(
    "uint8_wraps",
    "D1, s.19",
    "uint8 pixels are subtracted without conversion",
    "In uint8, 10 - 20 is 246: convert with `X.astype(float)` before you subtract.",
    "پیکسل‌های uint8 بدون تبدیل از هم کم شده‌اند",
    "در uint8 حاصل `10 - 20` برابر 246 است: پیش از تفریق با `X.astype(float)` تبدیل کنید.",
)
def _uint8_wraps(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    difference = queries[:, None, :] - train[None, :, :]
    if metric == "l1":
        return np.sum(np.abs(difference), axis=2)
    return np.sqrt(np.sum(difference**2, axis=2))


@DISTANCES.wrong(
    "root_missing",
    "D2, s.23",
    "The square root of the L2 distance is missing",
    "L2 is `np.sqrt` of the sum of squares; without it the numbers are squared distances.",
    "جذر در فاصلهٔ L2 فراموش شده است",
    "فاصلهٔ L2 جذر (`np.sqrt`) مجموع مربع‌هاست؛ بدون آن مربع فاصله به دست می‌آید.",
)
def _root_missing(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    difference = _pairs(queries, train)
    return np.sum(np.abs(difference) if metric == "l1" else difference**2, axis=2)


@DISTANCES.wrong(
    "axis_missing",
    "D2, s.20",
    "The sum runs over everything instead of over the features",
    "Each pair of points has its own distance: sum over the axis of the features only.",
    "جمع به جای ویژگی‌ها روی همهٔ محورها گرفته شده است",
    "هر جفت نقطه فاصلهٔ خود را دارد: فقط روی محور ویژگی‌ها جمع بزنید.",
)
def _axis_missing(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    difference = _pairs(queries, train)
    return np.sum(np.abs(difference)) if metric == "l1" else np.sqrt(np.sum(difference**2))


@DISTANCES.wrong(
    "wrong_axis",
    "D2, s.20",
    "The sum runs over the training points instead of over the features",
    "In differences of shape (M, N, D) the features are the last axis, `axis=2`.",
    "جمع به جای ویژگی‌ها روی نقطه‌های آموزش گرفته شده است",
    "در تفاضل‌ها با شکل (M, N, D) ویژگی‌ها محور آخرند: `axis=2`.",
)
def _wrong_axis(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    difference = _pairs(queries, train)
    if metric == "l1":
        return np.sum(np.abs(difference), axis=1)
    return np.sqrt(np.sum(difference**2, axis=1))


@DISTANCES.wrong(
    "abs_missing",
    "teaching",
    "The L1 distance has no absolute value",
    "Without `np.abs` positive and negative differences cancel.",
    "در فاصلهٔ L1 قدر مطلق گرفته نشده است",
    "بدون `np.abs` تفاضل‌های مثبت و منفی یکدیگر را خنثی می‌کنند.",
)
def _abs_missing(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    difference = _pairs(queries, train)
    return difference.sum(axis=2) if metric == "l1" else np.sqrt(np.sum(difference**2, axis=2))


@DISTANCES.wrong(
    "metrics_swapped",
    "D17, s.23",
    "L1 and L2 are swapped",
    "L1 sums absolute differences; L2 is the root of the sum of squares.",
    "فاصله‌های L1 و L2 جابه‌جا شده‌اند",
    "فاصلهٔ L1 جمع قدر مطلق‌هاست و L2 جذر جمع مربع‌ها.",
)
def _metrics_swapped(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    return right.distances_vectorized(queries, train, metric="l2" if metric == "l1" else "l1")


@DISTANCES.wrong(
    "root_before_sum",
    "teaching",
    "The root is taken of each square before the sum",
    "The root of one square is its absolute value, so this is L1: sum first, then the root.",
    "جذر پیش از جمع و از تک‌تک مربع‌ها گرفته شده است",
    "جذر یک مربع همان قدر مطلق است و نتیجه L1 می‌شود: نخست جمع، سپس جذر.",
)
def _root_before_sum(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    difference = _pairs(queries, train)
    return np.abs(difference).sum(axis=2) if metric == "l1" else np.sqrt(difference**2).sum(axis=2)


@DISTANCES.wrong(
    "transposed",
    "teaching",
    "The matrix of distances is transposed",
    "Row i belongs to query i, column j to training point j: the shape is (M, N).",
    "ماتریس فاصله‌ها ترانهاده است",
    "سطر i از آنِ پرسش i و ستون j از آنِ نقطهٔ آموزشی j است: شکل (M, N).",
)
def _transposed(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    return right.distances_vectorized(train, queries, metric=metric)


@DISTANCES.wrong(
    "mean_for_sum",
    "teaching",
    "The mean over the features is taken instead of the sum",
    "Both distances sum over the features; a mean is smaller by the factor D.",
    "به جای جمع روی ویژگی‌ها میانگین گرفته شده است",
    "هر دو فاصله روی ویژگی‌ها جمع می‌زنند؛ میانگین D برابر کوچک‌تر است.",
)
def _mean_for_sum(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    difference = _pairs(queries, train)
    if metric == "l1":
        return np.mean(np.abs(difference), axis=2)
    return np.sqrt(np.mean(difference**2, axis=2))


@DISTANCES.wrong(
    "cross_term_once",
    "teaching",
    "The factor 2 of the mixed term is missing",
    "|a - b|^2 = |a|^2 + |b|^2 - 2 a.b: the product of queries and points counts twice.",
    "ضریب ۲ در جملهٔ ضربی فراموش شده است",
    "`|a - b|^2 = |a|^2 + |b|^2 - 2 a.b`: حاصل‌ضرب پرسش‌ها و نقطه‌ها دو بار می‌آید.",
)
def _cross_term_once(queries: Array, train: Array, *, metric: right.Metric) -> Array:
    a, b = np.asarray(queries, float), np.asarray(train, float)
    if metric == "l1":
        return np.abs(a[:, None, :] - b[None, :, :]).sum(axis=2)
    return np.sqrt(np.maximum((a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - a @ b.T, 0))


def _distances(rng: np.random.Generator) -> list[Call]:
    # Small integers make ties, also at place k.
    tied = rng.integers(0, 6, (8, 30)).astype(float)
    return [call(rng.random((6, 20)), 4), call(tied, 5)]


SMALLEST = Component("k_smallest", right.k_smallest, _distances)


@SMALLEST.wrong(
    "largest",
    "D4, s.21",
    "The farthest points are taken instead of the nearest",
    "Neighbours have the smallest distances: `argmin`, or the first k of `argsort`.",
    "به جای نزدیک‌ترین نقطه‌ها دورترین‌ها انتخاب شده‌اند",
    "همسایه‌ها کوچک‌ترین فاصله را دارند: `argmin` یا k تای نخستِ `argsort`.",
)
def _largest(distances: Array, k: int) -> Array:
    return np.argsort(-distances, axis=1, kind="stable")[:, :k]


@SMALLEST.wrong(
    "k_ignored",
    "s.24",
    "Only the nearest neighbour is used, whatever k is",
    "Take the first k of the sorted distances, not only the first.",
    "هر k که باشد فقط نزدیک‌ترین همسایه به کار رفته است",
    "k تای نخست فاصله‌های مرتب‌شده را بردارید، نه فقط اولی را.",
)
def _k_ignored(distances: Array, k: int) -> Array:
    return np.argmin(distances, axis=1)[:, None]


@SMALLEST.wrong(
    "nearest_skipped",
    "teaching",
    "The nearest neighbour is left out",
    "Only in leave-one-out is the first neighbour the point itself; here the slice is `[:k]`.",
    "نزدیک‌ترین همسایه کنار گذاشته شده است",
    "فقط در روش یکی‌بیرون اولین همسایه خودِ نقطه است؛ این‌جا برش درست `[:k]` است.",
)
def _nearest_skipped(distances: Array, k: int) -> Array:
    return np.argsort(distances, axis=1, kind="stable")[:, 1 : k + 1]


@SMALLEST.wrong(
    "sorted_down_the_columns",
    "teaching",
    "The distances are sorted along the queries",
    "One row holds the distances of one query: sort with `axis=1`.",
    "فاصله‌ها در راستای پرسش‌ها مرتب شده‌اند",
    "هر سطر فاصله‌های یک پرسش است: با `axis=1` مرتب کنید.",
)
def _sorted_down_the_columns(distances: Array, k: int) -> Array:
    return np.argsort(distances, axis=0, kind="stable")[:, :k]


@SMALLEST.wrong(
    "values_for_indices",
    "teaching",
    "The distances are returned instead of the indices",
    "To look up labels one needs places: `np.argsort`, not `np.sort`.",
    "به جای اندیس‌ها خود فاصله‌ها برگردانده شده‌اند",
    "برای یافتن برچسب‌ها جای آن‌ها لازم است: `np.argsort`، نه `np.sort`.",
)
def _values_for_indices(distances: Array, k: int) -> Array:
    return np.sort(distances, axis=1)[:, :k]


@SMALLEST.wrong(
    "later_of_equals",
    "s.26",
    "Of equal distances the later training point comes first",
    "By the tie rule the smaller index is nearer: `np.argsort(..., kind='stable')` keeps it.",
    "در فاصله‌های برابر نقطهٔ آموزشی دیرتر جلو افتاده است",
    "طبق قاعده اندیس کوچک‌تر نزدیک‌تر است: `np.argsort(..., kind='stable')` آن را حفظ می‌کند.",
)
def _later_of_equals(distances: Array, k: int) -> Array:
    last = distances.shape[1] - 1
    return last - np.argsort(distances[:, ::-1], axis=1, kind="stable")[:, :k]


def _votes(rng: np.random.Generator) -> list[Call]:
    # Labels that are no codes 0..C-1, and rows with known ties, all shuffled.
    rows = [[7, 7, 3, 3, 9], [9, 9, 3, 5, 7], [3, 9, 9, 9, 7], [9, 9, 3, 3, 5], [5, 3, 3, 7, 7]]
    drawn = rng.choice([3, 5, 7, 9], (6, 5))
    return [call(rng.permutation(np.concatenate([rows, drawn])))]


VOTE = Component("majority_vote", right.majority_vote, _votes)


@VOTE.wrong(
    "largest_of_equals",
    "teaching",
    "Of labels with equally many votes the largest wins",
    "By the tie rule the smallest label wins: `argmax` over counts takes the first of equals.",
    "در آرای برابر بزرگ‌ترین برچسب برنده شده است",
    "طبق قاعده کوچک‌ترین برچسب برنده است: `argmax` روی شمارش‌ها نخستینِ برابرها را می‌گیرد.",
)
def _largest_of_equals(labels: Array) -> Array:
    return np.array([max(sorted(row), key=lambda v: (row.count(v), v)) for row in labels.tolist()])


@VOTE.wrong(
    "first_seen_of_equals",
    "teaching",
    "Of labels with equally many votes the one seen first wins",
    "By the tie rule the smallest label wins; `Counter.most_common` goes by order of appearance.",
    "در آرای برابر برچسبی که زودتر دیده شده برنده است",
    "طبق قاعده کوچک‌ترین برچسب برنده است؛ `Counter.most_common` به ترتیب دیدن وابسته است.",
)
def _first_seen_of_equals(labels: Array) -> Array:
    return np.array([max(row, key=row.count) for row in labels.tolist()])


@VOTE.wrong(
    "mean_label",
    "teaching",
    "The labels are averaged instead of counted",
    "Labels are names, not quantities: between 3 and 9 there is no 6. Count the votes.",
    "به جای شمردن برچسب‌ها میانگین آن‌ها گرفته شده است",
    "برچسب نام است نه مقدار: میانهٔ 3 و 9 برابر 6 نیست. رأی‌ها را بشمارید.",
)
def _mean_label(labels: Array) -> Array:
    return np.round(labels.mean(axis=1)).astype(labels.dtype)


@VOTE.wrong(
    "nearest_alone",
    "s.24",
    "The nearest neighbour decides alone",
    "All k neighbours vote; only for k = 1 is the nearest label the answer.",
    "نزدیک‌ترین همسایه به‌تنهایی تصمیم گرفته است",
    "هر k همسایه رأی می‌دهند؛ فقط برای `k = 1` برچسب نزدیک‌ترین پاسخ است.",
)
def _nearest_alone(labels: Array) -> Array:
    return labels[:, 0]


@VOTE.wrong(
    "count_for_label",
    "teaching",
    "The number of votes is returned instead of the label",
    "`max` of the counts says how many; `argmax` says who.",
    "به جای برچسب شمار رأی‌ها برگردانده شده است",
    "`max` شمارش‌ها می‌گوید چند تا و `argmax` می‌گوید کدام.",
)
def _count_for_label(labels: Array) -> Array:
    return np.array([max(row.count(v) for v in row) for row in labels.tolist()])


@VOTE.wrong(
    "code_for_label",
    "teaching",
    "The place of the winner in the list of labels is returned instead of the label",
    "After `np.unique`, look the label up again: `values[counts.argmax()]`.",
    "به جای برچسب جای آن در فهرست برچسب‌ها برگردانده شده است",
    "پس از `np.unique` دوباره برچسب را بردارید: `values[counts.argmax()]`.",
)
def _code_for_label(labels: Array) -> Array:
    return np.searchsorted(np.unique(labels), right.majority_vote(labels))


@VOTE.wrong(
    "vote_over_queries",
    "teaching",
    "The queries vote instead of the neighbours",
    "One row holds the neighbours of one query: count along `axis=1`.",
    "به جای همسایه‌ها پرسش‌ها رأی داده‌اند",
    "هر سطر همسایه‌های یک پرسش است: در راستای `axis=1` بشمارید.",
)
def _vote_over_queries(labels: Array) -> Array:
    return right.majority_vote(labels.T)


NEIGHBORS = (DISTANCES, SMALLEST, VOTE)
