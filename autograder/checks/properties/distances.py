"""Properties of distances between two sets of points (slides s.19-23)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, own, turned, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import neighbor_sets

__all__ = [
    "different_points_are_apart",
    "distance_to_itself_is_0",
    "distances_are_symmetric",
    "distances_ignore_a_common_shift",
    "distances_ignore_the_order_of_features",
    "distances_move_with_the_points",
    "distances_of_bytes_are_those_of_floats",
    "distances_scale_with_the_points",
    "each_distance_is_of_its_pair_alone",
    "l1_distances_add_over_the_features",
    "l2_distances_ignore_a_rotation",
    "l2_lies_between_l1_and_its_share",
    "l2_squares_add_over_the_features",
    "no_way_round_is_shorter",
]

DISTANCES = "distances(A (M, D), B (N, D)) -> (M, N), of either metric"
L1 = "l1_distances(A (M, D), B (N, D)) -> (M, N)"
L2 = "l2_distances(A (M, D), B (N, D)) -> (M, N)"
WHAT = "the distances"
NEAR_ZERO = 1e-2
"""`|a|^2 - 2 a.b + |b|^2` in float32 is off by some 1e-4, and its root by 1e-2."""


def _two_sets() -> Cases:
    # Whole numbers: their squares are exact in every float type.
    return neighbor_sets().map(lambda drawn: (drawn.X_test, drawn.X_train))


def _three_sets() -> Cases:
    return neighbor_sets().map(
        lambda drawn: (drawn.X_test, drawn.X_train, drawn.X_train[::-1] - 3.0)
    )


def _wide_sets() -> Cases:
    return _two_sets().map(lambda sets: tuple(np.hstack([s, s[:, ::-1] + 1.0]) for s in sets))


@course_property(needs=DISTANCES, cases=_two_sets)
def distances_are_symmetric(distances: Function, A: Array, B: Array) -> None:
    """The distance from a to b is the distance from b to a."""
    there = own(distances(A, B), (len(A), len(B)), what=WHAT)
    check_value(distances(B, A), there.T, what=WHAT, atol=NEAR_ZERO)


@course_property(needs=DISTANCES, cases=_two_sets, relates=False)
def distance_to_itself_is_0(distances: Function, A: Array, B: Array) -> None:
    """The distance of a point to itself is 0, never NaN."""
    got = own(distances(B, B), (len(B), len(B)), what=WHAT)
    check_value(np.diagonal(got), np.zeros(len(B)), what=WHAT, atol=NEAR_ZERO)


@course_property(needs=DISTANCES, cases=_two_sets, relates=False)
def different_points_are_apart(distances: Function, A: Array, B: Array) -> None:
    """The distance of two different points of whole numbers is at least 1."""
    got = own(distances(A, B), (len(A), len(B)), what=WHAT)
    apart = (A[:, None, :] != B[None, :, :]).any(axis=2)
    within(got, apart.astype(float) - NEAR_ZERO, what=WHAT)


@course_property(needs=DISTANCES, cases=_three_sets)
def no_way_round_is_shorter(distances: Function, A: Array, B: Array, C: Array) -> None:
    """The way from a to c is no longer than by way of b."""
    ab = own(distances(A, B), (len(A), len(B)), what=WHAT)
    bc = own(distances(B, C), (len(B), len(C)), what=WHAT)
    ac = own(distances(A, C), (len(A), len(C)), what=WHAT)
    way_round = (ab[:, :, None] + bc[None, :, :]).min(axis=1)
    within(ac, None, way_round + NEAR_ZERO, what=WHAT)


@course_property(needs=DISTANCES, cases=_two_sets)
def distances_ignore_a_common_shift(distances: Function, A: Array, B: Array) -> None:
    """Moving all points by the same vector changes no distance."""
    shift = np.arange(2, 2 + A.shape[1]).astype(A.dtype)
    before = own(distances(A, B), (len(A), len(B)), what=WHAT)
    check_value(distances(A + shift, B + shift), before, what=WHAT, atol=NEAR_ZERO)


@course_property(needs=DISTANCES, cases=_two_sets)
def distances_scale_with_the_points(distances: Function, A: Array, B: Array) -> None:
    """Points twice as large are twice as far apart."""
    before = own(distances(A, B), (len(A), len(B)), what=WHAT)
    check_value(distances(2.0 * A, 2.0 * B), 2.0 * before, what=WHAT, atol=NEAR_ZERO)


@course_property(needs=DISTANCES, cases=_two_sets)
def distances_move_with_the_points(distances: Function, A: Array, B: Array) -> None:
    """Another order of the points moves the rows and columns of the distances along."""
    rows, columns = turned(len(A)), turned(len(B))
    before = own(distances(A, B), (len(A), len(B)), what=WHAT)
    moved = before[rows][:, columns]
    check_value(distances(A[rows], B[columns]), moved, what=WHAT, atol=NEAR_ZERO)


@course_property(needs=DISTANCES, cases=_two_sets)
def distances_ignore_the_order_of_features(distances: Function, A: Array, B: Array) -> None:
    """Another order of the pixels, the same in both sets, changes no distance."""
    order = turned(A.shape[1])
    before = own(distances(A, B), (len(A), len(B)), what=WHAT)
    check_value(distances(A[:, order], B[:, order]), before, what=WHAT, atol=NEAR_ZERO)


@course_property(needs=DISTANCES, cases=_two_sets)
def distances_of_bytes_are_those_of_floats(distances: Function, A: Array, B: Array) -> None:
    """Pixels of type `uint8` are as far apart as the same pixels of type float."""
    bytes_a, bytes_b = (A * 7 + 100).astype(np.uint8), (B * 7 + 100).astype(np.uint8)
    expected = own(distances(bytes_a.astype(float), bytes_b.astype(float)), (len(A), len(B)))
    check_value(distances(bytes_a, bytes_b), expected, what=WHAT, atol=NEAR_ZERO)


@course_property(needs=f"{L1}; {L2}", cases=_two_sets)
def l2_lies_between_l1_and_its_share(l1: Function, l2: Function, A: Array, B: Array) -> None:
    """The L2 distance is at most the L1 distance, and at least that over the root of D."""
    long = own(l1(A, B), (len(A), len(B)), what=WHAT)
    short = own(l2(A, B), (len(A), len(B)), what=WHAT)
    share = long / np.sqrt(A.shape[1])
    within(short, share - NEAR_ZERO, long + NEAR_ZERO, what=WHAT)


@course_property(needs=L1, cases=_wide_sets)
def l1_distances_add_over_the_features(l1: Function, A: Array, B: Array) -> None:
    """The L1 distance is the sum of those over the first half of the pixels and over the rest."""
    half, shape = A.shape[1] // 2, (len(A), len(B))
    first = own(l1(A[:, :half], B[:, :half]), shape, what=WHAT)
    rest = own(l1(A[:, half:], B[:, half:]), shape, what=WHAT)
    check_value(l1(A, B), first + rest, what=WHAT)


@course_property(needs=L2, cases=_wide_sets)
def l2_squares_add_over_the_features(l2: Function, A: Array, B: Array) -> None:
    """The squared L2 distance is the sum of those over half of the pixels and over the rest."""
    half, shape = A.shape[1] // 2, (len(A), len(B))
    first = own(l2(A[:, :half], B[:, :half]), shape, what=WHAT)
    rest = own(l2(A[:, half:], B[:, half:]), shape, what=WHAT)
    check_value(l2(A, B), np.sqrt(first**2 + rest**2), what=WHAT, atol=2 * NEAR_ZERO)


@course_property(needs=L2, cases=_wide_sets)
def l2_distances_ignore_a_rotation(l2: Function, A: Array, B: Array) -> None:
    """Turning all points about the origin changes no L2 distance."""

    def turned_by_3_4_5(points: Array) -> Array:
        # cos = 3/5, sin = 4/5; five times as large, so that whole numbers stay whole.
        result = 5.0 * points
        result[:, 0] = 3.0 * points[:, 0] - 4.0 * points[:, 1]
        result[:, 1] = 4.0 * points[:, 0] + 3.0 * points[:, 1]
        return result

    before = own(l2(5.0 * A, 5.0 * B), (len(A), len(B)), what=WHAT)
    got = l2(turned_by_3_4_5(A), turned_by_3_4_5(B))
    check_value(got, before, what=WHAT, atol=5 * NEAR_ZERO)


@course_property(needs=DISTANCES, cases=_two_sets)
def each_distance_is_of_its_pair_alone(distances: Function, A: Array, B: Array) -> None:
    """The distance of two points does not depend on which other points are given."""
    together = own(distances(A, B), (len(A), len(B)), what=WHAT)
    got = distances(A[-1:], B[:1])
    check_value(got, together[-1:, :1], what=WHAT, atol=NEAR_ZERO)
