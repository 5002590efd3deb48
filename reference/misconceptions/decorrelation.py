"""Wrong centring of channels and wrong principal components."""

from typing import Any

import numpy as np

from reference.data.preprocessing import ChannelCentering, Decorrelation
from reference.misconceptions.catalogue import Call, Component, call


def _images(rng: np.random.Generator) -> list[Call]:
    channels = 3 * rng.normal(size=3)
    first, last = channels[:, None, None], channels
    train, test = rng.normal(size=(6, 3, 3, 3)) + first, rng.normal(size=(4, 3, 3, 3)) + first
    return [
        call(train, test),
        call(rng.normal(size=(6, 3, 3, 3)) + last, test, channel_axis=-1),
    ]


def _fit_and_transform(kind: Any, made: Call) -> Any:
    train, test = made.args
    fitted = kind.fit(train, **made.kwargs)
    return fitted.transform(train), fitted.transform(test)


CHANNELS = Component("ChannelCentering", ChannelCentering, _images, _fit_and_transform)


@CHANNELS.wrong(
    "one_mean_for_all",
    "D35, s.178",
    "One mean serves all channels",
    "Red, green and blue have a mean each: average over axes (0, 2, 3).",
    "یک میانگین برای همهٔ کانال‌ها به کار رفته است",
    "قرمز، سبز و آبی هر یک میانگین خود را دارند: روی محورهای (0, 2, 3) میانگین بگیرید.",
)
class _OneMeanForAll(ChannelCentering):
    @classmethod
    def fit(cls, train: Any, *, channel_axis: int = 1) -> Any:
        right = ChannelCentering.fit(train, channel_axis=channel_axis)
        return cls(np.full(right.mean.shape, train.mean()), right.channel_axis)


@CHANNELS.wrong(
    "channels_first_always",
    "B15, s.178",
    "Axis 1 is taken for the channels though they stand last",
    "With channel_axis=-1 the images are (N, H, W, C): average over axes (0, 1, 2).",
    "محور 1 کانال فرض شده با آن‌که کانال‌ها در آخرند",
    "با `channel_axis=-1` تصویرها (N, H, W, C) هستند: روی محورهای (0, 1, 2) میانگین بگیرید.",
)
class _ChannelsFirstAlways(ChannelCentering):
    @classmethod
    def fit(cls, train: Any, *, channel_axis: int = 1) -> Any:
        return ChannelCentering.fit(train)


@CHANNELS.wrong(
    "test_statistics",
    "D35, s.178",
    "Each set is centred by its own means",
    "The means are learned from the training set and used for every set.",
    "هر مجموعه با میانگین خودش مرکزی شده است",
    "میانگین‌ها از مجموعهٔ آموزش گرفته و برای همه به کار می‌روند.",
)
class _TestStatistics(ChannelCentering):
    def transform(self, X: Any) -> Any:
        own = ChannelCentering.fit(X, channel_axis=self.channel_axis)
        return ChannelCentering.transform(own, X)


@CHANNELS.wrong(
    "mean_image",
    "D35, s.178",
    "Every pixel has a mean of its own",
    "That is the mean image of AlexNet; here a channel has one number, 3 for colour images.",
    "هر پیکسل میانگین خود را دارد",
    "این تصویر میانگین AlexNet است؛ این‌جا هر کانال یک عدد دارد، 3 تا برای تصویر رنگی.",
)
class _MeanImage(ChannelCentering):
    @classmethod
    def fit(cls, train: Any, *, channel_axis: int = 1) -> Any:
        return cls(train.mean(axis=0), channel_axis)

    def transform(self, X: Any) -> Any:
        return X - self.mean


def _ellipsoids(rng: np.random.Generator) -> list[Call]:
    # Axes of clearly different length, turned at random, so that the order is no accident.
    turn, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    stretch = np.array([8.0, 4.0, 2.0, 1.0])[:, None] * turn
    train, test = rng.normal(size=(30, 4)) @ stretch + 3, rng.normal(size=(5, 4)) @ stretch + 2
    return [call(train, test), call(train, test, keep=2)]


def _components(kind: Any, made: Call) -> Any:
    """Return what does not depend on the signs of the eigenvectors, which are arbitrary."""
    train, test = made.args
    fitted = kind.fit(train, **made.kwargs)
    components = fitted.transform(test)
    return np.abs(components), fitted.variances, fitted.inverse(components)


DECORRELATION = Component("Decorrelation", Decorrelation, _ellipsoids, _components)


@DECORRELATION.wrong(
    "smallest_first",
    "s.177",
    "The directions of smallest variance come first",
    "`np.linalg.eigh` sorts upwards: turn the values and the columns round, largest first.",
    "جهت‌های با کمترین واریانس جلو آمده‌اند",
    "تابع `np.linalg.eigh` صعودی مرتب می‌کند: ترتیب مقدارها و ستون‌ها را وارونه کنید.",
)
class _SmallestFirst(Decorrelation):
    @classmethod
    def fit(cls, train: Any, *, keep: int | None = None) -> Any:
        full = Decorrelation.fit(train)
        return cls(full.mean, full.components[:, ::-1][:, :keep], full.variances[::-1][:keep])


@DECORRELATION.wrong(
    "not_centred",
    "D35, s.177",
    "The mean is not subtracted",
    "The covariance is about the mean: without it the first direction points at the mean.",
    "میانگین کم نشده است",
    "کوواریانس حول میانگین است: بدون آن جهت نخست به سوی میانگین می‌رود.",
)
class _NotCentred(Decorrelation):
    @classmethod
    def fit(cls, train: Any, *, keep: int | None = None) -> Any:
        mirrored = Decorrelation.fit(np.concatenate([train, -train]), keep=keep)
        return cls(np.zeros(train.shape[1]), mirrored.components, mirrored.variances)


@DECORRELATION.wrong(
    "rows_for_columns",
    "s.177",
    "The rows of U are taken for the eigenvectors",
    "`np.linalg.eigh` returns them as columns: X @ U, not X @ U.T.",
    "سطرهای U بردار ویژه فرض شده‌اند",
    "تابع `np.linalg.eigh` آن‌ها را در ستون‌ها برمی‌گرداند: `X @ U`، نه `X @ U.T`.",
)
class _RowsForColumns(Decorrelation):
    @classmethod
    def fit(cls, train: Any, *, keep: int | None = None) -> Any:
        full = Decorrelation.fit(train)
        return cls(full.mean, full.components.T[:, :keep], full.variances[:keep])


@DECORRELATION.wrong(
    "divided_by_deviations",
    "s.177",
    "The components are divided by their deviations",
    "That is whitening, the next step: decorrelated data keep their variances.",
    "مؤلفه‌ها بر انحراف معیارشان تقسیم شده‌اند",
    "این سفیدسازی یعنی گام بعد است: دادهٔ ناهمبسته واریانس‌هایش را نگه می‌دارد.",
)
class _DividedByDeviations(Decorrelation):
    def transform(self, X: Any) -> Any:
        return super().transform(X) / np.sqrt(self.variances)


@DECORRELATION.wrong(
    "ddof_1",
    "s.177",
    "The covariance is divided by N - 1",
    "It is X^T X / N with the centred X.",
    "کوواریانس بر `N - 1` تقسیم شده است",
    "کوواریانس `X^T X / N` با X مرکزی‌شده است.",
)
class _Ddof1(Decorrelation):
    @classmethod
    def fit(cls, train: Any, *, keep: int | None = None) -> Any:
        right = Decorrelation.fit(train, keep=keep)
        return cls(right.mean, right.components, right.variances * len(train) / (len(train) - 1))


@DECORRELATION.wrong(
    "mean_not_added_back",
    "s.177",
    "The mean is not added back when the data are restored",
    "inverse undoes transform: rotate back with U^T, then add the mean.",
    "هنگام بازسازی میانگین دوباره افزوده نشده است",
    "inverse کار transform را برمی‌گرداند: با `U^T` بچرخانید، سپس میانگین را بیفزایید.",
)
class _MeanNotAddedBack(Decorrelation):
    def inverse(self, components: Any) -> Any:
        return super().inverse(components) - self.mean


@DECORRELATION.wrong(
    "test_statistics",
    "D35, s.177",
    "Each set is turned to its own components",
    "Mean and directions are learned from the training set and used for every set.",
    "هر مجموعه با مؤلفه‌های خودش چرخانده شده است",
    "میانگین و جهت‌ها از مجموعهٔ آموزش گرفته و برای همه به کار می‌روند.",
)
class _OwnComponents(Decorrelation):
    def transform(self, X: Any) -> Any:
        own = Decorrelation.fit(X, keep=len(self.variances))
        return Decorrelation.transform(own, X)


CHANNELS_AND_COMPONENTS = (CHANNELS, DECORRELATION)
