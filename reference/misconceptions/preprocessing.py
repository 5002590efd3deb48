"""Wrong preprocessing: centring, standardizing, whitening."""

from typing import Any

import numpy as np

from reference.data.preprocessing import Centering, Decorrelation, Standardization, Whitening
from reference.misconceptions.catalogue import Call, Component, call


def _two_sets(rng: np.random.Generator) -> list[Call]:
    scale = np.array([1.0, 3.0, 10.0, 0.5])
    train, test = scale * rng.normal(size=(12, 4)) + 2, scale * rng.normal(size=(6, 4)) + 1
    return [call(train, test)]


def _with_constant(rng: np.random.Generator) -> list[Call]:
    (train, test), first = _two_sets(rng)[0].args, rng.normal()
    constant = train.copy()
    constant[:, 1] = first
    return [call(train, test), call(constant, test)]


def _pixels(rng: np.random.Generator) -> list[Call]:
    train, test = rng.integers(0, 256, (2, 6, 5), dtype=np.uint8)
    return [*_two_sets(rng), call(train, test)]


def _fit_and_transform(kind: Any, made: Call) -> Any:
    train, test = made.args
    fitted = kind.fit(train, **made.kwargs)
    return fitted.transform(train), fitted.transform(test)


def _whitened(kind: Any, made: Call) -> Any:
    """Without the signs of principal components: those of the eigenvectors are arbitrary."""
    whitened = _fit_and_transform(kind, made)
    pca = made.kwargs.get("kind") == "pca"
    return tuple(np.abs(rows) for rows in whitened) if pca else whitened


STANDARDIZATION = Component("Standardization", Standardization, _with_constant, _fit_and_transform)
CENTERING = Component("Centering", Centering, _pixels, _fit_and_transform)
WHITENING = Component("Whitening", Whitening, _two_sets, _whitened)


@STANDARDIZATION.wrong(
    "test_statistics",
    "D35, s.176",
    "Each set is standardized by its own statistics",
    "Mean and standard deviation are learned from the training set and used for every set.",
    "هر مجموعه با آمارهٔ خودش استاندارد شده است",
    "میانگین و انحراف معیار از مجموعهٔ آموزش گرفته و برای همه به کار می‌روند.",
)
class _TestStatistics(Standardization):
    def transform(self, X: Any) -> Any:
        return Standardization.fit(X).transform(X)


@STANDARDIZATION.wrong(
    "axis_missing",
    "D35, s.176",
    "One mean and one deviation serve all features",
    "Each feature has its own: `np.mean(X, axis=0)`.",
    "یک میانگین و یک انحراف معیار برای همهٔ ویژگی‌ها به کار رفته است",
    "هر ویژگی مقدار خود را دارد: `np.mean(X, axis=0)`.",
)
class _AxisMissing(Standardization):
    @classmethod
    def fit(cls, train: Any) -> Any:
        shape = train.shape[1:]
        return cls(np.full(shape, np.mean(train)), np.full(shape, np.std(train)))


@STANDARDIZATION.wrong(
    "over_features",
    "D35",
    "The statistics are taken over the features of each example",
    "Standardize each feature over the examples: `axis=0`, not `axis=1`.",
    "آماره‌ها روی ویژگی‌های هر نمونه گرفته شده‌اند",
    "هر ویژگی را روی نمونه‌ها استاندارد کنید: `axis=0`، نه `axis=1`.",
)
class _OverFeatures(Standardization):
    def transform(self, X: Any) -> Any:
        return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)


@STANDARDIZATION.wrong(
    "constant_divided_by_zero",
    "D35, s.176",
    "A constant feature is divided by 0",
    "Where the standard deviation is 0, divide by 1 instead.",
    "ویژگی ثابت بر 0 تقسیم شده است",
    "جایی که انحراف معیار 0 است بر 1 تقسیم کنید.",
)
class _ConstantDividedByZero(Standardization):
    @classmethod
    def fit(cls, train: Any) -> Any:
        constant = np.ptp(train, axis=0) == 0
        return cls(train.mean(axis=0), np.where(constant, 0, train.std(axis=0)))


@STANDARDIZATION.wrong(
    "variance_for_std",
    "s.176",
    "It is divided by the variance",
    "Divide by the standard deviation `np.std`, the root of the variance.",
    "بر واریانس تقسیم شده است",
    "بر انحراف معیار `np.std`، جذر واریانس، تقسیم کنید.",
)
class _VarianceForStd(Standardization):
    @classmethod
    def fit(cls, train: Any) -> Any:
        right = Standardization.fit(train)
        return cls(right.mean, right.std**2)


@STANDARDIZATION.wrong(
    "ddof_1",
    "s.176",
    "The variance is divided by N - 1",
    "`np.std(X, axis=0)` divides by N.",
    "واریانس بر `N - 1` تقسیم شده است",
    "`np.std(X, axis=0)` بر N تقسیم می‌کند.",
)
class _Ddof1(Standardization):
    @classmethod
    def fit(cls, train: Any) -> Any:
        right, n = Standardization.fit(train), len(train)
        varies = np.ptp(train, axis=0) > 0
        return cls(right.mean, np.where(varies, right.std * np.sqrt(n / (n - 1)), 1))


@STANDARDIZATION.wrong(
    "not_centred",
    "s.176",
    "The mean is not subtracted",
    "Subtract the mean first, then divide by the standard deviation.",
    "میانگین کم نشده است",
    "نخست میانگین را کم کنید، سپس بر انحراف معیار تقسیم کنید.",
)
class _NotCentred(Standardization):
    def transform(self, X: Any) -> Any:
        return X / self.std


@STANDARDIZATION.wrong(
    "divided_first",
    "s.176",
    "It is divided before the mean is subtracted",
    "(X - mean) / std, not X / std - mean.",
    "پیش از کم کردن میانگین تقسیم شده است",
    "`(X - mean) / std`، نه `X / std - mean`.",
)
class _DividedFirst(Standardization):
    def transform(self, X: Any) -> Any:
        return X / self.std - self.mean


@CENTERING.wrong(
    "test_statistics",
    "D35, s.178",
    "Each set is centred by its own mean",
    "The mean is learned from the training set and subtracted from every set.",
    "هر مجموعه با میانگین خودش مرکزی شده است",
    "میانگین از مجموعهٔ آموزش گرفته و از همهٔ مجموعه‌ها کم می‌شود.",
)
class _CenteredByTest(Centering):
    def transform(self, X: Any) -> Any:
        return X - X.mean(axis=0)


@CENTERING.wrong(
    "one_mean",
    "D35, s.178",
    "One number is subtracted everywhere",
    "The mean image has one value for each pixel: `np.mean(X, axis=0)`.",
    "همه‌جا یک عدد کم شده است",
    "تصویر میانگین برای هر پیکسل یک مقدار دارد: `np.mean(X, axis=0)`.",
)
class _OneMean(Centering):
    def transform(self, X: Any) -> Any:
        return X - self.mean.mean()


@CENTERING.wrong(
    "integers_kept",
    "D35",
    "The mean is rounded to the pixels' integer dtype",
    "uint8 has no fractions and no negative numbers: convert with `X.astype(float)` first.",
    "میانگین به نوع صحیح پیکسل‌ها گرد شده است",
    "uint8 کسر و عدد منفی ندارد: نخست با `X.astype(float)` تبدیل کنید.",
)
class _IntegersKept(Centering):
    def transform(self, X: Any) -> Any:
        return X - self.mean.astype(X.dtype)


@WHITENING.wrong(
    "root_missing",
    "s.177",
    "It is divided by the variances instead of their roots",
    "Each component is divided by its standard deviation, sqrt(variance + eps).",
    "به جای جذر واریانس‌ها بر خود آن‌ها تقسیم شده است",
    "هر مؤلفه بر انحراف معیار خود تقسیم می‌شود: `sqrt(variance + eps)`.",
)
class _WhiteningRootMissing(Whitening):
    @classmethod
    def fit(cls, train: Any, *, kind: Any = "zca", eps: float = 1e-5) -> Any:
        pca = Decorrelation.fit(train)
        return cls(pca.mean, pca.components / (pca.variances + eps) @ pca.components.T)


@WHITENING.wrong(
    "not_rotated_back",
    "B25, s.177",
    "The components are not rotated back",
    "ZCA ends with U^T, so that a whitened image still looks like the image; PCA does not.",
    "مؤلفه‌ها به جای نخست چرخانده نشده‌اند",
    "ZCA با `U^T` پایان می‌یابد تا تصویر سفیدشده به تصویر بماند؛ PCA چنین نیست.",
)
class _NotRotatedBack(Whitening):
    @classmethod
    def fit(cls, train: Any, *, kind: Any = "zca", eps: float = 1e-5) -> Any:
        return Whitening.fit(train, kind="pca", eps=eps)


@WHITENING.wrong(
    "not_scaled",
    "s.177",
    "The components are not divided by their deviations",
    "Decorrelated is not white: the covariance must be the identity.",
    "مؤلفه‌ها بر انحراف معیارشان تقسیم نشده‌اند",
    "ناهمبسته بودن سفید بودن نیست: کوواریانس باید همانی باشد.",
)
class _NotScaled(Whitening):
    @classmethod
    def fit(cls, train: Any, *, kind: Any = "zca", eps: float = 1e-5) -> Any:
        pca = Decorrelation.fit(train)
        return cls(pca.mean, pca.components @ pca.components.T)


PREPROCESSING = (STANDARDIZATION, CENTERING, WHITENING)
