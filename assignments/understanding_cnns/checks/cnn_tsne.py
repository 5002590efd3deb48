"""The probabilities of t-SNE: what is right, and what is known to go wrong."""

import numpy as np

from autograder.components import Component, wrong_version


def squared_distances(X):
    return np.square(np.asarray(X)[:, None] - np.asarray(X)[None]).sum(axis=2)


def by_products(X):
    squares = np.square(X).sum(axis=1)
    return squares[:, None] + squares[None] - 2 * X @ X.T


def points(rng):
    return [(rng.normal(size=(6, 4)),)]


def far_points(rng):
    return [(rng.normal(size=(6, 4)) + 1e6,)]


DISTANCES = Component(
    "squared_distances",
    question="tsne",
    right=squared_distances,
    wrong=(
        wrong_version(
            "squared_distances.rooted",
            "The root is taken",
            "The Gaussian needs the squared distance.",
            "جذر گرفته شده است",
            "تابع گاوسی فاصلهٔ مربع را می‌خواهد.",
        )(lambda X: np.sqrt(squared_distances(X))),
        wrong_version(
            "squared_distances.l1",
            "The absolute differences are added up",
            "Square the differences: the L2 distance.",
            "قدرمطلق تفاضل‌ها جمع شده است",
            "تفاضل‌ها را به توان دو برسانید: فاصلهٔ L2.",
        )(lambda X: np.abs(X[:, None] - X[None]).sum(axis=2)),
        wrong_version(
            "squared_distances.rounding_shows",
            "Rounding leaves a diagonal that is not 0, or a negative distance",
            "|a|^2 + |b|^2 - 2 a.b cancels: clip at 0 and zero the diagonal, or subtract first.",
            "خطای گرد کردن قطر را ناصفر یا فاصله‌ای را منفی کرده است",
            "در `|a|^2 + |b|^2 - 2 a.b` رقم‌ها حذف می‌شوند: در 0 ببُرید و قطر را 0 کنید، یا نخست "
            "تفاضل بگیرید.",
        )(by_products),
    ),
    probe=(points, far_points),
)


def conditional(off=True, axis=1, shift=True, exponent=lambda betas: betas[:, None]):
    def conditional_probabilities(distances, betas):
        exponents = -exponent(np.asarray(betas, float)) * distances
        if off:
            np.fill_diagonal(exponents, -np.inf)
        if shift:
            exponents = exponents - exponents.max(axis=axis, keepdims=True)
        with np.errstate(all="ignore"):
            weights = np.exp(exponents)
            return weights / weights.sum(axis=axis, keepdims=True)

    return conditional_probabilities


conditional_probabilities = conditional()


def distances_and_betas(rng):
    return [(squared_distances(rng.normal(size=(5, 3))), rng.uniform(0.3, 2, 5))]


def huge_distances(rng):
    return [(1e4 * (1 + squared_distances(rng.normal(size=(5, 3)))), rng.uniform(0.3, 2, 5))]


CONDITIONAL = Component(
    "conditional_probabilities",
    question="tsne",
    right=conditional_probabilities,
    wrong=(
        wrong_version(
            "conditional_probabilities.diagonal_kept",
            "A point is its own neighbour",
            "p_{i|i} = 0, and the sum below leaves k = i out.",
            "نقطه همسایهٔ خودش است",
            "`p_{i|i} = 0` و مجموع مخرج `k = i` را کنار می‌گذارد.",
        )(conditional(off=False)),
        wrong_version(
            "conditional_probabilities.columns_sum_to_1",
            "The columns sum to 1, not the rows",
            "Row i has the chances that point i gives to the others: sum over axis 1.",
            "جمع ستون‌ها 1 است، نه جمع سطرها",
            "سطر i احتمال‌هایی است که نقطهٔ i به بقیه می‌دهد: روی محور 1 جمع بزنید.",
        )(conditional(axis=0)),
        wrong_version(
            "conditional_probabilities.betas_along_the_columns",
            "Each column has a beta, not each row",
            "beta_i belongs to point i and so to row i: betas[:, None].",
            "هر ستون یک beta دارد، نه هر سطر",
            "`beta_i` از آنِ نقطهٔ i و پس سطر i است: `betas[:, None]`.",
        )(conditional(exponent=lambda betas: betas[None])),
        wrong_version(
            "conditional_probabilities.beta_as_sigma",
            "beta is taken for the width sigma",
            "beta = 1 / (2 sigma^2) already: exp(-beta d).",
            "beta به جای پهنا (sigma) گرفته شده است",
            "خودِ beta برابر `1 / (2 sigma^2)` است: `exp(-beta d)`.",
        )(conditional(exponent=lambda betas: 1 / (2 * betas[:, None] ** 2))),
        wrong_version(
            "conditional_probabilities.underflow",
            "Large distances make 0 / 0",
            "Subtract the smallest beta d of the row first: the factor cancels.",
            "فاصله‌های بزرگ `0 / 0` می‌سازند",
            "نخست کوچک‌ترین beta d سطر را کم کنید: این ضریب ساده می‌شود.",
        )(conditional(shift=False)),
    ),
    probe=(distances_and_betas, huge_distances),
)


def perplexity_by(log=np.log2, base=2.0, axis=1, zero=0.0):
    def perplexity(P):
        P = np.asarray(P, float)
        terms = np.where(P > 0, P * log(np.where(P > 0, P, 1)), zero)
        return base ** -terms.sum(axis=axis)

    return perplexity


perplexity = perplexity_by()


def full_tables(rng):
    P = rng.random((5, 5)) + 0.05
    return [(P / P.sum(axis=1, keepdims=True),)]


def tables_with_zeros(rng):
    P = rng.random((5, 5)) * (1 - np.eye(5))
    return [(P / P.sum(axis=1, keepdims=True),)]


PERPLEXITY = Component(
    "perplexity",
    question="tsne",
    right=perplexity,
    wrong=(
        wrong_version(
            "perplexity.natural_log_with_2",
            "2 is raised to an entropy in natural logarithms",
            "Both belong together: 2^(H in bits), or e^(H with ln).",
            "2 به توان آنتروپی با لگاریتم طبیعی رسیده است",
            "هر دو باید جور باشند: 2^(H بر حسب بیت) یا e^(H با ln).",
        )(perplexity_by(log=np.log)),
        wrong_version(
            "perplexity.e_with_bits",
            "e is raised to an entropy in bits",
            "Both belong together: 2^(H in bits), or e^(H with ln).",
            "e به توان آنتروپی بر حسب بیت رسیده است",
            "هر دو باید جور باشند: 2^(H بر حسب بیت) یا e^(H با ln).",
        )(perplexity_by(base=np.e)),
        wrong_version(
            "perplexity.entropy",
            "The entropy comes back",
            "The perplexity is 2^H: about the number of neighbours.",
            "آنتروپی برگردانده شده است",
            "سرگشتگی `2^H` است: تقریباً شمار همسایه‌ها.",
        )(lambda P: np.log2(perplexity(P))),
        wrong_version(
            "perplexity.of_columns",
            "The sum runs over the columns",
            "A row is one distribution: sum over axis 1.",
            "جمع روی ستون‌ها گرفته شده است",
            "هر سطر یک توزیع است: روی محور 1 جمع بزنید.",
        )(perplexity_by(axis=0)),
        wrong_version(
            "perplexity.zero_is_nan",
            "0 log 0 is NaN",
            "Count it as 0: the diagonal has chance 0.",
            "0 log 0 برابر NaN شده است",
            "آن را 0 بشمارید: احتمال قطر 0 است.",
        )(perplexity_by(zero=np.nan)),
    ),
    probe=(full_tables, tables_with_zeros),
)


def calibrated_by(measure=perplexity, rounds=100, shared=False, chances=conditional_probabilities):
    def calibrated_probabilities(distances, goal):
        number = len(distances)
        low, high, betas = np.zeros(number), np.full(number, np.inf), np.ones(number)
        for _ in range(rounds):
            P = chances(distances, betas)
            wide = measure(P) > goal
            wide = np.full(number, np.mean(measure(P)) > goal) if shared else wide
            low, high = np.where(wide, betas, low), np.where(wide, high, betas)
            ends = np.where(np.isinf(high), 0, high)
            betas = np.where(np.isinf(high), 2 * betas, (low + ends) / 2)
        return P

    return calibrated_probabilities


calibrated_probabilities = calibrated_by()


def calibrated_on(conditional_probabilities, perplexity):
    return calibrated_by(measure=perplexity, chances=conditional_probabilities)


def codes_to_calibrate(rng):
    X = rng.normal(size=(8, 3)) * rng.uniform(0.5, 3, 8)[:, None]
    return [(squared_distances(X), goal) for goal in (2.5, 3.0)]


CALIBRATED = Component(
    "calibrated_probabilities",
    question="tsne",
    right=calibrated_probabilities,
    wrong=(
        wrong_version(
            "calibrated_probabilities.entropy_is_the_goal",
            "The entropy is brought to the goal",
            "The goal is for 2^H: H has to be log2(goal).",
            "آنتروپی به هدف رسانده شده است",
            "هدف برای `2^H` است: H باید `log2(goal)` باشد.",
        )(calibrated_by(measure=lambda P: np.log2(perplexity(P)))),
        wrong_version(
            "calibrated_probabilities.logarithms_mixed",
            "An entropy in natural logarithms is compared with log2 of the goal",
            "2^H with H in bits, or e^H with ln: not one of each.",
            "آنتروپی با لگاریتم طبیعی با log2 هدف مقایسه شده است",
            "`2^H` با H بر حسب بیت یا `e^H` با ln: نه یکی از هر کدام.",
        )(calibrated_by(measure=perplexity_by(log=np.log))),
        wrong_version(
            "calibrated_probabilities.one_beta_for_all",
            "All points share one beta",
            "Points in a crowd need a larger beta: search for each row.",
            "همهٔ نقطه‌ها یک beta مشترک دارند",
            "نقطه‌های شلوغ beta بزرگ‌تری می‌خواهند: برای هر سطر جست‌وجو کنید.",
        )(calibrated_by(shared=True)),
        wrong_version(
            "calibrated_probabilities.too_few_halvings",
            "The bisection ends too early",
            "Go on until the perplexity is within 1e-6 of the goal.",
            "نصف کردن زود تمام شده است",
            "ادامه دهید تا فاصلهٔ سرگشتگی از هدف کمتر از 1e-6 شود.",
        )(calibrated_by(rounds=8)),
    ),
    probe=codes_to_calibrate,
    builds_on=("conditional_probabilities", "perplexity"),
    built=calibrated_on,
)


def joint_probabilities(P):
    return (np.asarray(P) + np.transpose(P)) / (2 * len(P))


def conditional_tables(rng):
    return [(conditional_probabilities(*distances_and_betas(rng)[0]),) for _ in range(2)]


JOINT = Component(
    "joint_probabilities",
    question="tsne",
    right=joint_probabilities,
    wrong=(
        wrong_version(
            "joint_probabilities.not_symmetric",
            "P is not made symmetric",
            "Add the transpose: p_ij = (p_{j|i} + p_{i|j}) / (2 N).",
            "P متقارن نشده است",
            "ترانهاده را بیفزایید: `p_ij = (p_{j|i} + p_{i|j}) / (2 N)`.",
        )(lambda P: P / len(P)),
        wrong_version(
            "joint_probabilities.sums_to_n",
            "The joint probabilities sum to N",
            "N rows that sum to 1 each: divide by 2 N.",
            "جمع احتمال‌های توأم N است",
            "N سطر هر یک با جمع 1: بر 2 N تقسیم کنید.",
        )(lambda P: (P + P.T) / 2),
        wrong_version(
            "joint_probabilities.sums_to_2",
            "The joint probabilities sum to 2",
            "P and its transpose sum to N each: divide by 2 N.",
            "جمع احتمال‌های توأم 2 است",
            "جمع P و ترانهاده‌اش هر یک N است: بر 2 N تقسیم کنید.",
        )(lambda P: (P + P.T) / len(P)),
    ),
    probe=conditional_tables,
)

PROBABILITIES = [DISTANCES, CONDITIONAL, PERPLEXITY, CALIBRATED, JOINT]
