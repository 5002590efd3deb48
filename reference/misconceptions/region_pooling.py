"""Wrong pooling over regions: adaptive average, adaptive max and fractional max pooling."""

from typing import Any

import numpy as np

from reference import layers as right
from reference.layers.adaptive_pooling import AdaptiveAverageCache, AdaptiveMaxCache
from reference.layers.fractional_pooling import FractionalPoolCache, fractional_spans
from reference.layers.regions import Spans, max_over_regions
from reference.misconceptions.catalogue import Array, Call, Component, call, output


def _maps(rng: np.random.Generator) -> list[Call]:
    # 7 to 3 and 8 to 5 leave fractions, so neighbouring regions overlap.
    return [call(rng.normal(size=(2, 3, 7, 8)), (3, 5)), call(rng.normal(size=(2, 3, 6, 6)), 2)]


def _average_upstream(rng: np.random.Generator) -> list[Call]:
    made = (right.adaptive_average_pool2d_forward(*each.args) for each in _maps(rng))
    return [call(rng.normal(size=out.shape), cache) for out, cache in made]


def _max_upstream(rng: np.random.Generator) -> list[Call]:
    # Small integers make ties, and a pixel that wins in two regions.
    x = rng.integers(0, 3, (2, 3, 7, 8)).astype(float)
    out, cache = right.adaptive_max_pool2d_forward(x, (3, 5))
    return [call(rng.normal(size=out.shape), cache)]


AVERAGE = Component(
    "adaptive_average_pool2d_forward", right.adaptive_average_pool2d_forward, _maps, output
)
AVERAGE_BACKWARD = Component(
    "adaptive_average_pool2d_backward", right.adaptive_average_pool2d_backward, _average_upstream
)
MAX = Component("adaptive_max_pool2d_forward", right.adaptive_max_pool2d_forward, _maps, output)
MAX_BACKWARD = Component(
    "adaptive_max_pool2d_backward", right.adaptive_max_pool2d_backward, _max_upstream
)


def _pair(out_size: Any) -> tuple[int, int]:
    return (out_size, out_size) if isinstance(out_size, int) else out_size


def _equal_spans(size: int, places: int) -> Spans:
    """Regions of floor(W / OW) pixels one after the other; the last pixels belong to none."""
    starts = np.arange(places) * (size // places)
    return Spans(starts, starts + size // places)


def _disjoint_spans(size: int, places: int) -> Spans:
    """Regions whose ends are rounded down as their starts are, so that none overlap."""
    cuts = np.arange(places + 1) * size // places
    return Spans(cuts[:-1], cuts[1:])


def _means(x: Array, rows: Spans, columns: Spans) -> Array:
    over_rows = np.stack(
        [x[:, :, a:b].mean(axis=2) for a, b in zip(rows.starts, rows.ends, strict=True)], axis=2
    )
    return np.stack(
        [
            over_rows[..., a:b].mean(axis=3)
            for a, b in zip(columns.starts, columns.ends, strict=True)
        ],
        axis=3,
    )


@AVERAGE.wrong(
    "equal_regions",
    "teaching",
    "All regions have floor(H / OH) rows and the last pixels are left out",
    "Region i runs from floor(i H / OH) to ceil((i + 1) H / OH), so every pixel counts.",
    "همهٔ ناحیه‌ها `floor(H / OH)` سطر دارند و آخرین پیکسل‌ها جا مانده‌اند",
    "ناحیهٔ i از `floor(i H / OH)` تا `ceil((i + 1) H / OH)` است تا هر پیکسل به حساب آید.",
)
def _average_equal_regions(x: Array, out_size: Any) -> Array:
    height, width = _pair(out_size)
    return _means(x, _equal_spans(x.shape[2], height), _equal_spans(x.shape[3], width)), None


@AVERAGE.wrong(
    "end_rounded_down",
    "teaching",
    "The end of a region is rounded down instead of up",
    "Region i ends before ceil((i + 1) H / OH): where OH does not divide H regions overlap.",
    "پایان ناحیه به جای بالا رو به پایین گرد شده است",
    "ناحیهٔ i پیش از `ceil((i + 1) H / OH)` پایان می‌یابد: اگر H بر OH بخش‌پذیر نباشد "
    "ناحیه‌ها هم‌پوشانی دارند.",
)
def _average_end_rounded_down(x: Array, out_size: Any) -> Array:
    height, width = _pair(out_size)
    rows, columns = _disjoint_spans(x.shape[2], height), _disjoint_spans(x.shape[3], width)
    return _means(x, rows, columns), None


@AVERAGE.wrong(
    "size_as_kernel",
    "D70",
    "The output size is taken for the size of the window",
    "out_size says how many regions there are, not how many pixels a region has.",
    "اندازهٔ خروجی اندازهٔ پنجره فرض شده است",
    "out_size شمار ناحیه‌هاست، نه شمار پیکسل‌های یک ناحیه.",
)
def _average_size_as_kernel(x: Array, out_size: Any) -> Array:
    return right.average_pool2d_forward(x, out_size, rounding="floor")


@AVERAGE_BACKWARD.wrong(
    "not_divided",
    "teaching",
    "Every pixel gets the region's whole gradient",
    "Each of the k pixels of a region made 1/k of its mean and gets 1/k of dout.",
    "هر پیکسل همهٔ گرادیان ناحیه را گرفته است",
    "هر یک از k پیکسل ناحیه `1/k` میانگین را ساخته و `1/k` از dout را می‌گیرد.",
)
def _average_not_divided(dout: Array, cache: AdaptiveAverageCache) -> Array:
    return (cache.rows > 0).T.astype(float) @ dout @ (cache.columns > 0).astype(float)


@AVERAGE_BACKWARD.wrong(
    "overlap_overwritten",
    "D21",
    "Where regions overlap the last one overwrites the others",
    "A pixel that lies in several regions gets the sum: `+=`.",
    "جایی که ناحیه‌ها هم‌پوشانی دارند آخری بقیه را بازنویسی کرده است",
    "پیکسلی که در چند ناحیه است جمع را می‌گیرد: `+=`.",
)
def _average_overlap_overwritten(dout: Array, cache: AdaptiveAverageCache) -> Array:
    rows, columns = cache.rows, cache.columns
    dx = np.zeros((*dout.shape[:2], rows.shape[1], columns.shape[1]))
    for p, row in enumerate(rows):
        for q, column in enumerate(columns):
            inside = np.outer(row, column)
            dx[:, :, inside > 0] = dout[:, :, p, q, None] * inside[inside > 0]
    return dx


@MAX.wrong(
    "equal_regions",
    "teaching",
    "All regions have floor(H / OH) rows and the last pixels are left out",
    "Region i runs from floor(i H / OH) to ceil((i + 1) H / OH), so every pixel counts.",
    "همهٔ ناحیه‌ها `floor(H / OH)` سطر دارند و آخرین پیکسل‌ها جا مانده‌اند",
    "ناحیهٔ i از `floor(i H / OH)` تا `ceil((i + 1) H / OH)` است تا هر پیکسل به حساب آید.",
)
def _max_equal_regions(x: Array, out_size: Any) -> Array:
    height, width = _pair(out_size)
    rows, columns = _equal_spans(x.shape[2], height), _equal_spans(x.shape[3], width)
    return max_over_regions(x, rows, columns)


@MAX.wrong(
    "end_rounded_down",
    "teaching",
    "The end of a region is rounded down instead of up",
    "Region i ends before ceil((i + 1) H / OH): where OH does not divide H regions overlap.",
    "پایان ناحیه به جای بالا رو به پایین گرد شده است",
    "ناحیهٔ i پیش از `ceil((i + 1) H / OH)` پایان می‌یابد: اگر H بر OH بخش‌پذیر نباشد "
    "ناحیه‌ها هم‌پوشانی دارند.",
)
def _max_end_rounded_down(x: Array, out_size: Any) -> Array:
    height, width = _pair(out_size)
    rows, columns = _disjoint_spans(x.shape[2], height), _disjoint_spans(x.shape[3], width)
    return max_over_regions(x, rows, columns)


@MAX.wrong(
    "average",
    "teaching",
    "The mean of each region is taken",
    "Max pooling takes the largest value of the region.",
    "میانگین هر ناحیه گرفته شده است",
    "ادغام بیشینه بزرگ‌ترین مقدار ناحیه را می‌گیرد.",
)
def _max_average(x: Array, out_size: Any) -> Array:
    return right.adaptive_average_pool2d_forward(x, out_size)


def _routed_last(dout: Array, winners: Array, image_size: tuple[int, int]) -> Array:
    """Write each region's gradient at its winner, over what stands there."""
    dx = np.zeros((*dout.shape[:2], image_size[0] * image_size[1]))
    flat = winners.reshape(*dout.shape[:2], -1)
    np.put_along_axis(dx, flat, dout.reshape(flat.shape), axis=2)
    return dx.reshape(*dout.shape[:2], *image_size)


@MAX_BACKWARD.wrong(
    "overlap_overwritten",
    "D21",
    "A pixel that wins in several regions keeps only the last gradient",
    "It gets the sum: `dx[winner] += dout` for each region, as `np.add.at` does.",
    "پیکسلی که در چند ناحیه برنده است فقط آخرین گرادیان را نگه داشته است",
    "جمع را می‌گیرد: `dx[winner] += dout` برای هر ناحیه، چنان‌که `np.add.at` می‌کند.",
)
def _max_overlap_overwritten(dout: Array, cache: AdaptiveMaxCache) -> Array:
    return _routed_last(dout, cache.winners, cache.image_size)


@MAX_BACKWARD.wrong(
    "shared_equally",
    "D71",
    "The gradient is shared equally within the region",
    "That is average pooling; here only the winner gets dout.",
    "گرادیان در ناحیه به‌تساوی پخش شده است",
    "این ادغام میانگین است؛ این‌جا فقط برنده dout می‌گیرد.",
)
def _max_shared_equally(dout: Array, cache: AdaptiveMaxCache) -> Array:
    zeros = np.zeros((*dout.shape[:2], *cache.image_size))
    _, averaging = right.adaptive_average_pool2d_forward(zeros, (dout.shape[2], dout.shape[3]))
    return right.adaptive_average_pool2d_backward(dout, averaging)


def _fractional(rng: np.random.Generator) -> list[Call]:
    seed = int(rng.integers(2**32))
    x = rng.normal(size=(2, 2, 12, 12))
    return [
        call(x, (8, 9), rng=np.random.default_rng(seed)),
        call(x, 7, rng=np.random.default_rng(seed), pseudorandom=False, overlapping=True),
    ]


def _fractional_upstream(rng: np.random.Generator) -> list[Call]:
    x = rng.normal(size=(2, 2, 12, 12))
    out, cache = right.fractional_max_pool2d_forward(x, 7, rng=rng, overlapping=True)
    return [call(rng.normal(size=out.shape), cache)]


FRACTIONAL = Component(
    "fractional_max_pool2d_forward", right.fractional_max_pool2d_forward, _fractional, output
)
FRACTIONAL_BACKWARD = Component(
    "fractional_max_pool2d_backward", right.fractional_max_pool2d_backward, _fractional_upstream
)


@FRACTIONAL.wrong(
    "overlap_swapped",
    "teaching",
    "Disjoint regions overlap, and overlapping ones do not",
    "Only with overlapping=True does a region take the next one's first row and column.",
    "ناحیه‌های جدا هم‌پوشانی دارند و هم‌پوشان‌ها ندارند",
    "فقط با `overlapping=True` ناحیه سطر و ستون نخست ناحیهٔ بعد را هم می‌گیرد.",
)
def _overlap_swapped(
    x: Array,
    out_size: Any,
    *,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> Array:
    return right.fractional_max_pool2d_forward(
        x, out_size, rng=rng, pseudorandom=pseudorandom, overlapping=not overlapping
    )


@FRACTIONAL.wrong(
    "fixed_grid",
    "teaching",
    "The grid is the same each time: nothing is drawn",
    "Each call draws its regions from `rng`; a fixed grid is adaptive pooling.",
    "شبکه هر بار همان است و چیزی کشیده نمی‌شود",
    "هر فراخوانی ناحیه‌ها را از `rng` می‌کشد؛ شبکهٔ ثابت ادغام تطبیقی است.",
)
def _fixed_grid(
    x: Array,
    out_size: Any,
    *,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> Array:
    return right.adaptive_max_pool2d_forward(x, out_size)


@FRACTIONAL.wrong(
    "grid_for_each_image",
    "teaching",
    "Every image of the batch has a grid of its own",
    "One grid is drawn for the whole batch.",
    "هر تصویرِ دسته شبکهٔ خود را دارد",
    "برای همهٔ دسته یک شبکه کشیده می‌شود.",
)
def _grid_for_each_image(
    x: Array,
    out_size: Any,
    *,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> Array:
    pooled = [
        right.fractional_max_pool2d_forward(
            image[None], out_size, rng=rng, pseudorandom=pseudorandom, overlapping=overlapping
        )[0]
        for image in x
    ]
    return np.concatenate(pooled), None


@FRACTIONAL_BACKWARD.wrong(
    "new_grid",
    "D51",
    "The backward pass uses a new grid",
    "The winners of the forward pass are kept: only they get the gradient.",
    "گذر پس‌رو شبکه‌ای تازه به کار برده است",
    "برنده‌های گذر پیش‌رو نگه داشته می‌شوند: فقط آن‌ها گرادیان می‌گیرند.",
)
def _new_grid(dout: Array, cache: FractionalPoolCache) -> Array:
    rng = np.random.default_rng(0)
    rows, columns = (
        fractional_spans(size, places, rng=rng)
        for size, places in zip(cache.image_size, dout.shape[2:], strict=True)
    )
    dx = np.zeros((*dout.shape[:2], *cache.image_size))
    dx[:, :, rows.starts[:, None], columns.starts] = dout
    return dx


@FRACTIONAL_BACKWARD.wrong(
    "overlap_overwritten",
    "D21",
    "A pixel that wins in several regions keeps only the last gradient",
    "It gets the sum: `dx[winner] += dout` for each region, as `np.add.at` does.",
    "پیکسلی که در چند ناحیه برنده است فقط آخرین گرادیان را نگه داشته است",
    "جمع را می‌گیرد: `dx[winner] += dout` برای هر ناحیه، چنان‌که `np.add.at` می‌کند.",
)
def _fractional_overlap_overwritten(dout: Array, cache: FractionalPoolCache) -> Array:
    return _routed_last(dout, cache.winners, cache.image_size)


def _averaged(rng: np.random.Generator) -> list[Call]:
    # Shuffled cuts: the pseudorandom ones of two grids are often the same.
    (*_, made) = _fractional(rng)
    return [call(*made.args, grids=3, **made.kwargs)]


FRACTIONAL_AVERAGE = Component(
    "fractional_max_pool2d_average", right.fractional_max_pool2d_average, _averaged
)


def _pooled(x: Array, out_size: Any, grids: int, **settings: Any) -> list[Array]:
    return [right.fractional_max_pool2d_forward(x, out_size, **settings)[0] for _ in range(grids)]


@FRACTIONAL_AVERAGE.wrong(
    "one_grid",
    "teaching",
    "Only one grid is drawn, whatever `grids` is",
    "When testing, average the outputs of several grids.",
    "هر چه `grids` باشد فقط یک شبکه کشیده شده است",
    "هنگام آزمون خروجی چند شبکه را میانگین بگیرید.",
)
def _one_grid(
    x: Array,
    out_size: Any,
    *,
    grids: int,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> Array:
    return _pooled(x, out_size, 1, rng=rng, pseudorandom=pseudorandom, overlapping=overlapping)[0]


@FRACTIONAL_AVERAGE.wrong(
    "summed",
    "D8",
    "The outputs are summed instead of averaged",
    "Divide the sum by the number of grids.",
    "خروجی‌ها به جای میانگین جمع شده‌اند",
    "جمع را بر شمار شبکه‌ها تقسیم کنید.",
)
def _summed(
    x: Array,
    out_size: Any,
    *,
    grids: int,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> Array:
    pools = _pooled(x, out_size, grids, rng=rng, pseudorandom=pseudorandom, overlapping=overlapping)
    return np.sum(pools, axis=0)


@FRACTIONAL_AVERAGE.wrong(
    "maximum_of_the_grids",
    "teaching",
    "The maximum over the grids is taken instead of the mean",
    "Each grid takes maxima; over the grids it is the mean.",
    "به جای میانگین، بیشینهٔ شبکه‌ها گرفته شده است",
    "هر شبکه بیشینه می‌گیرد؛ روی شبکه‌ها میانگین است.",
)
def _maximum_of_the_grids(
    x: Array,
    out_size: Any,
    *,
    grids: int,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> Array:
    pools = _pooled(x, out_size, grids, rng=rng, pseudorandom=pseudorandom, overlapping=overlapping)
    return np.max(pools, axis=0)


ADAPTIVE_POOLING = (AVERAGE, AVERAGE_BACKWARD, MAX, MAX_BACKWARD)
FRACTIONAL_POOLING = (FRACTIONAL, FRACTIONAL_BACKWARD, FRACTIONAL_AVERAGE)
