"""The plane of t-SNE, its cost, and neighbours of codes: right, and known to go wrong."""

import numpy as np
from cnn_tsne import conditional_probabilities, joint_probabilities, squared_distances

from autograder.components import Component, wrong_version


def student_by(
    off=True, axis=None, weight=lambda d: 1 / (1 + d), share=True, apart=squared_distances
):
    def student_t(Y):
        weights = weight(apart(Y))
        if off:
            np.fill_diagonal(weights, 0)
        return weights / weights.sum(axis=axis, keepdims=True) if share else weights

    return student_t


student_t = student_by()


def planes(rng):
    return [(rng.normal(size=(5, 2)),), (2 * rng.normal(size=(4, 2)),)]


STUDENT_T = Component(
    "student_t",
    question="tsne",
    right=student_t,
    wrong=(
        wrong_version(
            "student_t.diagonal_kept",
            "The diagonal is kept",
            "A point with itself has 1 / (1 + 0) = 1: set the diagonal to 0 before the sum.",
            "قطر نگه داشته شده است",
            "نقطه با خودش `1 / (1 + 0) = 1` دارد: پیش از جمع قطر را 0 کنید.",
        )(student_by(off=False)),
        wrong_version(
            "student_t.rows_sum_to_1",
            "Each row sums to 1",
            "The sum below is over ALL pairs, so that the whole table sums to 1.",
            "جمع هر سطر 1 است",
            "مجموع مخرج روی همهٔ جفت‌هاست، پس جمع همهٔ جدول 1 است.",
        )(student_by(axis=1)),
        wrong_version(
            "student_t.gaussian",
            "The plane has a Gaussian",
            "Heavy tails give far points room: 1 / (1 + d).",
            "در صفحه تابع گاوسی آمده است",
            "دُم سنگین به نقطه‌های دور جا می‌دهد: `1 / (1 + d)`.",
        )(student_by(weight=lambda d: np.exp(-d))),
        wrong_version(
            "student_t.distance_not_squared",
            "The distance is not squared",
            "1 / (1 + |y_i - y_j|^2).",
            "فاصله به توان دو نرسیده است",
            "1 / (1 + |y_i - y_j|^2).",
        )(student_by(weight=lambda d: 1 / (1 + np.sqrt(d)))),
        wrong_version(
            "student_t.not_divided",
            "The weights are not divided by their sum",
            "Q is a distribution over all pairs: it sums to 1.",
            "وزن‌ها بر جمعشان تقسیم نشده‌اند",
            "Q توزیعی روی همهٔ جفت‌هاست: جمعش 1 است.",
        )(student_by(share=False)),
    ),
    probe=planes,
    builds_on=("squared_distances",),
    built=lambda squared_distances: student_by(apart=squared_distances),
)


def divergence(P, Q):
    some = P > 0
    return float(np.sum(P[some] * np.log(P[some] / Q[some])))


def cost_by(
    cost=divergence,
    factor=4.0,
    kernel=lambda d: 1 / (1 + d),
    difference=lambda P, Q: P - Q,
    plane=student_t,
):
    def tsne_cost(P, Y):
        Q = plane(Y)
        forces = difference(P, Q) * kernel(squared_distances(Y))
        return cost(P, Q), factor * (forces.sum(axis=1)[:, None] * Y - forces @ Y)

    return tsne_cost


tsne_cost = cost_by()


def reversed_divergence(P, Q):
    some = (P > 0) & (Q > 0)
    return float(np.sum(Q[some] * np.log(Q[some] / P[some])))


def nan_for_zero(P, Q):
    some = ~np.eye(len(P), dtype=bool)
    return np.nan if (P[some] == 0).any() else divergence(P, Q)


def joint_tables(rng, number=6):
    distances = squared_distances(rng.normal(size=(number, 4)))
    P = conditional_probabilities(distances, rng.uniform(0.2, 0.6, number))
    return joint_probabilities(P)


def tables_and_planes(rng):
    return [(joint_tables(rng), rng.normal(size=(6, 2))) for _ in range(2)]


def empty_pairs(rng):
    P = joint_tables(rng)
    P[0, 1] = P[1, 0] = 0
    return [(P / P.sum(), rng.normal(size=(6, 2)))]


COST = Component(
    "tsne_cost",
    question="tsne",
    right=tsne_cost,
    wrong=(
        wrong_version(
            "tsne_cost.divergence_reversed",
            "The divergence is that of P from Q",
            "The chances in code space come first: sum p ln(p / q).",
            "واگرایی، واگرایی P از Q است",
            "احتمال‌های فضای کدها جلوترند: `sum p ln(p / q)`.",
        )(cost_by(cost=reversed_divergence)),
        wrong_version(
            "tsne_cost.logarithm_of_base_2",
            "The logarithm has base 2",
            "The gradient belongs to the natural logarithm.",
            "لگاریتم در پایهٔ 2 است",
            "گرادیان به لگاریتم طبیعی مربوط است.",
        )(cost_by(cost=lambda P, Q: divergence(P, Q) / np.log(2))),
        wrong_version(
            "tsne_cost.zero_is_nan",
            "0 ln 0 is NaN",
            "Count it as 0: leave out the pairs with p = 0.",
            "0 ln 0 برابر NaN شده است",
            "آن را 0 بشمارید: جفت‌هایی را که `p = 0` دارند کنار بگذارید.",
        )(cost_by(cost=nan_for_zero)),
        wrong_version(
            "tsne_cost.factor_2",
            "The gradient has the factor 2",
            "Each pair stands twice in the sum: the factor is 4.",
            "ضریب گرادیان 2 است",
            "هر جفت دو بار در مجموع آمده است: ضریب 4 است.",
        )(cost_by(factor=2.0)),
        wrong_version(
            "tsne_cost.factor_1",
            "The factor 4 of the gradient is missing",
            "dcost / dy_i = 4 sum_j ...",
            "ضریب 4 گرادیان نیامده است",
            "dcost / dy_i = 4 sum_j ...",
        )(cost_by(factor=1.0)),
        wrong_version(
            "tsne_cost.sign",
            "The gradient has the wrong sign",
            "Points that should be nearer (p > q) pull: (p - q) (y_i - y_j).",
            "علامت گرادیان وارونه است",
            "نقطه‌هایی که باید نزدیک‌تر باشند `(p > q)` می‌کشند: `(p - q) (y_i - y_j)`.",
        )(cost_by(factor=-4.0)),
        wrong_version(
            "tsne_cost.kernel_missing",
            "The gradient is not divided by 1 + |y_i - y_j|^2",
            "That is SNE with a Gaussian; the Student t has this factor besides.",
            "گرادیان بر `1 + |y_i - y_j|^2` تقسیم نشده است",
            "این SNE با تابع گاوسی است؛ توزیع t این ضریب را هم دارد.",
        )(cost_by(kernel=np.ones_like)),
        wrong_version(
            "tsne_cost.attraction_only",
            "The gradient only pulls",
            "(p - q): q pushes points apart that are too near.",
            "گرادیان تنها می‌کشد",
            "`(p - q)`: q نقطه‌های بیش از حد نزدیک را دور می‌کند.",
        )(cost_by(difference=lambda P, Q: P)),
    ),
    probe=(tables_and_planes, empty_pairs),
    builds_on=("student_t",),
    built=lambda student_t: cost_by(plane=student_t),
)


def steps_by(sign=-1, inertia=True, fresh=True, more=0, late=False, cost=tsne_cost):
    def tsne_steps(P, Y, steps, learning_rate, momentum):
        V, slope = np.zeros(np.shape(Y)), None
        for _ in range(steps + more):
            slope = cost(P, Y)[1] if fresh or slope is None else slope
            after = momentum * V * inertia + sign * learning_rate * slope
            Y, V = Y + (V if late else after), after
        return Y

    return tsne_steps


tsne_steps = steps_by()


def descents(rng):
    return [(joint_tables(rng), rng.normal(size=(6, 2)), steps, 5.0, 0.6) for steps in (1, 2, 4)]


STEPS = Component(
    "tsne_steps",
    question="tsne",
    right=tsne_steps,
    wrong=(
        wrong_version(
            "tsne_steps.uphill",
            "The steps go uphill",
            "Subtract the gradient: V = momentum V - learning_rate gradient.",
            "گام‌ها رو به بالا می‌روند",
            "گرادیان را کم کنید: `V = momentum V - learning_rate gradient`.",
        )(steps_by(sign=1)),
        wrong_version(
            "tsne_steps.momentum_ignored",
            "The momentum is not used",
            "Keep V from step to step: it carries on with momentum V.",
            "تکانه به کار نرفته است",
            "V را از گامی به گام دیگر نگه دارید: با momentum V ادامه می‌یابد.",
        )(steps_by(inertia=False)),
        wrong_version(
            "tsne_steps.gradient_of_the_start",
            "Every step takes the gradient of the start",
            "Compute it anew in each step, where the points are by then.",
            "همهٔ گام‌ها گرادیان آغاز را می‌گیرند",
            "در هر گام آن را از نو حساب کنید، آن‌جا که نقطه‌ها هستند.",
        )(steps_by(fresh=False)),
        wrong_version(
            "tsne_steps.one_too_many",
            "There is one step too many",
            "`steps` steps, not one more.",
            "یک گام بیشتر رفته است",
            "`steps` گام، نه یکی بیشتر.",
        )(steps_by(more=1)),
        wrong_version(
            "tsne_steps.velocity_too_late",
            "The points move with the velocity of the step before",
            "First V, then Y = Y + V with the new V.",
            "نقطه‌ها با سرعت گام پیش حرکت می‌کنند",
            "نخست V، سپس `Y = Y + V` با V تازه.",
        )(steps_by(late=True)),
    ),
    probe=descents,
    builds_on=("tsne_cost",),
    built=lambda tsne_cost: steps_by(cost=tsne_cost),
)

# --- codes --------------------------------------------------------------------------------------


def neighbors_by(rectify=True, itself=False, sign=1):
    def code_neighbors(hidden, query, k):
        codes = np.maximum(hidden, 0) if rectify else np.asarray(hidden)
        distances = np.square(codes - codes[query]).sum(axis=1)
        order = np.argsort(sign * distances, kind="stable")
        return (order if itself else order[order != query])[:k].tolist()

    return code_neighbors


code_neighbors = neighbors_by()


def last_of_equals(hidden, query, k):
    codes = np.maximum(hidden, 0)
    distances = np.square(codes - codes[query]).sum(axis=1)
    order = len(codes) - 1 - np.argsort(distances[::-1], kind="stable")
    return order[order != query][:k].tolist()


def hidden_layers(rng):
    return [(rng.normal(size=(9, 4)) - 0.4, query, 4) for query in (3, 6)]


def equal_codes(rng):
    return [(rng.integers(-2, 2, (9, 2)).astype(float), query, 5) for query in (1, 4, 7)]


CODE_NEIGHBORS = Component(
    "code_neighbors",
    question="codes",
    right=code_neighbors,
    wrong=(
        wrong_version(
            "code_neighbors.relu_missing",
            "The codes are without the ReLU",
            "The next layer gets max(0, hidden): negative numbers say nothing to it.",
            "کدها بدون ReLU هستند",
            "لایهٔ بعد `max(0, hidden)` را می‌گیرد: عددهای منفی چیزی به آن نمی‌گویند.",
        )(neighbors_by(rectify=False)),
        wrong_version(
            "code_neighbors.itself",
            "The image is its own nearest neighbour",
            "Leave the query out.",
            "تصویر، نزدیک‌ترین همسایهٔ خودش است",
            "خود تصویر پرسش را کنار بگذارید.",
        )(neighbors_by(itself=True)),
        wrong_version(
            "code_neighbors.farthest",
            "The farthest images come back",
            "The nearest have the smallest distance.",
            "دورترین تصویرها برگردانده شده‌اند",
            "نزدیک‌ترین‌ها کم‌ترین فاصله را دارند.",
        )(neighbors_by(sign=-1)),
        wrong_version(
            "code_neighbors.last_of_equals",
            "Of equal distances the larger number comes first",
            'Sort stably: `np.argsort(distances, kind="stable")`.',
            "از فاصله‌های برابر، شمارهٔ بزرگ‌تر جلوتر آمده است",
            'پایدار مرتب کنید: `np.argsort(distances, kind="stable")`.',
        )(last_of_equals),
    ),
    probe=(hidden_layers, equal_codes),
)


def kept_by(itself=False, compare=lambda a, b, k: len(set(a) & set(b)) / k):
    def neighbors_kept(codes, places, k):
        orders = []
        for points in (codes, places):
            distances = squared_distances(points)
            if not itself:
                np.fill_diagonal(distances, np.inf)
            orders.append(np.argsort(distances, axis=1, kind="stable")[:, :k].tolist())
        return float(np.mean([compare(a, b, k) for a, b in zip(*orders, strict=True)]))

    return neighbors_kept


neighbors_kept = kept_by()


def embeddings(rng):
    codes = rng.normal(size=(9, 3))
    return [(codes, codes[:, :2], k) for k in (2, 3)]


NEIGHBORS_KEPT = Component(
    "neighbors_kept",
    question="codes",
    right=neighbors_kept,
    wrong=(
        wrong_version(
            "neighbors_kept.itself",
            "Each point counts as its own neighbour",
            "Its distance to itself is 0 on both sides: leave it out.",
            "هر نقطه همسایهٔ خودش شمرده شده است",
            "فاصله‌اش با خودش در هر دو سو 0 است: آن را کنار بگذارید.",
        )(kept_by(itself=True)),
        wrong_version(
            "neighbors_kept.same_rank",
            "A neighbour counts only at the same rank",
            "It is kept if it is among the k nearest, wherever: compare as sets.",
            "همسایه تنها در رتبهٔ یکسان شمرده شده است",
            "همسایه‌ای مانده است که میان k نزدیک‌ترین باشد، در هر رتبه: مجموعه‌ها را مقایسه کنید.",
        )(kept_by(compare=lambda a, b, k: np.mean(np.equal(a, b)))),
        wrong_version(
            "neighbors_kept.all_or_nothing",
            "A point counts only if all its neighbours are kept",
            "Take the share of each point, and then the mean.",
            "نقطه تنها وقتی شمرده شده که همهٔ همسایه‌هایش مانده باشند",
            "سهم هر نقطه را بگیرید و سپس میانگین را.",
        )(kept_by(compare=lambda a, b, k: float(set(a) == set(b)))),
        wrong_version(
            "neighbors_kept.counted",
            "The number of neighbours is not divided by k",
            "A share from 0 to 1.",
            "شمار همسایه‌ها بر k تقسیم نشده است",
            "سهمی از 0 تا 1.",
        )(kept_by(compare=lambda a, b, k: len(set(a) & set(b)))),
    ),
    probe=embeddings,
)

EMBEDDING = [STUDENT_T, COST, STEPS, CODE_NEIGHBORS, NEIGHBORS_KEPT]
